"""Starts workers, kills them, and says how they ended."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import ROOT
from tests.crash.jobs import Job

#: A worker that takes longer than this is stuck, and its test fails. Seconds.
PATIENCE = 45.0
#: What a worker is given to write down where each of its threads stands. Seconds.
_TO_TELL = 0.5
_LAST_WORDS = 8000


class Worker:
    """A worker that was started."""

    def __init__(self, pid: int, log: Path, answer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._log = log
        self._writer = writer
        self._status = asyncio.create_task(_status(answer, writer))

    async def ends_within(self, seconds: float) -> bool:
        """Return when it has ended, or after so many seconds; True if it has ended."""
        done, _ = await asyncio.wait({self._status}, timeout=seconds)
        return bool(done)

    async def ended(self, within: float = PATIENCE) -> int:
        """Return the exit status, negative for a signal.

        Raises:
            TimeoutError: it has not ended within so many seconds; its last words, and where it stands, are told.
        """
        if not await self.ends_within(within):
            self.signal(signal.SIGUSR1)
            await asyncio.sleep(_TO_TELL)
            raise TimeoutError(f"worker {self.pid} goes on\n{self._log.read_text(encoding='utf-8')[-_LAST_WORDS:]}")
        return self._status.result()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has ended is beyond it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


async def _status(answer: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    status = int(await answer.readline())
    writer.close()
    return status


class Workers:
    """Where workers come from."""

    def __init__(self, door: Path) -> None:
        self._door = door
        self._started: list[Worker] = []

    async def start(self, job: Job) -> Worker:
        """Start a worker."""
        answer, writer = await asyncio.open_unix_connection(self._door)
        writer.write(job.written().encode() + b"\n")
        worker = Worker(int(await answer.readline()), Path(job.log), answer, writer)
        self._started.append(worker)
        return worker

    async def end(self) -> None:
        """Kill every worker that still lives."""
        for worker in self._started:
            if not worker._status.done():
                worker.signal(signal.SIGKILL)
        await asyncio.gather(*(worker._status for worker in self._started))


@asynccontextmanager
async def open_workers() -> AsyncIterator[Workers]:
    """Give workers for as long as the block lasts."""
    with TemporaryDirectory() as folder:
        door = Path(folder) / "door"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.zygote",
            str(door),
            cwd=ROOT,
            # A library for arithmetic would start threads when it is imported, and a fork knows only one.
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
