"""The operator's actions: what the ledger shows, which parts a retry posts and which it does not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.delivery.operator import Operator
from bots.domain.errors import BadCommand
from bots.domain.runs import DeliveryState, RunState
from bots.domain.subscriptions import Subscription
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import NOW
from tests.support.scenes import a_due_subscription, due, ended, opened, shown

KEY = "order@2026-11-24T09:00"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A test bench of real components."""
    async with a_bench(MemoryStore()) as bench:
        yield bench


@pytest.fixture
def operator(bench: Bench) -> Operator:
    """The operator of that bench."""
    return Operator(store=bench.store, executor=bench.executor)


async def gone(bench: Bench) -> None:
    """Make the nine o'clock run give up its part because the chat lacks the channel; then restore the channel."""
    bench.chat.trouble(Fault.GONE, times=1)
    assert RunState.FAILED is (await due(bench)).state
    await bench.store.keep_subscription(replace(await the_subscription(bench), enabled=True, off_because=""))


async def the_subscription(bench: Bench) -> Subscription:
    """Return the subscription as it is stored."""
    subscription = await bench.store.subscription("order")
    assert subscription
    return subscription


async def held(bench: Bench) -> None:
    """Make the nine o'clock part held: its response is lost, and the history can never be read."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    bench.chat.trouble(Fault.NO_HISTORY)
    await due(bench)
    bench.chat.heal()
    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await bench.store.deliveries(KEY)}


# ── listing runs and parts ───────────────────────────────────────────────────────────────────────────────────────────


async def test_runs_come_newest_first_with_their_subscriptions(bench: Bench, operator: Operator) -> None:
    """Each run is returned with its subscription; a run of an ended subscription is returned without one."""
    await due(bench)
    bench.clock.turn(days=1)
    later = await due(bench, id="later", created=NOW + timedelta(hours=23))
    await bench.store.drop_subscription("order")
    rows = await operator.runs(limit=9)
    assert [later.key, KEY] == [row.run.key for row in rows]
    assert ["later", None] == [row.subscription.id if row.subscription else None for row in rows]
    assert [KEY] == [row.run.key for row in await operator.runs(subscription_id="order", limit=9)]
    assert () == await operator.runs(state=RunState.FAILED, limit=9)
    assert 1 == len(await operator.runs(limit=1))


@pytest.mark.parametrize("state", [None, DeliveryState.SENT])
async def test_parts_of_the_newest_run_come_first(
    bench: Bench, operator: Operator, state: DeliveryState | None
) -> None:
    """Parts are returned with their subscription, up to the limit."""
    await due(bench)
    bench.clock.turn(days=1)
    other = replace(a_due_subscription(bench).channel, channel="other")
    await due(bench, id="later", channel=other, created=NOW + timedelta(hours=23))
    rows = await operator.parts(state=state, limit=9)
    assert ["later@2026-11-25T09:00", KEY] == [row.part.run_key for row in rows]
    assert ["later", "order"] == [row.subscription.id for row in rows if row.subscription]
    assert rows[:1] == await operator.parts(state=state, limit=1)
    assert rows[1:] == await operator.parts(state=state, run=KEY, limit=9)


async def test_parts_are_found_by_how_they_stand(bench: Bench, operator: Operator) -> None:
    """A held part is returned for the state held, however many parts were posted since, and for no other state."""
    await held(bench)
    (row,) = await operator.parts(state=DeliveryState.AMBIGUOUS, limit=9)
    assert KEY == row.part.run_key
    assert () == await operator.parts(state=DeliveryState.DEAD, limit=9)


@pytest.mark.parametrize(
    ("typed", "hint"), [("order@2026-11-24T90:00", KEY), ("order", KEY), ("x", "paperwire runs"), ("", KEY)]
)
async def test_a_run_that_is_not_there_is_told_with_those_like_it(
    bench: Bench, operator: Operator, typed: str, hint: str
) -> None:
    """The error for an unknown run key suggests similar keys."""
    await due(bench)
    with pytest.raises(BadCommand, match="no run") as caught:
        await operator.retry(typed)
    assert hint in caught.value.hint


# ── retry a run ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_given_up_is_posted_by_a_retry(bench: Bench, operator: Operator) -> None:
    """A retry posts a dead part once and completes its run, however late it is."""
    await gone(bench)
    bench.clock.turn(days=3)
    retried = await operator.retry(KEY)
    assert (RunState.DONE, 1, 0, True) == (retried.row.run.state, retried.revived, retried.left, retried.here)
    assert 1 == shown(bench).count("Attention Is All You Need")
    assert {DeliveryState.SENT} == {part.state for part in await bench.store.deliveries(KEY)}


async def test_what_is_held_is_posted_only_when_it_may_be_doubled(bench: Bench, operator: Operator) -> None:
    """A held part may be posted already: a retry says so, and posts it only with `repost`."""
    await held(bench)
    with pytest.raises(BadCommand, match="may or may not have been posted") as caught:
        await operator.retry(KEY)
    assert "--repost" in caught.value.hint
    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await bench.store.deliveries(KEY)}
    retried = await operator.retry(KEY, repost=True)
    assert (RunState.DONE, 1) == (retried.row.run.state, retried.revived)


async def test_papers_that_a_later_digest_has_shown_are_not_doubled(bench: Bench, operator: Operator) -> None:
    """A dead part whose papers came with the next digest is posted only with `repost`."""
    await gone(bench)
    bench.clock.turn(days=1)
    await bench.executor.execute(await bench.due_runs.open_due(await the_subscription(bench)) or "")
    assert 1 == shown(bench).count("Attention Is All You Need")
    with pytest.raises(BadCommand, match="papers that a later digest has shown") as caught:
        await operator.retry(KEY)
    assert "--repost" in caught.value.hint
    assert 1 == shown(bench).count("Attention Is All You Need")
    assert RunState.DONE is (await operator.retry(KEY, repost=True)).row.run.state
    assert 2 == shown(bench).count("Attention Is All You Need")


async def test_a_run_that_is_done_is_left_alone(bench: Bench, operator: Operator) -> None:
    """If no part was given up, a retry says so and posts nothing."""
    await due(bench)
    with pytest.raises(BadCommand, match="is done, and none of its parts was given up: 5 papers in 1 part"):
        await operator.retry(KEY)
    assert 1 == len(bench.chat.messages)


async def test_a_run_somebody_is_at_is_left_alone(bench: Bench, operator: Operator) -> None:
    """A retry is refused while another process has claimed the run, and works once the claim has expired."""
    await opened(bench)
    assert await bench.store.claim(KEY, now=NOW, until=NOW + timedelta(minutes=6))
    with pytest.raises(BadCommand, match="under way") as caught:
        await operator.retry(KEY)
    assert "09:06 UTC" in caught.value.hint
    bench.clock.turn(minutes=7)
    assert RunState.DONE is (await operator.retry(KEY)).row.run.state


@pytest.mark.parametrize("state", [RunState.SKIPPED, RunState.FAILED])
async def test_a_run_without_parts_is_made_anew(bench: Bench, operator: Operator, state: RunState) -> None:
    """A run that was skipped, or failed before it had parts, is made and posted although its slot is long past."""
    await opened(bench)
    await bench.store.move_run(KEY, state, now=NOW, note="missed")
    bench.clock.turn(days=2)
    assert RunState.DONE is (await operator.retry(KEY)).row.run.state
    assert 1 == len(bench.chat.messages)


async def test_a_run_for_another_process_is_left_to_it(bench: Bench, operator: Operator) -> None:
    """If the platform is not connected, the run is queued and free for the process that has the platform."""
    await opened(bench)
    await bench.store.move_run(KEY, RunState.SKIPPED, now=NOW)
    elsewhere = replace(bench.executor, part_delivery=replace(bench.executor.part_delivery, adapters={}))
    retried = await replace(operator, executor=elsewhere).retry(KEY)
    assert (RunState.QUEUED, False) == (retried.row.run.state, retried.here)
    assert (KEY,) == await bench.store.ready(bench.clock())


async def test_a_retry_that_was_cut_short_can_be_done_again(bench: Bench, operator: Operator) -> None:
    """Parts that were revived before the run was queued are posted by the next retry."""
    await gone(bench)
    (part,) = await bench.store.deliveries(KEY)
    await bench.store.revive(part.key)
    assert RunState.DONE is (await operator.retry(KEY)).row.run.state


@pytest.mark.parametrize("changes", [{"enabled": False}, {"resumes": NOW + timedelta(days=2)}])
async def test_a_run_of_a_subscription_that_rests_is_not_posted(
    bench: Bench, operator: Operator, changes: dict[str, object]
) -> None:
    """A digest that was waiting when its subscription was paused is withdrawn; after the pause it can be retried."""
    key = await opened(bench)
    await bench.store.keep_subscription(a_due_subscription(bench, **changes))
    await bench.executor.execute(key)
    run = await ended(bench, key)
    assert (RunState.SKIPPED, "the subscription is paused") == (run.state, run.note)
    await bench.store.keep_subscription(a_due_subscription(bench, resumes=NOW))
    assert RunState.DONE is (await operator.retry(key)).row.run.state
