"""Walk two, whole and in real processes: an order falls due, `paperwire run` delivers it once, and ends when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bots.channels import Subscription, Weekday
from bots.cli.ask import TERMINAL
from bots.runs import Run, RunState
from bots.store.sql import open_store
from tests.conftest import ROOT

#: A scheduler that starts, catches up and prints takes about two seconds on a slow machine.
PATIENCE = 40.0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "paperwire.sqlite3"


async def keep_one_that_is_due(database: Path) -> None:
    """Keep an order that fell due a minute ago, as if the machine had been off."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    order = Subscription(
        id="daily",
        channel=TERMINAL,
        sources=("sample",),
        limit=3,
        times=(time(due.hour, due.minute),),
        weekdays=frozenset(Weekday),
        created=due - timedelta(minutes=5),
    )
    async with open_store(str(database)) as store:
        await store.keep_subscription(order)


async def runs(database: Path) -> tuple[Run, ...]:
    async with open_store(str(database)) as store:
        return await store.runs()


@contextmanager
def scheduler(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `paperwire run` as its own process; whatever happens it does not outlive the block."""
    command = [sys.executable, "-m", "bots", "--database", str(database), "run"]
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return what the process printed up to the line that holds the words; pytest's time-out ends a vain wait."""
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if words in line:
            return printed
    raise AssertionError(f"{words!r} was never printed:\n{printed}")


def told_to_end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Send SIGTERM and return what the process still printed, and what it complained of."""
    assert process.stdout
    assert process.stderr
    process.send_signal(signal.SIGTERM)
    printed, errors = process.stdout.read(), process.stderr.read()
    process.wait(PATIENCE)
    return printed, errors


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
async def test_a_missed_digest_is_posted_at_the_start_and_only_once(database: Path) -> None:
    """The first start prints the digest that was due; a second start prints none; both end well on SIGTERM."""
    await keep_one_that_is_due(database)

    with scheduler(database) as first:
        read_until(first, "3 papers for")
        printed, errors = told_to_end(first)
    assert (0, "") == (first.returncode, errors)
    assert 3 == printed.count("https://arxiv.org/abs/")
    (run,) = await runs(database)
    assert (RunState.DONE, "3 papers in 1 part") == (run.state, run.note)

    with scheduler(database) as second:
        read_until(second, "daily")
        printed, _ = told_to_end(second)
    assert 0 == second.returncode
    assert "papers for" not in printed
    assert 1 == len(await runs(database))
