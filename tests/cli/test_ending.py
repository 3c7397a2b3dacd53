"""How a command ends when its streams are closed or full, or it is interrupted: in words and with a code."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bots.cli.context import Exit

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this machine has no full device")
PAPERWIRE = (sys.executable, "-m", "bots")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Give each command a database and settings of its own."""
    return {**os.environ, "PAPERWIRE_DATABASE": str(tmp_path / "x.sqlite3"), "XDG_CONFIG_HOME": str(tmp_path)}


@needs_full
@pytest.mark.parametrize("words", [["--help"], ["doctor", "--offline"], ["subscriptions", "--json"]])
def test_a_full_disk_is_named(words: list[str], environ: dict[str, str]) -> None:
    """Output that cannot be written is said in one line, and the command has failed."""
    with FULL.open("w") as full:
        ended = subprocess.run([*PAPERWIRE, *words], stdout=full, stderr=subprocess.PIPE, text=True, env=environ)

    assert "The output could not be written: No space left on device.\n" == ended.stderr
    assert Exit.FAILED == ended.returncode


@pytest.mark.skipif(os.name == "nt", reason="a shell of Windows closes no streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_leads_nowhere(closed: str, environ: dict[str, str]) -> None:
    """A command started without one of its streams does its work without it."""
    shell = f'exec "$0" -m bots digest --source sample --limit 1 {closed}'
    ended = subprocess.run(["/bin/sh", "-c", shell, sys.executable], capture_output=True, text=True, env=environ)

    assert "" == ended.stderr
    assert ("Attention" in ended.stdout) is (closed != ">&-")
    assert Exit.DONE == ended.returncode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminal")
def test_one_interrupt_ends_the_wait_for_a_paste(environ: dict[str, str]) -> None:
    """Whoever waits for a paste says so on a terminal, and the first Ctrl-C ends it."""
    keyboard, terminal = os.openpty()
    waiting = subprocess.Popen([*PAPERWIRE, "summarize"], stdin=terminal, stderr=subprocess.PIPE, env=environ)
    with waiting, os.fdopen(keyboard), os.fdopen(terminal):
        try:
            assert waiting.stderr
            assert b"Paste the abstract" in waiting.stderr.readline()
            waiting.send_signal(signal.SIGINT)

            assert Exit.INTERRUPTED == waiting.wait(timeout=20)
        finally:
            waiting.kill()
