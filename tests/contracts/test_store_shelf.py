"""The contract of every store for known papers and cached blurbs: `bots.ports.Shelf` and `BlurbCache`."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.domain.papers import Paper, PaperId, Signals
from bots.ports import Store
from summarizer import Span
from tests.store.stores import KINDS, opened
from tests.support.factories import DAY, NOW, a_blurb, a_paper, five_papers

SOURCE = "arxiv:cs.CL"
ARXIV = PaperId.arxiv("1706.03762")
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")
TITLE = PaperId(scheme="text", value="attention is all you need")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def titled(number: int, title: str, abstract: str = "", **changes: object) -> Paper:
    """Return a paper with only these words."""
    return a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=title, abstract=abstract, **changes)


async def titles(store: Store, words: str, limit: int = 10) -> list[str]:
    """Return the titles that a search finds, in order."""
    return [paper.title for paper in await store.search_papers(words, limit)]


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_comes_back_as_it_was_listed(store: Store) -> None:
    """A known paper is read back with every field, by any of its names."""
    paper = a_paper(
        aliases=frozenset({DOI, TITLE}), venue="NeurIPS 2017", version=7, keywords=("attention",), dollar_math=False
    )
    await store.remember([paper, *five_papers()[1:]], source=SOURCE, day=DAY)
    assert [paper] * 3 == [await store.paper(name) for name in (ARXIV, DOI, TITLE)]


async def test_an_unknown_paper_is_none(store: Store) -> None:
    """An unknown paper id returns None."""
    await store.remember(five_papers(), source=SOURCE, day=DAY)
    assert None is await store.paper(DOI)


async def test_nothing_can_be_remembered(store: Store) -> None:
    """Saving an empty list has no effect."""
    await store.remember([], source=SOURCE, day=DAY)
    assert frozenset() == await store.known(SOURCE, DAY + timedelta(days=1))


async def test_a_paper_listed_again_is_merged(store: Store) -> None:
    """A later list adds new fields to a paper; the first text stays, under the first id."""
    await store.remember([a_paper(code="", signals=Signals(upvotes=3))], source=SOURCE, day=DAY)
    again = a_paper(
        id=DOI,
        title="Other words",
        code="https://github.com/x/y",
        signals=Signals(upvotes=9),
        aliases=frozenset({ARXIV}),
    )
    await store.remember([again], source="huggingface", day=DAY)
    merged = a_paper(code="https://github.com/x/y", signals=Signals(upvotes=9), aliases=frozenset({DOI}))
    assert [merged] * 2 == [await store.paper(name) for name in (ARXIV, DOI)]


async def test_a_later_version_brings_its_words(store: Store) -> None:
    """A paper listed again in a later version has that version's title and abstract."""
    await store.remember([a_paper(version=1)], source=SOURCE, day=DAY)
    await store.remember([a_paper(version=2, title="Revised", abstract="Better.")], source=SOURCE, day=DAY)
    await store.remember([a_paper(version=1)], source=SOURCE, day=DAY)
    kept = await store.paper(ARXIV)
    assert kept
    assert (2, "Revised", "Better.") == (kept.version, kept.title, kept.abstract)
    assert ["Revised"] == await titles(store, "revised")


async def test_two_papers_that_turn_out_to_be_one_become_one(store: Store) -> None:
    """A record with the names of two known papers joins them, and both names lead to the joined paper."""
    await store.remember([a_paper(), a_paper(id=DOI, title="", venue="NeurIPS")], source=SOURCE, day=DAY)
    await store.remember([a_paper(id=TITLE, aliases=frozenset({ARXIV, DOI}))], source=SOURCE, day=DAY)
    whole = a_paper(venue="NeurIPS", aliases=frozenset({DOI, TITLE}))
    assert [whole] * 3 == [await store.paper(name) for name in (ARXIV, DOI, TITLE)]
    assert (whole,) == await store.search_papers("attention", 10)


async def test_one_list_may_name_a_paper_twice(store: Store) -> None:
    """Records of one paper within a list are merged like those of two lists."""
    first, second = a_paper(venue=""), a_paper(id=DOI, venue="NeurIPS", aliases=frozenset({ARXIV}))
    await store.remember([first, second], source=SOURCE, day=DAY)
    assert a_paper(venue="NeurIPS", aliases=frozenset({DOI})) == await store.paper(DOI)


async def test_lists_remembered_at_once_are_one_shelf(store: Store) -> None:
    """Ten simultaneous lists of the same papers, in different orders and with different names, become one shelf."""

    def listed(number: int) -> list[Paper]:
        papers = [titled(place, f"Paper {place}", aliases=frozenset({alias(place, number)})) for place in range(20)]
        return papers[number:] + papers[:number]

    def alias(place: int, number: int) -> PaperId:
        return replace(DOI, value=f"10.{number}/{place}")

    await asyncio.gather(*(store.remember(listed(number), source=f"s{number}", day=DAY) for number in range(10)))
    for place in range(20):
        kept = await store.paper(alias(place, place % 10))
        assert kept
        assert {alias(place, number) for number in range(10)} == kept.aliases


async def test_a_whole_archive_can_be_remembered(store: Store) -> None:
    """A list of 1200 papers, more than one statement takes, is saved in full, also a second time."""
    papers = [
        titled(number, f"Paper {number}", aliases=frozenset({replace(DOI, value=f"10.1/{number}")}))
        for number in range(1200)
    ]
    for _ in range(2):
        await store.remember(papers, source=SOURCE, day=DAY)
    assert frozenset(paper.id for paper in papers) == await store.known(SOURCE, DAY + timedelta(days=1))
    assert papers[1199] == await store.paper(replace(DOI, value="10.1/1199"))


async def test_instants_come_back_in_utc(store: Store) -> None:
    """The instant of publication is read back in UTC, and a naive one is refused."""
    await store.remember([a_paper(published=NOW.astimezone(ZoneInfo("Asia/Tokyo")))], source=SOURCE, day=DAY)
    kept = await store.paper(ARXIV)
    assert kept
    assert kept.published
    assert (NOW, timedelta(0)) == (kept.published, kept.published.utcoffset())
    with pytest.raises(ValueError, match="has no time zone"):
        await store.remember([a_paper(id=DOI, published=datetime(2026, 1, 1))], source=SOURCE, day=DAY)  # noqa: DTZ001
    assert None is await store.paper(DOI)


# ── what a source listed ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("back", "known"), [(0, False), (1, True), (14, True), (15, False), (-1, False)])
async def test_a_list_is_known_for_fourteen_days(store: Store, back: int, known: bool) -> None:
    """Papers that a source listed in the 14 days before a day are known; those of that day or later are not."""
    await store.remember([a_paper()], source=SOURCE, day=DAY - timedelta(days=back))
    assert ({ARXIV} if known else set()) == await store.known(SOURCE, DAY)


async def test_every_source_has_its_own_list(store: Store) -> None:
    """Papers that one source listed are not known for another source."""
    await store.remember([a_paper()], source=SOURCE, day=DAY)
    assert frozenset() == await store.known("huggingface", DAY + timedelta(days=1))


async def test_a_list_is_known_by_the_names_it_had(store: Store) -> None:
    """The known ids of a source are those it listed itself, whatever other names the papers have."""
    await store.remember([a_paper()], source=SOURCE, day=DAY)
    await store.remember([a_paper(id=DOI, aliases=frozenset({ARXIV}))], source="openalex", day=DAY)
    assert [{ARXIV}, {DOI}] == [await store.known(source, DAY + timedelta(days=1)) for source in (SOURCE, "openalex")]


async def test_lists_of_many_days_add_up(store: Store) -> None:
    """A paper listed on two days is known until the later one is too old; a paper never listed is not known."""
    for back, papers in ((14, five_papers()[:2]), (3, five_papers()[1:3])):
        await store.remember(papers, source=SOURCE, day=DAY - timedelta(days=back))
    assert {paper.id for paper in five_papers()[:3]} == await store.known(SOURCE, DAY)
    assert {paper.id for paper in five_papers()[1:3]} == await store.known(SOURCE, DAY + timedelta(days=1))


# ── searching ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sparse attention", True),
        ("ATTENTION Sparse", True),
        ("attent", True),
        ("schrodinger bridges", True),
        ("kv-cache", True),
        ("sparse caching", True),
        ("tention", False),
        ("sparse quantum", False),
        ("ca", False),
        ("c++", True),
    ],
)
async def test_all_words_must_be_there(store: Store, words: str, found: bool) -> None:
    """All words must match the title and abstract together, also as beginnings, and without case and accents."""
    paper = titled(1, "Sparse Attention for Schrödinger Bridges", "We study KV cache caching in C++ programs.")
    await store.remember([paper], source=SOURCE, day=DAY)
    assert ([paper.title] if found else []) == await titles(store, words)


async def test_titles_come_before_abstracts(store: Store) -> None:
    """Whole words in the title rank first, then beginnings there, then whole words anywhere, then beginnings."""
    papers = [
        titled(1, "A", "Of agents."),
        titled(2, "Agentsmith"),
        titled(3, "B", "Of agentsmiths."),
        titled(4, "The agents"),
    ]
    await store.remember(papers, source=SOURCE, day=DAY)
    assert ["The agents", "Agentsmith", "A", "B"] == await titles(store, "agents")
    assert ["The agents", "Agentsmith"] == await titles(store, "agents", limit=2)
    assert [] == await titles(store, "agents", limit=0)


async def test_among_equals_the_newest_comes_first(store: Store) -> None:
    """Papers with equal rank are listed newest first, and those without a date last."""
    dates = {"old": date(2020, 1, 1), "new": date(2026, 1, 1), "middle": date(2023, 1, 1)}
    papers = [
        titled(place, f"Agents {name}", published=datetime(day.year, 1, 1, tzinfo=UTC))
        for place, (name, day) in enumerate(dates.items())
    ]
    await store.remember([titled(9, "Agents undated", published=None), *papers], source=SOURCE, day=DAY)
    assert ["Agents new", "Agents middle", "Agents old", "Agents undated"] == await titles(store, "agents")


@pytest.mark.parametrize(
    "words", ["", "  ", '"', "%", "_", "*", "' OR 1=1 --", '"unclosed', "att% _ttention", "NEAR(", "\x00", "\ud800"]
)
async def test_signs_are_not_words(store: Store, words: str) -> None:
    """Signs with a meaning for a database have none in a search, and a search without words finds nothing."""
    await store.remember([titled(1, "Attention"), titled(2, "100% of a_b")], source=SOURCE, day=DAY)
    assert [] == await titles(store, words)


@pytest.mark.parametrize(
    "words", ['"attention"', "attention*", "(attention)", "attention%", "at\u00adtention", "attention's"]
)
async def test_signs_around_words_do_no_harm(store: Store, words: str) -> None:
    """A word is found even if it is quoted, starred or in brackets."""
    await store.remember([titled(1, "Attention's end")], source=SOURCE, day=DAY)
    assert ["Attention's end"] == await titles(store, words)


async def test_a_pasted_abstract_finds_its_paper(store: Store) -> None:
    """A search with 900 words finds its paper, as one with two words does."""
    paper = titled(1, "Long", " ".join(f"word{number}" for number in range(900)))
    await store.remember([paper, titled(2, "Short", "word1 word2")], source=SOURCE, day=DAY)
    assert ["Long"] == await titles(store, paper.abstract)


async def test_words_without_spaces_between_them_are_found(store: Store) -> None:
    """Chinese and Japanese words are found inside a sentence."""
    await store.remember([titled(1, "大规模语言模型的推理")], source=SOURCE, day=DAY)
    assert ["大规模语言模型的推理"] == await titles(store, "语言模型")


async def test_every_paper_is_found_once(store: Store) -> None:
    """A paper with several names that several sources listed is one result."""
    for source in (SOURCE, "huggingface"):
        await store.remember([a_paper(aliases=frozenset({DOI, TITLE}))], source=source, day=DAY)
    assert ["Attention Is All You Need"] == await titles(store, "attention need")


# ── blurbs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_blurb_comes_back_as_it_was_made(store: Store) -> None:
    """A blurb is read back with its evidence and warnings under its own key only."""
    blurb = a_blurb(evidence=(Span(start=3, end=9), Span(start=12, end=40)), warnings=("Not English.",), text="a\nb")
    await store.keep_blurb("key", blurb, now=NOW)
    assert (blurb, None) == (await store.blurb("key"), await store.blurb("other"))


async def test_a_blurb_can_be_made_again(store: Store) -> None:
    """A blurb saved under an existing key replaces the previous one."""
    for text in ("first", "second"):
        await store.keep_blurb("key", a_blurb(text=text), now=NOW)
    assert a_blurb(text="second") == await store.blurb("key")


async def test_papers_that_share_a_doi_are_kept_apart(store: Store) -> None:
    """Chapters with their volume's DOI, and papers with arXiv ids of their own, are stored as two on any day."""
    volume = PaperId(scheme="doi", value="10.1007/978-3-319-20794-0")
    first, second = (
        a_paper(id=volume, title=title, aliases=frozenset()) for title in ("Parsing long documents", "Counting stars")
    )
    await store.remember([first], source=SOURCE, day=DAY)
    await store.remember([second], source=SOURCE, day=DAY + timedelta(days=1))
    await store.remember([replace(second, venue="Handbook")], source=SOURCE, day=DAY + timedelta(days=2))
    assert [first] == [await store.paper(volume)]
    assert ["Counting stars"] == await titles(store, "counting stars")
    kept = await store.paper(PaperId.titled("Counting stars"))
    assert kept is not None
    assert "Handbook" == kept.venue

    parts = [titled(number, f"A trial, part {number}", aliases=frozenset({DOI})) for number in (1, 2)]
    for part in parts:
        await store.remember([part], source=SOURCE, day=DAY)
    assert {part.title for part in parts} == set(await titles(store, "trial part"))
