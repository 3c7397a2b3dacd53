"""Start workers, kill them, and report their exit status."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from tests.conftest import ROOT

#: A worker that runs longer than this is stuck, and its test fails. Seconds.
PATIENCE = 45.0
#: Time for a worker to write the stacks of its threads to its log. Seconds.
_TO_TELL = 0.5
_LAST_WORDS = 8000


class Work(Protocol):
    """What a worker does."""

    @property
    def log(self) -> str:
        """The path of its log."""
        ...

    def written(self) -> str:
        """Return it as one line of JSON with the path of the log."""
        ...


class Worker:
    """A started worker process."""

    def __init__(self, pid: int, log: Path, answer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._log = log
        self._writer = writer
        self._status = asyncio.create_task(_status(answer, writer))

    async def ends_within(self, seconds: float) -> bool:
        """Wait until it has exited or the timeout is over; return True if it has exited."""
        done, _ = await asyncio.wait({self._status}, timeout=seconds)
        return bool(done)

    async def ended(self, within: float = PATIENCE) -> int:
        """Return the exit status, negative for a signal.

        Raises:
            TimeoutError: it has not exited within so many seconds; the message holds the end of its log and its stacks.
        """
        if not await self.ends_within(within):
            self.signal(signal.SIGUSR1)
            await asyncio.sleep(_TO_TELL)
            raise TimeoutError(f"worker {self.pid} goes on\n{self._log.read_text(encoding='utf-8')[-_LAST_WORDS:]}")
        return self._status.result()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; do nothing if the process has exited."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


async def _status(answer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    status = int(await answer.readline())
    writer.close()
    return status


class Workers:
    """A source of worker processes."""

    def __init__(self, door: Path) -> None:
        self._door = door
        self._started: list[Worker] = []

    async def start(self, job: Work) -> Worker:
        """Start a worker."""
        answer, writer = await asyncio.open_unix_connection(self._door)
        writer.write(job.written().encode() + b"\n")
        worker = Worker(int(await answer.readline()), Path(job.log), answer, writer)
        self._started.append(worker)
        return worker

    async def end(self) -> None:
        """Kill every worker that is still running."""
        for worker in self._started:
            if not worker._status.done():
                worker.signal(signal.SIGKILL)
        await asyncio.gather(*(worker._status for worker in self._started))


@asynccontextmanager
async def open_workers(module: str = "tests.crash.worker") -> AsyncIterator[Workers]:
    """Yield a source of workers; kill them when the context exits.

    Args:
        module: its function `become` does the work.
    """
    with TemporaryDirectory() as folder:
        door = Path(folder) / "door"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.zygote",
            str(door),
            module,
            cwd=ROOT,
            # A numerical library would start threads on import, and a fork keeps only one thread.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin
        assert process.stdout
        assert b"ready\n" == await process.stdout.readline()
        workers = Workers(door)
        try:
            yield workers
        finally:
            await workers.end()
            process.stdin.close()
            await process.wait()
