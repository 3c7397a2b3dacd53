"""The contract of `Shelf.find_papers`: the compiled search finds exactly the papers that match the query in memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select

from bots.domain.papers import Paper, PaperId, Signals
from bots.ports import Store
from bots.search.records import Matches
from bots.selection import Query, parse_query
from bots.store._conditions import broad
from bots.store.memory import MemoryStore
from bots.store.records import PAPER, same_instants
from bots.store.search import MOST_COMPARED, rows
from bots.store.tables import metadata
from bots.store.tables import paper as table
from tests.selection.samples import papers, queries
from tests.store.stores import KINDS, opened
from tests.support.factories import CHANNEL, DAY

SOURCE = "arxiv:cs.CL"


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def numbered(number: int, title: str = "A title", **changes: object) -> Paper:
    """Return a paper with an id of its own."""
    values: dict[str, object] = {"id": PaperId.arxiv(f"2611.{number:05}"), "title": title, "abstract": ""} | changes
    return Paper(**values)  # type: ignore[arg-type]  # the values are a test's own


def found_by_the_database(kept: Sequence[Paper], query: Query) -> list[Paper]:
    """Return the papers that SQLite does not rule out."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine, tables=[table])
    with engine.begin() as connection:
        for each in kept:
            title, abstract = rows(each)
            values = {"id": str(each.id), "published": each.published, "body": PAPER.write(same_instants(each))}
            connection.execute(insert(table).values(title_words=title, abstract_words=abstract, **values))
        found = [PAPER.read(row.body) for row in connection.execute(select(table.c.body).where(broad(query, table)))]
    engine.dispose()
    return found


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(st.lists(papers(), min_size=1, max_size=6), queries())
@example([Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="", authors=("Søren",))], "au:soren")
@example([Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="", venue="Jôurnal")], "venue:journal")
@example([Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="")], "-(agents OR au:soren)")
@example([Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="")], "NOT upvotes:>20")
@example(
    [Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="", published=datetime(2024, 1, 1, tzinfo=UTC))],
    "-year:2023",
)
@example([Paper(id=PaperId.arxiv("2611.00001"), title="a", abstract="", keywords=("Agents",))], "agents")
def test_the_database_rules_no_matching_paper_out(kept: list[Paper], text: str) -> None:
    """What the database finds and memory keeps is exactly what memory alone keeps, for any papers and any query."""
    kept = [replace(each, id=PaperId.arxiv(f"2611.{place:05}")) for place, each in enumerate(kept)]
    query = parse_query(text)
    found = [each.id for each in found_by_the_database(kept, query) if query.matches(each)]
    assert [each.id for each in kept if query.matches(each)] == sorted(found)


SHELF = [
    numbered(1, "Agents plan", signals=Signals(upvotes=30, stars=0), code="https://example.org/x"),
    numbered(2, "Agents fold proteins", signals=Signals(upvotes=3), published=datetime(2024, 5, 1, tzinfo=UTC)),
    numbered(3, "A survey of agents", abstract="Robots.", authors=("Søren Kierkegaard",), venue="NeurIPS 2026"),
    numbered(4, "Robots", keywords=("agents",), categories=("cs.RO",), published=datetime(2026, 5, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([1, 2, 3, 4], ""),
        ([1, 2, 3, 4], "agents"),
        ([1, 2, 4], "agents -survey"),
        ([1, 4], "agents OR robots -survey -year:2024"),
        ([1], "upvotes:>20"),
        ([2, 3, 4], "NOT upvotes:>20"),
        ([2], "has:upvotes -upvotes:>20"),
        ([1], "has:code"),
        ([2], "year:2023-2025"),
        ([4], "year:2026 cat:cs.*"),
        ([3], "au:soren venue:neurips has:abstract"),
        ([1, 2], "-kw:agents -au:soren"),
    ],
)
async def test_a_query_is_compiled_and_compared(store: Store, numbers: list[int], text: str) -> None:
    """Every store finds the papers that match, whichever part of the query its database can express."""
    await store.remember(SHELF, source=SOURCE, day=DAY)
    found = (await store.find_papers(parse_query(text), 10)).papers
    assert numbers == sorted(int(paper.id.value[-5:]) for paper in found)


async def test_words_rank_and_do_not_exclude(store: Store) -> None:
    """Papers with the words in the title come first, then those with them in the abstract, then all others."""
    await store.remember(SHELF, source=SOURCE, day=DAY)
    found = (await store.find_papers(Query(), 3, words="robots")).papers
    assert ["Robots", "A survey of agents", "Agents fold proteins"] == [paper.title for paper in found]


async def test_a_match_behind_many_others_is_found(store: Store) -> None:
    """What the database cannot express is compared beyond the first papers, so that a rare match is found."""
    many = [numbered(number, source="huggingface") for number in range(40)]
    await store.remember([*many, numbered(99, source="arxiv:cs.CL")], source=SOURCE, day=DAY)
    found = await store.find_papers(parse_query("source:arxiv"), 2)
    assert (["arxiv:cs.CL"], False) == ([paper.source for paper in found.papers], found.cut)
    assert 40 < MOST_COMPARED


async def test_a_comparison_that_was_cut_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """If as many papers as may be were compared and too few match, the answer says so; the memory compares all."""
    monkeypatch.setattr("bots.store._shelf.MOST_COMPARED", 3)
    # The database compares the first letters of a source.
    many = [numbered(number, source="arxives") for number in range(5)]
    await store.remember(many, source=SOURCE, day=DAY)
    in_database = not isinstance(store, MemoryStore)
    assert (0, in_database) == _found(await store.find_papers(parse_query("source:arxiv"), 2))
    assert (2, False) == _found(await store.find_papers(parse_query("ti:title"), 2))
    # All of the papers are compared, and none is left.
    assert (0, False) == _found(await store.find_papers(parse_query("source:arxiv ti:nothing"), 2))


def _found(matches: Matches) -> tuple[int, bool]:
    return len(matches.papers), matches.cut


async def test_a_private_paper_is_found_in_its_place(store: Store) -> None:
    """A query finds a private paper from the place of its owner only."""
    draft = numbered(7, "A draft", private=True, announced=DAY - timedelta(days=1))
    await store.remember([draft], source="file:drafts", day=DAY, place=CHANNEL)
    assert (draft,) == (await store.find_papers(parse_query("ti:draft"), 5, place=CHANNEL)).papers
    assert () == (await store.find_papers(parse_query("ti:draft"), 5)).papers
