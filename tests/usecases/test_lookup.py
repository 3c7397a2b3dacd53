"""Looking papers up: a library that fails costs itself, and never says that a paper does not exist."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bots.domain.errors import BadPaperId, BadQuery, PaperNotFound, SettingsError, SourceDown
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import Paper, PaperId, Signals
from bots.ports import Library
from bots.selection.words import words_of
from bots.store.memory import MemoryStore
from bots.usecases.lookup import PaperLookup, named_in
from tests.support.factories import a_paper
from tests.support.searching import searched


class Giving:
    """A library that gives, or raises, whatever it was told to."""

    def __init__(self, name: str, found: Any) -> None:
        self.name = name
        self._found = found

    async def lookup(self, _paper_id: PaperId) -> Paper:
        """Give it."""
        found: Paper = await self._give()
        return found

    async def search(self, _words: str, _limit: int) -> tuple[Paper, ...]:
        """Give it, one by itself as the only one."""
        found = await self._give()
        return (found,) if isinstance(found, Paper) else found

    async def _give(self) -> Any:
        await asyncio.sleep(0)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


GOOD = Giving("Good", a_paper())


def paper_lookup(libraries: Sequence[Library]) -> PaperLookup:
    """Return what asks these libraries."""
    return PaperLookup(shelf=MemoryStore(), libraries=libraries)


@pytest.mark.parametrize(
    "found", [RuntimeError("bug"), SettingsError("not here"), None, "a paper", ["a", "list"], (1, 2)], ids=repr
)
async def test_a_failing_library_costs_only_itself(found: object) -> None:
    """The next library is asked, a search has what the others found, and the failure is noted under its name."""
    asking = paper_lookup([Giving("Odd", found), GOOD])

    assert a_paper() == await asking.by_id(a_paper().id)
    found_too = await searched(asking, "attention", 5)
    assert ((a_paper(),), 1) == (found_too.papers, len(found_too.notes))
    assert found_too.notes[0].startswith("Odd could not be searched: it failed")


async def test_a_failing_library_does_not_say_that_there_is_no_paper() -> None:
    """Where one library failed and no other has the paper, nobody claims that it does not exist."""
    libraries = [Giving("Odd", RuntimeError("bug")), Giving("Other", PaperNotFound("no"))]

    with pytest.raises(SourceDown, match="Odd: it failed"):
        await paper_lookup(libraries).by_id(a_paper().id)


class Archive(Giving):
    """A library that keeps three versions of one paper; its newest is the third."""

    def __init__(self) -> None:
        super().__init__("Archive", _version(3))
        self.down = False
        self.careless = False

    async def lookup_version(self, paper_id: PaperId, version: int) -> Paper:
        """Give one of the three."""
        await asyncio.sleep(0)
        if self.down:
            raise SourceDown("it is busy.")
        if version > 3:
            raise PaperNotFound(f"Archive does not have {paper_id.value}v{version}.")
        return _version(3 if self.careless else version)


PAGE = "https://arxiv.org/abs/2512.00001"
NAME = PaperId.arxiv("2512.00001")


def _version(number: int) -> Paper:
    return a_paper(id=NAME, title=f"Version {number}", version=number, url=PAGE)


async def test_a_version_that_is_named_is_the_one_shown() -> None:
    """`2512.00001v1` is version 1 with its own address, though version 3 is the newest; without v1 it is version 3."""
    asking = paper_lookup([GOOD, Archive()])

    paper, note = await asking.by_ref(PaperRef(id=NAME, version=1))
    assert ("Version 1", f"{PAGE}v1", "") == (paper.title, paper.url, note)
    newest, note = await paper_lookup([Archive()]).by_ref(PaperRef(id=NAME))
    assert ("Version 3", PAGE, "") == (newest.title, newest.url, note)


async def test_a_version_that_cannot_be_had_is_said() -> None:
    """Of a version that is missing or whose library fails, the newest is shown with a note that names both versions."""
    archive = Archive()
    paper, note = await paper_lookup([archive]).by_ref(PaperRef(id=NAME, version=9))
    assert "Version 3" == paper.title
    assert note.startswith("This is version 3, because version 9 could not be looked up")
    archive.down = True
    paper, note = await paper_lookup([archive]).by_ref(PaperRef(id=NAME, version=1))
    assert "Version 3" == paper.title
    assert "version 1 could not be looked up: " in note
    assert "Archive: it is busy." in note
    with pytest.raises(SourceDown):
        await paper_lookup([archive]).in_version(PaperRef(id=NAME, version=1))
    unversioned = paper_lookup([Giving("Plain", a_paper(id=NAME, version=None))])
    assert "the newest version known" in (await unversioned.by_ref(PaperRef(id=NAME, version=1)))[1]


async def test_a_library_that_gives_another_version_is_not_believed() -> None:
    """A library that returns the newest version whatever is asked does not pass it off as the first."""
    archive = Archive()
    archive.careless = True
    paper, note = await paper_lookup([archive]).by_ref(PaperRef(id=NAME, version=1))
    assert ("Version 3", True) == (paper.title, note.startswith("This is version 3"))


async def test_the_shelf_gives_only_the_version_it_has() -> None:
    """A stored version 1 is given for v1 while the library fails, and is not given for v2."""
    store, archive = MemoryStore(), Archive()
    archive.down = True
    await store.remember((_version(1),), source="asked for", day=date(2026, 1, 2))
    asking = PaperLookup(shelf=store, libraries=[archive])

    assert "Version 1" == (await asking.in_version(PaperRef(id=NAME, version=1))).title
    _, note = await asking.by_ref(PaperRef(id=NAME, version=2))
    assert note.startswith("This is version 1, because version 2 could not be looked up")


async def test_of_several_papers_named_the_missing_are_noted() -> None:
    """The papers are given in order; what cannot be looked up, and what exceeds the limit, is noted by its id."""
    refs = [PaperRef(id=PaperId.arxiv(f"2512.0000{number}")) for number in (1, 2, 3)]
    store = MemoryStore()
    await store.remember((_version(1),), source="asked for", day=date(2026, 1, 2))
    some = await PaperLookup(shelf=store, libraries=[Giving("Nothing", PaperNotFound("no"))]).by_refs(refs, 2)

    assert (_version(1),) == some.papers
    expected = ("2512.00002: ", "Only the first 2 of 3")
    assert all(note.startswith(start) for start, note in zip(expected, some.notes, strict=True))
    with pytest.raises(PaperNotFound, match=r"2512\.00001: .* 2512\.00002: "):
        await paper_lookup([Giving("Nothing", PaperNotFound("no"))]).by_refs(refs[:2], 2)
    found = await paper_lookup([Archive()]).by_refs(refs[:1], 5)
    assert ((_version(3),), ()) == (found.papers, found.notes)


def test_what_names_papers_is_not_searched_for_as_words() -> None:
    """Ids in a sentence are looked up, words are searched for, and an address of no paper is refused."""
    assert ("1706.03762", "2004.15011") == tuple(map(str, named_in("see arXiv:1706.03762 and 2004.15011")))
    assert () == named_in("attention is all you need")
    with pytest.raises(BadPaperId):
        named_in("https://openreview.net/forum?id=abc")


AGENTS = a_paper(id=PaperId.arxiv("2401.00002"), title="Agents that plan trips", abstract="Agents plan trips.")
ROBOTS = a_paper(id=PaperId.arxiv("2401.00001"), title="Robots that fold laundry", abstract="Robots fold towels.")
SURVEY = a_paper(id=PaperId.arxiv("2401.00003"), title="A survey of agents", abstract="We survey agents.")


class Obliging:
    """A library that searches as libraries do: for papers with every word, whatever signs stand before them."""

    name = "Obliging"

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Have none."""
        raise PaperNotFound(str(paper_id))

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Give the papers with every word."""
        await asyncio.sleep(0)
        asked, all_papers = set(words_of(words)), (AGENTS, ROBOTS, SURVEY)
        return tuple(each for each in all_papers if asked <= set(words_of(f"{each.title} {each.abstract}")))[:limit]


@pytest.mark.parametrize("on_shelf", [False, True])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("agents", {AGENTS, SURVEY}),
        ("agents OR robots", {AGENTS, ROBOTS, SURVEY}),
        ("agents !survey", {AGENTS}),
        ("agents -survey", {AGENTS}),
        ("agents NOT survey", {AGENTS}),
        ("agents AND NOT survey", {AGENTS}),
        ("+agents -survey", {AGENTS}),
        ("(agents OR robots) -survey", {AGENTS, ROBOTS}),
        ("agents ti:survey", {SURVEY}),
        ('"plan trips" OR laundry', {AGENTS, ROBOTS}),
        ('"agents OR robots"', set()),
    ],
)
async def test_a_search_obeys_its_operators(text: str, expected: set[Paper], *, on_shelf: bool) -> None:
    """Operators and signs mean the same on our own shelf and in a library that knows none of them."""
    store = MemoryStore()
    if on_shelf:
        await store.remember((AGENTS, ROBOTS, SURVEY), source="asked for", day=date(2026, 1, 2))
    asking = PaperLookup(shelf=store, libraries=[] if on_shelf else [Obliging()])

    found = await searched(asking, text, 5)
    assert expected == set(found.papers)
    alone = ("Only papers that are stored here were searched, because no library is set up.",)
    assert (alone if on_shelf else ()) == found.notes


async def test_a_search_finds_stored_papers_by_what_is_not_in_their_texts() -> None:
    """Authors, keywords and figures of a query find stored papers, although the words are not in title or abstract."""
    store, wanted = MemoryStore(), replace(AGENTS, authors=("Søren Holm",), signals=Signals(upvotes=30))
    await store.remember((wanted, ROBOTS, SURVEY), source="asked for", day=date(2026, 1, 2))
    for text in ("au:soren", "au:holm upvotes:>20", "agents OR au:holm -upvotes:<30 -ti:survey"):
        found = await searched(PaperLookup(shelf=store, libraries=[]), text, 5)
        assert [wanted.title] == [paper.title for paper in found.papers]


async def test_small_words_in_a_search_are_words_and_it_says_so() -> None:
    """A title with "not" is found by its words, and the reply says how to leave papers out."""
    title = "Attention is not explanation"
    asking = paper_lookup([Giving("One", a_paper(title=title))])
    found = await searched(asking, title, 5)
    assert [title] == [paper.title for paper in found.papers]
    assert found.notes[0].startswith("“not” was read as a word. To leave papers out, write NOT")


async def test_a_search_that_cannot_be_obeyed_is_refused() -> None:
    """A search without a word to find, with a foreign sign or with too many alternatives is refused with the remedy."""
    for text, said in (("-survey", "needs a word"), ("agents ~survey", "sign ~"), ("a OR b OR c OR d", "alternatives")):
        with pytest.raises(BadQuery, match=said) as caught:
            await searched(paper_lookup([GOOD]), text, 5)
        assert caught.value.hint


async def test_a_search_that_saw_only_a_part_says_so() -> None:
    """If too few of the papers fetched match, the reply says how many were compared."""
    many = tuple(a_paper(id=PaperId.arxiv(f"2401.{number:05}"), title="A survey of agents") for number in range(40))
    found = await searched(paper_lookup([Giving("Many", many)]), "agents -survey", 5)
    assert ((), ("Only the first 25 papers with these words were compared with the whole search.",)) == (
        found.papers,
        found.notes,
    )
