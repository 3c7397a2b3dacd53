"""The contract of every store for what public sources listed: `bots.ports.Listings`."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.subscriptions import SortBy
from bots.ports import SHOWN_ON_REQUEST, Store
from tests.store.stores import KINDS, opened
from tests.support.factories import CHANNEL, DAY, a_paper

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def numbered(number: int, upvotes: int | None = None, **fields: object) -> Paper:
    """Return a paper with a number in its id and title."""
    made = {"id": PaperId.arxiv(f"2611.{number:05}"), "title": f"Paper {number}", **fields}
    return a_paper(signals=Signals(upvotes=upvotes), **made)


async def listed(store: Store, sort_by: SortBy = SortBy.TRENDING, limit: int = 50) -> list[str]:
    """Return the numbers of the papers that were listed on both days."""
    names = await store.listed_papers(DAY, TOMORROW, sort_by=sort_by, limit=limit)
    return [paper.title.removeprefix("Paper ") for paper in await store.public_papers(names)]


async def test_the_most_upvoted_come_first(store: Store) -> None:
    """Trending papers come by upvotes; those without any come last, those listed last before the others."""
    await store.remember([numbered(1), numbered(2, 7), numbered(3, 40)], source="huggingface", day=DAY)
    await store.remember([numbered(4)], source="arxiv:cs.CL", day=TOMORROW)
    assert ["3", "2", "4", "1"] == await listed(store)
    assert ["3", "2"] == await listed(store, limit=2)


async def test_the_newest_come_first(store: Store) -> None:
    """Papers come by the day they were listed, then by the instant they were published."""
    early, late = (datetime(2026, 11, day, tzinfo=UTC) for day in (20, 23))
    await store.remember([numbered(1, 9, published=early), numbered(2, published=late)], source="told", day=DAY)
    await store.remember([numbered(3, published=early)], source="told", day=TOMORROW)
    assert ["3", "2", "1"] == await listed(store, SortBy.NEWEST)


async def test_a_paper_of_two_lists_comes_once(store: Store) -> None:
    """A paper that two sources listed, on two days and under two names, comes once."""
    other = PaperId(scheme="doi", value="10.1000/one")
    await store.remember([numbered(1, aliases=frozenset({other}))], source="arxiv:cs.CL", day=DAY)
    await store.remember([numbered(1, 3)], source="huggingface", day=TOMORROW)
    await store.remember([a_paper(id=other, title="Paper 1")], source="crossref", day=TOMORROW)
    assert ["1"] == await listed(store)
    assert ["Paper 1"] == [paper.title for paper in await store.public_papers([other])]


async def test_days_come_with_their_numbers(store: Store) -> None:
    """Days with a list come back, the last first, each with the number of its papers; empty days do not."""
    await store.remember([numbered(1), numbered(2)], source="told", day=DAY)
    await store.remember([numbered(2)], source="other", day=DAY)
    await store.remember([numbered(3)], source="told", day=TOMORROW)
    assert ((TOMORROW, 1), (DAY, 2)) == await store.listed_days(TOMORROW, limit=9)
    assert ((DAY, 2),) == await store.listed_days(DAY, limit=9)
    assert ((TOMORROW, 1),) == await store.listed_days(TOMORROW, limit=1)


async def test_what_was_shown_on_request_is_not_listed(store: Store) -> None:
    """A paper that somebody looked up appears in no list: it would show what people ask for."""
    await store.remember([numbered(1)], source=SHOWN_ON_REQUEST, day=DAY)
    assert [] == await listed(store)
    assert () == await store.listed_days(TOMORROW, limit=9)


async def test_private_papers_are_not_listed(store: Store) -> None:
    """A private paper is in no list, and is not found by its name."""
    private = numbered(1, private=True)
    await store.remember([private], source="file:papers.bib", day=DAY, place=CHANNEL)
    assert [] == await listed(store)
    assert () == await store.listed_days(TOMORROW, limit=9)
    assert () == await store.public_papers([private.id])


async def test_papers_come_in_the_order_of_their_names(store: Store) -> None:
    """Papers come in the order that they are asked for; unknown names are left out."""
    papers = [numbered(1), numbered(2)]
    await store.remember(papers, source="told", day=DAY)
    names = [papers[1].id, PaperId.arxiv("2611.99999"), papers[0].id]
    assert ["Paper 2", "Paper 1"] == [paper.title for paper in await store.public_papers(names)]
