"""Keeps processes running as a service manager does, and kills them at random."""

import asyncio
import random
import signal
import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from tests.crash.workers import Worker, Workers
from tests.kills.program import Program


class Role(StrEnum):
    """The kinds of process."""

    REPLICA = "run"
    WORKER = "worker"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """One SIGKILL."""

    #: Wall-clock seconds, as in the logs.
    at: float
    role: Role
    #: Log of the process that was killed.
    log: Path


@dataclass(kw_only=True)
class Process:
    """A process that is started again whenever it ends."""

    name: str
    role: Role
    program: Program
    workers: Workers
    folder: Path
    #: Seconds until it is started again, at most.
    pause: float
    draw: random.Random
    starts: int = 0
    #: Exit statuses of processes that ended by themselves.
    ended: list[int] = field(default_factory=list)
    logs: list[Path] = field(default_factory=list)
    _now: Worker | None = None
    _killed: bool = False
    _stopping: bool = False

    async def keep(self) -> None:
        """Start it, and again after each end, until `stop` is called."""
        while not self._stopping:
            log = self.folder / f"{self.name}.{self.starts}.log"
            self.logs.append(log)
            self.starts += 1
            self._killed = False
            self._now = await self.workers.start(replace(self.program, log=str(log)))
            status = await self._now.ended(within=3600.0)
            self._now = None
            if not self._killed and not self._stopping:
                self.ended.append(status)
            if not self._stopping:
                await asyncio.sleep(self.draw.uniform(0, self.pause))

    def kill(self) -> Kill | None:
        """Kill it; return None if it is not running."""
        if self._now is None or self._killed:
            return None
        self._killed = True
        self._now.signal(signal.SIGKILL)
        return Kill(at=time.time(), role=self.role, log=self.logs[-1])

    def stop(self) -> None:
        """End it in good order, and do not start it again."""
        self._stopping = True
        if self._now is not None:
            self._now.signal(signal.SIGTERM)
