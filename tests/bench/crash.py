"""The real program, killed hundreds of times while answers are lost, beside one that posts first and records later.

Rounds of orders that are due are carried out by workers that SIGKILL ends at moments nobody chose; the same again at
every point of a run that has a name. What readers saw is then held against the ledger.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.rows import Row
from tests.crash.points import MORE_POINTS, POINTS, killed_at_each
from tests.crash.scenes import EVERYTHING, FEW_LOST, make_template, set_scene
from tests.crash.verdict import Verdict
from tests.crash.workers import Workers, open_workers
from tests.platforms.chat_server import ChatServer
from tests.platforms.chat_troubles import Switched

_KILLS = 200
#: Where all goes wrong that can, and for the peer, whose faults show early.
_FEWER = 60
_CHANNELS = 4
_KILLS_A_ROUND = 12
#: Seconds.
_LONGEST_LIFE = 0.7
_AT_ONCE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Toll:
    """What many rounds came to."""

    kills: int
    starts: int
    verdicts: tuple[Verdict, ...]

    @property
    def lost(self) -> int:
        """Parts that nobody saw."""
        return sum(verdict.lost for verdict in self.verdicts)

    @property
    def doubled(self) -> int:
        """Messages that were seen before."""
        return sum(verdict.doubled for verdict in self.verdicts)

    @property
    def faults(self) -> list[str]:
        """Everything that is not as it should be."""
        return [fault for verdict in self.verdicts for fault in verdict.faults]

    @property
    def once(self) -> float:
        """Messages shown of which each was planned and shown once, in per cent."""
        parts = sum(verdict.parts for verdict in self.verdicts)
        return 100 * (parts - self.lost) / (parts - self.lost + self.doubled)


def measure(_data: Path) -> Iterator[Row]:
    """Yield kills, restarts, and what was lost and doubled by them, beside a program that posts, then records."""
    with TemporaryDirectory() as folder:
        ours, wild, theirs, named, naive = asyncio.run(_all(Path(folder)))
    yield from _rows("killed at random, 15 % of answers lost", ours, theirs)
    yield from _rows("killed at random, everything goes wrong", wild, theirs)
    yield from _rows("killed at named points", named, naive)


def _rows(what: str, ours: Toll, theirs: Toll) -> Iterator[Row]:
    peer = "post, then record"
    yield Row(what=what, ours=ours.kills, unit="", peer=peer, theirs=theirs.kills, more_is_better=True)
    yield Row(what="  restarts", ours=ours.starts, unit="", peer=peer, theirs=theirs.starts, more_is_better=True)
    yield Row(what="  parts lost", ours=ours.lost, unit="", peer=peer, theirs=theirs.lost)
    yield Row(what="  parts doubled", ours=ours.doubled, unit="", peer=peer, theirs=theirs.doubled)
    yield Row(what="  anything else wrong", ours=_else(ours), unit="", peer=peer, theirs=_else(theirs))
    yield Row(what="  shown exactly once", ours=ours.once, unit="%", peer=peer, theirs=theirs.once, more_is_better=True)


def _else(toll: Toll) -> int:
    return sum(not fault.startswith(("lost: ", "shown ")) for fault in toll.faults)


async def _all(folder: Path) -> tuple[Toll, Toll, Toll, Toll, Toll]:
    template = await make_template(folder / "template.sqlite3")
    async with open_workers() as workers:
        return (
            await _at_random(workers, folder / "ours", template, FEW_LOST, _KILLS),
            await _at_random(workers, folder / "wild", template, EVERYTHING, _FEWER),
            await _at_random(workers, folder / "theirs", template, FEW_LOST, _FEWER, naive=True),
            await _at_points(workers, folder / "named", template),
            await _at_points(workers, folder / "naive", template, naive=True),
        )


async def _at_random(
    workers: Workers, folder: Path, template: Path, mishaps: Sequence[Switched], kills: int, *, naive: bool = False
) -> Toll:
    """Go on with rounds, a few side by side, until so many workers were killed."""
    tolls: list[Toll] = []
    seeds = iter(range(10_000))

    async def go_on() -> None:
        while sum(toll.kills for toll in tolls) < kills:
            seed = next(seeds)
            tolls.append(await _round(seed, workers, folder / str(seed), template, mishaps, naive=naive))

    await asyncio.gather(*(go_on() for _ in range(_AT_ONCE)))
    return Toll(
        kills=sum(toll.kills for toll in tolls),
        starts=sum(toll.starts for toll in tolls),
        verdicts=tuple(verdict for toll in tolls for verdict in toll.verdicts),
    )


async def _round(
    seed: int, workers: Workers, folder: Path, template: Path, mishaps: Sequence[Switched], *, naive: bool
) -> Toll:
    # One round in four makes its blurbs itself.
    kept = template if seed % 4 else None
    async with ChatServer(seed=seed) as server:
        server.switch(*mishaps)
        scene = await set_scene(workers, server, folder, channels=_CHANNELS, template=kept, naive=naive)
        draw = random.Random(seed)  # noqa: S311 - the moments are to be the same again
        await scene.killed_at_random(draw, _KILLS_A_ROUND, _LONGEST_LIFE)
        return Toll(kills=scene.kills, starts=scene.starts, verdicts=(await scene.verdict(),))


async def _at_points(workers: Workers, folder: Path, template: Path, *, naive: bool = False) -> Toll:
    ends = await killed_at_each({**POINTS, **MORE_POINTS}, workers, folder, template, naive=naive)
    return Toll(
        kills=sum(kills for kills, _ in ends.values()),
        # Each was killed, and another went on.
        starts=2 * len(ends),
        verdicts=tuple(verdict for _, verdict in ends.values()),
    )
