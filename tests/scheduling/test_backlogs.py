"""Runs that are dispatched although their jobs may be in the queue: what that asks of the database."""

from typing import Any

import pytest

from bots.scheduling.job_queue import JobQueue
from tests.scheduling.test_job_queue import KEY, Place, place
from tests.store.stores import a_run, needs_postgres

__all__ = ["place"]
pytestmark = needs_postgres


async def test_a_backlog_is_looked_up_together(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute's look at a thousand runs that wait costs one query; the one that has no job gets it."""
    keys = [f"s{number}@2026-05-01T09:00" for number in range(30)]
    await place.queue.dispatch(*keys)
    await place.run_sql("DELETE FROM procrastinate_jobs WHERE queueing_lock = 's7@2026-05-01T09:00'")
    await place.run_sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = 's8'")
    asked, deferred = counted(place.queue, "rows", monkeypatch), counted(place.queue, "put", monkeypatch)
    await place.queue.dispatch(*keys)
    assert (1, 1) == (len(asked), len(deferred))
    assert sorted(keys) == sorted(key for (key,) in await place.jobs("queueing_lock"))


async def test_a_run_that_brought_its_job_is_not_looked_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dispatch that follows costs no query. A later one looks, in case that the job was lost."""
    await place.store.open_run(a_run())
    asked = counted(place.queue, "rows", monkeypatch)
    await place.queue.dispatch(KEY)
    assert [] == asked
    await place.run_sql("DELETE FROM procrastinate_jobs")
    await place.queue.dispatch(KEY)
    assert [(KEY,)] == await place.jobs("queueing_lock")


def counted(queue: JobQueue, method: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list that grows with each call of a method."""
    calls: list[Any] = []
    called = getattr(queue, method)

    def call(*given: Any, **named: Any) -> Any:
        calls.append((given, named))
        return called(*given, **named)

    monkeypatch.setattr(queue, method, call)
    return calls
