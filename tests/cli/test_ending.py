"""Tests of how a command exits when a stream is closed or full, or when it is interrupted."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.cli.context import Exit
from bots.cli.digests import _on_signals

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this machine has no full device")
PAPERWIRE = (sys.executable, "-m", "bots")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return environment variables that give each command its own database and settings."""
    return {**os.environ, "PAPERWIRE_DATABASE": str(tmp_path / "x.sqlite3"), "XDG_CONFIG_HOME": str(tmp_path)}


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Start children that SIGINT can end, also where the tests were started with it ignored, which children inherit."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_full
@pytest.mark.parametrize("words", [["--help"], ["doctor", "--offline"], ["subscriptions", "--json"]])
def test_a_full_disk_is_named(words: list[str], environ: dict[str, str]) -> None:
    """Output that cannot be written is reported in one line, and the command fails."""
    with FULL.open("w") as full:
        ended = subprocess.run([*PAPERWIRE, *words], stdout=full, stderr=subprocess.PIPE, text=True, env=environ)

    assert "The output could not be written: No space left on device.\n" == ended.stderr
    assert Exit.FAILED == ended.returncode


@pytest.mark.skipif(os.name == "nt", reason="a shell of Windows closes no streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_leads_nowhere(closed: str, environ: dict[str, str]) -> None:
    """A command that is started without one of its streams works without it."""
    shell = f'exec "$0" -m bots digest --source sample --limit 1 {closed}'
    ended = subprocess.run(["/bin/sh", "-c", shell, sys.executable], capture_output=True, text=True, env=environ)

    assert "" == ended.stderr
    assert ("Attention" in ended.stdout) is (closed != ">&-")
    assert Exit.DONE == ended.returncode


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminal")
@pytest.mark.usefixtures("interruptible")
def test_one_interrupt_ends_the_wait_for_a_paste(environ: dict[str, str]) -> None:
    """On a terminal `summarize` prompts for a paste, and the first Ctrl-C ends it."""
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal handlers on its event loop")
async def test_an_ignored_interrupt_stays_ignored() -> None:
    """Started with SIGINT ignored, as `nohup` does, the bot leaves it ignored; SIGTERM still stops it."""
    before, stop = signal.signal(signal.SIGINT, signal.SIG_IGN), asyncio.Event()
    try:
        _on_signals(stop)

        assert signal.SIG_IGN == signal.getsignal(signal.SIGINT)
        assert signal.SIG_DFL != signal.getsignal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait_for(stop.wait(), 20)
    finally:
        signal.signal(signal.SIGINT, before)
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)


@pytest.mark.skipif(os.name != "posix", reason="this system ends programs in another way")
def test_a_log_gets_the_number_of_subscriptions(environ: dict[str, str]) -> None:
    """What `run` writes to a log has a time in each line, and no list that is long with hundreds of channels."""
    where = ("--to", "console", "--source", "sample", "--at", "00:00", "--every", "month")
    subprocess.run([*PAPERWIRE, "subscribe", *where], env=environ, check=True, capture_output=True)
    program = subprocess.Popen(
        [*PAPERWIRE, "run"], env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stderr is not None
    begun = next(line for line in program.stderr if "serving subscriptions" in line)
    program.terminate()
    shown, _ = program.communicate(timeout=60)
    assert ("active=1", "") == (begun.split()[-1], shown)


@pytest.mark.skipif(sys.platform != "linux", reason="containers are of Linux")
def test_a_container_that_starts_can_be_stopped(environ: dict[str, str]) -> None:
    """The first process of a container, which the kernel shields from SIGTERM, ends by it at once."""
    inside = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child")
    if shutil.which("unshare") is None or subprocess.run([*inside, "true"], capture_output=True).returncode:
        pytest.skip("needs a process namespace of its own")
    program = [*inside, *PAPERWIRE, "summarize"]  # waits for a text
    with subprocess.Popen(program, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ) as outside:
        first = _until(lambda: _handles_sigterm(outside.pid))
        os.kill(first, signal.SIGTERM)
        assert 128 + signal.SIGTERM == outside.wait(timeout=60)


def _handles_sigterm(parent: int) -> int:
    """Return the number of a process's only child once it handles SIGTERM, and 0 before."""
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        handled = re.search(r"(?m)^SigCgt:\s*(\w+)$", Path(f"/proc/{child}/status").read_text())
        if handled and int(handled[1], 16) >> (signal.SIGTERM - 1) & 1:
            return int(child)
    return 0


def _until(found: Callable[[], int]) -> int:
    """Return the first answer that is not 0; fail after a minute."""
    deadline = time.monotonic() + 60
    while not (answer := found()):
        assert time.monotonic() < deadline, "SIGTERM is not handled"
        time.sleep(0.05)
    return answer
