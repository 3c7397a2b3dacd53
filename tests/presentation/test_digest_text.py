"""Tests of the texts that every chat shows: they state only known facts and true reasons."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from bots.domain.digests import Digest, Entry, SourceNote, Tally
from bots.domain.export_formats import ExportFormat
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.replies import CardList, Citation, Noted, SavedList
from bots.presentation import digest_text
from bots.presentation.source_text import source_text
from bots.testing.stage import hidden_in
from tests.support import hostile
from tests.support.factories import a_blurb, a_digest, a_paper, an_entry

DOWN = SourceNote(source="arxiv:cs.CL", reason="it did not answer within 120 seconds.")
QUIET = SourceNote(source="huggingface", reason="it listed nothing on that day", failed=False)


def test_title_is_plain_text() -> None:
    """A title is converted from TeX to plain text on one line."""
    assert "On α-stable processes" == digest_text.title_of(a_paper(title="On $\\alpha$-stable\n  processes"))


def test_dollars_of_hugging_face_are_money() -> None:
    """A dollar sign is kept if the paper's source strips mathematics."""
    paper = a_paper(title="From $5 to $10 a day", dollar_math=False)
    assert "From $5 to $10 a day" == digest_text.title_of(paper)


def test_untitled_paper_goes_by_its_id() -> None:
    """A paper with an empty or invisible title is named by its id."""
    assert "Untitled paper arxiv:1706.03762" == digest_text.title_of(a_paper(title=" \u200b\n"))


@pytest.mark.parametrize(
    ("authors", "line"),
    [
        ((), ""),
        (("Ada Lovelace",), "Ada Lovelace"),
        (("A", "B", "C"), "A, B, C"),
        (("A", "B", "C", "D"), "A, B, C + 1 more"),
        (("A", " ", "B\n\x1b"), "A, B"),
    ],
)
def test_authors_line(authors: tuple[str, ...], line: str) -> None:
    """Three authors are named and the others counted; empty names are ignored."""
    assert line == digest_text.authors_line(a_paper(authors=authors))


def test_meta_line_says_all_that_is_known() -> None:
    """Authors, day, source, popularity and code are in one line."""
    said = "Ashish Vaswani, Noam Shazeer, Niki Parmar + 2 more · 23 Nov 2026 · arXiv cs.CL · 163 upvotes · code"
    assert said == digest_text.meta_line(a_paper())


def test_meta_line_says_nothing_that_is_not() -> None:
    """Unknown facts and zero counts are left out; a venue replaces the source."""
    bare = a_paper(authors=(), published=None, announced=None, signals=Signals(upvotes=0), code="javascript:x")
    assert "arXiv cs.CL" == digest_text.meta_line(bare)
    placed = a_paper(
        authors=(), published=None, venue="NeurIPS 2017", signals=Signals(citations=1, stars=2300), code=""
    )
    assert "24 Nov 2026 · NeurIPS 2017 · 1 citation · 2,300 stars" == digest_text.meta_line(placed)


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        (datetime(2017, 6, 12, tzinfo=UTC), "12 Jun 2017"),
        (datetime(2017, 6, 1, 9, tzinfo=UTC), "1 Jun 2017"),
        (datetime(2017, 6, 1, tzinfo=UTC), "Jun 2017"),
        (datetime(2017, 1, 1, tzinfo=UTC), "2017"),
    ],
)
def test_no_day_is_invented(published: datetime, shown: str) -> None:
    """If only the year or month of a paper is known, no day is shown."""
    assert shown == digest_text.facts(a_paper(published=published))[0]


def test_withdrawn_paper_is_said_to_be() -> None:
    """A withdrawn paper is marked as withdrawn before all its other facts."""
    assert "withdrawn" == digest_text.facts(a_paper(withdrawn=True))[0]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("huggingface", "Hugging Face"),
        ("arxiv:cs.CL+cs.LG", "arXiv cs.CL, cs.LG"),
        ("file:papers.bib", "file papers.bib"),
        ("file:/home/ann/papers.bib", "file papers.bib"),
        ("acme:x\x1b", "acme x"),
        ("acme : x", "acme x"),
    ],
)
def test_sources_go_by_their_names(spec: str, name: str) -> None:
    """A known source is shown by its usual name, a third-party source by its spec."""
    assert name == source_text(spec)


def test_blurb_lines() -> None:
    """A blurb is shown line by line."""
    assert ("One.", "Two.") == digest_text.blurb_lines(an_entry(blurb=a_blurb(text="One.\n\n Two\x00. ")))


def test_no_blurb_is_labelled() -> None:
    """A missing blurb is reported with its reason, and the start of the abstract is labelled as such."""
    entry = an_entry(blurb=None, trouble="The abstract has 3 words", fallback="We show $x$.")
    assert (
        "No blurb: The abstract has 3 words.",
        "The abstract begins: We show x.",
    ) == digest_text.blurb_lines(entry)
    assert not digest_text.has_blurb(entry)


def test_unreadable_blurb_is_no_blurb() -> None:
    """A blurb without visible text counts as missing, and an empty abstract is not quoted."""
    entry = an_entry(blurb=a_blurb(text="\u200b\n"))
    assert ("No blurb: the summarizer gave no readable text.",) == digest_text.blurb_lines(entry)


def test_warnings_are_marked() -> None:
    """Each warning of a blurb is shown as "Note: " and a full sentence."""
    blurb = a_blurb(warnings=("The abstract does not look English", "\x00"))
    assert ("Note: The abstract does not look English.",) == digest_text.warning_lines(blurb)


def test_headline_and_tally() -> None:
    """A digest states how many papers it contains, for which day, and how many were found."""
    assert "5 papers for Tuesday 24 November 2026" == digest_text.headline(a_digest())
    assert "1 paper for Tuesday 24 November 2026" == digest_text.headline(a_digest(entries=(an_entry(),)))
    assert "229 found · 3 seen before · 41 filtered out" == digest_text.tally_line(a_digest())
    assert "7 found" == digest_text.tally_line(a_digest(tally=Tally(found=7)))
    tally = Tally(found=7, filtered=2, withdrawn=1)
    assert "7 found · 2 filtered out · 1 withdrawn" == digest_text.tally_line(a_digest(tally=tally))


def test_failed_and_empty_sources_are_told_apart() -> None:
    """A failed source is reported as trouble; an empty list is not."""
    assert (
        "Trouble with arXiv cs.CL: it did not answer within 120 seconds.",
        "Nothing new from Hugging Face: it listed nothing on that day.",
    ) == digest_text.notes_lines(a_digest(notes=(DOWN, QUIET)))


@pytest.mark.parametrize(
    ("tally", "notes", "line"),
    [
        (Tally(), (), "The sources listed no papers for this day."),
        (Tally(), (QUIET,), "The sources listed no papers for this day."),
        (Tally(found=12, seen=12), (), "All papers found were posted here before (12 papers)."),
        (Tally(found=1, filtered=1), (), "No paper passed the filter (1 found)."),
        (Tally(found=2, withdrawn=2), (), "All papers found are withdrawn (2 papers)."),
        (Tally(found=3, seen=2, withdrawn=1), (), "3 papers found: 2 posted here before and 1 withdrawn."),
        (Tally(found=44, seen=3, filtered=41), (), "44 papers found: 3 posted here before and 41 filtered out."),
        (Tally(), (DOWN, QUIET), ""),
        (Tally(), (DOWN,), ""),
        (
            Tally(found=2, seen=2),
            (DOWN,),
            "All papers found were posted here before (2 papers). arXiv cs.CL failed, so papers may be missing here.",
        ),
    ],
)
def test_empty_digest_tells_the_true_reason(tally: Tally, notes: tuple[SourceNote, ...], line: str) -> None:
    """An empty digest states whether the papers were absent, posted before or filtered out.

    If they could not be fetched, the note on each source says so, and nothing else.
    """
    digest = a_digest(entries=(), tally=tally, notes=notes)
    assert line == digest_text.empty_line(digest)
    assert line or any(each.startswith("Trouble with") for each in digest_text.notes_lines(digest))


@pytest.mark.parametrize(
    ("signals", "said"), [(Signals(upvotes=7), " (7 upvotes)"), (Signals(upvotes=0), ""), (Signals(), "")]
)
def test_an_empty_digest_names_its_nearest_miss(signals: Signals, said: str) -> None:
    """If only the query excluded papers, the best of them is named, with its votes if it has any."""
    missed = a_paper(signals=signals)
    digest = a_digest(entries=(), tally=Tally(found=9, filtered=9), nearest_miss=missed)
    told = f"No paper passed the filter (9 found). The nearest miss: “Attention Is All You Need”{said}."
    assert told == digest_text.empty_line(digest)


def test_full_digest_explains_nothing() -> None:
    """A digest with papers states no reason for being empty."""
    assert "" == digest_text.empty_line(a_digest(notes=(DOWN,)))


def test_lists_count() -> None:
    """A list of matches states how many papers it contains, including none, and to what they are similar."""
    entries = (an_entry(),) * 2
    assert "2 papers for “kv cache”" == digest_text.found_line(CardList(words="kv\ncache", entries=entries))
    assert "No paper matches “kv cache”." == digest_text.found_line(CardList(words="kv cache"))
    alike = CardList(words="Attention", entries=entries, alike=True)
    assert "2 papers similar to “Attention”" == digest_text.found_line(alike)
    assert "No other paper is similar to “Attention”." == digest_text.found_line(replace(alike, entries=()))


def harmless(line: str) -> bool:
    """Return whether a text is one single-spaced line without control characters and those that hide others."""
    bad = any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    return not bad and not hidden_in(line) and "  " not in line


@hostile.patient
@given(paper=hostile.papers)
def test_hostile_papers_are_harmless_and_short(paper: Paper) -> None:
    """The title and the facts of any paper are one harmless line each, with a limited length."""
    title, meta = digest_text.title_of(paper), digest_text.meta_line(paper)
    assert 1 <= len(title) <= digest_text.MAX_TITLE
    assert len(meta) <= 3 * (digest_text.MAX_NAME + 2) + digest_text.MAX_VENUE + 120
    assert harmless(title)
    assert harmless(meta)


@hostile.patient
@given(entry=hostile.entries)
def test_hostile_entries_always_say_something(entry: Entry) -> None:
    """An entry shows at least one line, and only harmless lines, whatever the engine returned."""
    lines = digest_text.blurb_lines(entry)
    warnings = digest_text.warning_lines(entry.blurb) if entry.blurb else ()
    assert lines
    assert all(line and harmless(line) for line in (*lines, *warnings))


def test_every_line_of_a_digest_is_harmless() -> None:
    """Notes and topics contain no control characters."""
    hurt = SourceNote(source="acme:\x1b[2J", reason="\u202eno\nanswer")
    digest: Digest = a_digest(notes=(hurt,), topic="a\x1b[31m")
    assert ("Trouble with acme: no answer.",) == digest_text.notes_lines(digest)
    assert "a" == digest_text.topic_line(digest)


def test_an_abstract_is_whole_and_plain() -> None:
    """An abstract is shown uncut with its TeX converted; a paper without an abstract says so."""
    text = "We bound $\\alpha$.\n\nIt holds. " * 500
    assert " ".join(["We bound α. It holds."] * 500) == digest_text.abstract_text(a_paper(abstract=text))
    assert "Its source gives no abstract." == digest_text.abstract_text(a_paper(abstract=" \u200b"))


@pytest.mark.parametrize(
    ("papers", "words", "line"),
    [
        (0, "", "You have saved no papers yet."),
        (0, "kv", "No saved paper for “kv”."),
        (1, "", "1 saved paper"),
        (2, "kv cache", "2 saved papers for “kv cache”"),
    ],
)
def test_a_list_says_how_many_and_of_what(papers: int, words: str, line: str) -> None:
    """A list of saved papers states its number; an empty one states whether none was saved or none matches."""
    assert line == digest_text.saved_headline(SavedList(papers=(a_paper(),) * papers, words=words))


def test_an_id_is_said_as_it_is_typed() -> None:
    """An arXiv id or DOI is shown without its scheme; any other id is shown with it."""
    names = (PaperId.arxiv("2004.15011"), PaperId(scheme="doi", value="10.1/x"), PaperId(scheme="text", value="ab"))
    assert ["2004.15011", "10.1/x", "text:ab"] == [digest_text.id_of(a_paper(id=name)) for name in names]


def test_a_citation_keeps_its_lines() -> None:
    """BibTeX is shown entry by entry with indented fields; without papers the headline says so."""
    reply = Citation(text="@misc{a,\n  title = {A},\n}\n\n@misc{b,\n}\n", papers=2)
    assert (("@misc{a,", "  title = {A},", "}"), ("@misc{b,", "}")) == digest_text.citation_blocks(reply)
    assert "2 papers as BibTeX" == digest_text.citation_headline(reply)
    assert "You have saved no papers to cite yet." == digest_text.citation_headline(Citation(text="", papers=0))
    assert () == digest_text.citation_blocks(Citation(text="", papers=0))
    reply = Citation(text="TY  - UNPB\r\nER  - \r\n", form=ExportFormat.RIS)
    assert (("TY  - UNPB", "ER  -"),) == digest_text.citation_blocks(reply)


@hostile.patient
@given(paper=hostile.papers, text=hostile.texts)
def test_what_is_said_of_shown_papers_is_harmless(paper: Paper, text: str) -> None:
    """Texts about any paper and with any words are harmless lines; RIS and BibTeX have gaps of two spaces."""
    lines = [" ".join(line.split()) for block in digest_text.citation_blocks(Citation(text=text)) for line in block]
    lines += [digest_text.abstract_text(paper), digest_text.id_of(paper), digest_text.noted_line(Noted(said=text))]
    lines.append(digest_text.saved_headline(SavedList(papers=(paper,), words=text)))
    assert all(map(harmless, lines))


@pytest.mark.parametrize(
    ("engine", "model", "said"),
    [
        ("extractive", "encoder-1", "From the abstract's own words"),
        ("remote", "qwen3-8b", "Written by qwen3-8b, checked against the abstract"),
        ("generative", "org/small", "Written by org/small, checked against the abstract"),
        ("of-a-plug-in", "its-model", "Written by its-model"),
        ("of-a-plug-in", "", "Written by of-a-plug-in"),
        ("", "\u202e", "Written by a model"),
    ],
)
def test_who_made_a_blurb_is_said_in_words(engine: str, model: str, said: str) -> None:
    """A reader learns whether the words are the abstract's or a model's, and that ours are checked against it."""
    assert said == digest_text.made_by(replace(a_blurb(), engine=engine, model=model))
