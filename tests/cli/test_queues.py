"""Operators see how the queues of workers stand, and which have no worker."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bots.cli.context import Exit
from bots.cli.findings import State
from bots.cli.queues import workers
from bots.config.settings import read_settings
from bots.domain.queues import QUEUES
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.worker_signs import WorkerSigns
from bots.store.operations import Place, libpq_address
from tests.cli.conftest import Run, said
from tests.store.stores import address, needs_postgres

if TYPE_CHECKING:
    from bots.bootstrap.app import App


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database of a program with workers."""
    with address("postgres", tmp_path) as place:
        monkeypatch.setenv("PAPERWIRE_DATABASE", place)
        monkeypatch.setenv("PAPERWIRE_SCHEDULE_WORKERS", "yes")
        Place.of(place).upgrade()
        yield place


async def announced(database: str, *queues: str) -> None:
    """Record that a worker of some queues is alive, and that a digest has waited for 70 s."""
    queue = JobQueue(libpq_address(database))
    async with queue.running():
        await WorkerSigns(queue).announce("a worker", dict.fromkeys(queues, 8))
        await queue.put("a task", {}, queue="digests")
        await queue.execute("UPDATE procrastinate_events SET at = at - interval '70 seconds'")


def test_a_queue_that_does_not_exist_is_named(run: Run) -> None:
    """A mistyped name ends the worker with the names that there are, before anything is opened."""
    done = run("worker", "--queues", "digests, summarys")
    assert Exit.ASKED_WRONGLY == done.exit_code
    assert "'summarys' is no queue." in done.stderr
    assert all(name in done.stderr for name in QUEUES)


def test_without_workers_there_are_no_queues(run: Run) -> None:
    """With one process, `status` shows none, and the doctor says who makes the digests."""
    assert {} == said(run("status", "--json"))["queues"]
    assert "Queue" not in run("status").stdout
    assert "workers: not used: paperwire run makes the digests itself" in run("doctor", "--offline").stdout


@needs_postgres
def test_status_shows_the_queues(run: Run, database: str) -> None:
    """Each queue has what waits, for how long, and its workers; one without gets the command that starts one."""
    asyncio.run(announced(database, "digests"))
    done = run("status")
    assert Exit.DONE == done.exit_code
    shown = {line[:17].strip(): line[17:] for line in done.stdout.splitlines()}
    assert shown["Queue digests"].startswith("1 waiting, the first for 7")
    assert shown["Queue digests"].endswith("0 running, 1 worker")
    assert "0 waiting, 0 running, 0 workers: paperwire worker --queues summaries" == shown["Queue summaries"]
    assert 1 == said(run("status", "--json"))["queues"]["digests"]["workers"]


@needs_postgres
def test_digests_without_a_worker_are_not_sound(run: Run, database: str) -> None:
    """Nobody makes the digests: `status` exits with 1 for a monitor, and the doctor has the command."""
    asyncio.run(announced(database, "summaries", "indexing"))
    assert Exit.FAILED == run("status").exit_code
    found = run("doctor", "--offline")
    assert "WRONG  workers: no worker serves digests: digests wait until there is one" in found.stdout
    assert "Fix: paperwire worker --queues digests" in found.stdout


@needs_postgres
async def test_the_doctor_warns_of_what_the_bot_does_itself(database: str) -> None:
    """Without workers for blurbs and the index, everything works, at the cost of those who wait."""
    application = cast("App", SimpleNamespace(settings=read_settings()))
    await announced(database, "digests")
    found = await workers(application)
    says = "no worker serves summaries, indexing: paperwire run does that work itself, beside answering people"
    assert (State.WARN, says, "paperwire worker --queues summaries,indexing") == (found.state, found.says, found.fix)
    await announced(database, *QUEUES)
    found = await workers(application)
    assert (State.OK, "summaries: 1, digests: 1, indexing: 1") == (found.state, found.says)
