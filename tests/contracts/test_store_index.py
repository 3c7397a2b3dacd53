"""The contract of every store for the index of public papers: in step with the shelf, and the same everywhere."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.digests import Posting
from bots.domain.papers import Paper, PaperId, Signals
from bots.ports import Store
from bots.search.entries import asked_stems, entry_of
from bots.search.records import NewsMark, WordCounts
from bots.selection import parse_query
from bots.selection.words import words_of
from tests.store.stores import KINDS, a_run, opened, some_parts
from tests.support import hostile
from tests.support.factories import DAY, NOW, a_paper

HERE = Channel(platform="slack", workspace="T1", channel="C1")
SOURCE = "arxiv:cs.CL"
ATTENTION = a_paper()
ROBOTS = Paper(
    id=PaperId.arxiv("2401.00001"),
    title="Robots that fold laundry",
    abstract="Attention helps a robot to fold towels. 机器人折叠毛巾。",
    authors=("José Núñez", "Ada Lovelace"),
    keywords=("manipulation",),
    signals=Signals(upvotes=50),
)
SURVEY = Paper(id=PaperId.arxiv("2401.00002"), title="A survey of robots", abstract="We survey C++ code for robots.")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store of each kind with three papers."""
    async with opened(request.param, tmp_path) as store:
        await store.remember([ATTENTION, ROBOTS, SURVEY], source=SOURCE, day=DAY)
        yield store


async def hits(store: Store, words: str, **more: object) -> list[PaperId]:
    """Return the ids of the papers that contain any of some words, in order."""
    stems = dict.fromkeys(asked_stems(words_of(words)), 1.0)
    return [each.paper_id for each in await store.word_hits(stems, 9, **more)]  # type: ignore[arg-type]


async def every_news(store: Store, model: str = "") -> dict[str, Any]:
    """Return everything that the index tells, as mappings of what was told last."""
    mark, told = NewsMark(), dict[str, Any](titles={}, vectors={}, words=set())
    while (news := await store.index_news(mark, model=model)).mark != mark:
        told["titles"].update(news.titles)
        told["vectors"].update(news.vectors)
        told["words"].update(news.words)
        mark = news.mark
    return told


async def test_words_are_counted(store: Store) -> None:
    """A stem is counted once for each paper, wherever it is: in a title, an abstract, a keyword or a name."""
    counts = await store.word_counts(["robot", "attention", "manipul", "manipulation", "nunez", "机", "phlogiston"])
    expected = {"robot": 2, "attention": 2, "nunez": 1, "机": 1}
    assert (3, expected) == (counts.papers, {key: n for key, n in counts.found.items() if not key.startswith("manip")})
    assert 1 == sum(n for key, n in counts.found.items() if key.startswith("manip"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("laundry", [ROBOTS.id]),
        ("LAUNDRY!", [ROBOTS.id]),
        ("Nunez", [ROBOTS.id]),
        ("Vaswani", [ATTENTION.id]),
        ("毛巾", [ROBOTS.id]),
        ("survey laundry robots attention fold towels", [ROBOTS.id, SURVEY.id, ATTENTION.id]),
        ("phlogiston", []),
        ("", []),
        ('"" OR * NEAR( title:', []),
    ],
)
async def test_papers_are_found_by_their_words(store: Store, words: str, expected: list[PaperId]) -> None:
    """Papers that contain any of the words are found, those with more of them first; signs have no meaning."""
    assert expected == await hits(store, words)


async def test_titles_and_names_can_be_searched_alone(store: Store) -> None:
    """A word of the abstract does not count where only titles and names do."""
    assert {ATTENTION.id, ROBOTS.id} == set(await hits(store, "attention"))
    assert [ATTENTION.id] == await hits(store, "attention", in_titles=True)
    assert [ROBOTS.id] == await hits(store, "lovelace", in_titles=True)


async def test_a_query_leaves_papers_out(store: Store) -> None:
    """What a query excludes is not found by its words."""
    assert [ROBOTS.id] == await hits(store, "robots", query=parse_query("robots -survey"))
    assert [ROBOTS.id] == await hits(store, "robots", query=parse_query("upvotes:>20"))


async def test_all_words_can_be_required(store: Store) -> None:
    """A paper with only some of the words is left out if all are required."""
    assert {ROBOTS.id, SURVEY.id, ATTENTION.id} == set(await hits(store, "robots attention"))
    assert [ROBOTS.id] == await hits(store, "robots attention", every=True)
    assert [] == await hits(store, "robots attention", every=True, in_titles=True)


async def test_a_limit_is_kept(store: Store) -> None:
    """At most as many papers as wanted are returned; none for none."""
    assert [1, 0, 0] == [len(await store.word_hits({"robot": 1.0}, limit)) for limit in (1, 0, -1)]


async def test_a_hit_has_its_stems(store: Store) -> None:
    """A hit has the stems that the paper's entry has."""
    (hit,) = await store.word_hits({"laundry": 1.0}, 5)
    entry = entry_of(ROBOTS)
    assert (entry.title, entry.body, entry.names) == (hit.title, hit.body, hit.names)


async def test_the_index_keeps_in_step(store: Store) -> None:
    """A paper whose texts change is found by its new words and no longer by the old ones."""
    later = replace(ROBOTS, title="Machines that iron shirts", abstract="They iron.", version=2)
    await store.remember([replace(ROBOTS, version=1)], source=SOURCE, day=DAY)
    await store.remember([later], source=SOURCE, day=DAY)
    assert [[ROBOTS.id], []] == [await hits(store, "shirts"), await hits(store, "laundry")]
    assert entry_of(later).marks == (await every_news(store))["titles"][ROBOTS.id]


async def test_papers_that_become_one_are_one_in_the_index(store: Store) -> None:
    """If two records turn out to be of one paper, only one of them is found."""
    doi = PaperId(scheme="doi", value="10.5555/1")
    await store.remember([replace(SURVEY, id=doi)], source=SOURCE, day=DAY)
    assert {SURVEY.id, doi} == set(await hits(store, "survey"))
    await store.remember([replace(SURVEY, aliases=frozenset({doi}))], source=SOURCE, day=DAY)
    assert 1 == len(await hits(store, "survey"))
    assert 3 == (await store.word_counts([])).papers


async def test_news_are_told_once(store: Store) -> None:
    """What was told is not told again; what is added later is."""
    mark = NewsMark()
    while (news := await store.index_news(mark)).mark != mark:
        mark = news.mark
    new = Paper(id=PaperId.arxiv("2401.00003"), title="Knots", abstract="")
    await store.remember([ROBOTS, new], source=SOURCE, day=DAY)
    news = await store.index_news(mark)
    assert ((new.id, entry_of(new).marks),) == news.titles
    assert ("knots",) == news.words


async def test_words_of_titles_and_names_are_told(store: Store) -> None:
    """The words against which typing errors are corrected are those of titles and names, as they are written."""
    words = (await every_news(store))["words"]
    assert isinstance(words, set)
    assert {"robots", "laundry", "nunez", "lovelace", "vaswani"} <= words
    assert words.isdisjoint({"towels", "that", "of"})


async def test_vectors_are_kept(store: Store) -> None:
    """A vector is told to whoever has its model, and the paper is no longer among those without one."""
    assert {ATTENTION.id, ROBOTS.id, SURVEY.id} == {paper.id for paper in await store.unembedded("m1", 9)}
    await store.index_vectors("m1", {ROBOTS.id: b"one", PaperId.arxiv("2401.09999"): b"unknown"})
    assert {ROBOTS.id: b"one"} == (await every_news(store, "m1"))["vectors"]
    assert {} == (await every_news(store, "m2"))["vectors"]
    assert {ATTENTION.id, SURVEY.id} == {paper.id for paper in await store.unembedded("m1", 9)}
    assert 3 == len(await store.unembedded("m2", 9))
    assert 1 == len(await store.unembedded("m2", 1))
    await store.index_vectors("m2", {ROBOTS.id: b"two"})
    assert [{}, {ROBOTS.id: b"two"}] == [(await every_news(store, model))["vectors"] for model in ("m1", "m2")]


@pytest.mark.parametrize(("change", "kept"), [({"signals": Signals(upvotes=99)}, True), ({"title": "Knots"}, False)])
async def test_a_vector_is_made_again_only_for_another_text(
    store: Store, change: dict[str, object], kept: bool
) -> None:
    """New upvotes leave the vector as it is; for another title it is to be made again."""
    await store.remember([replace(ROBOTS, version=1)], source=SOURCE, day=DAY)
    await store.index_vectors("m", {ROBOTS.id: b"one"})
    await store.remember([replace(ROBOTS, version=2, **change)], source=SOURCE, day=DAY)  # type: ignore[arg-type]
    assert kept == (ROBOTS.id not in {paper.id for paper in await store.unembedded("m", 9)})


async def test_stored_papers_are_read_together(store: Store) -> None:
    """Papers are read by their ids; one that is not stored is absent."""
    found = await store.papers([ROBOTS.id, SURVEY.id, PaperId.arxiv("2401.09999")])
    assert {ROBOTS.id: ROBOTS, SURVEY.id: SURVEY} == found


async def test_private_papers_are_found_in_their_place_alone(store: Store) -> None:
    """A private paper is in no index; it is found by its words where it may be shown."""
    draft = Paper(
        id=PaperId.titled("Draft"), title="Secret socks", abstract="Odd.", authors=("Grace Hopper",), private=True
    )
    await store.remember([draft], source="file:drafts", day=DAY, place=HERE)
    assert WordCounts(papers=3) == await store.word_counts(["secret", "sock", "hopper", "odd"])
    assert "secret" not in (await every_news(store))["words"]
    for stem in ("secret", "odd", "hopper"):
        assert (draft,) == await store.own_papers([stem], 5, place=replace(HERE, channel="C2"))
        assert () == await store.own_papers([stem], 5, place=replace(HERE, workspace="T2"))
    assert [(), ()] == [await store.own_papers(*asked, place=HERE) for asked in ((["knot"], 5), ([], 5))]


async def post(store: Store, channel: Channel, paper: PaperId, minutes: int = 0) -> None:
    """Record that a paper was posted in a channel."""
    run = a_run(f"{channel}{minutes}")
    await store.open_run(run)
    (part, *_) = some_parts(run, 1, channel)
    await store.plan(run.key, [replace(part, part=replace(part.part, paper_ids=(paper,), total=1))])
    await store.confirm(part.key, "m", now=NOW + timedelta(minutes=minutes))


async def test_postings_are_told(store: Store) -> None:
    """Where and when a paper was posted is told under any of its names, the latest first, in its own workspace."""
    alias = next(iter(ATTENTION.names - {ATTENTION.id}), ATTENTION.id)
    there, other = replace(HERE, channel="C2"), replace(HERE, workspace="T2")
    await post(store, HERE, ATTENTION.id)
    await post(store, there, alias, 5)
    await post(store, other, ATTENTION.id, 9)
    await post(store, replace(HERE, platform="discord"), ATTENTION.id, 9)
    expected = (Posting(channel=there, at=NOW + timedelta(minutes=5)), Posting(channel=HERE, at=NOW))
    assert {ATTENTION.id: expected} == await store.postings([ATTENTION.id, ROBOTS.id], place=HERE)
    assert {ATTENTION.id: expected} == await store.postings([ATTENTION.id], place=replace(HERE, channel="C9"))


async def test_a_place_without_a_workspace_has_its_own_postings_alone(store: Store) -> None:
    """A direct message on Discord is told of no other; a channel named without its workspace is the same channel."""
    mine, yours = (Channel(platform="discord", channel=name) for name in ("1", "2"))
    await post(store, mine, ROBOTS.id)
    await post(store, yours, ROBOTS.id, 5)
    assert {ROBOTS.id: (Posting(channel=mine, at=NOW),)} == await store.postings([ROBOTS.id], place=mine)
    bare = replace(HERE, workspace="")
    await post(store, bare, SURVEY.id)
    assert {SURVEY.id: (Posting(channel=bare, at=NOW),)} == await store.postings([SURVEY.id], place=HERE)
    assert {} == await store.postings([SURVEY.id], place=replace(HERE, channel="C2"))


WORDS = ("robots", "laundry", "attention", "C++", "naïve", "毛巾", "2026", "it's", "$x^2$", "the")
papers = st.lists(
    st.builds(
        lambda number, title, abstract: Paper(
            id=PaperId.arxiv(f"2501.0000{number}"), title=" ".join(title), abstract=" ".join(abstract), version=number
        ),
        st.integers(1, 6),
        st.lists(st.sampled_from(WORDS), max_size=4),
        st.lists(st.sampled_from(WORDS), max_size=4),
    ),
    max_size=6,
)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "memory"])
@hostile.patient
@given(lists=st.lists(papers, max_size=3))
async def test_every_store_finds_the_same(
    kind: str, tmp_path_factory: pytest.TempPathFactory, lists: list[list[Paper]]
) -> None:
    """Whatever is stored and changed, every store counts and finds the same papers as the one in memory."""
    async with opened(kind, tmp_path_factory.mktemp("store")) as store, opened("memory", Path()) as plain:
        for each in (store, plain):
            for listed in lists:
                await each.remember(listed, source=SOURCE, day=DAY)
        stems = list(asked_stems(words_of(" ".join(WORDS))))
        assert await plain.word_counts(stems) == await store.word_counts(stems)
        for stem in stems:
            for in_titles in (False, True):
                found = [
                    {hit.paper_id: hit for hit in await each.word_hits({stem: 1.0}, 9, in_titles=in_titles)}
                    for each in (plain, store)
                ]
                assert found[0] == found[1]
        told = [await every_news(each) for each in (plain, store)]
        stored = set((await plain.papers([PaperId.arxiv(f"2501.0000{number}") for number in range(7)])).keys())
        titles = [{name: marks for name, marks in each["titles"].items() if name in stored} for each in told]
        assert titles[0] == titles[1]
