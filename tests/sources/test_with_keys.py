"""Semantic Scholar and OpenReview: off without a key or an account, and what they give with one."""

import json
from datetime import date
from typing import Any

import pytest

from bots.config.source_catalogue import catalogue
from bots.domain.errors import NotSetUp, PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources._http import Client
from bots.sources.context import SourceContext
from bots.sources.openreview import OpenReview
from bots.sources.semantic_scholar import SemanticScholar
from bots.sources.source_opener import SourceOpener
from tests.fakes.index_replay import TOKEN
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import a_context

DAY = date(2026, 7, 20)
VENUE = "Slow-Links.org/CSL/2026/Conference"


@pytest.fixture
def scholar(client: Client, server: PaperServer) -> SourceContext:
    """The context of Semantic Scholar with a key."""
    return a_context(client, "semanticscholar", server.places)


@pytest.fixture
def review(client: Client, server: PaperServer) -> SourceContext:
    """The context of OpenReview with an account."""
    return a_context(client, "openreview", server.places)


async def test_without_a_key_they_are_off(client: Client, server: PaperServer) -> None:
    """They cannot be opened, the error says what to set, and look-ups go on without them."""
    bare = {name: value for name, value in server.places.items() if not name.endswith(("_key", "_user", "_password"))}
    for source in (SemanticScholar, OpenReview):
        name = source.__name__.lower()
        with pytest.raises(NotSetUp) as raised:
            source.open("", a_context(client, name, bare))
        assert "sources." in raised.value.hint
    opener = SourceOpener(catalogue(), client=client, folder=None, settings=lambda known: {  # type: ignore[arg-type]  # no file is read
        each.name: each.read(bare.get(each.name) or each.default) for each in known.description.settings})  # fmt: skip
    known = [library.name for library in opener.libraries()]
    assert ["Hugging Face", "arXiv", "bioRxiv", "medRxiv", "PubMed", "Crossref", "OpenAlex"] == known
    assert [] == server.calls


# ── Semantic Scholar ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_papers_like_one_are_listed_once(scholar: SourceContext) -> None:
    """What was listed before is left out, and so is what is dated in a year to come."""
    source = SemanticScholar.open("arXiv:2607.00011v2", scholar)
    assert "semanticscholar:2607.00011" == source.spec
    harvest = await source.recent(SourceQuery(day=DAY))
    titles = ["A transformer for slow links", "Windows for transformers with little memory"]
    assert titles == [paper.title for paper in harvest.papers]
    assert {DAY} == {paper.announced for paper in harvest.papers}
    known = frozenset(paper.id for paper in harvest.papers)
    again = await source.recent(SourceQuery(day=DAY, known=known))
    assert (Freshness.EMPTY, ()) == (again.state, again.papers)


async def test_papers_like_several_are_asked_for_together(scholar: SourceContext, server: PaperServer) -> None:
    """In one question, with the key in a header and nowhere else."""
    source = SemanticScholar.open(f"2607.00011+{'c' * 40}", scholar)
    assert f"semanticscholar:2607.00011+s2:{'c' * 40}" == source.spec
    harvest = await source.recent(SourceQuery(day=DAY))
    assert ["A transformer for slow links"] == [paper.title for paper in harvest.papers]
    (call,) = server.calls
    assert {"positivePaperIds": ["ARXIV:2607.00011", "c" * 40], "negativePaperIds": []} == json.loads(call.body)
    assert "a-key" == call.headers["x-api-key"]
    assert "a-key" not in f"{call.path}{call.params}"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("arxiv:2607.00011", {"arxiv:2607.00011", f"s2:{'a' * 40}"}),
        ("doi:10.1000/s2.b", {"doi:10.1000/s2.b", "pmid:90000007", f"s2:{'b' * 40}"}),
        ("pmid:90000007", {"doi:10.1000/s2.b", "pmid:90000007", f"s2:{'b' * 40}"}),
        ("s2:corpusid:900003", {f"s2:{'c' * 40}", "s2:corpusid:900003"}),
        (f"s2:{'c' * 40}", {f"s2:{'c' * 40}"}),
    ],
)
async def test_a_paper_is_looked_up_by_any_of_its_ids(scholar: SourceContext, asked: str, names: set[str]) -> None:
    """And has the others from then on; without any other, it goes by Semantic Scholar's own."""
    paper = await SemanticScholar.open("", scholar).lookup(PaperId.parse(asked))
    assert names == set(map(str, paper.names))
    assert paper.url.startswith("https://")


async def test_citations_and_the_summary_come_with_a_paper(scholar: SourceContext) -> None:
    """The summary with the name of its maker; the address has the parameter that the terms ask for."""
    paper, *_ = await SemanticScholar.open("", scholar).search("postcards between transformers", 5)
    assert ("Transformers that send postcards need half the bandwidth.", "Semantic Scholar") == (
        paper.tldr,
        paper.tldr_by,
    )
    assert 3 == paper.signals.citations
    own = await SemanticScholar.open("", scholar).lookup(PaperId(scheme="s2", value="c" * 40))
    assert own.url.endswith("?utm_source=api")


async def test_a_wrong_key_is_said(client: Client, server: PaperServer) -> None:
    """403 with a JSON message; the key is in no error."""
    context = a_context(client, "semanticscholar", {**server.places, "semantic_scholar_key": "sesame"})
    with pytest.raises(SourceRefused, match="does not accept the key") as raised:
        await SemanticScholar.open("", context).search("postcards", 5)
    assert "sesame" not in str(raised.value)


@pytest.mark.parametrize("typed", ["transformers", "2004.15011+what", "+".join(["2004.15011"] * 21)])
async def test_what_names_no_paper_is_refused(scholar: SourceContext, typed: str) -> None:
    """Before anything is asked."""
    with pytest.raises(SettingsError):
        SemanticScholar.open(typed, scholar)


async def test_recorded_batch_answers_are_read(scholar: SourceContext, shared: Any) -> None:
    """Null for an unknown paper, and fields that are null."""
    records = json.loads((shared / "fixtures/semanticscholar/paper_batch_with_null.json").read_bytes())
    reading = SemanticScholar.open("", scholar)._read(records)
    assert 3 == len(reading.papers)
    assert all(paper.authors and paper.signals.citations is not None for paper in reading.papers)


# ── OpenReview ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_conference_s_papers_are_listed(review: SourceContext, server: PaperServer) -> None:
    """With the authors' own sentence; reviews are no papers, and hidden authors are left out."""
    harvest = await OpenReview.open(VENUE, review).recent(SourceQuery(day=DAY))
    first, _, hidden = harvest.papers
    assert ("openreview:PostCards01", "https://openreview.net/forum?id=PostCards01") == (str(first.id), first.url)
    assert ("Agents that send postcards need half the bandwidth.", "its authors") == (first.tldr, first.tldr_by)
    assert ("CSL 2026 Poster", ("postcards", "slow links")) == (first.venue, first.keywords)
    assert () == hidden.authors
    login, notes = server.calls
    assert ("/openreview/login", f"Bearer {TOKEN}") == (login.path, notes.headers["authorization"])
    assert b"secret" not in repr(notes).encode()


@pytest.mark.parametrize(("day", "note"), [(date(2026, 9, 1), "of 2026-07-15"), (date(2025, 1, 1), "no new papers")])
async def test_a_past_conference_lists_nothing(review: SourceContext, day: date, note: str) -> None:
    """Its papers come once, and a digest of another time says when they came."""
    harvest = await OpenReview.open(VENUE, review).recent(SourceQuery(day=day))
    assert (Freshness.EMPTY, ()) == (harvest.state, harvest.papers)
    assert note in harvest.note


async def test_a_conference_to_come_has_no_papers_yet(review: SourceContext) -> None:
    """That is no failure."""
    harvest = await OpenReview.open("ICLR.cc/2099/Conference", review).recent(SourceQuery(day=DAY))
    assert (Freshness.EMPTY, "(yet).") == (harvest.state, harvest.note[-6:])


async def test_a_wrong_account_is_said(client: Client, server: PaperServer) -> None:
    """The password is in no error."""
    context = a_context(client, "openreview", {**server.places, "openreview_password": "hunter2"})
    with pytest.raises(SourceRefused, match="does not accept the account") as raised:
        await OpenReview.open(VENUE, context).recent(SourceQuery(day=DAY))
    assert "hunter2" not in f"{raised.value}{raised.value.hint}"


async def test_the_wall_for_programs_is_said(review: SourceContext, server: PaperServer) -> None:
    """A challenge is for browsers: the error says what a person can do."""
    server.script("/openreview/notes", Answer(status=403, body=b'{"name":"ChallengeRequiredError"}'))
    with pytest.raises(SourceRefused, match="refuses to answer this account"):
        await OpenReview.open(VENUE, review).recent(SourceQuery(day=DAY))


async def test_a_forum_is_looked_up(review: SourceContext) -> None:
    """By the id in its address; a review's id is no paper's."""
    library = OpenReview.open("", review)
    assert "Agents on slow links" == (await library.lookup(PaperId(scheme="openreview", value="SlowLink_02"))).title
    for value in ("ReviewNote1", "Unknown_id0", "../login"):
        with pytest.raises(PaperNotFound):
            await library.lookup(PaperId(scheme="openreview", value=value))


@pytest.mark.parametrize("typed", ["../login", "a b", "ICLR.cc/../x", "?", "x" * 130])
async def test_what_is_no_conference_is_refused(review: SourceContext, typed: str) -> None:
    """Before anything is asked."""
    with pytest.raises(SettingsError, match="no conference"):
        OpenReview.open(typed, review)


async def test_values_of_the_first_version_are_read(review: SourceContext, shared: Any) -> None:
    """The recorded notes have `{"value": …}`; older ones have the values themselves."""
    notes = json.loads((shared / "fixtures/openreview/v2_notes_shape_real_values.json").read_bytes())["notes"]
    source = OpenReview.open("", review)
    plain = [{**note, "content": {name: held["value"] for name, held in note["content"].items()}} for note in notes]
    assert [paper.title for paper in source._read(notes).papers] == [each.title for each in source._read(plain).papers]
    assert 3 == len(source._read(notes).papers)
