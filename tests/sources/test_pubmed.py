"""PubMed: the query and the day, its XML with all its marks, and what it says when it does not understand."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.errors import PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness
from bots.domain.papers import Paper, PaperId
from bots.ports import SourceQuery
from bots.sources._http import Client
from bots.sources.context import SourceContext
from bots.sources.pubmed import PubMed
from bots.sources.reading.pubmed_xml import entered, read_pubmed
from summarizer import to_plain
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES, a_context

SOURCE = "pubmed"
DAY = date(2026, 6, 12)
SEARCH, FETCH = "/pubmed/entrez/eutils/esearch.fcgi", "/pubmed/entrez/eutils/efetch.fcgi"
BODY = (SAMPLES / "indexes/pubmed_efetch.xml").read_bytes()


def papers() -> tuple[Paper, ...]:
    """Return the papers of the sample."""
    return read_pubmed(BODY, "pubmed:x")


def found(*pmids: str, **more: object) -> Answer:
    """Return the answer to a search."""
    result = {"count": str(len(pmids)), "idlist": list(pmids), **more}
    return Answer(body=json.dumps({"header": {}, "esearchresult": result}).encode())


def test_an_article_is_read_whole() -> None:
    """Labels before the parts of its abstract, exponents and indices kept, a group among the authors."""
    first = papers()[0]
    assert "10.1000/jsl.2026.1" == first.id.value
    assert {"pmid:90000001", "pmcid:pmc9000001"} == set(map(str, first.aliases))
    assert "Winter sleep with ⁹⁹ᵐTc helps dormice (Glis glis)" == to_plain(first.title, dollar_math=False)
    assert ("Rachel Carson", "Jane Goodall", "Dormouse Study Group") == first.authors
    plain = to_plain(first.abstract, dollar_math=False)
    assert plain.startswith("BACKGROUND: Dormice sleep through the winter with 10⁶ cells at p < 0.001.")
    assert "RESULTS: In forty animals SUVₘₐₓ fell by a third." in plain
    assert "The Authors" not in plain
    assert ("The Journal of Slow Links", datetime(2026, 6, 12, tzinfo=UTC)) == (first.venue, first.published)
    assert "https://pubmed.ncbi.nlm.nih.gov/90000001/" == first.url
    assert ("dormice", "sleep") == first.keywords


def test_the_oddities_of_the_format_are_read() -> None:
    """A translated title in brackets, no abstract, no DOI, mathematics, a date in words, a book."""
    _, translated, ratio, _, book = papers()
    assert ("The sleep of dormice in the Alps", "") == (translated.title, translated.abstract)
    assert "The ratio is 1/2 in all animals that sleep." == to_plain(ratio.abstract, dollar_math=False)
    assert ("pmid:90000003", ("Emmy Noether Jr",)) == (str(ratio.id), ratio.authors)
    assert (datetime(2026, 7, 1, tzinfo=UTC), False) == (ratio.published, ratio.day_known)
    assert ("Sleep of dormice", "Sleep of small animals", ("Marie Curie",)) == (book.title, book.venue, book.authors)


def test_a_retracted_article_is_marked() -> None:
    """By its type, or by the notice that PubMed links to it."""
    assert [False, False, False, True, False] == [paper.withdrawn for paper in papers()]


def test_the_ids_of_what_an_article_cites_are_not_its_own() -> None:
    """They stand in elements of the same names, deeper in."""
    assert all("10.1000/cited" not in {name.value for name in paper.names} for paper in papers())
    assert {date(2026, 6, 12)} == set(entered(BODY).values())


async def test_a_day_is_asked_for_as_pubmed_wants_it(context: SourceContext, server: PaperServer) -> None:
    """The day of entry, the tool and the operator's address; and nothing is asked without a result."""
    source = PubMed.open("  dormice[tiab]   AND sleep ", context)
    assert "pubmed:dormice[tiab] AND sleep" == source.spec
    harvest = await source.recent(SourceQuery(day=DAY))
    assert 3 == len(harvest.papers)
    assert {DAY} == {paper.announced for paper in harvest.papers}
    (call,) = server.asked(SEARCH)
    wanted = {"datetype": "edat", "mindate": "2026/06/12", "maxdate": "2026/06/12", "tool": "paperwire"}
    assert wanted == {name: call.params.get(name) for name in wanted}
    await source.recent(SourceQuery(day=date(2020, 1, 1)))
    assert 1 == len(server.asked(FETCH))


async def test_key_and_address_are_sent(client: Client, server: PaperServer) -> None:
    """NCBI asks for both, so that it can write before it blocks."""
    context = a_context(client, SOURCE, {**server.places, "pubmed_key": "abc123"})
    source = PubMed("dormice", context.web, context.address("pubmed"), api_key="abc123", contact="ann@example.org")
    await source.recent(SourceQuery(day=DAY))
    assert {("abc123", "ann@example.org")} == {(call.params["api_key"], call.params["email"]) for call in server.calls}


async def test_a_wide_query_is_cut_and_said(context: SourceContext, server: PaperServer) -> None:
    """The first, by relevance, are shown; the digest says how many there are."""
    server.script(SEARCH, found("90000001", "90000002", count="4711"))
    harvest = await PubMed.open("sleep", context).recent(SourceQuery(day=DAY))
    assert Freshness.PARTIAL == harvest.state
    assert "PubMed has 4,711 for this query" in harvest.note


async def test_what_pubmed_left_out_of_a_query_is_said(context: SourceContext, server: PaperServer) -> None:
    """It drops what it does not know and searches for the rest, which is another question."""
    lost = {"phrasesnotfound": ["dormouseology"], "fieldsnotfound": []}
    server.script(SEARCH, found("90000001", errorlist=lost), found(errorlist=lost))
    source = PubMed.open("sleep AND dormouseology", context)
    for state in (Freshness.PARTIAL, Freshness.EMPTY):
        harvest = await source.recent(SourceQuery(day=DAY))
        assert state == harvest.state
        assert "PubMed does not know dormouseology" in harvest.note


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b'{"esearchresult": {"ERROR": "Search Backend failed: <b>x</b>"}}'), "does not understand"),
        (Answer(body=b'{"esearchresult": {"count": "1"}}'), "unknown format"),
        (Answer(body=b'{"error": "API key invalid"}', status=400), "HTTP 400"),
    ],
)
async def test_an_error_of_pubmed_is_no_empty_day(
    context: SourceContext, server: PaperServer, answer: Answer, said: str
) -> None:
    """It comes with status 200, too."""
    server.script(SEARCH, answer)
    with pytest.raises(SourceRefused, match=said):
        await PubMed.open("sleep", context).recent(SourceQuery(day=DAY))


async def test_articles_that_do_not_come_are_said(context: SourceContext, server: PaperServer) -> None:
    """And one that was not asked for is not shown."""
    server.script(SEARCH, found("90000001", "99999999"))
    harvest = await PubMed.open("sleep", context).recent(SourceQuery(day=DAY))
    assert ["pmid:90000001"] == [str(name) for paper in harvest.papers for name in paper.names if name.scheme == "pmid"]
    assert "PubMed did not send 1 of 2 articles." == harvest.note


async def test_articles_of_another_day_are_left_out(context: SourceContext, server: PaperServer) -> None:
    """If the search names what entered PubMed years ago, that is no news."""
    server.script(SEARCH, found("90000001", "90000003"))
    with pytest.raises(SourceRefused, match="of another day"):
        await PubMed.open("sleep", context).recent(SourceQuery(day=date(2016, 6, 12)))


@pytest.mark.parametrize("name", ["pmid:90000001", "pmcid:pmc9000001", "doi:10.1000/jsl.2026.1"])
async def test_an_article_is_looked_up_by_each_of_its_ids(context: SourceContext, name: str) -> None:
    """A number of PubMed, one of PubMed Central, a DOI."""
    paper = await PubMed.open("", context).lookup(PaperId.parse(name))
    assert "10.1000/jsl.2026.1" == paper.id.value


@pytest.mark.parametrize("name", ["doi:10.1000/cited", "pmid:0", "pmid:1;drop", "arxiv:2004.15011", "pmcid:pmc1"])
async def test_what_pubmed_lacks_is_not_found(context: SourceContext, name: str) -> None:
    """Even if it finds something else instead."""
    with pytest.raises(PaperNotFound):
        await PubMed.open("", context).lookup(PaperId.parse(name))


async def test_a_query_of_signs_or_a_book_is_refused(context: SourceContext) -> None:
    """Before anything is asked."""
    for typed in ("()", "x" * 2_000):
        with pytest.raises(SettingsError):
            PubMed.open(typed, context)
    with pytest.raises(SourceRefused, match="needs a query"):
        await PubMed.open("", context).recent(SourceQuery(day=DAY))


@pytest.mark.parametrize(
    "name",
    [
        "efetch_2026-06_multi_structured_abstracts",
        "efetch_citation_22663011",
        "efetch_structured_29768149",
        "jabref_MedlineImporterTestArticleItalics",
    ],
)
def test_recorded_answers_are_read(shared: Path, name: str) -> None:
    """Each article has a DOI, a title, an abstract, authors, a journal and a day."""
    read = read_pubmed((shared / f"fixtures/pubmed/{name}.xml").read_bytes(), "pubmed:x")
    assert read
    for paper in read:
        assert all((paper.id.scheme == "doi", paper.abstract, paper.authors, paper.venue, paper.published))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b"<PubmedArticleSet>", BODY[:-400], BODY.replace(b'.dtd">', b'.dtd" [<!ENTITY a "b">]>')],
)
def test_what_is_not_pubmed_s_xml_is_refused(body: bytes) -> None:
    """Nor one that declares entities."""
    with pytest.raises(SourceRefused):
        read_pubmed(body, "pubmed:x")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["ArticleTitle", "AbstractText", "LastName", "PMID", "Year", "Title"]))
def test_any_text_in_any_place_is_read_or_left_out(text: str, place: str) -> None:
    """Whatever an element holds, no other error than the source's is raised, and each paper has a title."""
    escaped = "".join(f"&#{ord(each)};" for each in text if each.isprintable())
    head, mark, rest = BODY.decode().partition(f"<{place}>")
    spoilt: Any = f"{head}{mark}{escaped}{rest[rest.index('</') :]}" if mark else BODY.decode()
    try:
        read = read_pubmed(spoilt.encode(), "pubmed:x")
    except SourceRefused:
        return
    assert all(paper.title for paper in read)
