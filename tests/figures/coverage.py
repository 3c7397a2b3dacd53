"""Measures the coverage of the quick tests by package, including the processes that tests start."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dev
from tests.figures.packages import ALL

#: A process that a test kills writes no data; one that ends with `os._exit` does, because of the second patch.
_SETTINGS = """[run]
source = {packages}
parallel = true
patch = subprocess, _exit
data_file = {folder}/data
"""


def covered_by_tests(root: Path, packages: Sequence[str]) -> dict[str, float]:
    """Run the quick tests and return the share of lines they execute, in per cent, by package and for all.

    A failed test is reported on the error stream and does not stop the measurement.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "settings").write_text(_SETTINGS.format(packages=",".join(packages), folder=folder), encoding="utf-8")
        dev.share_compiled(os.environ)
        _coverage(root, folder, "run", "-m", "pytest", "-q", *dev.spread(()))
        _coverage(root, folder, "combine", "--quiet")
        _coverage(root, folder, "json", "--quiet", "-o", str(folder / "report"))
        return shares(json.loads((folder / "report").read_text("utf-8")))


def _coverage(root: Path, folder: Path, command: str, *arguments: str) -> None:
    whole = [sys.executable, "-m", "coverage", command, f"--rcfile={folder / 'settings'}", *arguments]
    subprocess.run(whole, cwd=root, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=dict(os.environ), check=False)


def shares(report: Mapping[str, Any]) -> dict[str, float]:
    """Return the share of executed lines, in per cent, by package and for all, from coverage's JSON report."""
    reached: dict[str, int] = defaultdict(int)
    there: dict[str, int] = defaultdict(int)
    for path, file in report["files"].items():
        for name in (Path(path).parent.as_posix().replace("/", "."), ALL):
            reached[name] += file["summary"]["covered_lines"]
            there[name] += file["summary"]["num_statements"]
    return {name: 100 * reached[name] / lines for name, lines in there.items() if lines}
