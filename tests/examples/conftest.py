"""A separate environment outside the checkout with wheels of Paperwire and of all examples."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/pyproject.toml"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Installed:
    """The environment, and a folder to work in."""

    python: Path
    folder: Path
    wheels: Path

    def run(self, *command: str | Path, folder: Path | None = None, **variables: str) -> "Done":
        """Run the environment's Python without the checkout on its path, and return the result.

        Args:
            command: the arguments of Python.
            folder: the working directory; a folder outside the checkout.
            variables: environment variables, in addition to the few that are always set.
        """
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "TEMP", "TMPDIR")}
        home = {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        known = {**kept, **home, "HF_HUB_OFFLINE": "1", **variables}
        return finished([self.python, *command], folder or self.folder, known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """The exit status of a program, and its output on both streams."""

    code: int
    said: str


def finished(command: Sequence[str | Path], folder: Path, environment: dict[str, str] | None = None) -> Done:
    """Run a program and wait until it ends."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Done(code=done.returncode, said=done.stdout)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Wheels built by the locked hatchling and installed without a network; the dependencies are the checkout's."""
    folder = tmp_path_factory.mktemp("installed")
    wheels, venv = folder / "wheels", folder / "venv"
    for project in (ROOT, *EXAMPLES):
        pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(wheels), str(project))
    made = finished([sys.executable, "-m", "venv", "--without-pip", venv], folder)
    if made.code:
        pytest.skip(f"NOT TESTED: this machine cannot make a virtual environment: {made.said}")
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(finished([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).said.strip())
    # The path in a .pth file comes after the installed packages, and .pth files there, such as ours, are not processed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    pip("--python", str(python), "install", "--no-index", "--no-deps", *map(str, sorted(wheels.iterdir())))
    return Installed(python=python, folder=folder, wheels=wheels)


def pip(*arguments: str) -> None:
    """Run the pip of the checkout."""
    done = finished([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], ROOT)
    assert 0 == done.code, done.said


@pytest.fixture
def suite(installed: Installed, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder outside the checkout with the tests and the pytest configuration of one example."""
    example: Path = request.param
    shutil.copytree(example / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(example / "pyproject.toml", tmp_path)
    return tmp_path
