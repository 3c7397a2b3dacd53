"""Paused subscriptions: how a pause ends, which slots are due then, and which channel may change them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, NotAllowed, TooMany
from bots.domain.replies import Paused, Resumed
from bots.domain.requests import Pause, Resume
from bots.domain.slots import missed
from bots.domain.subscriptions import Subscription
from bots.store.memory import MemoryStore
from bots.usecases.subscriptions import SubscriptionService
from tests.support.doubles import Hand
from tests.support.factories import CHANNEL, NOW, a_subscription

ELSEWHERE = Channel(platform="fakechat", channel="elsewhere")
BERLIN = ZoneInfo("Europe/Berlin")


async def a_subscription_service(subscription: Subscription) -> tuple[SubscriptionService, Hand]:
    """Return a subscription service with one subscription, and its clock."""
    clock = Hand()
    store = MemoryStore()
    await store.keep_subscription(subscription)
    return SubscriptionService(subscriptions=store, clock=clock, new_id=iter("ab").__next__), clock


def pause(until: date | None = None, channel: Channel = CHANNEL) -> Pause:
    """Return the request to pause the subscription."""
    return Pause(channel=channel, subscription_id="a1b2c3", until=until)


def resume(channel: Channel = CHANNEL) -> Resume:
    """Return the request to resume the subscription."""
    return Resume(channel=channel, subscription_id="a1b2c3")


async def kept(subscription_service: SubscriptionService) -> Subscription:
    """Return the subscription as it is stored."""
    subscription = await subscription_service.subscriptions.subscription("a1b2c3")
    assert subscription is not None
    return subscription


async def test_a_pause_lasts_until_it_is_ended() -> None:
    """A paused subscription has no slots; after it is resumed, slots that fell into the pause do not count."""
    subscription_service, clock = await a_subscription_service(a_subscription())
    paused = await subscription_service.change(pause())
    assert isinstance(paused, Paused)
    assert (False, True, None) == (paused.item.subscription.enabled, paused.item.paused, paused.item.next_due)
    clock.turn(days=7)
    resumed = await subscription_service.change(resume())
    assert isinstance(resumed, Resumed)
    assert not resumed.item.paused
    assert () == missed(await kept(subscription_service), NOW - timedelta(days=1), clock() - timedelta(seconds=1))
    assert clock() == resumed.item.subscription.resumes


async def test_a_pause_until_a_day_ends_by_itself() -> None:
    """The subscription stays on, and its first slot is on that day in its own time zone."""
    subscription_service, clock = await a_subscription_service(a_subscription(timezone=BERLIN))
    paused = await subscription_service.change(pause(date(2026, 12, 1)))
    assert isinstance(paused, Paused)
    assert datetime(2026, 12, 1, 8, tzinfo=UTC) == paused.item.next_due
    assert datetime(2026, 11, 30, 23, tzinfo=UTC) == (await kept(subscription_service)).resumes
    assert paused.item.paused
    clock.turn(days=8)
    (item,) = (await subscription_service.standing(CHANNEL)).items
    assert not item.paused


async def test_a_pause_can_be_ended_early() -> None:
    """A subscription resumed before the end of its pause has its next slot again."""
    subscription_service, _ = await a_subscription_service(a_subscription())
    await subscription_service.change(pause(date(2026, 12, 1)))
    resumed = await subscription_service.change(resume())
    assert isinstance(resumed, Resumed)
    assert datetime(2026, 11, 25, 9, tzinfo=UTC) == resumed.item.next_due


async def test_what_was_switched_off_goes_on_when_it_is_resumed() -> None:
    """Resuming a subscription that was switched off because its channel was gone deletes the reason."""
    subscription_service, _ = await a_subscription_service(
        a_subscription(enabled=False, off_because="there is no such channel")
    )
    await subscription_service.change(resume())
    subscription = await kept(subscription_service)
    assert (True, "") == (subscription.enabled, subscription.off_because)


async def test_a_subscription_that_does_not_rest_is_left_alone() -> None:
    """Resuming a subscription that is not paused loses no slot that is due and not yet opened."""
    subscription = a_subscription(resumes=NOW - timedelta(days=3))
    subscription_service, _ = await a_subscription_service(subscription)
    await subscription_service.change(resume())
    assert subscription == await kept(subscription_service)


@pytest.mark.parametrize("request_", [pause(channel=ELSEWHERE), resume(channel=ELSEWHERE)])
async def test_only_its_own_channel_may_stop_a_subscription(request_: Pause | Resume) -> None:
    """A request from another channel is refused as unknown, and nothing is changed."""
    subscription_service, _ = await a_subscription_service(a_subscription())
    with pytest.raises(NotAllowed, match="has no subscriptions"):
        await subscription_service.change(request_)
    assert a_subscription() == await kept(subscription_service)


@pytest.mark.parametrize("until", [date.min, date(2026, 11, 23), date(2026, 11, 24), date(2027, 11, 26), date.max])
async def test_a_pause_ends_on_a_day_to_come(until: date) -> None:
    """A past day, today, and a day more than a year away are refused, with the right form."""
    subscription_service, _ = await a_subscription_service(a_subscription())
    with pytest.raises(BadQuery) as caught:
        await subscription_service.change(pause(until))
    assert str(until) in str(caught.value)
    assert "Name a day within a year" in caught.value.hint


async def test_today_is_the_subscriptions_own() -> None:
    """Tomorrow in UTC is refused if it is already today in the subscription's time zone."""
    subscription_service, clock = await a_subscription_service(a_subscription(timezone=ZoneInfo("Pacific/Auckland")))
    clock.turn(hours=5)
    with pytest.raises(BadQuery):
        await subscription_service.change(pause(date(2026, 11, 25)))


@given(
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Africa/Cairo"]).map(ZoneInfo),
    clock=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    days=st.integers(2, 366),
)
async def test_the_day_a_pause_ends_on_is_whole(zone: ZoneInfo, clock: time, days: int) -> None:
    """In every zone, even where midnight is skipped, no slot of that day is lost and none before it counts."""
    subscription = a_subscription(timezone=zone, times=(clock,), weekdays=frozenset(range(7)))
    subscription_service, _ = await a_subscription_service(subscription)
    until = NOW.date() + timedelta(days=days - 1)
    paused = await subscription_service.change(pause(until))
    assert isinstance(paused, Paused)
    assert paused.item.next_due
    assert until == paused.item.next_due.astimezone(zone).date()
    assert not missed(replace(paused.item.subscription), NOW, paused.item.next_due - timedelta(seconds=1))


# ── how many ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEAM = Channel(platform="slack", workspace="T1", channel="C1")


async def filled(*channels: Channel) -> SubscriptionService:
    """Return a subscription service with a stored subscription in each of the channels."""
    store = MemoryStore()
    for number, channel in enumerate(channels):
        await store.keep_subscription(a_subscription(id=f"s{number}", channel=channel))
    return SubscriptionService(subscriptions=store, clock=Hand(), new_id=iter(map(str, range(9))).__next__)


def new(channel: Channel, name: str = "", **changes: Any) -> Subscription:
    """Return a subscription to be placed."""
    return a_subscription(id=name, channel=channel, **changes)


async def test_a_channel_has_at_most_twenty_subscriptions() -> None:
    """The twenty-first is refused with the limit and the remedy; one of the twenty can still be changed or replaced."""
    service = await filled(*[TEAM] * 20)
    with pytest.raises(TooMany, match="This channel has 20 subscriptions, and 20 is the most") as caught:
        await service.place(new(TEAM))
    assert "end one" in caught.value.hint
    with pytest.raises(TooMany):
        await service.place(new(TEAM, "another"))
    assert 7 == (await service.place(new(TEAM, "s3", limit=7))).subscription.limit
    await service.place(new(replace(TEAM, channel="C2")))
    await service.subscriptions.drop_subscription("s0")
    await service.place(new(TEAM))


async def test_a_subscription_that_moves_needs_room_where_it_goes() -> None:
    """A stored subscription does not move into a channel that is full."""
    service = await filled(*[TEAM] * 20, replace(TEAM, channel="C2"))
    with pytest.raises(TooMany):
        await service.place(new(TEAM, "s20"))


async def test_a_workspace_has_at_most_five_hundred_subscriptions() -> None:
    """With five hundred in all its channels a workspace gets no other; another workspace does."""
    service = await filled(*(replace(TEAM, channel=f"C{number % 100}") for number in range(500)))
    with pytest.raises(TooMany, match="All channels here together have 500 subscriptions"):
        await service.place(new(replace(TEAM, channel="C999")))
    await service.place(new(replace(TEAM, workspace="T2")))


async def test_channels_without_a_workspace_are_not_counted_together() -> None:
    """Where a platform has no workspaces, only a channel's own subscriptions count; the operator has no limit."""
    service = await filled(*(Channel(platform="discord", channel=f"{number}") for number in range(500)))
    await service.place(new(Channel(platform="discord", channel="999")))
    full = await filled(*[TEAM] * 20)
    await full.place(new(TEAM), capped=False)


async def test_a_subscription_has_at_most_twenty_four_times() -> None:
    """A record with more times of day is refused wherever it comes from; twenty-four are accepted."""
    service = await filled()
    every = [time(minute // 60, minute % 60) for minute in range(0, 1440, 60)]
    with pytest.raises(BadQuery, match="at most 24 times"):
        await service.place(new(TEAM, times=(*every, time(12, 30))))
    assert 24 == len((await service.place(new(TEAM, times=(*every, time(0))))).subscription.times) - 1


async def test_only_the_wanted_channels_are_computed() -> None:
    """A list among some channels holds their subscriptions, whatever others there are."""
    service = await filled(TEAM, replace(TEAM, channel="C2"), replace(TEAM, workspace="T2"))
    listed = await service.standing(among=lambda channel: channel.workspace == "T1")
    assert ["s0", "s1"] == [item.subscription.id for item in listed.items]


async def test_a_subscription_is_not_taken_from_another_workspace() -> None:
    """To store a subscription with the id of another workspace's is refused: that one stays where and as it is."""
    service = await filled(TEAM)
    before = await service.subscriptions.subscriptions()
    for stranger in (replace(TEAM, workspace="T2"), replace(TEAM, platform="discord"), replace(TEAM, workspace="")):
        with pytest.raises(NotAllowed, match="no such subscription here"):
            await service.place(new(stranger, "s0", query="robots"))
    assert before == await service.subscriptions.subscriptions()
