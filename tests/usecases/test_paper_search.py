"""Searching what is stored: by words, meaning, titles with typing errors, queries; sorted, and page by page."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.errors import BadQuery
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.replies import Card, CardList
from bots.domain.requests import Lookup, Search, SearchOrder
from bots.ports import Store
from bots.selection import parse_query
from bots.store.memory import MemoryStore
from bots.usecases.lookup import Found, PaperLookup
from bots.usecases.paper_search import PaperSearch
from tests.store.stores import KINDS, opened
from tests.support import hostile
from tests.support.doubles import a_bench
from tests.support.factories import CHANNEL, DAY
from tests.support.searching import search_of

#: Titles of papers that were listed as trending.
TITLES = (
    "Attention Is All You Need",
    "Adaptive Instrument Design for Indirect Experiments",
    "DIRECT-3D: Learning Direct Text-to-3D Generation on Massive Noisy 3D Data",
    "MathFimer: Enhancing Mathematical Reasoning by Expanding Reasoning Steps through Fill-in-the-Middle Task",
    "Direct Consistency Optimization for Compositional Text-to-Image Personalization",
    "From Explicit CoT to Implicit CoT: Learning to Internalize CoT Step by Step",
    "PlaSma: Making Small Language Models Better Procedural Knowledge Models for (Counterfactual) Planning",
    "Draft, Sketch, and Prove: Guiding Formal Theorem Provers with Informal Proofs",
    "Prompt Chaining or Stepwise Prompt? Refinement in Text Summarization",
    "Causal Abstraction for Faithful Model Interpretation",
    "Direct Inversion: Boosting Diffusion-based Editing with 3 Lines of Code",
    "Rectified Diffusion: Straightness Is Not Your Need in Rectified Flow",
    "Editing Implicit Assumptions in Text-to-Image Diffusion Models",
    "Implicit Chain of Thought Reasoning via Knowledge Distillation",
    "LLMs Do Not Think Step-by-step In Implicit Reasoning",
    "Efficient and Modular Implicit Differentiation",
    "Reverse derivative categories",
    "Autoformalization with Large Language Models",
    "Small Language Models are Equation Reasoners",
    "Causal Proxy Models for Concept-Based Model Explanations",
)
PAPERS = tuple(
    Paper(
        id=PaperId.arxiv(f"2401.{number:05}"),
        title=title,
        abstract=f"We study {title.lower()}.",
        authors=("Ashish Vaswani", "Noam Shazeer") if number == 0 else (f"Author {number}",),
        published=datetime(2020, 1 + number % 12, 1 + number, tzinfo=UTC),
        signals=Signals(upvotes=number * 7 % 20 if number else None, citations=number or None),
    )
    for number, title in enumerate(TITLES)
)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store of each kind with the papers."""
    async with opened(request.param, tmp_path) as store:
        await store.remember(PAPERS, source="arxiv", day=DAY)
        yield store


def over(store: Store) -> PaperSearch:
    """Return the search over a store, without libraries."""
    return search_of(PaperLookup(shelf=store, libraries=[]))


async def find(store: Store, words: str, **more: object) -> Found:
    """Return what is found among stored papers."""
    request = Search(channel=CHANNEL, words=words, live=False)
    return await over(store).find(replace(request, **more))  # type: ignore[arg-type]


def titles(found: Found) -> list[str]:
    """Return the titles that were found."""
    return [paper.title for paper in found.papers]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Atention is all you ned", 0),
        ("adaptive instrumnet design for indirect experiments", 1),
        ("Mathfimer enhancing mathematical resoning", 3),
        ("Direct consistancy optimization for compositional text to image personalisation", 4),
        ("Draft Skech and Prove", 7),
        ("causal abstaction for faithful model interpretation", 9),
        ("efficent and modular implicit diferentiation", 15),
        ("Reverse derivitive categories", 16),
        ("Autoformalisation with large langauge models", 17),
    ],
)
async def test_a_title_with_typing_errors_finds_its_paper_first(store: Store, typed: str, place: int) -> None:
    """A title with a letter too many, too few, wrong or swapped finds its paper before all others."""
    assert TITLES[place] == titles(await find(store, typed))[0]


@pytest.mark.parametrize("title", TITLES)
async def test_any_title_with_a_letter_left_out_finds_its_paper_first(title: str) -> None:
    """Whatever letter is left out of a recorded title, its paper comes first."""
    store, dice = MemoryStore(), random.Random(title)  # noqa: S311 - the same letters each time
    await store.remember(PAPERS, source="arxiv", day=DAY)
    for _ in range(5):
        at = dice.randrange(len(title))
        assert title == titles(await find(store, title[:at] + title[at + 1 :]))[0]


@pytest.mark.parametrize("typed", ["Vasvani", "Ashish Vasvani", "vaswani", "VASWANI, A.", "shazer"])
async def test_an_author_with_a_typing_error_is_found(store: Store, typed: str) -> None:
    """An author is found in any case, and with a typing error."""
    assert TITLES[0] == titles(await find(store, typed))[0]


async def test_how_a_word_was_read_is_said(store: Store) -> None:
    """A word that no paper contains is read as a near one, and the answer says so; a known word is not."""
    assert "“Vasvani” was read as “vaswani”." not in (await find(store, "vaswani")).notes
    assert ("“vasvani” was read as “vaswani”.",) == (await find(store, "Vasvani")).notes


async def test_the_beginning_of_a_word_finds_it(store: Store) -> None:
    """A word that is not typed to its end finds the words that begin so."""
    assert [TITLES[3]] == titles(await find(store, "mathfi"))


@pytest.mark.parametrize("typed", ["phlogiston", "zzzz qqqq", "1706.99999 phlogiston", "…"])
async def test_what_is_nowhere_finds_nothing(store: Store, typed: str) -> None:
    """Words that are in no paper and near to none find nothing, rather than the nearest of what there is."""
    found = await find(store, typed)
    assert ([], 0) == (titles(found), found.total)


#: Papers, and what someone may type who knows none of their words.
MEANT = (
    (
        "Behavioural cloning for dexterous manipulation",
        "We train policies from human demonstrations, so that an arm with five fingers grasps objects.",
        "teaching robots by showing them",
    ),
    (
        "Speech recognition for low-resource languages",
        "We transcribe spoken audio of languages with few hours of recordings.",
        "voice to text",
    ),
)


@pytest.mark.parametrize(("title", "abstract", "typed"), MEANT)
async def test_meaning_finds_papers_without_the_words(store: Store, title: str, abstract: str, typed: str) -> None:
    """Once papers have their vectors, other words for the same thing find them; what they exclude stays out."""
    search = over(store)
    paper = Paper(id=PaperId.arxiv("2402.00001"), title=title, abstract=abstract)
    await store.remember([paper], source="arxiv", day=DAY)
    asked = Search(channel=CHANNEL, words=typed, live=False)
    assert title not in titles(await search.find(asked))
    while await search.index.fill():
        pass
    assert title == titles(await search.find(asked))[0]
    assert title not in titles(await search.find(replace(asked, only=f'-title:"{title}"')))


async def test_vectors_are_made_once(store: Store) -> None:
    """Vectors are filled in until each paper has one, and then not again, whoever asks."""
    search = over(store)
    assert len(PAPERS) == await search.index.fill()
    assert [0, 0] == [await search.index.fill(), await over(store).index.fill()]


@pytest.mark.parametrize(
    ("typed", "left_out"),
    [
        ("diffusion -editing", "Editing"),
        ("language models NOT small", "Small"),
        ("diffusion -title:rectified", "Rectified"),
        ("implicit -author:“Author 13”", "Knowledge Distillation"),
    ],
)
async def test_exclusions_win(store: Store, typed: str, left_out: str) -> None:
    """What is excluded is in no result, however near it is; the rest is found."""
    search = over(store)
    while await search.index.fill():
        pass
    found = await search.find(Search(channel=CHANNEL, words=typed.replace("“", '"').replace("”", '"'), live=False))
    assert found.papers
    assert [] == [title for title in titles(found) if left_out in title]


@pytest.mark.parametrize(
    ("typed", "only"),
    [
        ("implicit upvotes:>10", ""),
        ("implicit", "upvotes:>10"),
        ("implicit OR causal", "cited:>8"),
        ("title:implicit", ""),
        ("author:vaswani", ""),
        ("upvotes:>10 cited:<9", ""),
        ("diff* -flow", ""),
        ('"chain of thought"', ""),
    ],
)
async def test_a_query_finds_what_it_matches(store: Store, typed: str, only: str) -> None:
    """A search with operators and fields finds exactly the papers that match it in memory."""
    queries = [parse_query(each) for each in (typed, only) if each]
    expected = {paper.title for paper in PAPERS if all(query.matches(paper) for query in queries)}
    found = await find(store, typed, only=only, limit=50)
    assert expected == set(titles(found))
    assert len(expected) == found.total


async def test_a_query_that_cannot_be_obeyed_is_refused(store: Store) -> None:
    """Both the search and the further query are refused with what is wrong."""
    for more in ({"words": "implicit upvotes:>many"}, {"words": "implicit", "only": "upvotes:>many"}):
        with pytest.raises(BadQuery):
            await find(store, **more)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (SearchOrder.NEWEST, lambda paper: paper.published),
        (SearchOrder.UPVOTES, lambda paper: -1 if paper.signals.upvotes is None else paper.signals.upvotes),
        (SearchOrder.CITED, lambda paper: -1 if paper.signals.citations is None else paper.signals.citations),
    ],
)
async def test_results_are_sorted(store: Store, order: SearchOrder, key: object) -> None:
    """Results are sorted as asked, over all pages; papers without the figure come last."""
    keys = [key(paper) for paper in (await find(store, "implicit OR attention", order=order, limit=50)).papers]  # type: ignore[operator]
    assert sorted(keys, reverse=True) == keys
    assert len(keys) > 3
    pages = [await find(store, "implicit OR attention", order=order, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert keys[:8] == [key(paper) for page in pages for paper in page.papers]  # type: ignore[operator]


@pytest.mark.parametrize("order", list(SearchOrder))
@pytest.mark.parametrize("words", ["implicit OR causal OR models", "models"])
async def test_pages_have_every_result_once(store: Store, order: SearchOrder, words: str) -> None:
    """All pages together are the whole list, and each tells how many there are; beyond the last there is nothing."""
    whole = await find(store, words, limit=50, order=order)
    assert whole.total == len(whole.papers) > 5
    pages = [await find(store, words, limit=3, offset=offset, order=order) for offset in range(0, 24, 3)]
    assert list(whole.papers) == [paper for page in pages for paper in page.papers]
    assert {whole.total} == {page.total for page in pages}


async def test_private_papers_are_found_where_they_belong(store: Store) -> None:
    """A private paper is found by its words in its own workspace, and nowhere else."""
    here = Channel(platform="slack", workspace="T1", channel="C1")
    draft = Paper(id=PaperId.titled("Socks"), title="Implicit socks", abstract="Wool.", private=True)
    await store.remember([draft], source="file:x", day=DAY, place=here)
    assert draft.title in titles(await find(store, "socks", channel=here))
    assert draft.title in titles(await find(store, "implicit", channel=here, limit=50))
    for words in ("socks", "implicit", "Implicit sock"):
        assert draft.title not in titles(await find(store, words, channel=replace(here, workspace="T2"), limit=50))


async def test_a_paper_that_was_merged_away_is_not_found(store: Store) -> None:
    """The index in memory follows the store: a paper that became part of another one is found once."""
    search = over(store)
    twin = Paper(id=PaperId(scheme="doi", value="10.5555/7"), title="Reverse derivative categories", abstract="")
    asked = Search(channel=CHANNEL, words="reverse derivative categories", live=False)
    await store.remember([twin], source="x", day=DAY)
    assert {twin.id, PAPERS[16].id} == {paper.id for paper in (await search.find(asked)).papers}
    await store.remember([replace(PAPERS[16], aliases=frozenset({twin.id}))], source="arxiv", day=DAY)
    assert [TITLES[16]] == titles(await search.find(asked))


@hostile.patient
@given(words=st.text(max_size=60), only=st.sampled_from(("", "implicit", "-implicit")))
async def test_any_text_has_an_answer(words: str, only: str) -> None:
    """Whatever is typed is answered, or refused as a query; what is excluded never comes."""
    store = MemoryStore()
    await store.remember(PAPERS, source="arxiv", day=DAY)
    try:
        found = await find(store, words, only=only)
    except BadQuery:
        return
    query = parse_query(only) if only else None
    assert all(query.matches(paper) for paper in found.papers) if query else found.total is not None


async def test_a_look_up_shows_near_misses() -> None:
    """A title with typing errors gives the list of what is near, its paper first; an exact one gives its card."""
    async with a_bench(MemoryStore()) as bench:
        await bench.store.remember(PAPERS, source="arxiv", day=DAY)
        near = await bench.service.answer(Lookup(channel=CHANNEL, text="Causal model explanatons"))
        exact = await bench.service.answer(Lookup(channel=CHANNEL, text=TITLES[19].upper()))
    assert isinstance(near, CardList)
    assert isinstance(exact, Card)
    assert TITLES[19] == near.entries[0].paper.title == exact.entry.paper.title
    assert len(near.entries) > 1


async def test_a_page_can_be_asked_for_without_blurbs_and_libraries() -> None:
    """A page that a browser shows is made without libraries and blurbs, with the number of papers in all."""
    async with a_bench(MemoryStore()) as bench:
        await bench.store.remember(PAPERS, source="arxiv", day=DAY)
        asked = Search(channel=CHANNEL, words="models", limit=3, offset=3, live=False, blurbs=False)
        reply = await bench.service.answer(asked)
    assert isinstance(reply, CardList)
    assert (3, 3, ()) == (len(reply.entries), reply.offset, reply.notes)
    assert reply.total == 6
    assert {None} == {entry.blurb for entry in reply.entries}
