"""Rate limits: no platform is posted to faster than it allows, and no channel waits for another."""

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.delivery.local_permits import LocalPermits
from bots.delivery.rate_limiter import RateLimiter
from bots.domain.channels import Channel
from bots.ports.permits import platform_lane
from bots.ports.rate_limits import Rate, RateLimits
from tests.support import hostile
from tests.support.doubles import Hand

#: Slack's limits: about one message a second per channel, a few hundred a minute per workspace.
SLACK = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=300, seconds=60), by_workspace=True)
DISCORD = RateLimits(channel=Rate(count=5, seconds=5), platform=Rate(count=50, seconds=1))
A, B = (Channel(platform="p", workspace="w", channel=name) for name in "ab")


class Clockwork:
    """A clock that advances only when every task sleeps, to the time at which the next task wakes."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    def ticks(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        awake = asyncio.Event()
        self._sleepers.append((self.now + seconds, len(self._sleepers), awake))
        await awake.wait()

    async def run_dry(self, *tasks: "asyncio.Task[None]") -> None:
        """Advance the clock until the tasks are done."""
        while not all(task.done() for task in tasks):
            for _ in range(10):  # as many steps as a turn needs from one sleep to the next
                await asyncio.sleep(0)
            if self._sleepers:
                at, _, awake = first = min(self._sleepers, key=lambda sleeper: sleeper[:2])
                self._sleepers.remove(first)
                self.now = max(self.now, at)
                awake.set()
        for task in tasks:
            task.result()


async def posts(limits: RateLimits, channels: list[Channel], *, takes: float = 0.0) -> list[tuple[float, Channel]]:
    """Post once to each of the channels concurrently; return when each post began."""
    clock, began = Clockwork(), list[tuple[float, Channel]]()
    rate_limiter = RateLimiter(limits, ticks=clock.ticks, sleep=clock.sleep)

    async def post(channel: Channel) -> None:
        async with rate_limiter.turn(channel):
            began.append((clock.now, channel))
            if takes:
                await clock.sleep(takes)

    await clock.run_dry(*(asyncio.create_task(post(channel)) for channel in channels))
    return began


async def test_a_channel_is_posted_to_once_a_second() -> None:
    """Four posts to one channel of Slack take three seconds."""
    assert [0.0, 1.0, 2.0, 3.0] == [at for at, _ in await posts(SLACK, [A] * 4)]


async def test_channels_do_not_wait_for_each_other() -> None:
    """Two channels with two posts each need the time of one channel, plus the platform's own rate."""
    began = await posts(SLACK, [A, A, B, B])
    assert 1.3 > max(at for at, _ in began)


async def test_a_slow_answer_does_not_bring_the_next_too_close() -> None:
    """The second post to a channel begins a second after the response to the first."""
    assert [0.0, 6.0] == [at for at, _ in await posts(SLACK, [A, A], takes=5.0)]


async def test_workspaces_have_their_own_pace_where_the_platform_counts_them_apart() -> None:
    """At 300 a minute, a hundred channels of one workspace take twenty seconds; of a hundred workspaces, no time."""
    one = [Channel(platform="p", workspace="w", channel=str(number)) for number in range(100)]
    many = [Channel(platform="p", workspace=str(number), channel="c") for number in range(100)]
    assert 19 < max(at for at, _ in await posts(SLACK, one)) < 21
    assert 0.0 == max(at for at, _ in await posts(SLACK, many))


async def stamped(rate_limiter: RateLimiter, clock: Clockwork, began: dict[Channel, float], channel: Channel) -> None:
    async with rate_limiter.turn(channel):
        began[channel] = clock.now


async def test_a_group_of_channels_has_its_own_pace() -> None:
    """The mailboxes of one domain wait for each other, those of another do not, and all share the platform's pace."""
    limits = RateLimits(
        channel=Rate(count=1, seconds=1),
        platform=Rate(count=10, seconds=1),
        group=Rate(count=1, seconds=2),
        group_of=lambda channel: channel.channel[0],
    )
    names = ["a1", "a2", "a3", "b1", "b2"]
    began = await posts(limits, [Channel(platform="p", workspace=name, channel=name) for name in names])
    at = {channel.channel: round(seconds, 1) for seconds, channel in began}
    assert (0.0, 2.0, 4.0) == (at["a1"], at["a2"], at["a3"])
    assert 0.2 >= at["b1"]
    assert 2.4 >= at["b2"]


async def test_a_channel_without_a_group_waits_for_none() -> None:
    """A channel whose group is not known keeps only its own pace and the platform's."""
    limits = RateLimits(
        channel=Rate(count=1, seconds=1), platform=Rate(count=10, seconds=1), group=Rate(count=1, seconds=60)
    )
    assert [0.0, 0.1] == [round(seconds, 1) for seconds, _ in await posts(limits, [A, B])]


async def test_what_a_platform_asks_for_is_kept() -> None:
    """A channel that must wait a minute waits while another continues; a platform's wait covers all channels."""
    for everywhere, expected in ((False, 0.0), (True, 60.0)):
        clock, began = Clockwork(), dict[Channel, float]()
        rate_limiter = RateLimiter(DISCORD, ticks=clock.ticks, sleep=clock.sleep)
        await rate_limiter.rest(A, 60, everywhere=everywhere)

        await clock.run_dry(*(asyncio.create_task(stamped(rate_limiter, clock, began, channel)) for channel in (A, B)))
        assert 60.0 <= began[A] < 61
        assert expected <= began[B] < expected + 1


async def test_processes_that_share_permits_keep_one_limit() -> None:
    """A channel is posted to once a second by two limiters together, and a pause that one was asked for holds both."""
    clock, began = Clockwork(), list[float]()
    shared = LocalPermits(ticks=clock.ticks, sleep=clock.sleep)
    one, two = [RateLimiter(SLACK, ticks=clock.ticks, sleep=clock.sleep, permits=shared) for _ in range(2)]

    async def post(rate_limiter: RateLimiter, channel: Channel) -> None:
        async with rate_limiter.turn(channel):
            began.append(clock.now)

    await clock.run_dry(*(asyncio.create_task(post(each, A)) for each in (one, two, one, two)))
    assert [0.0, 1.0, 2.0, 3.0] == began
    await one.rest(A, 60, everywhere=False)
    await two.rest(B, 30, everywhere=True)
    await clock.run_dry(*(asyncio.create_task(post(each, place)) for each, place in ((two, A), (one, B))))
    assert [33.0, 63.0] == sorted(began[-2:])


async def test_an_adapter_that_counts_itself_is_spread_by_each_process_alone() -> None:
    """Its requests take the shared permits later, so a post takes no second one; a pause reaches those, too."""
    clock, limits = Clockwork(), replace(DISCORD, counts_itself=True)
    shared = LocalPermits(ticks=clock.ticks, sleep=clock.sleep)
    rate_limiter = RateLimiter(limits, ticks=clock.ticks, sleep=clock.sleep, permits=shared)
    of_all = platform_lane("p", limits.platform)
    async with rate_limiter.turn(A):
        await shared.take(of_all, within=0.0)
    await rate_limiter.rest(A, 60, everywhere=True)
    with pytest.raises(TimeoutError):
        await shared.take(of_all, within=59.0)


async def test_lanes_at_rest_are_cleared_away() -> None:
    """Ten thousand idle channels do not leave ten thousand lanes in memory."""
    hand = Hand()
    rate_limiter = RateLimiter(DISCORD, ticks=hand.ticks, sleep=hand.pace)
    for number in range(10_000):
        async with rate_limiter.turn(Channel(platform="p", channel=str(number))):
            pass
        hand.turn(seconds=2)
    assert 5_000 > len(rate_limiter._lanes)
    assert isinstance(own := rate_limiter._permits, LocalPermits)
    assert 5_000 > len(own._lanes)


@hostile.patient
@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=60), st.floats(0, 0.5))
async def test_no_window_of_time_holds_more_than_it_may(names: list[str], takes: float) -> None:
    """In any sequence, at most 5 posts in 5 s go to a channel and 50 in any second in all, and every post is made."""
    began = await posts(DISCORD, [Channel(platform="p", channel=name) for name in names], takes=takes)
    assert Counter(names) == Counter(channel.channel for _, channel in began)
    for name in set(names):
        own = sorted(at for at, channel in began if channel.channel == name)
        assert all(later - earlier >= 1 - 1e-9 for earlier, later in pairwise(own))
    at = sorted(moment for moment, _ in began)
    assert all(at[place + 50] - at[place] >= 1 for place in range(len(at) - 50))
