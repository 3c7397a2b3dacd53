"""Claims in a database that several machines share are on the clock of its server, not on that of a machine."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from bots.domain.runs import RunState
from bots.ports import Clock, Store
from bots.store._server_time import ServerTime
from bots.store.sql import open_store
from tests.store.stores import a_run, address, needs_postgres
from tests.support.factories import NOW

CLAIM = timedelta(minutes=6)


class Machine:
    """A machine whose clock is wrong by a fixed time."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        """Return the time that the machine shows."""
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database on a server."""
    with address("postgres", tmp_path) as found:
        yield found


@pytest.fixture
async def machines() -> AsyncIterator[AsyncExitStack]:
    """A stack that closes the stores of a test."""
    async with AsyncExitStack() as stack:
        yield stack


async def claimed(store: Store, machine: Clock, lasts: timedelta = CLAIM) -> bool:
    """Claim the run as an executor on a machine does."""
    return await store.claim(a_run().key, now=machine(), until=machine() + lasts)


@needs_postgres
@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(minutes=5), timedelta(), timedelta(days=-1)])
async def test_a_claim_ends_when_its_time_is_over(place: str, ahead: timedelta, machines: AsyncExitStack) -> None:
    """However wrong its clock is, a machine's claim is respected for as long as it was made, and no longer."""
    wrong, right = Machine(ahead), Machine(timedelta())
    dead = await machines.enter_async_context(open_store(place, clock=wrong))
    other = await machines.enter_async_context(open_store(place, clock=right))
    await dead.open_run(a_run())
    assert await claimed(dead, wrong, timedelta(seconds=4))
    assert (False, ()) == (await claimed(other, right), await other.ready(right()))
    later = timedelta(seconds=5)
    assert (a_run().key,) == await other.ready(right() + later)
    assert await other.claim(a_run().key, now=right() + later, until=right() + later + CLAIM)
    assert (False, ()) == (await claimed(dead, wrong), await dead.ready(wrong()))


@needs_postgres
async def test_what_is_put_off_is_due_at_the_same_moment_everywhere(place: str, machines: AsyncExitStack) -> None:
    """A run that one machine puts off for ten minutes waits ten minutes on each; each reads it on its own clock."""
    wrong, right = Machine(timedelta(days=1)), Machine(timedelta())
    one = await machines.enter_async_context(open_store(place, clock=wrong))
    other = await machines.enter_async_context(open_store(place, clock=right))
    await one.open_run(a_run())
    later = wrong() + timedelta(minutes=10)
    await one.move_run(a_run().key, RunState.QUEUED, now=wrong(), not_before=later)
    for store, expected in ((one, later), (other, later - wrong.ahead)):
        run = await store.run(a_run().key)
        assert run is not None
        assert run.not_before is not None
        assert timedelta(seconds=2) > abs(run.not_before - expected)
    assert () == await other.ready(right() + timedelta(minutes=9))
    assert (a_run().key,) == await other.ready(right() + timedelta(minutes=10))
    assert (a_run().key,) == await one.ready(later)


@needs_postgres
async def test_a_run_opened_by_hand_is_claimed_on_the_servers_clock(place: str, machines: AsyncExitStack) -> None:
    """A digest that a person posts at once belongs to its machine until the claim ends, whatever its clock shows."""
    wrong, right = Machine(timedelta(days=-1)), Machine(timedelta())
    one = await machines.enter_async_context(open_store(place, clock=wrong))
    other = await machines.enter_async_context(open_store(place, clock=right))
    await one.open_run(a_run(state=RunState.RUNNING, not_before=wrong() + CLAIM))
    assert not await claimed(other, right)


def test_the_server_is_asked_for_its_time() -> None:
    """The database gets the time that is left, to add to its own clock, and no instant of the machine."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no annotations
    there = ServerTime(lambda: NOW).there(NOW + CLAIM).compile(dialect=dialect)
    assert "clock_timestamp() +" in str(there)
    assert [CLAIM] == list(there.params.values())
    due = ServerTime(lambda: NOW).due(NOW).compile(dialect=dialect)
    assert [timedelta(seconds=1)] == list(due.params.values())


def test_a_file_has_the_clock_of_its_machine() -> None:
    """Without a server, an instant is stored as it is."""
    assert [NOW] == list(ServerTime(None).there(NOW).compile().params.values())
    assert NOW == ServerTime(None).here(NOW, row=None)
