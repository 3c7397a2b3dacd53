"""What the logs of the processes say: which runs each carried out, and when another went on with a dead one's."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.kills.processes import Kill, Role

_STARTED = re.compile(r"Starting job .*run_key='([^']+)'")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """What became of a run whose worker was killed; seconds after the kill, None if it never came."""

    run: str
    #: When the worker was killed; wall-clock seconds.
    at: float
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
        if run:
            yield Line(at=datetime.fromisoformat(told["time"]).timestamp(), log=log, event=event, run=run)


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
    later = [line for line in lines if line.run == run and line.at > kill.at and line.log != kill.log]
    taken = next((line.at - kill.at for line in later if _STARTED.search(line.event)), None)
    step = next((line.at - kill.at for line in later if line.event in _STEPS), None)
    return Recovery(run=run, at=kill.at, taken_over=taken, continued=step)
