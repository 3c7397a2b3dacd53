"""The command line computes on one thread."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_arithmetic_runs_on_one_thread() -> None:
    """numpy is not imported before its number of threads is set, and starts no thread of its own afterwards."""
    program = (
        "import os, sys, bots.__main__ as program\n"
        "assert 'numpy' not in sys.modules\n"
        "program.one_thread_for_arithmetic()\n"
        "import numpy\n"
        "numpy.linalg.solve(numpy.eye(500), numpy.eye(500))\n"
        "print(len(os.listdir('/proc/self/task')))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "1" == done.stdout.strip()
