"""Programs in processes of their own that use one database file."""

import subprocess
import sys

from tests.conftest import ROOT

_OPENING = (
    "import asyncio, os, signal, sys\n"
    "from pathlib import Path\n"
    "from sqlalchemy import Engine, event\n"
    "from bots.store.sql import open_store\n"
    "from tests.store.stores import a_run, some_parts\n"
)


def program(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start another process that runs a test's code, with the modules it needs imported."""
    command = [sys.executable, "-c", _OPENING + code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for a process; return its exit status and its output."""
    out, err = process.communicate(timeout=50)
    return process.returncode, out + err
