"""A digest of which some parts are posted: what is known of each part, who may go on with it, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bots.delivery.endings import headless, outcome
from bots.delivery.part_delivery import LEASE
from bots.delivery.run_executor import CLAIM
from bots.delivery.steps import MAX_ATTEMPTS
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import PostRefused, PostTooLarge, PostUnknown
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.subscriptions import Hours, Look
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, NOW, five_papers
from tests.support.scenes import due, ended, opened, shown, states
from tests.support.stranger import CHANNEL as TIN_CAN
from tests.support.stranger import PLATFORM, Stranger, joined, raises

_OTHER = Channel(platform=PLATFORM, channel="other")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        # A platform without idempotency keys is the hard case.
        made.chat.key_window = None
        yield made


def _in_state(*states: DeliveryState) -> tuple[Delivery, ...]:
    return tuple(
        Delivery(
            key=str(number),
            run_key="run",
            part=Part(channel=CHANNEL, number=number, total=len(states), payload={}),
            state=state,
            last_error="" if state is DeliveryState.SENT else f"part {number} was refused",
        )
        for number, state in enumerate(states, 1)
    )


@pytest.mark.parametrize("bad", [DeliveryState.DEAD, DeliveryState.AMBIGUOUS])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_run_with_one_part_that_was_not_posted_is_not_done(bad: DeliveryState, place: int) -> None:
    """Whichever part is missing, the run has failed, and says how many parts were posted and why not all."""
    each = [DeliveryState.SENT] * 3
    each[place] = bad
    ending = outcome(_in_state(*each))
    assert (RunState.FAILED, f"2 of 3 parts posted: part {place + 1} was refused") == (ending.state, ending.note)


def test_a_run_whose_parts_were_all_posted_is_done() -> None:
    """With every part posted, the run is done."""
    assert RunState.DONE == outcome(_in_state(DeliveryState.SENT, DeliveryState.SENT)).state


async def accepted_and_cancelled(bench: Bench, **changes: Any) -> Run:
    """Carry out a run, and cancel it when the chat has accepted its first part but not answered."""
    gate = asyncio.Event()
    slow = bench.chat.trouble(Fault.SLOW_ANSWER, gate=gate)
    key = await opened(bench, **changes)
    await bench.dispatcher.dispatch(key)
    while not bench.chat.messages:  # noqa: ASYNC110 - the chat in memory has no event to wait for
        await asyncio.sleep(0)
    await bench.dispatcher.stop(0)
    await bench.executor.part_delivery.settle(0)
    slow.left = 0
    return await ended(bench, key)


async def test_a_withdrawn_part_that_was_posted_is_found(bench: Bench) -> None:
    """If a subscription ends while a posted part's answer is missing, the part is looked up and counts as posted."""
    run = await accepted_and_cancelled(bench)
    assert {DeliveryState.SENDING} == await states(bench)
    await bench.store.drop_subscription("order")
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)

    await bench.executor.execute(run.key)

    assert {DeliveryState.SENT} == await states(bench)
    assert 1 == len(bench.chat.messages)
    assert five_papers()[0].id in await bench.store.posted(CHANNEL, [five_papers()[0].id])


async def test_an_answer_that_comes_after_the_run_was_cancelled_is_recorded(bench: Bench) -> None:
    """Cancelling a run does not interrupt its post: an answer that comes within the grace period is recorded."""
    gate = asyncio.Event()
    bench.chat.trouble(Fault.SLOW_ANSWER, gate=gate)
    key = await opened(bench)
    await bench.dispatcher.dispatch(key)
    while not bench.chat.messages:  # noqa: ASYNC110 - the chat in memory has no event to wait for
        await asyncio.sleep(0)
    await bench.dispatcher.stop(0)
    assert {DeliveryState.SENDING} == await states(bench)

    gate.set()
    await bench.executor.part_delivery.settle(5)

    assert {DeliveryState.SENT} == await states(bench)
    assert (RunState.RUNNING, None) == ((await ended(bench, key)).state, (await ended(bench, key)).not_before)


async def test_a_long_run_keeps_its_claim(bench: Bench) -> None:
    """While a run takes longer than one claim lasts, no other process can take it up."""
    free: list[tuple[str, ...]] = []

    async def slowly() -> str:
        bench.clock.turn(seconds=100)
        free.append(await bench.store.ready(bench.clock()))
        return "posted"

    stranger = Stranger(bugs={"post": lambda _key: slowly()})
    joined(bench, stranger)
    key = await opened(bench, channel=TIN_CAN)
    await bench.executor.execute(key)

    assert timedelta(seconds=100 * len(free)) > CLAIM
    assert {()} == set(free)
    assert RunState.DONE == (await ended(bench, key)).state


async def test_a_digest_that_is_half_posted_waits_for_the_end_of_the_quiet_hours(bench: Bench) -> None:
    """When quiet hours begin between two attempts, the planned parts wait until their end, and then come."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=1800)
    run = await due(bench, quiet=Hours(start=time(9, 15), end=time(11)))
    assert {DeliveryState.PLANNED} == await states(bench)

    bench.clock.turn(minutes=30)
    await bench.executor.execute(run.key)
    assert 1 == len(bench.chat.attempts)
    put_off = await ended(bench, run.key)
    assert (RunState.QUEUED, NOW + timedelta(hours=2)) == (put_off.state, put_off.not_before)

    bench.clock.turn(hours=2)
    await bench.executor.execute(run.key)
    assert RunState.DONE == (await ended(bench, run.key)).state
    assert 1 == shown(bench).count(five_papers()[0].title)


async def until_it_ends(bench: Bench, key: str) -> Run:
    """Carry a run out again every eleven minutes until it has ended, and return it."""
    for _ in range(3 * MAX_ATTEMPTS):
        await bench.executor.execute(key)
        if (run := await ended(bench, key)).state not in (RunState.QUEUED, RunState.RUNNING):
            return run
        bench.clock.turn(minutes=11)
    raise AssertionError("the run does not end")


@pytest.mark.parametrize("error", [PostRefused("later"), PostUnknown("no answer")], ids=["refused", "silent"])
async def test_a_history_that_can_never_be_read_now_holds_the_part(bench: Bench, error: Exception) -> None:
    """If a look-up fails to the last attempt, the part is held: it may have been posted, and is not posted again."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Stranger(bugs={"post": raises(PostUnknown("lost")), "find": raises(error)}, arrives=True)
    joined(bench, stranger)
    key = await opened(bench, channel=TIN_CAN)
    # As for a retry by the operator, the run is never too late.
    executor = replace(bench.executor, window=timedelta(days=30))
    bench = replace(bench, executor=executor)

    run = await until_it_ends(bench, key)

    assert RunState.FAILED == run.state
    assert [DeliveryState.AMBIGUOUS] == [part.state for part in await bench.store.deliveries(key)]
    assert (1, MAX_ATTEMPTS) == (stranger.calls.count("post"), stranger.calls.count("find"))


async def test_a_part_that_never_arrives_is_given_up_after_the_last_attempt(bench: Bench) -> None:
    """A part that is lost before it arrives, each time, is looked up each time and given up at last."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Stranger(bugs={"post": raises(PostUnknown("lost"))})
    joined(bench, stranger)
    key = await opened(bench, channel=TIN_CAN)
    bench = replace(bench, executor=replace(bench.executor, window=timedelta(days=30)))

    run = await until_it_ends(bench, key)

    assert RunState.FAILED == run.state
    assert [DeliveryState.DEAD] == [part.state for part in await bench.store.deliveries(key)]
    assert (MAX_ATTEMPTS, MAX_ATTEMPTS) == (stranger.calls.count("post"), stranger.calls.count("find"))


@pytest.mark.parametrize(("everywhere", "channel", "waits"), [
    (False, TIN_CAN, True), (False, _OTHER, False), (True, TIN_CAN, True), (True, _OTHER, True),
])  # fmt: skip
async def test_a_refusal_holds_back_every_run_that_it_concerns(
    bench: Bench, everywhere: bool, channel: Channel, waits: bool
) -> None:
    """A channel that asks to wait gets no post of any run meanwhile; a whole platform that does, in no channel."""
    times: list[float] = []

    async def refused_once() -> str:
        times.append(bench.clock.ticks())
        if len(times) == 1:
            raise PostRefused("slow down", retry_after=600, everywhere=everywhere)
        return "posted"

    joined(bench, Stranger(bugs={"post": lambda _key: refused_once()}))
    bench.sources["told"].papers = five_papers()[:1]
    bench.sources["more"] = ToldSource(spec="more", papers=five_papers()[1:2])
    await due(bench, id="first", channel=TIN_CAN)

    run = await due(bench, id="second", channel=channel, sources=("more",))

    assert RunState.DONE == run.state
    assert waits == (times[1] - times[0] >= 600)


async def test_a_digest_that_is_half_posted_goes_on_in_the_look_it_began_in(bench: Bench) -> None:
    """A part that was planned as cards is posted as cards, even if its subscription has become compact meanwhile."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=1800)
    run = await due(bench, look=Look.CARDS)
    planned = [delivery.part for delivery in await bench.store.deliveries()]
    subscription = await bench.store.subscription("order")
    assert subscription
    await bench.store.keep_subscription(replace(subscription, look=Look.COMPACT))

    bench.clock.turn(minutes=30)
    await bench.executor.execute(run.key)

    assert {DeliveryState.SENT} == await states(bench)
    assert planned == [delivery.part for delivery in await bench.store.deliveries()]
    # The compact look names the first author alone.
    assert "Ashish Vaswani, Noam Shazeer" in shown(bench)


@pytest.mark.parametrize(
    ("parts", "stops"),
    [
        ((DeliveryState.DEAD, DeliveryState.PLANNED), True),
        ((DeliveryState.DEAD, DeliveryState.SENDING), True),
        # What follows a posted part is posted, whatever became of the first.
        ((DeliveryState.DEAD, DeliveryState.SENT, DeliveryState.PLANNED), False),
        ((DeliveryState.DEAD, DeliveryState.AMBIGUOUS, DeliveryState.PLANNED), False),
        ((DeliveryState.AMBIGUOUS, DeliveryState.PLANNED), False),
        ((DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.PLANNED), False),
        ((DeliveryState.PLANNED, DeliveryState.PLANNED), False),
        ((), False),
    ],
)
def test_a_digest_without_its_head_stops(parts: tuple[DeliveryState, ...], stops: bool) -> None:
    """If the first part, with the headline, was given up before any was posted, the rest is not posted."""
    assert stops == bool(headless(_in_state(*parts)))


async def test_papers_without_a_headline_are_not_posted(bench: Bench) -> None:
    """A digest whose first part is given up posts nothing more, and its run has failed."""
    stranger = Stranger(bugs={"post": raises(PostTooLarge("too large")), "shrink": lambda *_: ()})
    joined(bench, stranger)
    run = await due(bench, channel=TIN_CAN)
    assert (RunState.FAILED, 1) == (run.state, stranger.calls.count("post"))
    assert {DeliveryState.DEAD} == {part.state for part in await bench.store.deliveries(run.key)}
