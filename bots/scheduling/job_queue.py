"""Jobs for workers: queues in the database's own Postgres, with procrastinate; runs as jobs are deferred here.

A job of a run only names it. The ledger decides who carries it out and how far it is: a job that comes twice, or too
late, does no harm.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from bots.domain.errors import StoreAway
from bots.domain.queues import DIGESTS
from bots.domain.runs import Run, RunState
from bots.scheduling.known_jobs import KnownJobs
from bots.scheduling.outages import Outage
from bots.scheduling.presence import WORKERS
from bots.scheduling.queue_connector import QueueConnector, translated

_log = logging.getLogger(__name__)

#: The name of the job that carries a run out.
CARRY_OUT = "paperwire.carry_out"
#: Connections of one process: three queues or answers that are listened to, one for deferring and signs of life, and
#: two for jobs that end at once.
_CONNECTIONS = 6
#: Seconds. Who defers a job is the schedule's poll, which comes again.
_PATIENCE = 20.0
#: Runs that are remembered before those are forgotten that have ended: a query, now and then.
_REMEMBERED = 1000
_THERE = """
    SELECT queueing_lock AS run FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%(runs)s)
     UNION SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'doing' AND lock = ANY(%(locks)s)"""
#: Seconds between two looks for whether jobs have ended.
_LOOK = 0.05


class JobQueue:
    """Defers runs as jobs; a dispatcher of runs, see `bots.ports.Dispatcher`."""

    def __init__(self, address: str, *, patience: float = _PATIENCE) -> None:
        """Remember the address of a Postgres database, as libpq reads it.

        Args:
            address: the address.
            patience: seconds after which a server that does not answer is given up.
        """
        self.address = address
        self._connector = QueueConnector(address, _CONNECTIONS)
        self.app = App(connector=self._connector)
        #: Which jobs a worker of this process takes.
        self.jobs = self.app.job_manager = KnownJobs(self._connector)
        self._patience = patience
        # For jobs in a transaction of somebody else's connection; it opens none of its own.
        self._within = App(connector=SyncPsycopgConnector())
        #: Runs that were dispatched here, and how many there may be before those that have ended are forgotten.
        self._dispatched: set[str] = set()
        self._remembered = _REMEMBERED
        #: Runs whose jobs were deferred with them, so that a dispatch has nothing to do.
        self._deferred: set[str] = set()
        #: Whether the queue's tables are there, once it runs.
        self.is_made = False

    @asynccontextmanager
    async def running(self, *, making: bool = True) -> AsyncIterator[None]:
        """Connect until the context exits; with `making`, the queue's tables are created if they are not there.

        Raises:
            StoreError: the server cannot be used.
        """
        with translated():
            await self.app.open_async()
        try:
            with translated():
                if making:
                    await self._make_tables()
                self.is_made = making or await self._has_tables()
            yield
        finally:
            await self.app.close_async()

    @property
    def outage(self) -> Outage:
        """Whether the server is away."""
        return self._connector.outage

    def connection(self) -> AbstractAsyncContextManager[Any]:
        """Return a context with one of the queue's connections, in a transaction that ends with it."""
        return self._connector.pool.connection()

    def end(self) -> None:
        """Wait no longer for a server that is away: the program is ending."""
        self._connector.stop()

    async def _make_tables(self) -> None:
        await self._make_library_tables()
        if not await self._has_tables():
            await self.execute(WORKERS)

    async def _has_tables(self) -> bool:
        """Return whether the queue's tables are there: our own is made last."""
        (found,) = await self.rows("SELECT to_regclass('paperwire_workers') IS NOT NULL AS found")
        return bool(found["found"])

    async def _make_library_tables(self) -> None:
        if await self.app.check_connection_async():
            return
        try:
            # One statement of many parts is one transaction: another process that was faster leaves nothing half done.
            await self.app.schema_manager.apply_schema_async()
            _log.info("the tables of the job queue were created")
        except ConnectorException:
            if not await self.app.check_connection_async():
                raise

    async def execute(self, statement: str, **arguments: Any) -> None:
        """Execute a statement.

        Raises:
            StoreError: the server cannot be used.
        """
        async with self._answered():
            await self.app.connector.execute_query_async(statement, **arguments)

    async def rows(self, query: str, **arguments: Any) -> list[dict[str, Any]]:
        """Return the rows of a query.

        Raises:
            StoreError: the server cannot be used.
        """
        async with self._answered():
            return await self.app.connector.execute_query_all_async(query, **arguments)

    async def notify(self, channel: str, message: str) -> None:
        """Send a message of fewer than 8000 bytes to those who listen to a channel now; nothing of it is stored.

        Raises:
            StoreError: the server cannot be used.
        """
        await self.execute("SELECT pg_notify(%(channel)s, %(message)s)", channel=channel, message=message)

    async def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        """Pass on the messages of a channel, until cancelled or the connection is lost.

        Raises:
            StoreError: the server cannot be used.
        """

        async def hear(*, channel: str, payload: str) -> None:  # noqa: ARG001 - the library's form
            heard(payload)

        with translated():
            await self.app.connector.listen_notify(on_notification=hear, channels=[channel])

    async def put(
        self,
        task: str,
        arguments: dict[str, Any],
        *,
        at: datetime | None = None,
        now: datetime | None = None,
        **options: Any,
    ) -> int | None:
        """Defer a job, and return its id; None if a job with the same `queueing_lock` waits already.

        Args:
            task: the kind of job.
            arguments: what the task is called with: values of JSON.
            at: when it is to be done; None is now.
            now: the time of the clock that `at` was read from; None is the server's clock.
            options: `queue`, `priority` (the higher first), `lock`, `queueing_lock`.

        Raises:
            StoreError: the server cannot be used.
        """
        if at is not None and now is not None:
            # By a clock that is a day ahead, what is put off by seconds would wait for a day.
            at += await self.now() - now
        async with self._answered():
            try:
                return await self.app.configure_task(task, schedule_at=at, **options).defer_async(**arguments)
            except AlreadyEnqueued:
                return None

    async def take_back(self, job_id: int) -> bool:
        """Delete a job that no worker has taken; return False if one has.

        Raises:
            StoreError: the server cannot be used.
        """
        async with self._answered():
            return await self.app.job_manager.cancel_job_by_id_async(job_id, delete_job=True)

    async def is_under_way(self, job_id: int) -> bool:
        """Return whether a worker has taken a job and has not ended it.

        Raises:
            StoreError: the server cannot be used.
        """
        found = await self.rows("SELECT status FROM procrastinate_jobs WHERE id = %(job_id)s", job_id=job_id)
        return bool(found) and found[0]["status"] == "doing"

    def defer_within(self, connection: Any, run: Run) -> None:
        """Defer a run in the transaction of the driver's connection that opened it: both are there, or neither.

        A run that is claimed or put off from the start is not ready: who opened it carries it out, or the schedule's
        poll finds it later.
        """
        if run.state is not RunState.QUEUED or run.not_before is not None:
            return
        job = self._within.configure_task(CARRY_OUT, connection=connection, **_options(run.key, run.subscription_id))
        job.defer(run_key=run.key)
        self._deferred.add(run.key)

    async def dispatch(self, *run_keys: str) -> None:
        """Defer runs, looked up together, unless jobs of them wait in the queue or are under way."""
        if len(self._dispatched) >= self._remembered:
            await self._forget_ended()
            self._remembered = max(_REMEMBERED, 2 * len(self._dispatched))
        self._dispatched.update(run_keys)
        fresh = [key for key in run_keys if key not in self._deferred]
        self._deferred.difference_update(run_keys)
        there = await self.rows(_THERE, runs=fresh, locks=list(map(_lock, fresh))) if fresh else ()
        known = {row["run"] for row in there}
        for key in fresh:
            if key not in known:
                await self.defer(key)

    async def now(self) -> datetime:
        """Return the time of the server's clock, by which it hands out jobs.

        Raises:
            StoreError: the server cannot be used.
        """
        found: datetime = (await self.rows("SELECT clock_timestamp() AS now"))[0]["now"]
        return found

    async def defer(
        self, run_key: str, *, at: datetime | None = None, now: datetime | None = None, failures: int = 0
    ) -> None:
        """Defer a run that is not waiting in the queue already, at once or at an instant.

        Args:
            run_key: the run.
            at: when it is to be carried out; None is now.
            now: the time of the clock that `at` was read from; None is the server's clock.
            failures: how often in a row it has crashed.
        """
        named = _options(run_key, _lock(run_key))
        if await self.put(CARRY_OUT, {"run_key": run_key, "failures": failures}, at=at, now=now, **named) is None:
            _log.debug("a run is in the queue already", extra={"run": run_key})

    async def _jobs(self, status: str) -> set[str]:
        """Return the runs of the jobs of a status that are due."""
        async with self._answered():
            jobs = await self.app.job_manager.list_jobs_async(task=CARRY_OUT, status=status)
        return {
            str(job.task_kwargs.get("run_key", "")) for job in jobs if job.scheduled_at is None or job.status == "doing"
        }

    @asynccontextmanager
    async def _answered(self) -> AsyncIterator[None]:
        """Translate errors, and give up a server that accepts a query and never answers."""
        with translated():
            try:
                async with asyncio.timeout(self._patience):
                    yield
            except TimeoutError as error:
                raise StoreAway("The job queue's database does not answer.", hint="Check the server.") from error

    async def drain(self) -> None:
        """Return when the jobs of every run that was dispatched here have ended, or wait for a later instant."""
        while self._dispatched:
            await self._forget_ended()
            await asyncio.sleep(_LOOK if self._dispatched else 0)

    async def _forget_ended(self) -> None:
        self._dispatched &= await self._jobs("todo") | await self._jobs("doing")

    async def stop(self, seconds: float) -> None:
        """Return at once: runs are carried out by workers, which go on."""


def _lock(run_key: str) -> str:
    """Return the name of the lock of a run: its subscription's id."""
    return run_key.rpartition("@")[0] or run_key


def _options(run_key: str, subscription_id: str) -> dict[str, Any]:
    """Return the options of a job: one job per run waits, and one run per subscription is carried out at a time."""
    return {"queue": DIGESTS, "queueing_lock": run_key, "lock": subscription_id}


Defer = Callable[[Any, Run], None]
