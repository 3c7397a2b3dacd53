"""Opens the database, and the queues of the workers in it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bots.config.settings import Settings
from bots.domain.errors import SettingsError
from bots.ports import Clock, Condenser, Observer, Permits, Queues, Store
from bots.usecases.search_index import SearchIndex

if TYPE_CHECKING:
    from bots.scheduling.job_queue import Defer, JobQueue

_log = logging.getLogger(__name__)

#: The event loop of Windows, which psycopg's asynchronous connections refuse; one machine is served there.
_WITHOUT_SOCKETS = "ProactorEventLoop"
#: The database name for a store that ends with the process.
IN_MEMORY = ":memory:"


@asynccontextmanager
async def open_queue(settings: Settings, *, making: bool = True) -> AsyncIterator["JobQueue"]:
    """Open the queue of the workers.

    Args:
        settings: the settings.
        making: whether to create its tables if they are not there.

    Raises:
        SettingsError: the database is a file, or the extra is not installed.
        StoreError: the server cannot be used.
    """
    from bots.store.operations import libpq_address, reach

    try:
        from bots.scheduling.job_queue import JobQueue
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"schedule.workers needs the package {error.name}, which is not installed.",
            hint="Install it where Paperwire is installed: pip install 'procrastinate>=3.10,<4' 'psycopg[binary,pool]'",
        ) from error
    queue = JobQueue(libpq_address(settings.database))
    # The queue's pool would try for half a minute, and not say why it could not connect.
    await asyncio.to_thread(reach, settings.database)
    async with queue.running(making=making):
        yield queue


def open_queues(queue: "JobQueue") -> Queues:
    """Return what knows how the queues of an open connection stand."""
    from bots.scheduling.worker_signs import WorkerSigns

    return WorkerSigns(queue)


def filling(queue: "JobQueue | None", index: SearchIndex) -> Callable[[], Awaitable[int]]:
    """Return what keeps a search index up to date: workers if there are any, and else this process."""
    if queue is None:
        return index.fill
    from bots.scheduling.index_jobs import IndexJobs
    from bots.scheduling.worker_signs import WorkerSigns

    return IndexJobs(queue=queue, signs=WorkerSigns(queue), search_index=index).fill


@asynccontextmanager
async def open_condenser(queue: "JobQueue", observer: Observer) -> AsyncIterator[Condenser]:
    """Open what has papers condensed by the workers of a queue."""
    from bots.scheduling.summary_jobs import SummaryJobs
    from bots.scheduling.worker_signs import WorkerSigns

    jobs = SummaryJobs(queue=queue, signs=WorkerSigns(queue), observer=observer)
    async with jobs.running():
        yield jobs


@asynccontextmanager
async def open_permits(database: str, observer: Observer) -> AsyncIterator[Permits | None]:
    """Yield the permits that all processes with one server share; None if the database has one process."""
    from bots.store.operations import is_server, libpq_address

    if database == IN_MEMORY or not is_server(database):
        yield None
        return
    if type(asyncio.get_running_loop()).__name__ == _WITHOUT_SOCKETS:
        _log.warning("rate limits are not shared with other processes: this event loop has no asynchronous Postgres")
        yield None
        return
    from bots.store.permits import open_permits as open_shared

    async with open_shared(libpq_address(database), observer=observer) as permits:
        yield permits


@asynccontextmanager
async def open_database(
    database: str, keys: Sequence[str], clock: Clock, on_opened: "Defer | None", *, upgrading: bool = True
) -> AsyncIterator[Store]:
    """Open the store; `IN_MEMORY` names one that ends with the process."""
    if database == IN_MEMORY:
        from bots.store.memory import MemoryStore

        yield MemoryStore()
        return
    from bots.store.sql import open_store

    opened = open_store(database, keys=keys, clock=clock, on_opened=on_opened, upgrading=upgrading)
    async with opened as store:
        yield store
