"""Signs of life of workers, and how the queues stand: tables in the database of the job queue."""

from collections.abc import Mapping

from bots.domain.queues import QUEUES, QueueState
from bots.scheduling.job_queue import JobQueue

#: A worker without a sign for as long counts as dead: five signs of 5 s were missed. Seconds.
STALLED = 30.0
#: Its row is deleted after as long. Seconds.
_FORGOTTEN = 3600.0

_ANNOUNCE = """
INSERT INTO paperwire_workers (name, queue, slots, seen) VALUES (%(name)s, %(queue)s, %(slots)s, now())
ON CONFLICT (name, queue) DO UPDATE SET slots = excluded.slots, seen = now()
"""
_WITHDRAW = "DELETE FROM paperwire_workers WHERE name = %(name)s"
_FORGET = "DELETE FROM paperwire_workers WHERE seen < now() - make_interval(secs => %(seconds)s)"
_ALIVE = """
SELECT count(*) AS workers FROM paperwire_workers
WHERE queue = %(queue)s AND seen > now() - make_interval(secs => %(seconds)s)
"""
#: A job that is to be done later waits from then on; any other one since it was deferred.
_STATES = """
WITH jobs AS (
    SELECT job.id, job.queue_name, job.status, coalesce(job.scheduled_at, (
        SELECT min(event.at) FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'deferred'
    )) AS due
    FROM procrastinate_jobs job WHERE job.status IN ('todo', 'doing')
), counted AS (
    SELECT queue_name,
        count(*) FILTER (WHERE status = 'todo' AND due <= now()) AS waiting,
        count(*) FILTER (WHERE status = 'doing') AS running,
        coalesce(extract(epoch FROM now() - min(due) FILTER (WHERE status = 'todo' AND due <= now())), 0) AS oldest
    FROM jobs GROUP BY queue_name
), alive AS (
    SELECT queue, count(*) AS workers FROM paperwire_workers
    WHERE seen > now() - make_interval(secs => %(seconds)s) GROUP BY queue
)
SELECT coalesce(queue_name, queue) AS name, coalesce(waiting, 0) AS waiting, coalesce(running, 0) AS running,
    coalesce(oldest, 0)::float8 AS oldest, coalesce(workers, 0) AS workers
FROM counted FULL JOIN alive ON alive.queue = counted.queue_name
"""


class WorkerSigns:
    """Records which workers are alive, by the server's clock, and counts what waits for them."""

    def __init__(self, queue: JobQueue, *, stalled: float = STALLED) -> None:
        self._queue = queue
        self._stalled = stalled

    async def announce(self, name: str, slots: Mapping[str, int]) -> None:
        """Record that a worker is alive, with the jobs of each of its queues that it does at the same time."""
        for queue, most in slots.items():
            await self._queue.execute(_ANNOUNCE, name=name, queue=queue, slots=most)

    async def withdraw(self, name: str) -> None:
        """Record that a worker ends, and forget those that ended without a word long ago."""
        await self._queue.execute(_WITHDRAW, name=name)
        await self._queue.execute(_FORGET, seconds=_FORGOTTEN)

    async def is_served(self, queue: str) -> bool:
        """Return whether a queue has a worker that is alive."""
        (found,) = await self._queue.rows(_ALIVE, queue=queue, seconds=self._stalled)
        return int(found["workers"]) > 0

    async def states(self) -> tuple[QueueState, ...]:
        """Return how each queue stands now; see `bots.ports.Queues`."""
        found = {str(row.pop("name")): row for row in await self._queue.rows(_STATES, seconds=self._stalled)}
        return tuple(QueueState(name=name, **found.get(name, {})) for name in QUEUES)
