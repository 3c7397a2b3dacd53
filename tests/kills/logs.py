"""What the logs of the processes say: which runs each carried out, and when another went on with a dead one's."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path

from tests.kills.processes import Kill, Role

_STARTED = re.compile(r"Starting job .*run_key='([^']+)'")
_NUMBER = re.compile(r"Starting job [^(]*\[(\d+)\]")
_READY = "Starting worker on queues digests"
_RESCUED = "a job that nobody carries out is continued"
_ENDED = re.compile(r"Job .*run_key='([^']+)'.* ended with status")
#: What a worker logs when it goes on with a run: the next thing that happens for readers.
_STEPS = frozenset(
    {
        "parts were planned",
        "a part is being posted",
        "a part was posted",
        "a part was found in the channel",
        "a run ended",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a log."""

    at: float
    log: Path
    event: str
    run: str
    #: The number of the job in the queue; 0 if the line names none.
    job: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """What became of a run whose worker was killed; seconds after the kill, None if it never came."""

    run: str
    #: When the worker was killed; wall-clock seconds.
    at: float
    #: Until another worker noticed it, and put the job back into the queue.
    noticed: float | None
    #: Until another worker had its job.
    taken_over: float | None
    #: Until the next step of the run.
    continued: float | None


def read(logs: Sequence[Path]) -> list[Line]:
    """Return the lines about runs of all logs, in the order of time."""
    return sorted((line for log in logs for line in _lines(log)), key=lambda line: line.at)


def _lines(log: Path) -> Iterator[Line]:
    for written in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if not written.startswith("{"):
            continue
        try:
            told = json.loads(written)
        except ValueError:
            # The last line of a process that was killed while it wrote.
            continue
        event = str(told.get("event", ""))
        found = _STARTED.search(event) or _ENDED.search(event)
        run = found.group(1) if found else str(told.get("run") or "")
        number = _NUMBER.search(event)
        job = int(number.group(1)) if number else int(told["job"]) if event == _RESCUED else 0
        if run or job or event == _READY:
            yield Line(at=datetime.fromisoformat(told["time"]).timestamp(), log=log, event=event, run=run, job=job)


def under_way(lines: Sequence[Line], kill: Kill) -> list[str]:
    """Return the runs that a worker carried out when it was killed."""
    runs: dict[str, None] = {}
    for line in lines:
        if line.log == kill.log and _STARTED.search(line.event):
            runs[line.run] = None
        elif line.log == kill.log and _ENDED.search(line.event):
            runs.pop(line.run, None)
    return list(runs)


def recoveries(lines: Sequence[Line], kills: Sequence[Kill]) -> list[Recovery]:
    """Return what became of every run whose worker was killed."""
    return [_recovery(lines, kill, run) for kill in kills if kill.role is Role.WORKER for run in under_way(lines, kill)]


def _recovery(lines: Sequence[Line], kill: Kill, run: str) -> Recovery:
    later = [line for line in lines if line.at > kill.at and line.log != kill.log]
    jobs = {line.job for line in lines if line.log == kill.log and line.run == run and line.at <= kill.at} - {0}

    def until(wanted: Iterator[Line]) -> float | None:
        return next((line.at - kill.at for line in wanted), None)

    return Recovery(
        run=run,
        at=kill.at,
        noticed=until(line for line in later if line.event == _RESCUED and line.job in jobs),
        taken_over=until(line for line in later if line.run == run and _STARTED.search(line.event)),
        continued=until(line for line in later if line.run == run and line.event in _STEPS),
    )


def false_alarms(lines: Sequence[Line], kills: Sequence[Kill], slack: float = 1.0) -> list[Line]:
    """Return the lines that tell of a job that was put back although its worker lived and carried it out.

    Args:
        lines: of all logs, in the order of time.
        kills: when each process was killed.
        slack: seconds by which the lines of two logs may be out of order: who puts a job back tells of it afterwards,
            and by then another may have begun it.
    """
    died = {kill.log: kill.at for kill in kills}
    has: dict[int, Line] = {}
    found = []
    for line in lines:
        if _STARTED.search(line.event):
            has[line.job] = line
        elif _ENDED.search(line.event):
            has = {job: begun for job, begun in has.items() if (begun.log, begun.run) != (line.log, line.run)}
        elif line.event == _RESCUED and line.job in has:
            begun = has[line.job]
            if begun.at + slack < line.at < died.get(begun.log, inf) - slack:
                found.append(line)
    return found


def staffed(lines: Sequence[Line], kills: Sequence[Kill]) -> list[tuple[float, float]]:
    """Return from when to when each worker was there to take something over; instants."""
    died = {kill.log: kill.at for kill in kills}
    return [(line.at, died.get(line.log, inf)) for line in lines if line.event == _READY]
