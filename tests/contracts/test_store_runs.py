"""The contract of every store for runs that wait, are claimed or postponed, and parts that are split or revived."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bots.domain.errors import StoreError
from bots.domain.runs import DeliveryState, RunState, Tally
from bots.domain.slots import Slot
from bots.ports import Store
from tests.store.stores import KINDS, a_run, at, on, one, opened, planned
from tests.support.factories import CHANNEL, DAY, NOW

RUN = a_run()


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def test_a_run_is_claimed_by_one(store: Store) -> None:
    """Of several simultaneous claims one gets the run, and until it expires no other claim succeeds."""
    await store.open_run(RUN)
    won = await asyncio.gather(*(store.claim(RUN.key, now=at(0), until=at(6)) for _ in range(5)))
    assert 1 == sum(won)
    assert not await store.claim(RUN.key, now=at(5.9), until=at(12))
    assert await store.claim(RUN.key, now=at(6), until=at(12))


async def test_a_claimed_run_is_running(store: Store) -> None:
    """A claim starts the run, and a later claim keeps the first start."""
    await store.open_run(RUN)
    assert await store.claim(RUN.key, now=at(1), until=at(6))
    assert await store.claim(RUN.key, now=at(7), until=at(12))
    assert replace(RUN, state=RunState.RUNNING, started=at(1), not_before=at(12)) == await store.run(RUN.key)


@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED, RunState.SKIPPED])
async def test_a_run_at_its_end_is_nobodys(store: Store, state: RunState) -> None:
    """A run that is done, failed or skipped is not ready and cannot be claimed."""
    await store.open_run(RUN)
    await store.move_run(RUN.key, state, now=at(1))
    assert not await store.claim(RUN.key, now=at(2), until=at(6))
    assert () == await store.ready(at(2))


async def test_nobody_has_a_run_that_does_not_exist(store: Store) -> None:
    """Claiming an unknown run fails without an error."""
    assert not await store.claim("nowhere", now=at(0), until=at(6))


async def test_runs_are_ready_oldest_first_unless_put_off(store: Store) -> None:
    """Queued and running runs are listed in the order they were opened, and a postponed one only from its time on."""
    for back in (1, 2, 3):
        run = a_run(slot=on(DAY - timedelta(days=back)), created=at(-back))
        await store.open_run(run)
    keys = await store.ready(at(0))
    assert [3, 2, 1] == [(DAY - Slot.parse(key.partition("@")[2]).day).days for key in keys]

    await store.move_run(keys[0], RunState.QUEUED, now=at(0), not_before=at(10))
    assert keys[1:] == await store.ready(at(9))
    assert keys == await store.ready(at(10))


async def test_the_tally_counts_runs_and_parts_by_state(store: Store) -> None:
    """Each run and part is counted under its state; a run waits until it is claimed, and the oldest says since when."""
    assert Tally(runs={}, parts={}) == await store.tally(at(0))
    for back in (1, 2, 3):
        await store.open_run(a_run(slot=on(DAY - timedelta(days=back)), created=at(-back)))
    first, second, _ = await store.ready(at(0))
    await store.claim(first, now=at(0), until=at(6))
    await store.move_run(second, RunState.DONE, now=at(0))
    await planned(store, RUN)

    tally = await store.tally(at(1))

    assert {RunState.QUEUED: 2, RunState.RUNNING: 1, RunState.DONE: 1} == tally.runs
    assert {DeliveryState.PLANNED: 3} == tally.parts
    assert (2, at(-1)) == (tally.waiting, tally.waiting_since)
    assert 3 == (await store.tally(at(6))).waiting


async def test_a_moved_run_is_put_off_no_more(store: Store) -> None:
    """Moving a run without `not_before` ends its postponement; `missing` is kept until it is set again."""
    await store.open_run(RUN)
    await store.move_run(RUN.key, RunState.QUEUED, now=at(0), not_before=at(10), missing="arxiv:cs.CL")
    await store.move_run(RUN.key, RunState.QUEUED, now=at(1))
    run = await store.run(RUN.key)
    assert run
    assert (None, "arxiv:cs.CL") == (run.not_before, run.missing)


async def test_the_last_whole_run_is_done_and_misses_nothing(store: Store) -> None:
    """A run that failed, or whose sources failed, is not whole, and runs after the requested slot are ignored."""
    for back, (state, missing) in enumerate(
        [(RunState.DONE, ""), (RunState.FAILED, ""), (RunState.DONE, "arxiv"), (RunState.DONE, ""), (RunState.DONE, "")]
    ):
        run = a_run(slot=on(DAY - timedelta(days=back)))
        await store.open_run(run)
        await store.move_run(run.key, state, now=NOW, missing=missing)
    yesterday = on(DAY - timedelta(days=1))
    last = await store.last_run("a1b2c3", whole=True, until=yesterday)
    assert last
    assert on(DAY - timedelta(days=3)) == last.slot
    any_last = await store.last_run("a1b2c3", until=yesterday)
    assert any_last
    assert yesterday == any_last.slot


async def test_runs_of_one_subscription_can_be_asked_for(store: Store) -> None:
    """A query for one subscription returns only its runs."""
    await store.open_run(RUN)
    await store.open_run(a_run("other"))
    assert (RUN,) == await store.runs(subscription_id="a1b2c3")


# ── splitting ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_split_part_makes_room_in_the_order(store: Store) -> None:
    """A split part becomes two planned parts, later parts are renumbered, and every paper is in exactly one part."""
    first, second, third = await planned(store, RUN)
    halves = [replace(second.part, paper_ids=(paper,), payload={"half": str(paper)}) for paper in second.part.paper_ids]

    made = await store.split(second.key, halves)

    kept = await store.deliveries(RUN.key)
    assert [1, 2, 3, 4] == [part.part.number for part in kept]
    assert {4} == {part.part.total for part in kept}
    assert (first.key, second.key, made[1].key, third.key) == tuple(part.key for part in kept)
    assert second.part.paper_ids == tuple(paper for part in made for paper in part.part.paper_ids)
    assert made == kept[1:3]


async def test_a_part_can_be_split_again(store: Store) -> None:
    """The halves of a part can be split too, and no key is used twice."""
    _, second, _ = await planned(store, RUN)
    halves = [replace(second.part, paper_ids=(paper,)) for paper in second.part.paper_ids]
    whole, _ = await store.split(second.key, halves)
    again = await store.split(whole.key, [replace(whole.part, paper_ids=()), whole.part])

    keys = [part.key for part in await store.deliveries(RUN.key)]
    assert 5 == len(set(keys))
    assert {part.key for part in again} <= set(keys)


async def test_a_part_that_was_under_way_waits_anew_when_split(store: Store) -> None:
    """The smaller parts of a leased part are planned and have no attempts."""
    first, *_ = await planned(store, RUN)
    await store.lease(first.key, now=at(0), until=at(2))
    made = await store.split(first.key, [first.part])
    assert [(DeliveryState.PLANNED, 0, None)] == [(part.state, part.attempts, part.lease_until) for part in made]
    assert await store.lease(first.key, now=at(0), until=at(2))


async def test_no_paper_is_lost_by_splitting(store: Store) -> None:
    """A split into no parts, or into parts with other papers, is refused, and the whole part is kept."""
    first, *_ = await planned(store, RUN)
    for parts in ([], [replace(first.part, paper_ids=first.part.paper_ids[:1])]):
        with pytest.raises(StoreError, match="split"):
            await store.split(first.key, parts)
    assert first == await one(store, first.key)


async def test_what_was_sent_is_not_split(store: Store) -> None:
    """A posted part cannot be split."""
    first, *_ = await planned(store, RUN)
    await store.confirm(first.key, "m1", now=at(0))
    with pytest.raises(StoreError, match="split"):
        await store.split(first.key, [first.part])


async def test_an_unknown_part_is_neither_split_nor_revived(store: Store) -> None:
    """A key that was never planned can be neither split nor revived."""
    (first, *_) = await planned(store, RUN)
    with pytest.raises(StoreError, match="nowhere"):
        await store.split("nowhere", [first.part])
    with pytest.raises(StoreError, match="nowhere"):
        await store.revive("nowhere")


# ── once more ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.AMBIGUOUS])
async def test_a_part_that_was_given_up_can_be_tried_again(store: Store, state: DeliveryState) -> None:
    """A revived part is planned with no attempts, but keeps the instant of its first attempt for a later search."""
    first, *_ = await planned(store, RUN)
    await store.lease(first.key, now=at(0), until=at(2))
    await store.release(first.key, state, error="gone")
    await store.revive(first.key)
    kept = await one(store, first.key)
    assert (DeliveryState.PLANNED, 0, None, at(0)) == (
        kept.state,
        kept.attempts,
        kept.lease_until,
        kept.first_attempt_at,
    )


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
async def test_only_what_was_given_up_is_revived(store: Store, state: DeliveryState) -> None:
    """Reviving a part that is being sent or was posted has no effect."""
    first, *_ = await planned(store, RUN)
    await store.lease(first.key, now=at(0), until=at(2))
    if state is DeliveryState.SENT:
        await store.confirm(first.key, "m1", now=at(1))
    await store.revive(first.key)
    assert state == (await one(store, first.key)).state


async def test_what_was_posted_before_an_instant_can_be_asked_for(store: Store) -> None:
    """A digest for a past slot ignores the papers that were posted later."""
    first, *_ = await planned(store, RUN)
    papers = first.part.paper_ids
    await store.confirm(first.key, "m1", now=at(5))
    assert frozenset(papers) == await store.posted(CHANNEL, papers)
    assert frozenset(papers) == await store.posted(CHANNEL, papers, before=at(6))
    assert frozenset() == await store.posted(CHANNEL, papers, before=at(5))


async def test_a_part_is_not_taken_by_one_who_knows_less(store: Store) -> None:
    """A caller that read the part before another's attempt cannot lease it, even after that lease has expired."""
    first, *_ = await planned(store, RUN)
    assert await store.lease(first.key, now=at(0), until=at(2), attempts=0)
    assert not await store.lease(first.key, now=at(3), until=at(5), attempts=0)
    assert await store.lease(first.key, now=at(3), until=at(5), attempts=1)


async def test_papers_on_their_way_are_coming(store: Store) -> None:
    """Papers of planned, leased and ambiguous parts may still be posted; those of sent and dead parts will not be."""
    first, second, third = await planned(store, RUN)
    everything = {paper for part in (first, second, third) for paper in part.part.paper_ids}
    assert everything == await store.coming(CHANNEL)
    assert frozenset() == await store.coming(replace(CHANNEL, workspace="elsewhere"))

    await store.lease(first.key, now=at(0), until=at(2))
    await store.release(second.key, DeliveryState.AMBIGUOUS)
    assert everything == await store.coming(CHANNEL)
    await store.confirm(first.key, "m1", now=at(1))
    await store.release(third.key, DeliveryState.DEAD)
    assert set(second.part.paper_ids) == await store.coming(CHANNEL)


async def test_a_run_starts_when_it_runs_for_the_first_time(store: Store) -> None:
    """Only `running` records a start, the first time; what it waited for before, and its end, leave that as it is."""
    key = a_run().key
    seen: list[tuple[datetime | None, datetime | None]] = []
    await store.open_run(a_run())
    states = (RunState.QUEUED, RunState.RUNNING, RunState.RUNNING, RunState.QUEUED, RunState.DONE)
    for minute, state in enumerate(states, start=1):
        await store.move_run(key, state, now=at(minute))
        run = await store.run(key)
        assert run is not None
        seen.append((run.started, run.finished))
    assert [(None, None), (at(2), None), (at(2), None), (at(2), None), (at(2), at(5))] == seen
