"""Delivery: every slot's digest is posted once, whole or named as not, whatever the platform answers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bots.channels import Channel, Subscription, Weekday
from bots.errors import ChannelGone, PostRefused, SourceDown
from bots.fakechat.faults import Fault
from bots.posting import LEASE, MAX_ATTEMPTS
from bots.runs import DeliveryState, Run, RunState
from bots.store.memory import MemoryStore
from tests.doubles import Bench, ToldSource, a_bench
from tests.factories import CHANNEL, a_digest, five_papers

NINE = time(9, 0)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


def an_order(bench: Bench, **changes: Any) -> Subscription:
    """Return an order that falls due at nine, placed an hour before the bench's clock."""
    order = Subscription(
        id="order", channel=CHANNEL, sources=("told",), times=(NINE,), weekdays=frozenset(Weekday),
        created=bench.clock.now - timedelta(hours=1),
    )  # fmt: skip
    return replace(order, **changes)


async def due(bench: Bench, **changes: Any) -> Run:
    """Keep an order, carry out the run that is due for it, and return how it ended."""
    order = an_order(bench, **changes)
    await bench.store.keep_subscription(order)
    key = await bench.opener.open_due(order)
    assert key
    await bench.desk.carry_out(key)
    return await ended(bench, key)


async def ended(bench: Bench, key: str) -> Run:
    run = await bench.store.run(key)
    assert run
    return run


async def states(bench: Bench) -> set[DeliveryState]:
    return {delivery.state for delivery in await bench.store.deliveries()}


async def test_a_due_digest_is_posted_and_its_papers_count_as_seen(bench: Bench) -> None:
    """Five papers are posted in the chat, the run is done, and all five are on record for the channel."""
    run = await due(bench)

    assert RunState.DONE == run.state
    assert {DeliveryState.SENT} == await states(bench)
    assert all(paper.title.split(":")[0] in shown(bench) for paper in five_papers())
    ids = [paper.id for paper in five_papers()]
    assert frozenset(ids) == await bench.store.posted(CHANNEL, ids)


def shown(bench: Bench) -> str:
    return "\n".join(message.text for message in bench.chat.messages)


async def test_a_slot_is_opened_once(bench: Bench) -> None:
    """Two wake-ups for one slot give one run."""
    order = an_order(bench)
    await bench.store.keep_subscription(order)

    assert await bench.opener.open_due(order)
    assert await bench.opener.open_due(order) is None


async def test_the_next_day_brings_only_what_is_new(bench: Bench) -> None:
    """A paper posted on one day is not posted on the next, even when its source still lists it."""
    await due(bench)
    bench.chat.messages.clear()
    bench.clock.turn(days=1)

    await due(bench)

    assert not any(paper.title in shown(bench) for paper in five_papers())
    assert bench.chat.messages  # a day with nothing new still says so


async def test_a_run_that_ended_is_not_carried_out_again(bench: Bench) -> None:
    """Carrying out a finished run posts nothing."""
    run = await due(bench)
    posted = len(bench.chat.messages)

    await bench.desk.carry_out(run.key)
    await bench.desk.carry_out("no such run")

    assert posted == len(bench.chat.messages)


async def test_a_refusal_is_waited_out(bench: Bench) -> None:
    """A platform that says "in 7 seconds" is asked again after 7 seconds."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=7)

    run = await due(bench)

    assert RunState.DONE == run.state
    assert [7.0] == bench.clock.slept


async def test_a_refusal_that_does_not_end_is_given_up(bench: Bench) -> None:
    """After the last attempt the part is dead and the run failed, with the reason."""
    bench.chat.trouble(Fault.REFUSE)

    run = await due(bench)

    assert RunState.FAILED == run.state
    assert {DeliveryState.DEAD} == await states(bench)
    assert MAX_ATTEMPTS == len(bench.chat.attempts)
    assert not bench.chat.messages


async def test_a_lost_answer_is_looked_for_and_never_posted_twice(bench: Bench) -> None:
    """The message arrived and the answer did not: once the lease lapsed the message is found and adopted."""
    bench.chat.key_window = None  # a platform without idempotency: the hard case
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    run = await due(bench)
    assert RunState.RUNNING == run.state
    assert 1 == len(bench.chat.messages)

    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await bench.desk.carry_out(run.key)

    assert RunState.DONE == (await ended(bench, run.key)).state
    assert 1 == len(bench.chat.messages)


async def test_a_post_that_never_arrived_is_posted_again(bench: Bench) -> None:
    """The connection broke before the message was accepted: once the lease lapsed it is posted."""
    bench.chat.trouble(Fault.LOST_BEFORE, times=1)
    run = await due(bench)
    assert not bench.chat.messages

    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await bench.desk.carry_out(run.key)

    assert RunState.DONE == (await ended(bench, run.key)).state
    assert 1 == len(bench.chat.messages)


async def test_a_part_under_its_lease_is_left_alone(bench: Bench) -> None:
    """Before the lease lapsed nobody posts: the first request may still be on its way."""
    bench.chat.trouble(Fault.LOST_BEFORE, times=1)
    run = await due(bench)

    await bench.desk.carry_out(run.key)

    assert not bench.chat.messages
    assert RunState.RUNNING == (await ended(bench, run.key)).state


async def test_a_part_nobody_can_ask_about_is_held(bench: Bench) -> None:
    """Without history nobody knows whether the message arrived: it is held, not doubled."""
    bench.chat.key_window = None
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    run = await due(bench)
    bench.chat.trouble(Fault.NO_HISTORY)

    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await bench.desk.carry_out(run.key)

    assert {DeliveryState.AMBIGUOUS} == await states(bench)
    assert 1 == len(bench.chat.messages)


async def test_a_channel_that_is_gone_pauses_its_subscription(bench: Bench) -> None:
    """A deleted channel fails once; its order is switched off so that it does not fail every day."""
    bench.chat.trouble(Fault.GONE)

    run = await due(bench)

    assert RunState.FAILED == run.state
    order = await bench.store.subscription("order")
    assert order
    assert not order.enabled


async def test_a_part_too_large_for_the_platform_is_dead_and_the_order_stays(bench: Bench) -> None:
    """A refusal for size ends that part; the next digest is still due."""
    bench.chat.trouble(Fault.TOO_LARGE)

    run = await due(bench)

    assert RunState.FAILED == run.state
    order = await bench.store.subscription("order")
    assert order
    assert order.enabled


async def test_a_payload_is_frozen_when_it_is_planned(bench: Bench) -> None:
    """What is posted after a crash is what was planned before it, though the source has changed since."""
    bench.chat.trouble(Fault.LOST_BEFORE, times=1)
    run = await due(bench)
    planned = [delivery.part for delivery in await bench.store.deliveries(run.key)]

    bench.sources["told"].papers = five_papers()[:1]
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await bench.desk.carry_out(run.key)

    assert planned == [delivery.part for delivery in await bench.store.deliveries(run.key)]
    assert five_papers()[4].title in shown(bench)


async def test_a_late_start_catches_up_once_and_skips_the_rest(bench: Bench) -> None:
    """After three days without power the newest slot inside the window is posted; the older ones are skipped."""
    order = an_order(bench, created=bench.clock.now - timedelta(days=3))
    await bench.store.keep_subscription(order)
    bench.clock.turn(hours=2)

    key = await bench.opener.open_due(order)

    assert "order@2026-11-24T09:00" == key
    skipped = await bench.store.runs(state=RunState.SKIPPED)
    assert {"2026-11-22", "2026-11-23"} == {str(run.slot.day) for run in skipped}


async def test_a_slot_older_than_the_window_is_skipped(bench: Bench) -> None:
    """Seven hours late is no news: the slot is marked as skipped and its papers stay unseen."""
    order = an_order(bench)
    await bench.store.keep_subscription(order)
    bench.clock.turn(hours=7)

    assert await bench.opener.open_due(order) is None
    (skipped,) = await bench.store.runs(state=RunState.SKIPPED)
    assert "missed by 7.0 h" in skipped.note


async def test_begun_runs_are_resumed(bench: Bench) -> None:
    """A run that was opened and not carried out is carried out at the next start."""
    order = an_order(bench)
    await bench.store.keep_subscription(order)
    key = await bench.opener.open_due(order)
    assert key

    assert 1 == await bench.desk.resume(bench.dispatcher)
    await bench.dispatcher.drain()

    assert RunState.DONE == (await ended(bench, key)).state
    assert 0 == await bench.desk.resume(bench.dispatcher)


async def test_a_run_without_its_order_fails_with_the_reason(bench: Bench) -> None:
    """An order that ended between its slot and its run leaves a failed run that says so."""
    order = an_order(bench)
    await bench.store.keep_subscription(order)
    key = await bench.opener.open_due(order)
    assert key
    await bench.store.drop_subscription("order")

    await bench.desk.carry_out(key)

    run = await ended(bench, key)
    assert RunState.FAILED == run.state
    assert "gone" in run.note


async def test_a_digest_on_demand_goes_through_the_ledger(bench: Bench) -> None:
    """A digest posted by hand is recorded; the same channel is refused within the same minute."""
    run = await bench.desk.post_now(a_digest())

    assert RunState.DONE == run.state
    with pytest.raises(PostRefused, match="this minute"):
        await bench.desk.post_now(a_digest())


async def test_a_platform_that_is_not_connected_is_named(bench: Bench) -> None:
    """Posting to an adapter that is not there says which are."""
    with pytest.raises(ChannelGone, match="fakechat"):
        await bench.desk.post_now(a_digest(channel=Channel(platform="carrier-pigeon", channel="x")))


async def test_every_source_down_is_said_and_not_called_empty() -> None:
    """A digest whose only source failed names the failure instead of claiming that there is nothing new."""
    async with a_bench(MemoryStore(), told=ToldSource(error=SourceDown("no route."))) as bench:
        run = await due(bench)

        assert RunState.DONE == run.state
        assert "no route" in shown(bench)
