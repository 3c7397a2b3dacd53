"""The contract of permits, for those of one process and for those that processes with one Postgres share."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bots.ports.permits import Lane, Permits, channel_lane, steady_lane
from bots.ports.rate_limits import Rate
from tests.support.factories import CHANNEL
from tests.support.permits import KINDS, a_lane, counted_in, opened

#: Seconds in which whatever need not wait has happened, on a machine however busy.
AT_ONCE = 30.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a database that counts permits."""
    if "shared" not in KINDS:
        yield ""
        return
    with counted_in() as address:
        yield address


@pytest.fixture(params=KINDS)
async def permits(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Permits]:
    """Permits of each kind."""
    async with opened(request.param, address) as permits:
        yield permits


async def when(permits: Permits, lane: Lane, **more: float) -> float:
    """Take a permit and return when it came."""
    async with asyncio.timeout(AT_ONCE):
        await permits.take(lane, **more)
    return time.monotonic()


async def test_permits_are_spread(permits: Permits) -> None:
    """Of seven that are wanted at once, the last comes six gaps after the lane was free, whoever asked first."""
    lane, began = a_lane(0.05), time.monotonic()
    came = sorted(await asyncio.gather(*(when(permits, lane) for _ in range(7))))
    assert came[-1] - began >= 6 * 0.05 - 0.001
    assert all(earlier <= later for earlier, later in pairwise(came))


async def test_lanes_do_not_wait_for_each_other(permits: Permits) -> None:
    """A lane that is held for an hour holds no other lane."""
    held, free = a_lane(), a_lane()
    await permits.hold(held, 3_600)
    waiting = asyncio.create_task(permits.take(held))
    await when(permits, free)
    assert not waiting.done()
    waiting.cancel()


async def test_a_hold_is_kept(permits: Permits) -> None:
    """No permit comes before the end of a hold, and a shorter one does not end it."""
    lane, began = a_lane(0.01), time.monotonic()
    await permits.take(lane)
    await permits.hold(lane, 0.3)
    await permits.hold(lane, 0.0)
    assert await when(permits, lane) - began >= 0.3


async def test_who_cannot_wait_takes_nothing(permits: Permits) -> None:
    """A caller with no time left is refused in a lane that is held; the next one waits for the hold alone."""
    lane = a_lane(2 * AT_ONCE)
    await permits.hold(lane, 1.0)
    with pytest.raises(TimeoutError):
        await permits.take(lane, within=0.1)
    await when(permits, lane)


async def test_one_at_a_time(permits: Permits) -> None:
    """The second request begins a gap after the end of the first."""
    lane = a_lane(0.1, at_once=1, lease=AT_ONCE)
    permit = await permits.take(lane)
    following = asyncio.create_task(when(permits, lane))
    done, _ = await asyncio.wait({following}, timeout=0.3)
    assert not done
    ended = time.monotonic()
    await permits.give_back(lane, permit)
    assert await following - ended >= 0.1


async def test_as_many_as_a_host_allows(permits: Permits) -> None:
    """Where two may be under way, the third waits for the first to end."""
    lane = a_lane(0.0, at_once=2, lease=AT_ONCE)
    first, _second = await permits.take(lane), await permits.take(lane)
    third = asyncio.create_task(permits.take(lane))
    done, _ = await asyncio.wait({third}, timeout=0.2)
    assert not done
    await permits.give_back(lane, first)
    assert await third


async def test_what_was_not_used_delays_nobody(permits: Permits) -> None:
    """A permit that is given back unused begins no gap, not even one of an hour."""
    lane = a_lane(3_600, at_once=1, lease=AT_ONCE)
    permit = await permits.take(lane)
    await permits.give_back(lane, permit, used=False)
    await when(permits, lane)


async def test_a_permit_that_is_not_given_back_expires(permits: Permits) -> None:
    """After its lease the next request may begin; to give it back afterwards changes nothing."""
    lane, began = a_lane(0.0, at_once=1, lease=AT_ONCE), time.monotonic()
    old = await permits.take(replace(lane, lease=0.3))
    assert await when(permits, lane) - began >= 0.3
    await permits.give_back(lane, old, used=False)
    with pytest.raises(TimeoutError):
        await permits.take(lane, within=0.0)


async def test_whoever_is_cancelled_holds_nobody_up(permits: Permits) -> None:
    """Fifty callers that stop waiting leave the lane to the one that does not."""
    lane = a_lane(0.02)
    waiting = [asyncio.create_task(permits.take(lane)) for _ in range(50)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    await when(permits, lane)


async def test_delays_are_made_up_for_but_not_saved(permits: Permits) -> None:
    """A lane that was idle for long gives no more than one permit before its gap."""
    lane = a_lane(0.3, slack=0.05)
    await permits.take(lane)
    await asyncio.sleep(1.0)
    first = await when(permits, lane)
    await when(permits, lane)
    assert await when(permits, lane) - first >= 0.3


def test_a_key_tells_nobody_whose_lane_it_is() -> None:
    """Keys differ by channel and not by workspace alone, and hold neither: a channel may be a mail address."""
    rate = Rate(count=1, seconds=1)
    channel = replace(CHANNEL, workspace="T1")
    lane = channel_lane(channel, rate, by_workspace=True)
    assert CHANNEL.channel not in lane.key
    assert lane.key.startswith(f"{CHANNEL.platform} channel:")
    assert lane.key != channel_lane(replace(channel, workspace="T2"), rate, by_workspace=True).key
    assert lane.key == channel_lane(channel, Rate(count=5, seconds=1), by_workspace=True).key


def test_a_steady_lane_stays_below_its_limit() -> None:
    """Fifty a second are given a little slower, so that no second of another clock holds fifty-one."""
    assert 49 < 1 / steady_lane("test", "", Rate(count=50, seconds=1)).gap + 1 < 50
