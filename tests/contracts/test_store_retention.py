"""The contract of pruning, for every store: what is old goes in batches, and no paper is posted again for it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import PaperId
from bots.domain.retention import Pruned, Retention
from bots.domain.runs import DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.ports import Store
from tests.store.stores import KINDS, a_run, opened, some_parts
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, a_subscription

KEPT = Retention(run_days=100, paper_days=200)
#: Long after everything that a test stores at `NOW`.
LATER = NOW + timedelta(days=1000)
ARXIV, DOI = PaperId.arxiv("2401.00001"), PaperId(scheme="doi", value="10.1000/one")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def ended_run(store: Store, days: int = 0, name: str = "gone", *, missing: str = "") -> Run:
    """Store a run that ended some days after `NOW`, with two parts that were sent."""
    day, at = DAY + timedelta(days=days), NOW + timedelta(days=days)
    run = a_run(name, Slot(day=day, time=time(9)), created=at)
    await store.open_run(run)
    for part in await store.plan(run.key, some_parts(run, 2)):
        await store.confirm(part.key, "m1", now=at)
    await store.move_run(run.key, RunState.DONE, now=at, missing=missing)
    return run


async def pruned(store: Store, kept: Retention = KEPT, most: int = 100) -> Pruned:
    """Prune until nothing is left to do, long after `NOW`, and return what was deleted."""
    total = Pruned()
    while (batch := await store.prune(kept, now=LATER, most=most)).rows:
        total += batch
    return total


async def left(store: Store) -> set[str]:
    """Return the keys of all runs."""
    return {run.key for run in await store.runs(limit=1000)}


@pytest.mark.parametrize(("days", "gone"), [(899, 1), (901, 0)])
async def test_a_run_goes_with_its_parts_when_it_is_old(store: Store, days: int, gone: int) -> None:
    """A run that ended longer ago than its retention is deleted with its parts; a later one is kept whole."""
    run = await ended_run(store, days)
    assert Pruned(runs=gone, parts=2 * gone) == await pruned(store)
    assert (1 - gone, 2 - 2 * gone) == (len(await left(store)), len(await store.deliveries(run.key)))


async def test_what_was_posted_is_never_forgotten(store: Store) -> None:
    """After the run of a post is deleted, its papers are still known to be posted in the channel."""
    run = await ended_run(store)
    papers = [paper for part in await store.deliveries(run.key) for paper in part.part.paper_ids]
    await pruned(store)
    assert set(papers) == await store.posted(CHANNEL, papers)


async def test_a_run_that_may_still_post_is_kept(store: Store) -> None:
    """A failed run with a held part is kept: a person may still send it, and its papers must not be chosen again."""
    run = a_run("gone")
    await store.open_run(run)
    first, *_ = await store.plan(run.key, some_parts(run, 1))
    await store.release(first.key, DeliveryState.AMBIGUOUS)
    await store.move_run(run.key, RunState.FAILED, now=NOW)
    assert (Pruned(), {run.key}) == (await pruned(store), await left(store))
    await store.release(first.key, DeliveryState.DEAD)
    assert Pruned(runs=1, parts=1) == await pruned(store)


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.RUNNING])
async def test_an_open_run_is_kept(store: Store, state: RunState) -> None:
    """A run that has not ended is kept, however old it is."""
    await store.open_run(a_run("gone"))
    await store.move_run(a_run("gone").key, state, now=NOW)
    assert (Pruned(), 1) == (await pruned(store), len(await left(store)))


async def test_a_subscription_keeps_where_it_left_off(store: Store) -> None:
    """Of a standing subscription the last run is kept, and the last one with no source missing."""
    await store.keep_subscription(a_subscription(id="stands"))
    await ended_run(store, 0, "stands")
    whole = await ended_run(store, 1, "stands")
    last = await ended_run(store, 2, "stands", missing="arXiv")
    assert 1 == (await pruned(store)).runs
    assert {whole.key, last.key} == await left(store)
    found = [await store.last_run("stands"), await store.last_run("stands", whole=True)]
    assert [last.key, whole.key] == [run.key for run in found if run]


async def test_an_ended_subscription_goes_with_its_last_run(store: Store) -> None:
    """Nothing is kept for a subscription that ended: neither its runs nor its own row."""
    await store.keep_subscription(a_subscription(id="ended"))
    await ended_run(store, 0, "ended")
    await store.drop_subscription("ended")
    assert Pruned(runs=1, parts=2, subscriptions=1) == await pruned(store)


async def test_a_batch_is_small(store: Store) -> None:
    """No batch deletes more runs than are asked for, the oldest first, and together they delete everything old."""
    runs = [await ended_run(store, days, "gone") for days in range(5)]
    assert Pruned(runs=2, parts=4) == await store.prune(KEPT, now=LATER, most=2)
    assert {run.key for run in runs[2:]} == await left(store)
    assert Pruned(runs=3, parts=6) == await pruned(store, most=2)


async def listed(store: Store, day: date = DAY, *aliases: PaperId, source: str = "arxiv:cs.CL") -> None:
    """Store a paper as a source lists it on a day."""
    await store.remember([a_paper(id=ARXIV, aliases=frozenset(aliases))], source=source, day=day)


@pytest.mark.parametrize(("days", "gone"), [(799, 1), (801, 0)])
async def test_a_paper_goes_when_no_source_lists_it(store: Store, days: int, gone: int) -> None:
    """A paper that every source listed last before its retention is deleted; one listing keeps it."""
    await listed(store, DAY)
    await listed(store, LATER.date() - timedelta(days=1000 - days), source="huggingface")
    assert gone == (await pruned(store)).papers
    assert (gone == 0) == (await store.paper(ARXIV) is not None)
    assert 1 - gone == len(await store.search_papers("attention", 5))


async def test_a_name_that_was_learned_later_is_kept_too(store: Store) -> None:
    """A paper that was posted as a preprint and later got a DOI is known to be posted under it after it is deleted."""
    run = a_run("gone")
    await listed(store)
    await store.open_run(run)
    parts = [replace(part, part=replace(part.part, paper_ids=(ARXIV,))) for part in some_parts(run, 1)]
    (part,) = await store.plan(run.key, parts)
    await store.confirm(part.key, "m1", now=NOW)
    await listed(store, DAY, DOI)
    assert {DOI} == await store.posted(CHANNEL, [DOI])
    assert 1 == (await pruned(store)).papers
    assert await store.paper(DOI) is None
    assert {DOI} == await store.posted(CHANNEL, [DOI])
    assert frozenset() == await store.posted(replace(CHANNEL, channel="other"), [DOI])


async def test_a_paper_that_a_channel_hid_or_liked_is_kept(store: Store) -> None:
    """What people said of a paper is found by any of its names, so the paper with its names is kept."""
    for said in ("hidden", "liked"):
        await listed(store, DAY, DOI)
        if said == "hidden":
            await store.turn_down(CHANNEL, DOI, user="ada", now=NOW)
        else:
            await store.keep_feedback(CHANNEL, Feedback(paper=a_paper(id=DOI), sign=Sign.SAVED, user="ada", at=NOW))
        assert 0 == (await pruned(store)).papers
        assert await store.paper(ARXIV) is not None
        await store.take_back(CHANNEL, ARXIV)
    assert {ARXIV} == {ARXIV} & (await store.paper(ARXIV)).names  # type: ignore[union-attr]  # asserted above


async def test_zero_days_keep_everything(store: Store) -> None:
    """With a retention of 0 nothing is ever deleted."""
    await ended_run(store)
    await listed(store)
    assert Pruned() == await store.prune(Retention(run_days=0, paper_days=0), now=LATER, most=100)
