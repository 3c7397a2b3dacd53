"""`python3 dev.py bench mutants`: how many small faults, put into the code that must not fail, the tests find.

Cosmic-ray plants the faults, one at a time, in a copy of the checkout; it is no dependency: install it in any
environment and name its command in `PAPERWIRE_COSMIC_RAY`. Each group takes a seeded sample of places, one fault at a
place, so that a line with many operators counts once. Faults in annotations and calls of the log are left out.
`python -m tests.bench.mutants GROUP …` names each fault that survived; `--again` repeats the survivors of the last
time with the tests as they are now.
"""

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.mutant_groups import GROUPS, Group
from tests.bench.mutant_sessions import Mutant, Outcome, Session
from tests.bench.rows import LeftOut, Row
from tests.conftest import ROOT

_COMMAND = "PAPERWIRE_COSMIC_RAY"
_SEED = 14
#: Share of the faults that count, which the tests shall find.
WANTED = 90.0
#: A run of tests that takes so much longer than without a fault hangs; the machine may be busy, so it is much.
_PATIENCE, _SHORTEST = 5.0, 30.0
#: A test that hangs is ended after a minute and a half, and not after the three minutes of a whole run of the tests.
PYTEST = ("-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "-o", "timeout=90")


def measure(_data: Path) -> Iterator[Row]:
    """Yield the share of faults that the tests find, for each group of modules."""
    with TemporaryDirectory() as folder:
        for name, group in GROUPS.items():
            yield _score(name, _run(name, group, Path(folder), count=group.count, seed=_SEED))


def _score(name: str, mutants: Sequence[Mutant]) -> Row:
    counted = [each for each in mutants if each.outcome is not Outcome.EQUIVALENT]
    found = [each for each in counted if each.outcome is not Outcome.SURVIVED]
    what = f"{name}: found of {len(counted)} faults"
    share = 100 * len(found) / max(len(counted), 1)
    return Row(what=what, ours=share, unit="%", peer="wanted", theirs=WANTED, more_is_better=True)


def _run(
    name: str, group: Group, folder: Path, *, count: int, seed: int, again: bool = False, near: bool = False
) -> Sequence[Mutant]:
    """Plant the sample of a group's faults, and with the further tests those that survived; return all of them."""
    tree = folder / "tree"
    copy_checkout(tree)
    session = Session(_cosmic_ray(), folder / f"{name}.sqlite", tree)
    if again:
        session.forget_survivors()
    else:
        session.begin(group.modules)
        chance = random.Random(f"{seed} {name}")  # noqa: S311 - the sample is to be the same again
        session.keep_only(_sample(session.places(), count, chance))
    _execute(session, group.tests, tree)
    if not near and group.further:
        session.forget_survivors()
        _execute(session, group.further, tree)
    return session.results()


def _execute(session: Session, tests: Sequence[str], tree: Path) -> None:
    if session.waiting():
        command = shlex.join((sys.executable, *PYTEST, *tests))
        session.execute(command, timeout=max(_SHORTEST, _PATIENCE * _time_of(command, tree)))


def _cosmic_ray() -> str:
    found = os.environ.get(_COMMAND) or shutil.which("cosmic-ray")
    if not found:
        raise LeftOut(f"needs cosmic-ray: pip install cosmic-ray elsewhere, and set {_COMMAND} to its command")
    return found


def copy_checkout(tree: Path) -> None:
    """Copy what git knows or would add, without bytecode: a fault of the same size and second would not be compiled."""
    listed = subprocess.run(
        (shutil.which("git") or "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    shutil.rmtree(tree, ignore_errors=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def _sample(places: dict[tuple[str, int, int], list[str]], count: int, chance: random.Random) -> list[str]:
    """Return one fault at each of `count` places."""
    chosen = chance.sample(sorted(places), min(count, len(places)))
    return [chance.choice(places[each]) for each in chosen]


def _time_of(command: str, tree: Path) -> float:
    """Return how long the tests take without a fault; they must pass."""
    begun = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(shlex.split(command), cwd=tree, env=environment, capture_output=True, text=True)
    if ended.returncode:
        raise LeftOut(f"the tests fail without a fault: {command}\n{ended.stdout[-2000:]}")
    return time.monotonic() - begun


def main() -> int:
    """Run the named groups, or all, and print the score and each fault that no test found."""
    asked = _arguments()
    with TemporaryDirectory() as temporary:
        for name in asked.groups or GROUPS:
            group, folder = GROUPS[name], asked.work or Path(temporary)
            count = asked.count or group.count
            try:
                mutants = _run(name, group, folder, count=count, seed=asked.seed, again=asked.again, near=asked.near)
            except LeftOut as error:
                sys.stdout.write(f"{name}: left out: {error}\n")
                continue
            _print(name, mutants)
    return 0


def _print(name: str, mutants: Sequence[Mutant]) -> None:
    sys.stdout.write(f"\n{_score(name, mutants)}\n")
    for outcome in Outcome:
        some = [each for each in mutants if each.outcome is outcome]
        sys.stdout.write(f"  {outcome}: {len(some)}\n")
        if outcome is not Outcome.KILLED:
            sys.stdout.writelines(f"{each}\n" for each in some)
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mutants", description=__doc__, allow_abbrev=False)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which; all without it")
    parser.add_argument("--count", type=int, help="faults in each group; without it, as many as its table says")
    parser.add_argument("--seed", type=int, default=_SEED, help="another sample")
    parser.add_argument("--work", type=Path, help="folder for the copy and the sessions; a temporary one without it")
    parser.add_argument("--again", action="store_true", help="repeat the survivors that --work remembers")
    parser.add_argument("--near", action="store_true", help="leave out the dearer tests, which survivors meet last")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
