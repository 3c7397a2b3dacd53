"""What the one who runs Paperwire does by hand: what the ledger shows, what is posted again and what is not."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bots.errors import BadCommand
from bots.fakechat.faults import Fault
from bots.operating import Operator
from bots.runs import DeliveryState, RunState
from bots.slots import due_at
from bots.store.memory import MemoryStore
from tests.doubles import Bench, a_bench
from tests.factories import DAY, NOW, a_subscription, five_papers
from tests.scenes import an_order, due, ended, opened, shown

KEY = "order@2026-11-24T09:00"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A small house of real rooms."""
    async with a_bench(MemoryStore()) as bench:
        yield bench


@pytest.fixture
def operator(bench: Bench) -> Operator:
    """Who runs that house."""
    return Operator(store=bench.store, desk=bench.desk)


async def gone(bench: Bench) -> None:
    """Let the run of nine o'clock give its part up: the chat has no such channel, which is mended afterwards."""
    bench.chat.trouble(Fault.GONE, times=1)
    assert RunState.FAILED is (await due(bench)).state
    order = await bench.store.subscription("order")
    assert order
    await bench.store.keep_subscription(replace(order, enabled=True, off_because=""))


async def held(bench: Bench) -> None:
    """Let the part of nine o'clock be held: its answer is lost, and the history may never be read."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    bench.chat.trouble(Fault.NO_HISTORY)
    await due(bench)
    bench.chat.heal()
    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await bench.store.deliveries(KEY)}


# ── what the ledger shows ────────────────────────────────────────────────────────────────────────────────────────────


async def test_runs_come_newest_first_with_their_orders(bench: Bench, operator: Operator) -> None:
    """Each run comes with the order it belongs to; one whose order has ended comes without."""
    await due(bench)
    bench.clock.turn(days=1)
    later = await due(bench, id="later", created=NOW + timedelta(hours=23))
    await bench.store.drop_subscription("order")
    rows = await operator.runs(limit=9)
    assert [later.key, KEY] == [row.run.key for row in rows]
    assert ["later", None] == [row.order.id if row.order else None for row in rows]
    assert [KEY] == [row.run.key for row in await operator.runs(subscription_id="order", limit=9)]
    assert () == await operator.runs(state=RunState.FAILED, limit=9)
    assert 1 == len(await operator.runs(limit=1))


@pytest.mark.parametrize("state", [None, DeliveryState.SENT])
async def test_parts_of_the_newest_run_come_first(
    bench: Bench, operator: Operator, state: DeliveryState | None
) -> None:
    """Parts come with their order, as many as are asked for."""
    await due(bench)
    bench.clock.turn(days=1)
    other = replace(an_order(bench).channel, channel="other")
    await due(bench, id="later", channel=other, created=NOW + timedelta(hours=23))
    rows = await operator.parts(state=state, limit=9)
    assert ["later@2026-11-25T09:00", KEY] == [row.part.run_key for row in rows]
    assert ["later", "order"] == [row.order.id for row in rows if row.order]
    assert rows[:1] == await operator.parts(state=state, limit=1)
    assert rows[1:] == await operator.parts(state=state, run=KEY, limit=9)


async def test_parts_are_found_by_how_they_stand(bench: Bench, operator: Operator) -> None:
    """What is held is among the held, however many parts were posted since, and nowhere else."""
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
    """A key that names no run is answered with the keys that were perhaps meant."""
    await due(bench)
    with pytest.raises(BadCommand, match="no run") as caught:
        await operator.retry(typed)
    assert hint in caught.value.hint


# ── a run again ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_given_up_is_posted_by_a_retry(bench: Bench, operator: Operator) -> None:
    """A dead part is posted, once, and its run is done, however late it is."""
    await gone(bench)
    bench.clock.turn(days=3)
    retried = await operator.retry(KEY)
    assert (RunState.DONE, 1, 0, True) == (retried.row.run.state, retried.revived, retried.held, retried.here)
    assert 1 == shown(bench).count("Attention Is All You Need")
    assert {DeliveryState.SENT} == {part.state for part in await bench.store.deliveries(KEY)}


async def test_what_is_held_is_posted_only_when_it_may_be_doubled(bench: Bench, operator: Operator) -> None:
    """A held part may be there already: a retry says so, and posts it only when it is told to."""
    await held(bench)
    with pytest.raises(BadCommand, match="may or may not be posted") as caught:
        await operator.retry(KEY)
    assert "--repost" in caught.value.hint
    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await bench.store.deliveries(KEY)}
    retried = await operator.retry(KEY, repost=True)
    assert (RunState.DONE, 1) == (retried.row.run.state, retried.revived)


async def test_a_run_that_is_done_is_left_alone(bench: Bench, operator: Operator) -> None:
    """Where nothing was given up a retry says so, and posts nothing."""
    await due(bench)
    with pytest.raises(BadCommand, match="is done, and nothing of it was given up: 5 papers in 1 part"):
        await operator.retry(KEY)
    assert 1 == len(bench.chat.messages)


async def test_a_run_somebody_is_at_is_left_alone(bench: Bench, operator: Operator) -> None:
    """A run that is claimed is not taken out of another process's hands; once the claim has lapsed it is."""
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
    """Where the platform is not connected the run is queued, free for the process that has it."""
    await opened(bench)
    await bench.store.move_run(KEY, RunState.SKIPPED, now=NOW)
    elsewhere = replace(bench.desk, postman=replace(bench.desk.postman, adapters={}))
    retried = await replace(operator, desk=elsewhere).retry(KEY)
    assert (RunState.QUEUED, False) == (retried.row.run.state, retried.here)
    assert (KEY,) == await bench.store.ready(bench.clock())


async def test_a_retry_that_was_cut_short_can_be_done_again(bench: Bench, operator: Operator) -> None:
    """Parts that were revived before the run was queued are posted by the next retry."""
    await gone(bench)
    (part,) = await bench.store.deliveries(KEY)
    await bench.store.revive(part.key)
    assert RunState.DONE is (await operator.retry(KEY)).row.run.state


# ── a day again ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dry_run_shows_the_day_as_it_was(bench: Bench, operator: Operator) -> None:
    """The digest of a slot is the one that was posted: its own papers do not count as seen, and nothing is posted."""
    await due(bench)
    before = shown(bench)
    bench.clock.turn(days=2)
    (item,) = await operator.replay(DAY, dry_run=True)
    assert item.digest
    assert {paper.id for paper in five_papers()} == set(item.digest.paper_ids)
    assert before == shown(bench)
    assert [KEY] == [run.key for run in await bench.store.runs()]


async def test_a_replay_leaves_alone_what_was_posted(bench: Bench, operator: Operator) -> None:
    """Of the slots of a day only those without a run are carried out; of the others it is said how they stand."""
    await due(bench, times=(time(8), time(9)), created=NOW - timedelta(minutes=30))
    bench.sources["told"].papers = ()
    made = await operator.replay(DAY, dry_run=False)
    assert ["was carried out", "was posted"] == [item.said for item in made]
    assert 2 == len(bench.chat.messages)
    again = await operator.replay(DAY, dry_run=False)
    assert ["was posted", "was posted"] == [item.said for item in again]
    assert 2 == len(bench.chat.messages)


async def test_a_replay_carries_out_what_was_skipped(bench: Bench, operator: Operator) -> None:
    """A slot that was missed while the machine was off is posted days later."""
    await bench.store.keep_subscription(an_order(bench))
    bench.clock.turn(days=2)
    await bench.opener.open_due(an_order(bench))
    assert RunState.SKIPPED is (await ended(bench, KEY)).state
    (item,) = await operator.replay(DAY, dry_run=False)
    assert ("was carried out", RunState.DONE) == (item.said, item.run and item.run.state)
    assert 1 == len(bench.chat.messages)


async def test_a_replay_doubles_nothing_that_is_held(bench: Bench, operator: Operator) -> None:
    """A part that may or may not be posted stays held, and the replay says what would post it."""
    await held(bench)
    await bench.store.move_run(KEY, RunState.FAILED, now=bench.clock())
    before = len(bench.chat.messages)
    (item,) = await operator.replay(DAY, dry_run=False)
    assert item.failed
    assert "--repost" in item.said
    assert before == len(bench.chat.messages)


@pytest.mark.parametrize(
    ("changes", "day", "said"),
    [
        ({"enabled": False}, DAY, "is paused"),
        ({"times": ()}, DAY, "has no digest on that day"),
        ({"weekdays": frozenset({0})}, DAY, "has no digest on that day"),
        ({"resumes": NOW + timedelta(days=3)}, DAY, "rested then, or has no digest on that day"),
        ({"times": (time(10),)}, DAY, "is not due yet"),
        ({}, DAY + timedelta(days=1), "is not due yet"),
    ],
)
async def test_an_order_without_a_slot_says_so(
    bench: Bench, operator: Operator, changes: dict[str, object], day: date, said: str
) -> None:
    """A paused order, one that is not due on that day, and a slot still to come: each is named and not posted."""
    await bench.store.keep_subscription(an_order(bench, **changes))
    (item,) = await operator.replay(day, dry_run=False)
    assert said == item.said
    assert [] == bench.chat.messages


@pytest.mark.parametrize("day", [date.min, date(1991, 8, 13), DAY + timedelta(days=2), date.max])
async def test_no_digest_is_of_a_day_without_lists(operator: Operator, day: date) -> None:
    """A day before there were lists, and one to come, are asked wrongly."""
    with pytest.raises(BadCommand, match=str(day)):
        await operator.replay(day, dry_run=True)


async def test_tomorrow_cannot_be_shown(bench: Bench, operator: Operator) -> None:
    """A dry run of today's later slots shows what they would be now; one of tomorrow's shows nothing."""
    await bench.store.keep_subscription(an_order(bench, times=(time(17),)))
    (today,) = await operator.replay(DAY, dry_run=True)
    (tomorrow,) = await operator.replay(DAY + timedelta(days=1), dry_run=True)
    assert today.digest
    assert ("is not due yet", None) == (tomorrow.said, tomorrow.digest)


async def test_a_day_is_the_orders_own(bench: Bench, operator: Operator) -> None:
    """On another clock the same day has other slots, and each slot of the day is there once."""
    order = a_subscription(sources=("told",), times=(time(0), time(23, 59)), created=NOW)
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        await bench.store.keep_subscription(replace(order, timezone=ZoneInfo(zone)))
        made = await operator.replay(DAY, dry_run=True)
        assert [f"{DAY}T00:00", f"{DAY}T23:59"] == [str(item.due.slot) for item in made if item.due]
        assert [due_at(item.order, item.due.slot) for item in made if item.due] == [item.due for item in made]


async def test_only_the_named_order_is_replayed(bench: Bench, operator: Operator) -> None:
    """The others are left out; a name that no order has is said."""
    for name in ("order", "other"):
        await bench.store.keep_subscription(an_order(bench, id=name))
    assert ["other"] == [each.order.id for each in await operator.replay(DAY, subscription_id="other", dry_run=True)]
    with pytest.raises(BadCommand, match="no subscription 'nosuch'"):
        await operator.replay(DAY, subscription_id="nosuch", dry_run=True)


async def test_one_order_that_fails_does_not_end_a_replay() -> None:
    """An order that cannot be made is named, and the next one is shown all the same."""
    async with a_bench(MemoryStore()) as bench:
        operator = Operator(store=bench.store, desk=bench.desk)
        await bench.store.keep_subscription(an_order(bench, id="bad", query='"open'))
        await bench.store.keep_subscription(an_order(bench, id="good"))
        bad, good = await operator.replay(DAY, dry_run=True)
        assert bad.failed
        assert "quote" in bad.said
        assert good.digest
