"""A third-party adapter that fails outside a post affects no other channel and no other platform."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import PostTooLarge, PostUnknown
from bots.domain.runs import DeliveryState, RunState
from tests.plugins.scenes import a_due, is_paused, noticed, states_of
from tests.support.doubles import Bench
from tests.support.factories import five_papers
from tests.support.scenes import a_due_subscription, ended, opened
from tests.support.stranger import CHANNEL, Bug, Panic, Stranger, gives, joined, raises


def a_part(**changes: Any) -> Part:
    """Return a valid part, except for the changes."""
    return replace(Part(channel=CHANNEL, number=1, total=1, payload={"text": "x"}), **changes)


NO_PARTS = [
    None,
    (),
    "parts",
    ("part",),
    (a_part(channel=Channel(platform="tin-can", channel="elsewhere")),),
    (a_part(payload={"text": object()}),),
    (a_part(payload={"size": float("nan")}),),
    (a_part(payload=["text"]),),
    (a_part(number=2),),
    (a_part(paper_ids=(five_papers()[4].id,)),),
    (a_part(paper_ids=None),),
]


@pytest.mark.parametrize(
    "bug", [raises(ZeroDivisionError()), raises(SystemExit()), raises(Panic()), *map(gives, NO_PARTS)]
)
async def test_a_digest_that_an_adapter_cannot_compose_fails_with_the_reason(bench: Bench, bug: Bug) -> None:
    """Nothing is posted, the run has the reason, the admin is notified, and the papers stay for the next digest."""
    stranger = Stranger(bugs={"compose": bug})

    run = await a_due(bench, stranger)

    assert RunState.FAILED == run.state
    assert run.note.startswith("The adapter tin-can failed in `compose`")
    assert [] == stranger.posted
    assert "could not be posted" in await noticed(bench)
    assert frozenset() == await bench.store.coming(CHANNEL)


async def test_three_digests_in_a_row_that_cannot_be_composed_pause_the_subscription(bench: Bench) -> None:
    """The first two failures are reported; the third switches the subscription off, with the reason."""
    joined(bench, Stranger(bugs={"compose": raises(KeyError("x"))}))
    subscription = a_due_subscription(bench, channel=CHANNEL)
    await bench.store.keep_subscription(subscription)
    off = []
    for _ in range(3):
        key = await bench.due_runs.open_due(subscription)
        assert key
        await bench.executor.execute(key)
        off.append(await is_paused(bench))
        bench.clock.turn(days=1)

    assert ["", "", "The adapter tin-can failed in `compose` (KeyError); the log has details."] == off


@pytest.mark.parametrize(
    "bug", [raises(TypeError()), gives(7), gives(""), gives(b"id"), raises(SystemExit()), raises(Panic())]
)
async def test_a_history_that_cannot_be_read_for_a_bug_holds_the_part(bench: Bench, bug: Bug) -> None:
    """If `find` fails, it is unknown whether the part was posted: after three attempts it is held.

    The admin is notified.
    """
    stranger = Stranger(bugs={"post": raises(PostUnknown("no answer")), "find": bug}, arrives=True)
    bench.sources["told"].papers = five_papers()[:1]

    run = await a_due(bench, stranger)

    assert [DeliveryState.AMBIGUOUS] == await states_of(bench, run)
    assert 1 == len(stranger.posted)
    assert "The adapter tin-can failed in `find`" in await noticed(bench)


@pytest.mark.parametrize("bug", [raises(TypeError()), gives(None), gives(({},)), gives((a_part(payload={1: {2}}),))])
async def test_a_part_that_cannot_be_made_smaller_for_a_bug_is_given_up(bench: Bench, bug: Bug) -> None:
    """If the platform rejects a part as too large and `shrink` fails, the part is dead; the fault is the reason."""
    stranger = Stranger(bugs={"post": raises(PostTooLarge("too large")), "shrink": bug})
    bench.sources["told"].papers = five_papers()[:1]

    run = await a_due(bench, stranger)

    assert [DeliveryState.DEAD] == await states_of(bench, run)
    assert "The adapter tin-can failed in `shrink`" in run.note


async def test_a_part_that_is_shrunk_to_itself_is_given_up(bench: Bench) -> None:
    """If `shrink` returns the same part, it counts as one that cannot be made smaller."""
    stranger = Stranger(bugs={"post": raises(PostTooLarge("it is too large"))})
    stranger.shrink = lambda part: (part,)  # type: ignore[method-assign]  # a stranger's may be anything
    bench.sources["told"].papers = five_papers()[:1]

    run = await a_due(bench, stranger)

    assert "it is too large" in run.note
    assert [DeliveryState.DEAD] == await states_of(bench, run)


@pytest.mark.parametrize("bug", [raises(TypeError()), gives(None), gives(())])
async def test_a_notice_that_fails_by_a_bug_costs_the_notice_alone(bench: Bench, bug: Bug) -> None:
    """If a notice cannot be composed, the subscription is still paused, and no run of the notice is stored."""
    stranger = Stranger(bugs={"notice": bug, "post": raises(TypeError())})
    joined(bench, stranger)
    notices = bench.executor.part_delivery.on_undelivered.__self__  # type: ignore[union-attr]  # the bench's own
    told = replace(notices, admin=replace(CHANNEL, channel="admin")).undelivered
    executor = replace(bench.executor, part_delivery=replace(bench.executor.part_delivery, on_undelivered=told))
    key = await opened(bench, channel=CHANNEL)

    await executor.execute(key)

    assert await is_paused(bench)
    assert [key] == [run.key for run in await bench.store.runs()]


@pytest.mark.parametrize("method", ["compose", "post", "find", "shrink"])
async def test_a_strangers_fault_costs_no_other_platform_its_digest(bench: Bench, method: str) -> None:
    """If a digest on the third-party platform fails, one on another platform is posted completely."""
    bugs = {"post": raises(PostTooLarge("too large")), method: raises(RuntimeError())}
    joined(bench, Stranger(bugs=bugs))
    theirs = await opened(bench, channel=CHANNEL, id="theirs")
    ours = await opened(bench, id="ours")
    for key in (theirs, ours):
        await bench.dispatcher.dispatch(key)

    await bench.dispatcher.drain()

    assert RunState.FAILED == (await ended(bench, theirs)).state
    assert (RunState.DONE, "2 papers in 1 part") == ((run := await ended(bench, ours)).state, run.note)


async def test_a_run_of_a_platform_that_is_not_connected_now_is_left_for_later(bench: Bench) -> None:
    """A part in progress when the program ended waits until its platform is connected again."""
    posting = asyncio.Event()

    def begins(_key: Any) -> Any:
        posting.set()
        return asyncio.Event().wait()

    stranger = Stranger(bugs={"post": begins})
    joined(bench, stranger)
    key = await opened(bench, channel=CHANNEL)
    running = asyncio.create_task(bench.executor.execute(key))
    await posting.wait()
    running.cancel()
    await asyncio.wait({running})
    apart = replace(bench.executor.part_delivery, adapters={})

    before = await bench.store.deliveries(key)
    await replace(bench.executor, part_delivery=apart).execute(key)

    assert [1, 0] == [delivery.attempts for delivery in before]
    assert before == await bench.store.deliveries(key)
    stranger.bugs.clear()
    await bench.executor.execute(key)
    assert RunState.DONE == (await ended(bench, key)).state
