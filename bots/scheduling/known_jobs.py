"""Hands a worker only what it can do: jobs of the kinds, and in the forms, that its version knows.

During a rolling upgrade newer processes defer jobs that older workers do not know. The library hands every job of a
queue to whoever asks first, and fails one of an unknown kind for good. Here it is left in the table, untouched, for a
newer worker.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import LiteralString

from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

#: The argument that tells the form of the others; a job without it has the first form. Whoever changes what arguments
#: mean raises it, and workers that know a lower one leave the job.
FORM = "form"
FIRST_FORM = 1

#: Whether a job is one that is known: numbers in JSON are compared as numbers.
_IS_KNOWN: LiteralString = f"""EXISTS (
        SELECT FROM unnest(%(tasks)s::text[], %(forms)s::integer[]) AS known (task, form)
         WHERE known.task = job.task_name AND coalesce(job.args -> '{FORM}', '{FIRST_FORM}') <= to_jsonb(known.form))"""
#: The library's own statement (procrastinate_fetch_job_v2), with one more condition. An unknown job holds back those
#: behind its lock all the same: they are of one subscription, which has one run at a time.
_TAKE: LiteralString = f"""
WITH candidate AS (
    SELECT job.id FROM procrastinate_jobs AS job
     WHERE job.status = 'todo' AND job.queue_name = ANY(%(queues)s::text[])
       AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
       AND {_IS_KNOWN}
       AND NOT EXISTS (
           SELECT FROM procrastinate_jobs AS other WHERE other.lock = job.lock AND (
               other.status = 'doing' OR other.status = 'todo' AND (
                   other.priority > job.priority OR other.priority = job.priority AND other.id < job.id)))
     ORDER BY job.priority DESC, job.id LIMIT 1 FOR UPDATE OF job SKIP LOCKED
), taken AS (
    UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker_id)s
      FROM candidate WHERE job.id = candidate.id RETURNING job.*
)
SELECT taken.* FROM (SELECT) AS one LEFT JOIN taken ON true
"""  # noqa: S608 - of this file
_UNKNOWN: LiteralString = f"""
SELECT job.task_name AS task, count(*) AS jobs FROM procrastinate_jobs AS job
 WHERE job.status = 'todo' AND job.queue_name = ANY(%(queues)s::text[]) AND NOT {_IS_KNOWN} GROUP BY job.task_name
"""  # noqa: S608 - of this file


class KnownJobs(JobManager):
    """The library's manager of jobs, for a worker that knows some of them."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self._forms: dict[str, int] = {}
        #: Returns whether jobs may be taken at present; None if they always may.
        self.gate: Callable[[], Awaitable[bool]] | None = None

    def learn(self, task: str, form: int) -> None:
        """Take jobs of a kind from now on.

        Args:
            task: the kind.
            form: the newest form of their arguments that is understood.
        """
        self._forms[task] = form

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take the first known job that is due, for a worker; None if there is none, or none may be taken."""
        if self.gate is not None and not await self.gate():
            return None
        row = await self.connector.execute_query_one_async(_TAKE, worker_id=worker_id, **self._asked(queues or ()))
        return None if row["id"] is None else Job.from_row(row)

    async def unknown(self, queues: Iterable[str]) -> Mapping[str, int]:
        """Return how many jobs of each kind wait in some queues that are left to other workers."""
        rows = await self.connector.execute_query_all_async(_UNKNOWN, **self._asked(queues))
        return {str(row["task"]): int(row["jobs"]) for row in rows}

    def _asked(self, queues: Iterable[str]) -> dict[str, list[str] | list[int]]:
        return {"queues": list(queues), "tasks": list(self._forms), "forms": list(self._forms.values())}


def is_newer(asked: object, form: int) -> bool:
    """Return whether the arguments of a job have a form newer than one that is understood."""
    given = asked.get(FORM, FIRST_FORM) if isinstance(asked, Mapping) else FIRST_FORM
    return isinstance(given, int) and given > form
