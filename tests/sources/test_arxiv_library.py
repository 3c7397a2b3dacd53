"""Tests of arXiv's query API: look-up, search, short pages, and the parsers of its three response formats."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.domain.errors import PaperNotFound, SourceDown, SourceRefused
from bots.domain.papers import PaperId
from bots.sources._arxiv_feed import read_feed
from bots.sources._arxiv_library import ArxivLibrary
from bots.sources._arxiv_page import read_page
from bots.sources._arxiv_query import read_query, search_terms
from bots.sources.context import SourceContext
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES

#: The source of the fixture `context`.
SOURCE = "arxiv"
QUERY = "/api/query"
FIRST, LAST = datetime(2022, 1, 1, tzinfo=UTC), datetime(2022, 2, 1, tzinfo=UTC)


def recorded(name: str) -> bytes:
    """Return a recorded response of the query API."""
    return (SAMPLES / f"arxiv/{name}.atom.xml").read_bytes()


def entries(*numbers: int, total: int) -> Answer:
    """Return a page with these entries."""
    one = "<entry><id>http://arxiv.org/abs/2601.{0:05d}v1</id><title>T{0}</title><summary>S.</summary></entry>"
    inside = "".join(one.format(number) for number in numbers)
    count = f'<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">{total}</o:totalResults>'
    return Answer(body=f'<feed xmlns="http://www.w3.org/2005/Atom">{count}{inside}</feed>'.encode())


@pytest.fixture
def library(context: SourceContext) -> ArxivLibrary:
    """Return an arXiv library that uses the server on this machine."""
    return ArxivLibrary.open(context)


async def test_a_paper_is_found_by_its_id(library: ArxivLibrary, server: PaperServer) -> None:
    """An id without a version returns the latest version with the first version's date; max_results is always sent."""
    paper = await library.lookup(PaperId.arxiv("1707.08567"))
    assert (1, datetime(2017, 7, 27, 8, 18, 33, tzinfo=UTC)) == (paper.version, paper.published)
    assert ("cs.IT",) == paper.categories
    assert {"id_list": "1707.08567", "max_results": "1"} == server.calls[0].params


async def test_a_version_can_be_pinned(library: ArxivLibrary, server: PaperServer) -> None:
    """A look-up can request a version, and never returns another one."""
    assert 1 == (await library.lookup_version(PaperId.arxiv("1707.08567"), 1)).version
    assert "1707.08567v1" == server.calls[0].params["id_list"]
    with pytest.raises(PaperNotFound):
        await library.lookup_version(PaperId.arxiv("1707.08567"), 9)


async def test_the_paper_titled_0_is_a_paper(library: ArxivLibrary) -> None:
    """A paper titled "0" is found."""
    assert "0" == (await library.lookup(PaperId.arxiv("2104.12255"))).title


async def test_old_ids_and_affiliations(library: ArxivLibrary) -> None:
    """Ids from before 2007 contain an archive; an affiliation is not part of an author's name."""
    paper = await library.lookup(PaperId.arxiv("astro-ph/0601001"))
    assert ("Andrew Gould", "Susan Dorsher", "B. Scott Gaudi", "Andrzej Udalski") == paper.authors
    assert ("https://arxiv.org/abs/astro-ph/0601001", "ActaAstron.56:1-50,2006") == (paper.url, paper.venue)


async def test_a_withdrawn_paper_comes_marked(library: ArxivLibrary) -> None:
    """A paper with an intact abstract is marked as withdrawn if its comment says so."""
    assert (await library.lookup(PaperId.arxiv("2401.00917"))).withdrawn
    assert not (await library.lookup(PaperId.arxiv("1707.08567"))).withdrawn


@pytest.mark.parametrize("name", ["arxiv:0808.05394", "doi:10.1145/1", "text:00", "arxiv:1,2", "arxiv:x/../1"])
async def test_an_unknown_paper_is_not_found(library: ArxivLibrary, name: str) -> None:
    """An id that arXiv does not or cannot have raises PaperNotFound."""
    with pytest.raises(PaperNotFound):
        await library.lookup(PaperId.parse(name))


async def test_a_malformed_id_is_an_answer_too(library: ArxivLibrary, server: PaperServer) -> None:
    """arXiv's error entry, with status 400 as today or 200 as before, raises PaperNotFound."""
    for status in (400, 200):
        server.script(QUERY, Answer(status=status, body=recorded("error_bad_id_HTTP400")))
        with pytest.raises(PaperNotFound):
            await library.lookup(PaperId.arxiv("9999.99999"))


@pytest.mark.parametrize("gap", [Answer(body=b""), entries(total=5), Answer(body=b"<html>busy</html>")])
async def test_an_answer_without_its_entries_is_asked_for_again(
    library: ArxivLibrary, server: PaperServer, gap: Answer
) -> None:
    """A blank body, an HTML page, or an empty page of a non-empty list is retried."""
    server.script(QUERY, gap, entries(1, total=1))
    assert ["T1"] == [paper.title for paper in await library.search("anything", 5)]


async def test_an_answer_that_stays_blank_is_a_failure(library: ArxivLibrary, server: PaperServer) -> None:
    """A response that stays blank raises SourceDown and never means "nothing found"."""
    server.script(QUERY, *[Answer(body=b"")] * 4)
    with pytest.raises(SourceDown, match="incomplete"):
        await library.search("anything", 5)


async def test_search_keeps_its_limit_and_order(library: ArxivLibrary, server: PaperServer) -> None:
    """A search returns at most the requested number of papers, in arXiv's order."""
    server.script(QUERY, entries(3, 1, 2, total=900))
    assert ["T3", "T1"] == [paper.title for paper in await library.search("x", 2)]
    assert ("2", "relevance") == (server.calls[0].params["max_results"], server.calls[0].params["sortBy"])
    assert () == await library.search('  "" ', 5)
    assert () == await library.search("x", 0)
    assert 1 == len(server.calls)


async def test_a_refused_search_says_why(library: ArxivLibrary, server: PaperServer) -> None:
    """The error of a refused search contains arXiv's reason or the HTTP status."""
    server.script(QUERY, Answer(status=400, body=recorded("error_bad_id_HTTP400")))
    with pytest.raises(SourceRefused, match="incorrect id format"):
        await library.search("x", 5)
    server.script(QUERY, Answer(status=404, body=b"gone"))
    with pytest.raises(SourceRefused, match="HTTP 404"):
        await library.search("x", 5)


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("kv cache", "all:kv AND all:cache"),
        ('"large language" models', 'all:"large language" AND all:models'),
        ("text-to-3D", 'all:"text to 3D"'),
        ("a OR b) AND cat:cs.CL", 'all:a AND all:b AND all:"cat cs CL"'),
        ("Erdős naïve", "all:Erdős AND all:naïve"),
        ('unbalanced "quote', "all:unbalanced AND all:quote"),
        ("()[]{}&|!", ""),
        (" ".join(f"w{number}" for number in range(40)), " AND ".join(f"all:w{number}" for number in range(10))),
    ],
)
def test_words_become_a_question(words: str, terms: str) -> None:
    """Every word must match, phrases stay together, and the syntax of arXiv's query language is removed."""
    assert terms == search_terms(words)


async def test_pages_follow_what_came(library: ArxivLibrary, server: PaperServer) -> None:
    """After a short page, the next page starts after the entries received."""
    server.script(QUERY, entries(1, 2, total=5), entries(3, total=5), entries(4, 5, total=5))
    papers, whole = await library.submitted("cs.AI", FIRST, LAST)
    assert (5, True) == (len(papers), whole)
    assert ["0", "2", "3"] == [call.params["start"] for call in server.calls]


async def test_a_lost_page_keeps_what_came(library: ArxivLibrary, server: PaperServer) -> None:
    """If a page fails, the papers received so far are returned and marked as incomplete."""
    server.script(QUERY, entries(1, 2, total=5), *[entries(total=5)] * 4)
    papers, whole = await library.submitted("cs.AI", FIRST, LAST)
    assert (2, False) == (len(papers), whole)


async def test_a_walk_ends_at_a_thousand(library: ArxivLibrary, server: PaperServer) -> None:
    """Paging stops after a thousand papers, because deeper pages are slow and unreliable."""
    server.script(QUERY, *[entries(*range(page * 200, page * 200 + 200), total=30_000) for page in range(6)])
    papers, whole = await library.submitted("cs.AI", FIRST, LAST)
    assert (1000, False, 5) == (len(papers), whole, len(server.calls))


# ── parsers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_journals_doi_is_another_name() -> None:
    """A paper's DOI is one of its ids."""
    (first, *_) = read_query(recorded("multi_3_q_testing"), "arxiv").papers
    assert PaperId(scheme="doi", value="10.1109/icstw55395.2022.00035") in first.names
    assert ("cs.SE", "cs.LG") == first.categories


def test_two_dois_are_two_names() -> None:
    """If arXiv's field holds two DOIs, both are ids of the paper."""
    page = entries(1, total=1).body.replace(
        b"</entry>",
        b'<a:doi xmlns:a="http://arxiv.org/schemas/atom">10.1103/PhysRevD.1.1 10.1103/PhysRevD.1.2</a:doi></entry>',
    )
    (paper,) = read_query(page, "arxiv").papers
    assert {"10.1103/physrevd.1.1", "10.1103/physrevd.1.2"} == {name.value for name in paper.aliases}


def test_a_feeds_authors_are_parted_at_commas() -> None:
    """Authors are split at commas, bracketed affiliations with their commas are dropped, and TeX is replaced."""
    feed = (SAMPLES / "arxiv_feed/cs.AI_2025-09-18.xml").read_bytes()
    creators = "Ana Silva (Univ. of X (Y), Porto), Fran\\c{c}ois M\\'eric, , Bo Li (Z)"
    (first, _) = read_feed(feed.replace(b"Placeholder Author", creators.encode()), "arxiv").papers
    assert ("Ana Silva", "François Méric", "Bo Li") == first.authors


def test_a_feed_without_a_day_still_has_papers() -> None:
    """A feed with invalid dates has papers but no day."""
    feed = (SAMPLES / "arxiv_feed/cs.AI_2025-09-18.xml").read_bytes()
    read = read_feed(feed.replace(b"18 Sep 2025", b"99 Foo 2025"), "arxiv")
    assert (None, 2) == (read.day, len(read.papers))


def test_the_list_page_states_its_day_and_counts() -> None:
    """A list page yields its day and its new and cross-listed papers, and reports papers counted but not shown."""
    page = (SAMPLES / "arxiv_list/cs.AI_2026-08-12.html").read_bytes()
    read = read_page(page.replace(b"New submissions (showing 2 of 2", b"New submissions (showing 2 of 79"), "arxiv")
    assert (date(2026, 8, 12), 77, ()) == (read.day, read.missing, read.skipped)
    assert ["2608.09949", "2608.09967", "2505.11635", "2607.28646"] == [paper.id.value for paper in read.papers]
    second, third = read.papers[1:3]
    assert "SPOTting the Future: Lookahead Explanations for Deep Reinforcement Learning" == second.title
    assert ("Tamar Gozlan", "Claudia V. Goldman") == second.authors
    assert ("cs.LG", "cs.AI") == third.categories
    assert "the policy's unique most probable action" in second.abstract


def test_another_page_is_no_list() -> None:
    """A page that is not a list has no day and no papers."""
    read = read_page(b"<html><h3>Sign in</h3><dt><a href='/abs/x'>x</a></dt>", "arxiv")
    assert (None, ()) == (read.day, read.papers)


@pytest.mark.parametrize("name", ["multi_100_q_testing", "query_transformer_2026-06", "multi_10_q_testing_start20"])
def test_every_recorded_answer_is_read_whole(shared: Path, name: str) -> None:
    """Every recorded entry is parsed into a paper with title, abstract, authors, instant and categories."""
    found = read_query((shared / f"fixtures/arxiv/{name}.atom.xml").read_bytes(), "arxiv")
    assert found.entries == len(found.papers) > 0
    assert all(one.title and one.abstract and one.authors and one.published and one.categories for one in found.papers)
