"""Replicas, workers and their Postgres are killed while digests are due: every slot is posted once, none is doubled.

The ten minutes of it, beside a program that posts first and records later, are `python3 dev.py bench kills`.
"""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.kills.logs import Line, recoveries
from tests.kills.places import this_minute
from tests.kills.processes import Kill, Role
from tests.kills.siege import Siege, besieged, now
from tests.store.stores import needs_postgres

#: Seconds; far more than it takes, because the machine may be busy.
_PATIENCE = 120.0


async def some_posted(siege: Siege, more: int) -> None:
    """Wait until so many more messages were accepted."""
    wanted = len(siege.accepted) + more
    async with asyncio.timeout(_PATIENCE):
        while len(siege.accepted) < wanted:  # noqa: ASYNC110 - the stand-ins set no event
            await asyncio.sleep(0.02)


@needs_postgres
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_everything_is_killed(tmp_path: Path) -> None:
    """Two workers, a schedule and twice the server die among posts: nothing is lost and nothing doubled."""
    async with besieged(tmp_path, replicas=2, workers=2, pause=1.0, hurried=True) as siege:
        await siege.places.subscribe(4, *this_minute())
        await some_posted(siege, 1)
        siege.kill(Role.WORKER)
        siege.kill(Role.REPLICA)
        await siege.outage(0.5)
        await siege.places.subscribe(2, *this_minute())
        await some_posted(siege, 2)
        siege.kill(Role.WORKER)
        await siege.outage(0.0)
        await siege.all_ended(now(), _PATIENCE)
        result = await siege.result(now())
    assert () == result.verdict.faults
    assert (6, 0, 0) == (result.verdict.slots, result.verdict.lost, result.verdict.doubled)
    assert [Role.WORKER, Role.REPLICA, Role.WORKER] == [kill.role for kill in result.kills]
    assert [signal.SIGKILL, signal.SIGQUIT] == [outage.how for outage in result.outages]
    assert 7 == result.starts - len(result.ended)


def test_recoveries_are_read_from_logs() -> None:
    """The time of a recovery is from the kill to the next process that has the run, and to its next step."""
    dead, alive = Path("dead"), Path("alive")

    def line(at: float, log: Path, event: str, run: str = "a@1") -> Line:
        return Line(at=at, log=log, event=event, run=run)

    lines = [
        line(1, dead, "Starting job x[1](run_key='a@1')"),
        line(2, dead, "Starting job x[2](run_key='b@1')", "b@1"),
        line(3, dead, "Job x[2](run_key='b@1') ended with status: Success", "b@1"),
        line(9, alive, "a job that nobody carries out is continued"),
        line(11, alive, "Starting job x[1](run_key='a@1')"),
        line(15, alive, "a part was found in the channel"),
    ]
    (found,) = recoveries(lines, [Kill(at=4, role=Role.WORKER, log=dead), Kill(at=5, role=Role.REPLICA, log=alive)])
    assert ("a@1", 7, 11) == (found.run, found.taken_over, found.continued)
