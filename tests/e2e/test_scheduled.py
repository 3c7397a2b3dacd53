"""Scheduled delivery with real processes: a subscription falls due, `paperwire run` delivers it once, and stops."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bots.cli.lookup import TERMINAL
from bots.domain.runs import Run, RunState
from bots.domain.subscriptions import Subscription, Weekday
from bots.store.sql import open_store
from tests.conftest import ROOT
from tests.fakes.paper_server import Answer, PaperServer

#: A scheduler that starts, catches up and prints takes about two seconds on a slow machine.
PATIENCE = 40.0
SAMPLES = ROOT / "tests/samples/sources"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "paperwire.sqlite3"


async def keep_one_that_is_due(database: Path, source: str = "sample") -> None:
    """Store a subscription that fell due a minute ago, as after a downtime."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    subscription = Subscription(
        id="daily",
        channel=TERMINAL,
        sources=(source,),
        limit=3,
        times=(time(due.hour, due.minute),),
        weekdays=frozenset(Weekday),
        created=due - timedelta(minutes=5),
    )
    async with open_store(str(database)) as store:
        await store.keep_subscription(subscription)


async def runs(database: Path) -> tuple[Run, ...]:
    async with open_store(str(database)) as store:
        return await store.runs()


@contextmanager
def scheduler(database: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run `paperwire run` as a separate process; kill it when the context exits."""
    command = [sys.executable, "-m", "bots", "--database", str(database), "run"]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1", **more}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return the output up to the line with the words; pytest's timeout ends a wait without result."""
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if words in line:
            return printed
    raise AssertionError(f"{words!r} was never printed:\n{printed}")


def told_to_end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Send SIGTERM and return the rest of the output and the errors."""
    assert process.stdout
    assert process.stderr
    process.send_signal(signal.SIGTERM)
    printed, errors = process.stdout.read(), process.stderr.read()
    process.wait(PATIENCE)
    return printed, errors


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_missed_digest_is_posted_at_the_start_and_only_once(database: Path) -> None:
    """The first start prints the overdue digest, a second start prints none, and both exit cleanly on SIGTERM."""
    await keep_one_that_is_due(database)

    with scheduler(database) as first:
        read_until(first, "3 papers for")
        printed, errors = told_to_end(first)
    assert 0 == first.returncode
    assert "Stopping: posts under way are finished first." in errors
    assert "Traceback" not in errors
    assert 3 == printed.count("https://arxiv.org/abs/")
    (run,) = await runs(database)
    assert (RunState.DONE, "3 papers in 1 part") == (run.state, run.note)

    with scheduler(database) as second:
        assert second.stderr
        # The log says so before the schedule begins; the list of subscriptions is for terminals.
        assert any("serving subscriptions" in line for line in second.stderr)
        printed, _ = told_to_end(second)
    assert 0 == second.returncode
    assert "papers for" not in printed
    assert 1 == len(await runs(database))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_told_twice_it_stops_at_once_and_the_next_start_goes_on(database: Path) -> None:
    """While a source delays a digest, a second SIGTERM stops at once; the run is resumed by the next start."""
    await keep_one_that_is_due(database, "huggingface")
    async with PaperServer(SAMPLES) as papers:
        papers.script("/api/daily_papers", Answer(delay=60))
        with scheduler(database, PAPERWIRE_SOURCES_HUGGINGFACE=papers.url) as process:
            await papers.called.wait()
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(read_until_stopping, process)
            began = monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, PATIENCE)

    assert 130 == process.returncode
    assert 5 > monotonic() - began
    (run,) = await runs(database)
    assert RunState.RUNNING == run.state


def read_until_stopping(process: subprocess.Popen[str]) -> None:
    """Wait until the process has logged that it is stopping."""
    assert process.stderr
    assert any("Stopping:" in line for line in process.stderr)
