"""Crossref and OpenAlex: DOIs looked up, a journal's and a subject's day, and their oddities."""

import json
from datetime import date
from pathlib import Path

import pytest

from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources._http import Client
from bots.sources.crossref import Crossref
from bots.sources.openalex import OpenAlex
from summarizer import to_plain
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import a_context


def doi(value: str) -> PaperId:
    """Return a DOI."""
    return PaperId(scheme="doi", value=value)


@pytest.fixture
def crossref(client: Client, server: PaperServer) -> Crossref:
    """Return Crossref as a library."""
    return Crossref.open("", a_context(client, "crossref", server.places))


@pytest.fixture
def openalex(client: Client, server: PaperServer) -> OpenAlex:
    """Return OpenAlex as a library."""
    return OpenAlex.open("", a_context(client, "openalex", server.places))


# ── Crossref ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_doi_is_looked_up(crossref: Crossref) -> None:
    """With the marks of its abstract, the group among its authors, and its citations."""
    paper = await crossref.lookup(doi("10.1000/jsl.2026.1"))
    assert ("Rachel Carson", "Jane Goodall", "Dormouse Study Group") == paper.authors
    plain = to_plain(paper.abstract, dollar_math=False)
    assert plain.startswith("In forty dormice")
    assert plain.endswith("10⁻² of that in summer.")
    assert (4, "The Journal of Slow Links", False) == (paper.signals.citations, paper.venue, paper.dollar_math)
    assert (date(2026, 8, 19), True) == (paper.published.date() if paper.published else None, paper.day_known)


async def test_a_later_notice_of_retraction_is_seen(crossref: Crossref) -> None:
    """Crossref names it in the article's own record."""
    assert (await crossref.lookup(doi("10.1000/jsl.2026.9"))).withdrawn


async def test_an_unknown_doi_is_a_plain_text(crossref: Crossref) -> None:
    """With status 404, as for arXiv's DOIs, which are in another register."""
    for name in (doi("10.1000/none"), PaperId(scheme="pmid", value="1")):
        with pytest.raises(PaperNotFound):
            await crossref.lookup(name)


async def test_a_doi_is_one_part_of_the_path(crossref: Crossref, server: PaperServer) -> None:
    """Slashes, dots and signs in it lead nowhere else."""
    for value in ("10.1000/../../members", "10.1000/a?b=c#d", "10.1000/a%2fb"):
        with pytest.raises(PaperNotFound):
            await crossref.lookup(doi(value))
    assert all(call.path.startswith("/crossref/works/10.1000%2F") for call in server.calls)


async def test_a_journal_s_day_leaves_out_what_is_no_paper(client: Client, server: PaperServer) -> None:
    """Such as the issue itself; the polite pool is asked for with the operator's address."""
    source = Crossref("0000-0019", a_context(client, "crossref", server.places).web, f"{server.url}/crossref",
                      contact="ann@example.org")  # fmt: skip
    harvest = await source.recent(SourceQuery(day=date(2026, 8, 19)))
    assert ["10.1000/jsl.2026.1", "10.1000/jsl.2026.8"] == [paper.id.value for paper in harvest.papers]
    assert "ann@example.org" == server.calls[0].params["mailto"]


async def test_a_journal_that_is_none_is_refused(client: Client, server: PaperServer) -> None:
    """A number that no journal has is an error, and no empty day."""
    context = a_context(client, "crossref", server.places)
    server.script("/crossref/journals/1111-1111/works", Answer(status=404, body=b"Resource not found."))
    with pytest.raises(SourceRefused, match="knows no journal"):
        await Crossref.open("1111-1111", context).recent(SourceQuery(day=date(2026, 8, 19)))
    for typed in ("nature", "1476-468", "../works"):
        with pytest.raises(SettingsError, match="is no ISSN"):
            Crossref.open(typed, context)
    assert "crossref:1476-468X" == Crossref.open("1476468x", context).spec


# ── OpenAlex ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("doi:10.1038/s42256-024-00832-8", "Augmenting large language models with chemistry tools"),
        ("arxiv:2312.07559", "PaperQA: Retrieval-Augmented Generative Agent for Scientific Research"),
        ("pmid:25666165", "Pharmacokinetics, biodistribution and cell uptake of antisense oligonucleotides"),
    ],
)
async def test_a_recorded_work_is_looked_up(openalex: OpenAlex, asked: str, title: str) -> None:
    """By DOI, by arXiv id and by PubMed's number, with the abstract put together from its index of words."""
    paper = await openalex.lookup(PaperId.parse(asked))
    assert title == paper.title
    assert PaperId.parse(asked) in paper.names
    assert paper.signals.citations is not None
    assert "  " not in paper.abstract


async def test_an_abstract_may_be_missing(openalex: OpenAlex) -> None:
    """Publishers have had theirs taken out since 2022; the work is known all the same."""
    paper = await openalex.lookup(doi("10.1038/s41586-021-03534-y"))
    assert "" == paper.abstract
    assert paper.authors


async def test_an_unknown_work_is_a_page(openalex: OpenAlex) -> None:
    """With status 404, in HTML."""
    with pytest.raises(PaperNotFound):
        await openalex.lookup(doi("10.1046/j.1365-2699.2003.00795"))


async def test_the_first_of_january_is_a_year(openalex: OpenAlex) -> None:
    """OpenAlex dates preprints so; no digest takes it for the day."""
    assert not (await openalex.lookup(PaperId.arxiv("2312.07559"))).day_known


async def test_a_spent_allowance_is_said(client: Client, server: PaperServer) -> None:
    """429 until midnight UTC: the digest names OpenAlex, and other sources stand."""
    server.script("/openalex/works", *[Answer(status=429, headers={"Retry-After": "3600"})] * 4)
    source = OpenAlex.open("crispr", a_context(client, "openalex", server.places))
    with pytest.raises(SourceDown):
        await source.recent(SourceQuery(day=date(2023, 1, 1)))


async def test_words_cannot_change_the_filter(client: Client, server: PaperServer) -> None:
    """Signs that mean something in a filter are refused in a source, and left out of a search."""
    context = a_context(client, "openalex", server.places)
    for typed in ("a,is_retracted:true", "a|b", "!a"):
        with pytest.raises(SettingsError):
            OpenAlex.open(typed, context)
    await OpenAlex.open("", context).search("crispr,is_retracted:true", 5)
    assert "title_and_abstract.search:crispr is_retracted true" == server.calls[-1].params["filter"]


async def test_the_key_is_sent_and_shown_nowhere(client: Client, server: PaperServer) -> None:
    """It is a part of the address, so no error may show the address."""
    context = a_context(client, "openalex", {**server.places, "openalex_key": "sesame"})
    source = OpenAlex.open("crispr", context)
    server.script("/openalex/works", Answer(status=403, body=b"{}"))
    with pytest.raises(SourceRefused) as raised:
        await source.recent(SourceQuery(day=date(2023, 1, 1)))
    assert "sesame" == server.calls[0].params["api_key"]
    assert "sesame" not in f"{raised.value} {raised.value.hint} {source.spec}"


async def test_works_of_another_day_are_not_the_day_s(client: Client, server: PaperServer) -> None:
    """A service that ignores the day is not believed."""
    works = [{"display_name": "Postcards", "publication_date": "2013-01-01", "doi": "https://doi.org/10.1000/9"}]
    body = json.dumps({"meta": {"count": 1}, "results": works}).encode()
    server.script("/openalex/works", Answer(body=body))
    source = OpenAlex.open("postcards", a_context(client, "openalex", server.places))
    with pytest.raises(SourceRefused, match="no work of 2023-01-01"):
        await source.recent(SourceQuery(day=date(2023, 1, 1)))


def test_recorded_works_are_what_the_samples_are(shared: Path) -> None:
    """The samples are trimmed and otherwise unchanged."""
    recorded = json.loads((shared / "fixtures/openalex/recorded_W2033425827.json").read_bytes())
    samples = json.loads((Path(__file__).parents[1] / "samples/sources/indexes/openalex_works.json").read_bytes())
    (sample,) = [each for each in samples if each["id"] == recorded["id"]]
    assert recorded["abstract_inverted_index"] == sample["abstract_inverted_index"]


async def test_both_are_one_paper_with_pubmed(crossref: Crossref) -> None:
    """What Crossref and PubMed know of one DOI is merged."""
    from bots.domain.same_paper import unique
    from bots.sources.reading.pubmed_xml import read_pubmed
    from tests.sources.conftest import SAMPLES

    article = read_pubmed((SAMPLES / "indexes/pubmed_efetch.xml").read_bytes(), "pubmed:x")[0]
    (paper,) = unique((await crossref.lookup(doi("10.1000/jsl.2026.1")), article))
    assert (4, {"doi", "pmid", "pmcid"}) == (paper.signals.citations, {name.scheme for name in paper.names})
