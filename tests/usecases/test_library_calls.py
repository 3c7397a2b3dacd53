"""Asking the libraries for a person: the answer comes in time, nothing is asked twice, and a reason is said once."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bots.chat.asker import asking
from bots.domain.errors import PaperNotFound, SourceBusy, SourceDown, SourceError, SourceUnreachable
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import Search
from bots.search.records import Matches
from bots.store.memory import MemoryStore
from bots.store.search import MOST_COMPARED
from bots.usecases.lookup import PaperLookup
from tests.support.factories import CHANNEL, a_paper
from tests.support.searching import search_of, searched

NAME = PaperId.arxiv("2512.00001")
REF = PaperRef(id=NAME)


@dataclass
class Slow:
    """A library that gives a paper, or raises an error, when it is let go on."""

    name: str
    error: SourceError | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[object] = field(default_factory=list)
    given_up: int = 0

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Give the paper."""
        await self._wait(paper_id)
        return a_paper(id=paper_id, title=self.name)

    async def search(self, words: str, _limit: int) -> tuple[Paper, ...]:
        """Give one paper."""
        await self._wait(words)
        return (a_paper(title=self.name),)

    async def _wait(self, asked: object) -> None:
        self.asked.append(asked)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self.error:
            raise self.error

    @classmethod
    def ready(cls, name: str, error: SourceError | None = None) -> "Slow":
        """Return a library that answers at once."""
        library = cls(name, error)
        library.go_on.set()
        return library


def lookup(*libraries: Slow, store: MemoryStore | None = None) -> PaperLookup:
    """Return a look-up in these libraries."""
    return PaperLookup(shelf=store or MemoryStore(), libraries=libraries, hedge=0.05)


def down(name: str) -> Slow:
    """Return a library that no connection can be made to."""
    return Slow.ready(name, SourceUnreachable(f"{name} cannot be reached."))


def busy(name: str) -> Slow:
    """Return a library whose queue is full."""
    return Slow.ready(name, SourceBusy(f"{name} is busy."))


@dataclass
class Holding(Slow):
    """A library with one paper."""

    paper: Paper | None = None

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Give the paper."""
        self.asked.append(paper_id)
        if self.paper is None:
            raise PaperNotFound(f"{self.name} does not have {paper_id}.")
        return self.paper


async def test_a_paper_without_its_abstract_is_completed_by_the_next_library() -> None:
    """What a register of DOIs knows is kept, and the abstract comes from the first library that has it."""
    doi = PaperId(scheme="doi", value="10.1000/1")
    bare, whole = (
        Holding(name, paper=a_paper(id=doi, title="Postcards between neurons", abstract=text, venue=venue))
        for name, text, venue in (("First", "", "A Journal"), ("Third", "We send postcards.", ""))
    )
    found = await lookup(bare, Holding("Second"), whole, Holding("Fourth")).by_id(doi)
    assert ("We send postcards.", "A Journal") == (found.abstract, found.venue)


async def test_a_paper_that_nobody_has_an_abstract_of_is_shown() -> None:
    """Whatever the others say: a library that cannot be asked does not take the paper away."""
    doi = PaperId(scheme="doi", value="10.1000/1")
    bare = Holding("First", paper=a_paper(id=doi, title="Postcards", abstract=""))
    assert "Postcards" == (await lookup(bare, Holding("Second"), down("Third")).by_id(doi)).title


async def test_a_library_that_cannot_be_searched_is_not_searched() -> None:
    """It is asked for ids only, and is not named as one that failed."""
    index, other = Slow.ready("Index"), Slow.ready("Other")
    index.searched = False  # type: ignore[attr-defined]  # an attribute that few libraries have
    found = await searched(lookup(index, other), "postcards", 5)
    assert (["Other"], [], ()) == ([paper.title for paper in found.papers], index.asked, found.notes)


async def test_the_next_library_is_asked_if_one_takes_its_time() -> None:
    """A library that does not answer soon does not hold the next one, and is given up once that has answered."""
    first, second = Slow("First"), Slow.ready("Second")
    assert "Second" == (await asyncio.wait_for(lookup(first, second).by_id(NAME), 5)).title
    await asyncio.sleep(0)
    assert 1 == first.given_up


async def test_a_quick_library_is_the_only_one_that_is_asked() -> None:
    """The next library is not asked while the first may still answer."""
    first, second = Slow.ready("First"), Slow.ready("Second")
    assert "First" == (await lookup(first, second).by_id(NAME)).title
    assert [] == second.asked


async def test_the_answer_comes_when_the_person_stops_waiting() -> None:
    """Libraries that never answer are called busy when the person's wait ends, in a look-up and in a search."""
    asked = lookup(Slow("First"), Slow("Second"))
    said = r"could not be looked up: First and Second are busy\.$"
    with asking(None, within=0.1), pytest.raises(SourceDown, match=said):
        await asked.by_id(NAME)
    with asking(None, within=0.1):
        found = await searched(lookup(Slow("First"), Slow("Second"), Slow.ready("Third")), "anything", 5)
    assert ("First and Second could not be searched, because they are busy.",) == found.notes


async def test_the_same_paper_is_asked_for_once() -> None:
    """Five people who look the same paper up at the same time share one request; one who gives up stops nobody."""
    library = Slow("One")
    asked = lookup(library)
    tasks = [asyncio.create_task(asked.by_id(NAME)) for _ in range(5)]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    library.go_on.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert (4, [NAME], 0) == (sum(isinstance(each, Paper) for each in found), library.asked, library.given_up)
    await asked.by_id(NAME)
    assert [NAME, NAME] == library.asked


async def test_the_last_person_to_give_up_ends_the_request() -> None:
    """A request that nobody waits for any more is cancelled."""
    library = Slow("One")
    asked = lookup(library)
    tasks = [asyncio.create_task(asked.by_id(NAME)) for _ in range(2)]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await asyncio.sleep(0.01)
    assert 1 == library.given_up


@pytest.mark.parametrize(
    ("libraries", "said"),
    [
        ([down("A"), down("B")], "A and B cannot be reached."),
        ([busy("A")], "A is busy."),
        ([busy("A"), busy("B")], "A and B are busy."),
        ([busy("A"), down("B")], "B cannot be reached. A is busy."),
        ([down("A"), Slow.ready("B", PaperNotFound("no"))], "A cannot be reached."),
        # Other reasons stand under the library's name, once.
        ([Slow.ready("A", SourceDown("A does not answer: HTTP 503."))], "A does not answer: HTTP 503."),
        ([Slow.ready("A", SourceDown("its disk is full."))], "A: its disk is full."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_reason_is_said_once(libraries: list[Slow], said: str) -> None:
    """A look-up that failed says in one sentence which libraries could not be asked, and why."""
    for library in libraries:
        library.go_on.set()
    with pytest.raises(SourceDown) as caught:
        await lookup(*libraries).by_id(NAME)
    assert f"arxiv:2512.00001 could not be looked up: {said}" == str(caught.value)
    with pytest.raises(SourceDown) as caught:
        await lookup(*libraries).by_ref(PaperRef(id=NAME, version=2))
    assert said in str(caught.value)


async def test_a_reason_is_said_once_for_several_papers() -> None:
    """Of several ids that could not be looked up for the same reason, the reason is said once."""
    refs = [PaperRef(id=PaperId.arxiv(f"2512.0000{number}")) for number in (1, 2, 3)]
    with pytest.raises(SourceDown) as caught:
        await lookup(down("A"), down("B")).by_refs(refs, 5)
    expected = "2512.00001, 2512.00002 and 2512.00003 could not be looked up: A and B cannot be reached."
    assert expected == str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("libraries", "notes"),
    [
        ([down("A"), down("B")], ("A and B could not be searched, because they cannot be reached.",)),
        ([down("A")], ("A could not be searched, because it cannot be reached.",)),
        (
            [busy("A"), Slow.ready("B", SourceDown("B does not answer: HTTP 503."))],
            ("A could not be searched, because it is busy.", "B could not be searched: B does not answer: HTTP 503."),
        ),
        ([Slow.ready("A")], ()),
    ],
)
async def test_a_search_says_a_reason_once(libraries: list[Slow], notes: tuple[str, ...]) -> None:
    """A search notes the libraries that could not be searched, each reason once."""
    for library in libraries:
        library.go_on.set()
    assert notes == (await searched(lookup(*libraries, Slow.ready("Works")), "anything", 5)).notes


async def test_a_search_that_nobody_answered_does_not_say_that_there_is_no_paper() -> None:
    """If no library can be searched, that is the answer; papers on our own shelf are shown all the same."""
    store = MemoryStore()
    with pytest.raises(SourceDown, match=r"^No library could be searched: A and B cannot be reached\.$"):
        await searched(lookup(down("A"), down("B"), store=store), "anything", 5)
    await store.remember((a_paper(title="Anything"),), source="a feed", day=date(2026, 1, 2))
    found = await searched(lookup(down("A"), down("B"), store=store), "anything", 5)
    assert (1, 1) == (len(found.papers), len(found.notes))


async def test_stored_papers_do_not_wait_for_libraries_that_do_not_answer() -> None:
    """After a few seconds stored papers are shown with what has answered, and with who has not; calls are ended."""
    store = MemoryStore()
    await store.remember((a_paper(id=NAME, title="Anything"),), source="a feed", day=date(2026, 1, 2))
    slow, other = Slow("Slow"), Slow("Other")
    quick = Slow.ready("Anything quick")
    asked = replace(search_of(lookup(slow, other, quick, store=store)), patience=0.05)
    found = await asyncio.wait_for(asked.find(Search(channel=CHANNEL, words="anything", limit=5)), 5)
    assert {"Anything", "Anything quick"} == {paper.title for paper in found.papers}
    assert ("Slow and Other did not answer in time.",) == found.notes
    await asyncio.sleep(0.01)
    assert (1, 1) == (slow.given_up, other.given_up)


@pytest.mark.parametrize("words", ["last", "anything -nothing"])
async def test_libraries_are_waited_for_if_nothing_stored_fits(words: str) -> None:
    """Without a stored paper that fits, the person waits for the libraries as long as for anything."""
    store = MemoryStore()
    await store.remember((a_paper(id=NAME, title="Anything but nothing"),), source="a feed", day=date(2026, 1, 2))
    library = Slow("Anything at last")
    asked = replace(search_of(lookup(library, store=store)), patience=0.01)
    search = asyncio.create_task(asked.find(Search(channel=CHANNEL, words=words, limit=5)))
    await asyncio.wait({search}, timeout=0.2)
    assert not search.done()
    library.go_on.set()
    assert ["Anything at last"] == [paper.title for paper in (await search).papers]


class Cut(MemoryStore):
    """A shelf with more papers than a search compares."""

    async def find_papers(self, *_: object, **__: object) -> Matches:
        """Return no paper of those compared."""
        return Matches(papers=(), cut=True)


async def test_a_search_that_compared_only_some_papers_says_so() -> None:
    """The reply's notes say that stored papers were left out of the comparison, and what to do."""
    note = "Only the first 5,000 stored papers were compared with the whole search. Add a word to find more."
    found = await searched(lookup(Slow.ready("Anything"), store=Cut()), "(anything OR robots) source:arxiv", 5)
    assert note in found.notes
    assert note not in (await searched(lookup(Slow.ready("Anything")), "(anything OR robots) source:arxiv", 5)).notes
    assert "5,000" == f"{MOST_COMPARED:,}"


async def test_what_is_known_is_shown_while_the_libraries_are_busy() -> None:
    """A paper that is known without its abstract is shown with a note if no library can be asked."""
    store = MemoryStore()
    known = a_paper(id=NAME, abstract="", title="Known")
    await store.remember((known,), source="a feed", day=date(2026, 1, 2))
    paper, note = await lookup(busy("A"), store=store).by_ref(REF)
    assert ("Known", "This is what was known before: A is busy.") == (paper.title, note)
    paper, note = await lookup(Slow.ready("A"), store=store).by_ref(REF)
    assert ("A", "") == (paper.title, note)
