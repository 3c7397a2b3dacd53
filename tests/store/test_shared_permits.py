"""Permits that several processes share: with other clocks, killed, without their server, and over the months."""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest

from bots.domain.errors import StoreError
from bots.ports.observing import Unobserved
from bots.ports.permits import steady_lane
from bots.ports.rate_limits import Rate
from bots.store._permit_line import PermitLine
from bots.store.permits import SharedPermits, open_permits
from tests.store.stores import needs_postgres
from tests.support.permits import a_lane, a_process, begin, counted_in

pytestmark = needs_postgres
AT_ONCE = 30.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a database that counts permits."""
    with counted_in() as address:
        yield address


@pytest.fixture
async def line(address: str) -> AsyncIterator[PermitLine]:
    """A connection that gives a server up after a third of a second."""
    line = PermitLine(address, ticks=time.monotonic, patience=0.3)
    yield line
    await line.close()


@pytest.fixture
async def other(address: str) -> AsyncIterator[SharedPermits]:
    """The permits of another process, whose clock has another beginning."""
    line = PermitLine(address, ticks=time.monotonic, patience=0.3)
    yield SharedPermits(line, ticks=lambda: time.monotonic() - 86_400)
    await line.close()


@contextmanager
def ended(processes: "list[subprocess.Popen[str]]") -> Iterator[None]:
    """Kill the processes at the end."""
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.communicate()


# ── several processes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_processes_keep_one_limit_together(address: str) -> None:
    """Three processes that each want ten permits with a gap of 50 ms need the time of thirty, not of ten."""
    lane = a_lane(0.05)
    processes = [a_process(address, lane, 10) for _ in range(3)]
    with ended(processes):
        begin(processes)
        came = sorted(float(process.stdout.readline()) for process in processes for _ in range(10) if process.stdout)
    assert 30 == len(came)
    # 29 gaps are 1.45 s; whoever printed the first instant may have been late by some of that. Alone: 0.45 s.
    assert came[-1] - came[0] >= 1.0


async def test_a_killed_process_holds_nothing(address: str) -> None:
    """The permit in use of a process that was killed ends with its lease, and those that it had taken ahead pass."""
    lane = a_lane(0.0, at_once=1, lease=1.0)
    process = a_process(address, lane, 1)
    with ended([process]):
        begin([process])
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(AT_ONCE)
        async with open_permits(address) as permits, asyncio.timeout(AT_ONCE):
            assert await permits.take(lane)


async def test_each_clock_may_show_what_it_likes(line: PermitLine, other: SharedPermits) -> None:
    """Two processes whose clocks are a day apart share a lane, by the server's clock."""
    lane, began = a_lane(0.3), time.monotonic()
    ours = SharedPermits(line)
    for permits in (ours, other, ours):
        async with asyncio.timeout(AT_ONCE):
            await permits.take(lane)
    assert time.monotonic() - began >= 0.6


async def test_a_refusal_holds_all_back(line: PermitLine, other: SharedPermits) -> None:
    """What one process was asked to wait, the other waits, too; permits that it had taken ahead are dropped at home."""
    lane, ours = a_lane(0.01), SharedPermits(line)
    await other.take(lane)
    began = time.monotonic()
    await ours.hold(lane, 0.4)
    async with asyncio.timeout(AT_ONCE):
        await other.take(lane)
    assert time.monotonic() - began >= 0.4


async def test_a_refusal_holds_those_who_wait(line: PermitLine) -> None:
    """Permits that were taken ahead for others of the process are not used when one is told to stop."""
    permits, lane = SharedPermits(line, batch=2.0), a_lane(0.2)
    came = list[float]()

    async def want() -> None:
        await permits.take(lane)
        came.append(time.monotonic())

    waiting = [asyncio.create_task(want()) for _ in range(4)]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=AT_ONCE)
    already, began = len(came), time.monotonic()
    await permits.hold(lane, 1.5)
    await asyncio.wait(waiting, timeout=AT_ONCE)
    assert 4 == len(came)
    # One whose instant came while the hold was told is not called back.
    assert all(at - began >= 1.5 for at in came[already + 1 :])


# ── the cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_those_who_wait_share_a_round_trip(line: PermitLine) -> None:
    """Forty permits of Discord's fifty a second take less than a question for each two; one alone takes one."""
    permits = SharedPermits(line)
    lane = steady_lane("test", a_lane().name, Rate(count=50, seconds=1))
    await permits.take(lane)
    assert 1 == line.asked
    await asyncio.gather(*(permits.take(lane) for _ in range(40)))
    assert 20 > line.asked - 1


async def test_the_wait_is_measured(line: PermitLine) -> None:
    """The observer is told how long a permit took, under the kind of its lane and never under its name."""
    told = list[tuple[str, float]]()

    class Watching(Unobserved):
        def permitted(self, limit: str, seconds: float) -> None:
            told.append((limit, seconds))

    permits, lane = SharedPermits(line, observer=Watching()), a_lane()
    await permits.hold(lane, 0.2)
    await permits.take(lane)
    assert ["test"] == [kind for kind, _ in told]
    assert told[0][1] >= 0.19


async def test_rows_do_not_stay(address: str) -> None:
    """Rows of idle lanes are deleted now and then, except for those that are held or in use."""
    line, ahead = PermitLine(address, ticks=time.monotonic, patience=5), [0.0]
    permits = SharedPermits(line, ticks=lambda: time.monotonic() + ahead[0])
    await line.ask("DELETE FROM rate_limit", {})
    for _ in range(20):
        await permits.take(a_lane())
    await permits.hold(held := a_lane(), 3_600)
    await permits.take(used := a_lane(at_once=1, lease=3_600.0))
    assert 22 == (await line.ask("SELECT count(*) FROM rate_limit", {}))[0]
    # What ten minutes do on the server's clock.
    await line.ask("UPDATE rate_limit SET free_at = free_at - interval '1 hour'", {})
    ahead[0] = 3_600
    await permits.take(new := a_lane())
    keys = (await line.ask("SELECT array_agg(key) FROM rate_limit", {}))[0]
    assert {held.key, used.key, new.key} == set(keys)
    await line.close()


# ── without the server ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_without_the_server_nobody_is_let_through(line: PermitLine) -> None:
    """A permit is refused after the patience, further ones at once, and given again when the server is back."""
    good, line._address = line._address, "host=/nowhere/at/all dbname=nothing"
    permits, lane = SharedPermits(line), a_lane()
    async with asyncio.timeout(AT_ONCE):
        refused = await asyncio.gather(*(permits.take(lane) for _ in range(50)), return_exceptions=True)
    assert {StoreError} == {type(each) for each in refused}
    # Neither ends a request, or is told of a refusal, by failing.
    await permits.give_back(lane, "", used=True)
    await permits.hold(lane, 1)
    line._address = good
    async with asyncio.timeout(AT_ONCE):
        while True:
            with suppress(StoreError):
                await permits.take(lane)
                return
            await asyncio.sleep(0.05)


async def test_a_server_that_is_down_is_not_tried_by_everyone(address: str) -> None:
    """After the patience one question in a second tries to connect; the others fail without an attempt."""
    now, tried = [0.0], [0]

    class Down(PermitLine):
        async def _answer(self, statement: str, values: Mapping[str, object]) -> object:  # noqa: ARG002 - as there
            tried[0] += 1
            now[0] += 0.4
            raise OSError("There is nobody.")

    line = Down(address, ticks=lambda: now[0], patience=0.3)
    for expected in (2, 2, 2):
        with pytest.raises(StoreError):
            await line.ask("", {})
        assert expected == tried[0]
    now[0] += 1.1
    with pytest.raises(StoreError):
        await line.ask("", {})
    assert 3 == tried[0]


async def test_a_silent_server_keeps_nobody_for_longer_than_he_waits(
    line: PermitLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that accepts questions and never answers is not waited for when the asker has no use for the answer."""

    async def silent(*_asked: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(line, "ask", silent)
    waiting = [asyncio.create_task(SharedPermits(line).take(a_lane(), within=0.05)) for _ in range(2)]
    done, late = await asyncio.wait(waiting, timeout=AT_ONCE)
    assert set() == late
    assert [TimeoutError] * 2 == [type(each.exception()) for each in done]


async def test_a_lost_connection_is_made_again(line: PermitLine, address: str) -> None:
    """A server that restarts costs no permit: the connection is opened again within the patience."""
    permits, lane = SharedPermits(line), a_lane()
    await permits.take(lane)
    backend = (await line.ask("SELECT pg_backend_pid()", {}))[0]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (backend,))
    async with asyncio.timeout(AT_ONCE):
        await permits.take(lane)


async def test_a_database_without_the_table_is_an_error(address: str) -> None:
    """A database that was never upgraded is named as the trouble, once, without a wait."""
    line = PermitLine(address, ticks=time.monotonic, patience=60)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER TABLE rate_limit RENAME TO rate_limit_away")
    try:
        with pytest.raises(StoreError, match="rate_limit"):
            await SharedPermits(line).take(a_lane())
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER TABLE rate_limit_away RENAME TO rate_limit")
        await line.close()
