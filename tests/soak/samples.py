"""What the program holds at a moment: memory, handles, threads, tasks, and connections and bytes in the database."""

import asyncio
import json
import os
import resource
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

#: Seconds that the program may take to tell, and seconds between two looks for it.
_PATIENCE, _LOOK = 30.0, 0.02
_MIB = 2**20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """The figures of one moment."""

    #: Seconds since the first sample, by a clock that is not set.
    at: float
    #: Resident memory, in MiB.
    memory: float
    handles: int
    sockets: int
    threads: int
    tasks: int
    #: Connections to the database.
    connections: int
    #: Size of the database, in MiB.
    database: float
    #: Share of one core since the sample before, in per cent.
    processor: float
    #: What people did so far.
    requests: int
    #: Digests that were posted so far.
    digests: int

    def line(self) -> str:
        """Return the sample as a line of a log."""
        shown = {name: round(value, 2) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return " ".join(f"{name}={value}" for name, value in shown.items())


class Sampler:
    """Takes samples of one process."""

    def __init__(self, pid: int, told: Path, conninfo: str) -> None:
        """Remember the process, the file that it tells in, and its database.

        Args:
            pid: the process.
            told: where it writes what it holds at SIGUSR2.
            conninfo: the address of its database, as libpq reads it.
        """
        self._pid, self._told, self._conninfo = pid, told, conninfo
        self._begun = self._before = time.monotonic()
        self._used = self._processor()

    async def take(self, requests: int) -> Sample:
        """Return the figures of now.

        Raises:
            TimeoutError: the process does not tell.
            ProcessLookupError: it has ended.
        """
        held = await self._asked()
        connections, size, digests = await asyncio.to_thread(self._of_database)
        now, used = time.monotonic(), self._processor()
        share = 100 * (used - self._used) / max(now - self._before, 1e-9)
        self._before, self._used = now, used
        return Sample(
            at=now - self._begun,
            memory=self._memory(),
            handles=held["handles"],
            sockets=held["sockets"],
            threads=held["threads"],
            tasks=held["tasks"],
            connections=connections,
            database=size / _MIB,
            processor=share,
            requests=requests,
            digests=digests,
        )

    def where(self) -> None:
        """Let the process write where its memory is, into a file beside the one that it tells in."""
        os.kill(self._pid, signal.SIGURG)

    async def _asked(self) -> dict[str, int]:
        known = self._lines()
        os.kill(self._pid, signal.SIGUSR2)
        async with asyncio.timeout(_PATIENCE):
            while len(lines := self._lines()) == len(known):  # noqa: ASYNC110 - another process sets no event of ours
                await asyncio.sleep(_LOOK)
        told: dict[str, int] = json.loads(lines[-1])
        return told

    def _lines(self) -> list[str]:
        written = self._told.read_text(encoding="ascii") if self._told.exists() else ""
        return written.splitlines() if written.endswith("\n") else written.splitlines()[:-1]

    def _memory(self) -> float:
        pages = Path(f"/proc/{self._pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * resource.getpagesize() / _MIB

    def _processor(self) -> float:
        """Return the seconds of processor time that the process has used."""
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _of_database(self) -> tuple[int, int, int]:
        with psycopg.connect(self._conninfo) as connection:
            counted = connection.execute(
                "SELECT (SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()),"
                " pg_database_size(current_database()), (SELECT count(*) FROM digest_run WHERE state = 'done')"
            ).fetchone()
        assert counted
        connections, size, digests = map(int, counted)
        return connections, size, digests
