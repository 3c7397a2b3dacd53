"""Sets Paperwire up in a fresh checkout and runs it: demo, tests, linter, benchmarks, the bot itself.

Uses only the standard library and syntax that Python 3.6 can parse (hence the quoted annotations), so that an old
Python can report which version is needed.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from devenv import (
    EXTRAS,
    FOR_MODELS,
    Installer,
    SetupProblem,
    ensure_venv,
    install,
    install_chromium,
    install_torch,
    like_pip,
    program,
    say,
    succeeds,
)

TYPE_CHECKING = False  # as in typing, without the import
if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence

ROOT = Path(__file__).resolve().parent
NEEDED = (3, 11)
GET_PYTHON = """Get a newer one:
  Debian, Ubuntu   apt install python3 python3-venv   (or python3.12 python3.12-venv)
  Fedora, RHEL     dnf install python3.12
  macOS            brew install python
  all others       the installers of python.org"""
#: Each file of requirements/ and the part of pyproject.toml that it pins; each file uses the versions of the files
#: above it.
LOCKS = {
    "core": ["pyproject.toml"],
    "build": ["--group", "pyproject.toml:build"],
    "dev": ["pyproject.toml", "--extra", "dev"],
    "installer": ["--group", "pyproject.toml:installer"],
}
#: The checks of `lint`, which `test --all` runs first: name, program in the environment, arguments.
CHECKS = (
    ("lint", "ruff", ["check", "."]),
    ("format", "ruff", ["format", "--check", "."]),
    ("types", "mypy", ["--pretty"]),
    ("layers", "lint-imports", ["--no-logo"]),
)
NO_TORCH = f"NOT TESTED: local models. pip finds no CPU build of torch {FOR_MODELS['torch']}, which their tests need."
NO_CHROMIUM = "NOT TESTED: pages in a real browser. There is no Chromium, and it could not be installed with apt."
#: Options of `test --all` that install what some of the tests need.
FOR_ALL = ("--torch", "--chromium")
#: Arguments for pytest that set the workers themselves, or that only work in one process: a debugger, output as it is
#: printed, lists of tests and fixtures.
ONE_PROCESS = re.compile(
    r"-n|--numprocesses|--dist|(-p)?no:xdist|--pdb|--trace|-s|--capture=no"
    r"|--co(llect-only)?$|-h$|--help|--version|--fixtures|--markers"
)
USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo             watch a day's digest being made and posted, with no account and no token
  run ...          the program itself; the arguments go to `paperwire`
  install          set up only  [--extra NAME ...: {extras}] [--pip: without uv]
  test ...         the fast tests, a worker for each processor; the arguments go to pytest  [-n 0: one process]
  test --all ...   linter, types, import contracts, then every test  [--torch, --chromium: install them for it]
  lint             linter, types and import contracts
  bench ...        quality and speed figures
  figures ...      the state of the code: sizes, cycles, copies  [--coverage; --write: into the documents]
  lock ...         pin the dependencies again (requirements/); --upgrade takes the newest allowed versions
  sbom             list the locked components with their licences again (deploy/sbom.cdx.json)
"""


def check_python(version: "Sequence[int]", others: "Sequence[str]" = ()) -> None:
    """Refuse a Python older than `NEEDED`, and name one of `others` on this machine to use, or how to install one.

    Raises:
        SetupProblem: the version is too old.
    """
    if tuple(version[:2]) >= NEEDED:
        return
    wanted, got = (".".join(str(part) for part in each) for each in (NEEDED, version[:3]))
    way = f"This machine has one; start with:  {others[0]} dev.py" if others else GET_PYTHON
    raise SetupProblem(f"Paperwire needs Python {wanted} or newer; this is {got} ({sys.executable}).\n{way}")


def newer_pythons() -> "list[str]":
    """Return the commands on PATH that start a sufficiently new Python, newest first."""
    names = [f"python3.{minor}" for minor in range(15, NEEDED[1] - 1, -1)]
    return [name for name in names if succeeds([name, "-c", ""])]


def run(arguments: "list[str]") -> int:
    """Start the bot, replacing this process."""
    return become(install(ROOT, set()), ["-P", "-m", "bots", *arguments])


def demo(arguments: "list[str]") -> int:
    """Start the demo, which needs no account, no token and no network."""
    return run(["demo", *arguments])


def bench(arguments: "list[str]") -> int:
    """Measure quality and speed."""
    return become(install(ROOT, {"dev"}), ["-m", "tests.bench", *arguments])


def figures(arguments: "list[str]") -> int:
    """Tell the state of the code base."""
    return become(install(ROOT, {"dev"}), ["-m", "tests.figures", *arguments])


def only_install(arguments: "list[str]") -> int:
    """Set up the environment without starting anything."""
    parser = argparse.ArgumentParser(prog="dev.py install", description="Make .venv and install what is locked.")
    parser.add_argument("--extra", nargs="+", action="append", choices=EXTRAS, default=[], metavar="NAME")
    parser.add_argument("--pip", action="store_true", help="do not use uv")
    wanted = parser.parse_args(arguments)
    install(ROOT, {name for names in wanted.extra for name in names}, only_pip=wanted.pip)
    say("Next:  python3 dev.py demo")
    return 0


def test(arguments: "list[str]") -> int:
    """Run the fast tests; with `--all` the linters and then every test, for which the other options install more."""
    python = install(ROOT, {"dev"})
    os.chdir(str(ROOT))
    share_compiled(os.environ)
    rest = [argument for argument in arguments if argument not in ("--all", *FOR_ALL)]
    if "--all" not in arguments:
        for option in FOR_ALL:
            if option in arguments:
                raise SetupProblem("The tests that need {0} are slow: use --{0} with --all.".format(option.strip("-")))
        return become(python, ["-m", "pytest", *spread(rest), *rest])
    notices = [
        "" if "--torch" not in arguments or install_torch(python) else NO_TORCH,
        "" if "--chromium" not in arguments or install_chromium() else NO_CHROMIUM,
    ]
    notice = " ".join(filter(None, notices))
    every = [str(python), "-m", "pytest", "-m", "slow or not slow", *spread(rest), *rest]
    return report([*checks(python), ("tests", every)], notice)


def spread(arguments: "Sequence[str]") -> "list[str]":
    """Return the options that run tests in a worker for each processor; none if files are named.

    A worker imports every test file before it runs its first test, which takes longer than the tests of most files.
    """
    files = [argument for argument in arguments if os.path.isfile(argument.partition("::")[0])]  # noqa: PTH113 - any text
    if files or any(map(ONE_PROCESS.match, arguments)):
        return []
    # worksteal gives each worker neighbouring tests, which share costly fixtures; an idle worker takes from another.
    return ["-n", "auto", "--dist", "worksteal"]


def share_compiled(environment: "MutableMapping[str, str]") -> None:
    """Have compiled modules kept under .venv where Python is set up to write none beside the sources.

    The tests start some hundred programs; to compile every module again in each costs more time than most tests take.
    """
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / ".venv" / "pycache"))


def lint(arguments: "list[str]") -> int:
    """Run the linter, the type checker and the import contracts."""
    if arguments:
        raise SetupProblem("lint takes no arguments.")
    return report(checks(install(ROOT, {"dev"})))


def checks(python: "Path") -> "list[tuple[str, list[str]]]":
    """Return the commands of `CHECKS` as this environment starts them."""
    return [(name, [str(program(python.parent.parent, tool)), *rest]) for name, tool, rest in CHECKS]


def report(steps: "Sequence[tuple[str, list[str]]]", notice: "str" = "") -> int:
    """Run every step, also after one failed, and print what came of each; return 1 if any failed.

    The notice is printed before the first step and after the last.
    """
    lines = []
    codes = []
    if notice:
        say(notice)
    for name, command in steps:
        began = time.monotonic()
        say(f"== {name}")
        codes.append(subprocess.call(command, cwd=str(ROOT), stdin=subprocess.DEVNULL))
        state = "FAILED" if codes[-1] else "passed"
        lines.append(f"   {name:<8}{state}  {time.monotonic() - began:6.1f} s")
    say("\n".join(["== summary", *lines, *([notice] if notice else [])]))
    return int(any(codes))


def become(python: "Path", arguments: "list[str]") -> int:
    """Replace this process with the program, so that it receives signals and sets the exit code itself.

    On Windows, start the program and wait for it.
    """
    command = [str(python), *arguments]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def lock(arguments: "list[str]") -> int:
    """Rewrite the lock files in requirements/, with a hash per archive and without any package server's address."""
    python = ensure_venv(ROOT / ".venv")
    uv = Installer(ROOT, python, only_pip=False, anew=False).uv
    if uv is None:
        raise SetupProblem("Locking needs uv, and none could be installed.")
    settled = []  # type: list[str]
    for name, inputs in LOCKS.items():
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
        command += ["--no-emit-index-url", "--custom-compile-command", "python3 dev.py lock", *inputs, *settled]
        target = f"requirements/{name}.txt"
        if subprocess.call([*command, *arguments, "-o", target], cwd=str(ROOT), env=like_pip(python)):
            raise SetupProblem(f"Could not lock {target}; the output of uv is above.")
        settled += ["--constraint", target]
    return 0


def sbom(arguments: "list[str]") -> int:
    """Rewrite the list of components; the tool that reads the lock runs in an environment of its own."""
    python = install(ROOT, {"dev"})
    uv = Installer(ROOT, python, only_pip=False, anew=False).uv
    if uv is None:
        raise SetupProblem("The list of components needs uv, and none could be installed.")
    tool = [
        uv,
        "tool",
        "run",
        "--from",
        "cyclonedx-bom==7.5.0",
        "cyclonedx-py",
        "requirements",
        "requirements/core.txt",
    ]
    tool += ["--pyproject", "pyproject.toml", "--of", "JSON", "--output-reproducible", *arguments]
    found = subprocess.run(tool, cwd=str(ROOT), env=like_pip(python), stdout=subprocess.PIPE, check=False)
    if found.returncode:
        raise SetupProblem("The components could not be listed; the output of the tool is above.")
    return subprocess.run([str(python), "devsbom.py"], cwd=str(ROOT), input=found.stdout, check=False).returncode


COMMANDS = {
    "demo": demo,
    "run": run,
    "install": only_install,
    "test": test,
    "lint": lint,
    "bench": bench,
    "figures": figures,
    "lock": lock,
    "sbom": sbom,
}


def main(arguments: "Sequence[str]") -> int:
    """Run the command on the command line and return the exit code."""
    name = arguments[0] if arguments else "--help"
    usage = USAGE.format(extras=", ".join(EXTRAS))
    if name in ("-h", "--help", "help"):
        print(usage)
        return 0
    if name not in COMMANDS:
        say(f"There is no command `{name}`.\n\n{usage}")
        return 2  # as argparse does
    try:
        check_python(sys.version_info[:3], [] if sys.version_info[:2] >= NEEDED else newer_pythons())
        return COMMANDS[name](list(arguments[1:]))
    except SetupProblem as problem:
        say(str(problem))
    except OSError as error:
        say(f"Setting up failed: {error}")
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, the shells' convention
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
