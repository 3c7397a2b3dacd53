"""The contract of every store for subscriptions and runs: `bots.ports.Subscriptions`, and `Ledger` without parts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.runs import RunState
from bots.domain.slots import Slot
from bots.domain.subscriptions import Look, SortBy, Weekday
from bots.ports import Store
from summarizer import Style
from tests.store.stores import KINDS, NINE, a_run, at, on, opened, planned
from tests.support.factories import CHANNEL, DAY, NOW, a_subscription

ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


# ── subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_subscription_comes_back_as_it_was_placed(store: Store) -> None:
    """A subscription is read back with every field it was saved with."""
    subscription = a_subscription(
        channel=ELSEWHERE,
        sources=("arxiv:cs.CL+cs.LG", "huggingface:week"),
        query='"KV cache" OR (agents -survey)',
        categories=("cs.*", "math.GT"),
        sort_by=SortBy.NEWEST,
        limit=17,
        look=Look.COMPACT,
        style=Style.STRUCTURED,
        timezone=ZoneInfo("America/Argentina/Buenos_Aires"),
        times=(time(7, 30), time(19, 0, 30)),
        weekdays=frozenset({Weekday.SUN, Weekday.MON}),
        enabled=False,
        created=datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    )
    await store.keep_subscription(subscription)
    assert subscription == await store.subscription(subscription.id)


async def test_subscriptions_are_counted_by_channel_and_workspace(store: Store) -> None:
    """The counts are of the channel and of all channels of its workspace; ended and other workspaces' do not count."""
    beside = replace(ELSEWHERE, channel="beside")
    for number, channel in enumerate([ELSEWHERE, ELSEWHERE, beside, CHANNEL]):
        await store.keep_subscription(a_subscription(id=f"s{number}", channel=channel))
    assert [(2, 3), (1, 3), (1, 1)] == [await store.subscription_counts(each) for each in (ELSEWHERE, beside, CHANNEL)]
    assert (0, 3) == await store.subscription_counts(replace(ELSEWHERE, channel="empty"))
    assert (0, 0) == await store.subscription_counts(Channel(platform="slack", workspace="T2", channel="C1"))
    await store.drop_subscription("s0")
    assert (1, 2) == await store.subscription_counts(ELSEWHERE)


async def test_instants_come_back_in_utc(store: Store) -> None:
    """An instant in any time zone is read back aware, in UTC."""
    await store.keep_subscription(a_subscription(created=NOW.astimezone(ZoneInfo("Asia/Kolkata"))))
    kept = await store.subscription("a1b2c3")
    assert kept
    assert kept.created
    assert (NOW, timedelta(0)) == (kept.created, kept.created.utcoffset())


async def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    """A naive instant is refused with an error, and not stored as a possibly wrong one."""
    with pytest.raises((ValueError, StoreError), match="has no time zone"):
        await store.keep_subscription(a_subscription(created=datetime(2026, 11, 24, 9, 0)))  # noqa: DTZ001 the claim
    assert () == await store.subscriptions()


async def test_a_subscription_replaces_the_one_of_its_id(store: Store) -> None:
    """Saving a subscription under an existing id replaces it, even in another channel."""
    await store.keep_subscription(a_subscription(query="old"))
    changed = a_subscription(query="new", channel=ELSEWHERE)
    await store.keep_subscription(changed)
    assert (changed,) == await store.subscriptions()
    assert () == await store.subscriptions(CHANNEL)


async def test_an_unknown_subscription_is_none(store: Store) -> None:
    """An unknown subscription id returns None."""
    assert None is await store.subscription("nobody")


async def test_subscriptions_of_a_channel_are_its_own(store: Store) -> None:
    """A channel's subscriptions exclude those of a channel with the same name in another workspace."""
    here, there = a_subscription(id="here"), a_subscription(id="there", channel=ELSEWHERE)
    await store.keep_subscription(here)
    await store.keep_subscription(there)
    assert (here,) == await store.subscriptions(CHANNEL)
    assert (there,) == await store.subscriptions(ELSEWHERE)
    assert () == await store.subscriptions(Channel(platform="slack", channel=CHANNEL.channel))


async def test_subscriptions_are_listed_oldest_first(store: Store) -> None:
    """Subscriptions are listed in the order of their creation, those without an instant first."""
    for name, created in (("c", at(2)), ("b", at(1)), ("z", None), ("a", at(3)), ("d", at(2))):
        await store.keep_subscription(a_subscription(id=name, created=created))
    assert ["z", "b", "c", "d", "a"] == [subscription.id for subscription in await store.subscriptions()]


async def test_a_subscription_can_be_ended_once(store: Store) -> None:
    """Ending a subscription returns True the first time and False after, and it is not found any more."""
    await store.keep_subscription(a_subscription())
    assert [True, False] == [await store.drop_subscription("a1b2c3") for _ in range(2)]
    assert (None, ()) == (await store.subscription("a1b2c3"), await store.subscriptions())


async def test_an_ended_subscription_can_be_placed_again(store: Store) -> None:
    """A subscription with the id of an ended one behaves like any other."""
    await store.keep_subscription(a_subscription(query="before"))
    await store.drop_subscription("a1b2c3")
    await store.keep_subscription(a_subscription(query="after"))
    assert (a_subscription(query="after"),) == await store.subscriptions()


async def test_what_an_ended_subscription_did_stays(store: Store) -> None:
    """Ending a subscription keeps its runs, its parts and its posted papers."""
    await store.keep_subscription(a_subscription())
    part = (await planned(store))[0]
    await store.confirm(part.key, "m1", now=NOW)
    await store.drop_subscription("a1b2c3")
    assert a_run() == await store.last_run("a1b2c3")
    assert 3 == len(await store.deliveries(a_run().key))
    assert frozenset(part.part.paper_ids) == await store.posted(CHANNEL, part.part.paper_ids)


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_run_is_opened_once_whoever_asks(store: Store) -> None:
    """If fifty callers open the same run at once, exactly one of them gets True."""
    won = await asyncio.gather(*(store.open_run(a_run()) for _ in range(50)))
    assert 1 == won.count(True)


async def test_a_run_comes_back_as_it_was_opened(store: Store) -> None:
    """A run is read back with every field it was opened with, its slot to the second."""
    slot = Slot(day=DAY, time=time(23, 59, 30))
    run = a_run(slot=slot, state=RunState.DONE, started=at(1), finished=at(2), note="5 papers in 2 parts")
    assert await store.open_run(run)
    assert run == await store.run(run.key)


async def test_opening_a_run_again_changes_nothing(store: Store) -> None:
    """The second caller leaves the run as the first one recorded it."""
    await store.open_run(a_run())
    assert not await store.open_run(a_run(note="mine", created=at(5)))
    assert a_run() == await store.run(a_run().key)


async def test_an_unknown_run_is_none(store: Store) -> None:
    """An unknown run key returns None, and so does the last run of a subscription that never ran."""
    assert (None, None) == (await store.run("nobody@never"), await store.last_run("nobody"))


async def test_a_run_needs_no_subscription(store: Store) -> None:
    """A digest that a person requested by hand has a run, although no subscription has its id."""
    run = a_run("now:fakechat:papers")
    assert await store.open_run(run)
    assert run == await store.last_run("now:fakechat:papers")


async def test_runs_are_listed_newest_first(store: Store) -> None:
    """Runs are listed newest first, those opened at the same instant by slot, up to the limit."""
    days = [DAY - timedelta(days=back) for back in range(3)]
    for created, day in ((NOW, days[1]), (NOW, days[0]), (at(1), days[2])):
        await store.open_run(a_run(slot=on(day), created=created))
    assert [days[2], days[0], days[1]] == [run.slot.day for run in await store.runs()]
    assert [days[2], days[0]] == [run.slot.day for run in await store.runs(limit=2)]
    assert () == await store.runs(limit=0)


async def test_runs_can_be_asked_for_by_state(store: Store) -> None:
    """A query for a state returns only the runs in that state."""
    for name, state in (("a", RunState.QUEUED), ("b", RunState.DONE), ("c", RunState.QUEUED)):
        await store.open_run(a_run(name, state=state))
    assert {"a", "c"} == {run.subscription_id for run in await store.runs(state=RunState.QUEUED)}
    assert () == await store.runs(state=RunState.FAILED)


async def test_the_last_run_is_the_one_of_the_latest_slot(store: Store) -> None:
    """The latest slot counts, not when the run was recorded or how it ended; other subscriptions do not count."""
    latest = a_run(state=RunState.SKIPPED)
    await store.open_run(latest)
    await store.open_run(a_run(slot=on(DAY - timedelta(days=1)), created=at(60)))
    await store.open_run(a_run(slot=replace(NINE, time=time(8, 59)), created=at(90)))
    await store.open_run(a_run("other", slot=on(DAY + timedelta(days=1))))
    assert latest == await store.last_run("a1b2c3")


async def test_a_run_that_starts_is_stamped_with_its_start(store: Store) -> None:
    """`running` sets the start, only the first time, and no end."""
    await store.open_run(a_run())
    for minute in (1, 2):
        await store.move_run(a_run().key, RunState.RUNNING, now=at(minute))
    assert a_run(state=RunState.RUNNING, started=at(1)) == await store.run(a_run().key)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED, RunState.SKIPPED])
async def test_a_run_that_ends_is_stamped_with_its_end(store: Store, state: RunState) -> None:
    """`done`, `failed` and `skipped` set the end and the result of the run, and keep the start."""
    await store.open_run(a_run(started=at(1)))
    await store.move_run(a_run().key, state, now=at(3), note="5 papers in 2 parts")
    ended = a_run(state=state, started=at(1), finished=at(3), note="5 papers in 2 parts")
    assert ended == await store.run(a_run().key)


async def test_a_run_that_goes_on_has_no_end(store: Store) -> None:
    """A run that is resumed after it ended is running, and has no end until it ends again."""
    await store.open_run(a_run(state=RunState.FAILED, started=at(1), finished=at(2), note="SourceDown"))
    await store.move_run(a_run().key, RunState.RUNNING, now=at(9))
    assert a_run(state=RunState.RUNNING, started=at(1)) == await store.run(a_run().key)


async def test_moving_an_unknown_run_is_an_error(store: Store) -> None:
    """Moving a run that was never opened raises an error."""
    with pytest.raises(StoreError, match="no run 'nobody@never'"):
        await store.move_run("nobody@never", RunState.DONE, now=NOW)
