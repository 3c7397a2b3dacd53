"""A third-party adapter whose posts fail: each part is looked up and each fault reported; the third in a row pauses."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bots.delivery.faults import Faults
from bots.delivery.part_delivery import LEASE
from bots.delivery.steps import MAX_ATTEMPTS, WhenUnknown
from bots.domain.errors import PostRefused, PostUnknown
from bots.domain.runs import DeliveryState, RunState
from tests.plugins.scenes import a_due, is_paused, noticed, states_of
from tests.support.doubles import Bench
from tests.support.factories import five_papers
from tests.support.scenes import a_due_subscription, ended, opened
from tests.support.stranger import CHANNEL, Bug, Panic, Stranger, gives, hangs, joined, raises

WRONG_ANSWERS = [None, 7, "", b"id"]


@pytest.mark.parametrize(
    "bug", [raises(TypeError("canary")), raises(SystemExit()), raises(Panic()), *map(gives, WRONG_ANSWERS)]
)
async def test_a_post_that_fails_by_a_bug_and_arrived_is_found_and_not_repeated(bench: Bench, bug: Bug) -> None:
    """If a post fails by a bug but the message arrived, it is found and not posted again."""
    stranger = Stranger(bugs={"post": bug}, arrives=True)

    run = await a_due(bench, stranger)

    assert (RunState.DONE, "2 papers in 2 parts") == (run.state, run.note)
    assert 2 == len(stranger.posted)
    assert [LEASE.total_seconds()] * 2 == bench.clock.slept
    assert "" == await is_paused(bench)


async def test_a_post_that_always_fails_by_a_bug_pauses_the_subscription(bench: Bench) -> None:
    """After three consecutive failures the part is dead and the subscription is off with the reason.

    The admin is notified.
    """
    stranger = Stranger(bugs={"post": raises(TypeError("canary"))})

    run = await a_due(bench, stranger)

    assert RunState.FAILED == run.state
    assert 3 == stranger.calls.count("post")
    assert "The adapter tin-can failed in `post` (TypeError); the log has details." == await is_paused(bench)
    told = await noticed(bench)
    assert "is paused: The adapter tin-can failed in `post`" in told
    assert "paperwire resume order" in told
    assert "canary" not in told


async def test_a_part_that_fails_by_a_bug_where_nobody_can_be_asked_is_held(bench: Bench) -> None:
    """Without a history each failed part is held; the first is reported with its reason, the third pauses."""
    bench.sources["told"].papers = five_papers()
    stranger = Stranger(bugs={"post": raises(TypeError())}, keeps_history=False)

    run = await a_due(bench, stranger)

    assert [DeliveryState.AMBIGUOUS] * 3 == (await states_of(bench, run))[:3]
    assert 3 == stranger.calls.count("post")
    told = await noticed(bench)
    assert "Part 1 of 5" in told
    assert "may or may not have been posted: The adapter tin-can failed in `post`" in told
    assert "is paused" in told


async def test_faults_are_counted_across_a_restart(bench: Bench) -> None:
    """If a bug holds one part a day, the subscription is paused on the third day despite a restart every night."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Stranger(bugs={"post": raises(TypeError())}, keeps_history=False)
    joined(bench, stranger)
    await bench.store.keep_subscription(a_due_subscription(bench, channel=CHANNEL))
    off = []
    for day in range(3):
        bench.sources["told"].papers = (five_papers()[day],)
        subscription = await bench.store.subscription("order")
        key = await bench.due_runs.open_due(subscription) if subscription else None
        assert key
        part_delivery = replace(bench.executor.part_delivery, _faults=Faults())
        await replace(bench.executor, part_delivery=part_delivery).execute(key)
        off.append(bool(await is_paused(bench)))
        bench.clock.turn(days=1)

    assert [False, False, True] == off


async def test_who_would_rather_have_it_twice_gets_it_three_times_at_most(bench: Bench) -> None:
    """With `repost` a part whose adapter fails is posted at most three times."""
    stranger = Stranger(bugs={"post": raises(TypeError())}, keeps_history=False)
    joined(bench, stranger)
    executor = replace(
        bench.executor, part_delivery=replace(bench.executor.part_delivery, when_unknown=WhenUnknown.REPOST)
    )
    key = await opened(bench, channel=CHANNEL)

    await executor.execute(key)

    assert 3 == stranger.calls.count("post")
    assert await is_paused(bench)


async def test_a_bug_that_was_mended_leaves_no_trace(bench: Bench) -> None:
    """A successful post resets the count: two failures, a success and two failures do not pause the subscription."""
    failing = iter([True, True, False, True, True, False])

    def sometimes(key: str) -> str:
        if next(failing):
            raise TypeError
        return key

    run = await a_due(bench, Stranger(bugs={"post": sometimes}))

    assert RunState.DONE == run.state
    assert "" == await is_paused(bench)


async def test_a_post_that_never_returns_is_bounded(bench: Bench) -> None:
    """A post that hangs is stopped by a timeout and looked up, like any post without a response."""
    stranger = Stranger(bugs={"post": hangs}, arrives=True)
    joined(bench, stranger)
    quick = replace(bench.executor, part_delivery=replace(bench.executor.part_delivery, call=timedelta(seconds=0.05)))
    key = await opened(bench, channel=CHANNEL)

    await asyncio.wait_for(quick.execute(key), 20)

    assert RunState.DONE == (await ended(bench, key)).state


async def test_a_post_that_is_never_answered_ends_some_day(bench: Bench) -> None:
    """A part whose posts never get a response is abandoned after the last attempt, as after refusals."""
    stranger = Stranger(bugs={"post": raises(PostUnknown("no answer"))})
    bench.sources["told"].papers = five_papers()[:1]
    run = await a_due(bench, stranger)
    for _ in range(MAX_ATTEMPTS):
        if run.state is not RunState.RUNNING:
            break
        bench.clock.turn(hours=1)
        await bench.executor.execute(run.key)
        run = await ended(bench, run.key)

    assert RunState.FAILED == run.state
    assert MAX_ATTEMPTS == stranger.calls.count("post")


@pytest.mark.parametrize("wait", [float("nan"), float("inf"), -1, "soon", 1e300])
async def test_a_refusal_that_names_no_time_anybody_could_wait_is_waited_out(bench: Bench, wait: Any) -> None:
    """A refusal whose wait is not a plausible number is treated as one without a wait: the post is soon repeated."""
    refusals = iter([True])

    def once(key: str) -> str:
        if next(refusals, False):
            raise PostRefused("busy", retry_after=wait)
        return key

    run = await a_due(bench, Stranger(bugs={"post": once}))

    assert RunState.DONE == run.state
    assert [2.0] == bench.clock.slept
