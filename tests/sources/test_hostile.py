"""Tests with hostile input: no parser fails on any bytes, and no record contains forbidden text."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from time import thread_time
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.chat.encodings import decode
from bots.domain.errors import PaperwireError
from bots.domain.papers import Paper
from bots.sources._arxiv_feed import read_feed
from bots.sources._arxiv_page import read_page
from bots.sources._arxiv_query import read_query, search_terms
from bots.sources._politeness import requested_pause
from bots.sources.reading.authors import names
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.dates import day, instant
from bots.sources.reading.formats import parse
from bots.sources.reading.ids import ref
from bots.sources.reading.records import read_records
from bots.sources.reading.values import ABSTRACT_LIMIT, AUTHORS_LIMIT, TITLE_LIMIT, count, https, text
from tests.sources.conftest import SAMPLES

# A slow example on a busy machine is not a failure.
PATIENT = settings(deadline=None)

Parser = Callable[[bytes], tuple[Paper, ...]]
FEED = (SAMPLES / "arxiv_feed/cs.AI_2025-09-18.xml").read_bytes()
QUERY = (SAMPLES / "arxiv/multi_3_q_testing.atom.xml").read_bytes()
PAGE = (SAMPLES / "arxiv_list/cs.AI_2026-08-12.html").read_bytes()
BIB = (SAMPLES / "files/library.bib").read_bytes()
LINES = (SAMPLES / "files/papers.jsonl").read_bytes()
LISTING = (SAMPLES / "files/listing.txt").read_bytes()

EXPORTS = SAMPLES / "exports"
#: One file of each format.
FORMS = ("scopus.ris", "procite.ris", "pubmed.nbib", "webofscience.txt", "endnote.enw", "endnote.xml", "feed.xml",
 "list.md",
         "embase.csv", "arxiv_page.txt", "arxiv_mail.txt", "biblatex.bib", "kaggle.jsonl", "openalex.json")  # fmt: skip


def read_bytes(body: bytes) -> tuple[Paper, ...]:
    """Return the papers of a file with these bytes."""
    written = decode(body)
    return parse(written, "x").papers if written else ()


PARSERS: dict[str, tuple[bytes, Parser]] = {
    **{name: ((EXPORTS / name).read_bytes(), read_bytes) for name in FORMS},
    "feed": (FEED, lambda body: read_feed(body, "x").papers),
    "query": (QUERY, lambda body: read_query(body, "x").papers),
    "page": (PAGE, lambda body: read_page(body, "x").papers),
    "bibtex": (BIB, lambda body: read_bibtex(body.decode(errors="replace"), "x").papers),
    "json": (LINES, lambda body: parse(body.decode(errors="replace"), "x").papers),
    "listing": (LISTING, lambda body: parse(body.decode(errors="replace"), "x").papers),
}
# Cuts, repetitions and overwrites, as a broken connection or a malicious server could cause them.
HARM = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.binary(max_size=20)), min_size=1, max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = "id title abstract summary authors publishedAt year day url doi githubRepo upvotes categories paper tags".split()


#: A line of RIS or PubMed's format, a head of a table, an entry of BibTeX: never a title.
TAG = re.compile(r"(?:TY|AU|TI|AB|PMID|FAU|AID|ER) ?- |@[a-z]+\{|title,abstract")


def check(papers: tuple[Paper, ...]) -> None:
    """Assert the invariants of every record."""
    for paper in papers:
        assert paper.title.strip()
        assert not TAG.match(paper.title)
        assert len(paper.title) <= TITLE_LIMIT
        assert len(paper.abstract) <= ABSTRACT_LIMIT
        assert len(paper.authors) <= AUTHORS_LIMIT
        assert all(urlsplit(url).scheme == "https" for url in (paper.url, paper.code) if url)
        # The text can be stored in a database and sent over a socket: no lone surrogate, no NUL, no control character.
        for part in (paper.title, paper.abstract, paper.venue, *paper.authors, *paper.categories, *paper.keywords):
            assert part == " ".join(part.encode().decode().split())
            assert part.isascii() is False or part.isprintable()
        assert paper.published is None or paper.published.tzinfo is not None


@pytest.mark.parametrize("kind", PARSERS)
@given(body=st.binary(max_size=2000))
@PATIENT
def test_any_bytes_are_refused_or_read(kind: str, body: bytes) -> None:
    """Arbitrary bytes raise a PaperwireError or yield valid records."""
    try:
        check(PARSERS[kind][1](body))
    except PaperwireError:
        return


@pytest.mark.parametrize("kind", PARSERS)
@given(harm=HARM)
@PATIENT
def test_a_damaged_answer_is_refused_or_read(kind: str, harm: list[tuple[float, float, bytes]]) -> None:
    """A response with gaps, repetitions and foreign bytes raises a PaperwireError or yields valid records."""
    body, parser = PARSERS[kind]
    for start, end, new in harm:
        body = body[: int(start * len(body))] + new + body[int(end * len(body)) :]
        body = body[:100_000]
    try:
        check(parser(body))
    except PaperwireError:
        return


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6) | JSON, max_size=4))
@example([{"title": "\ud800\x00a\u202e", "id": "\ud800", "year": 10**400, "upvotes": True, "authors": [[[]]]}])
@example([{"title": "a", "paper": {"title": {"b": 1}}, "publishedAt": "0001-01-01T00:00:00+23:59"}])
@PATIENT
def test_any_json_gives_sound_records(items: list[object]) -> None:
    """A record with any value in any field is either parsed or skipped."""
    reading = read_records(items, "x")
    check(reading.papers)
    assert len(items) == len(reading.papers) + len(reading.skipped)


@given(JSON)
@PATIENT
def test_single_values_never_raise(value: object) -> None:
    """A value that cannot be parsed becomes an empty value, never an error."""
    assert isinstance(text(value), str)
    assert (count(value) or 0) >= 0
    assert instant(value) is None or day(value) is not None
    assert https(value) == "" or https(value).startswith("https://")
    assert isinstance(names(value), tuple)
    assert ref(value) is None or ref(value) == ref(str(value))


@given(st.text())
@PATIENT
def test_any_words_become_a_harmless_question(words: str) -> None:
    """Brackets, colons and operators that a person types never reach arXiv as query syntax."""
    for term in filter(None, search_terms(words).split(" AND ")):
        assert term.startswith("all:")
        assert not set(term.removeprefix("all:").strip('"')) & set('()[]:"')


@given(st.dictionaries(st.sampled_from(["retry-after", "ratelimit", "date"]), st.text(max_size=40)))
@PATIENT
def test_any_headers_ask_for_a_bounded_pause(headers: dict[str, str]) -> None:
    """No header causes a pause that is negative or longer than a day."""
    pause = requested_pause(headers)
    assert pause is None or 0.0 <= pause <= 86_400.0


def test_entity_bombs_do_not_go_off() -> None:
    """XML with a document type is refused before any entity is expanded."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed>&a;</feed>'
    for body in (bomb, outside):
        for parser in (read_feed, read_query):
            with pytest.raises(PaperwireError, match="unreadable XML"):
                parser(body, "x")


REPEATED = [
    b"TY  - a\n",
    b"PMID- 1\n",
    b"title,year\n",
    b'"a,',
    b"[1] arXiv:1\n",
    b"\\\\\n",
    b"- [a](https://a.b/c) ",
    b"@comment{",
    b"\xe9 ",
    b"\xa4\xa4",
    b"A, B; ",
    b"%0 a\n",
    b"&&",
    b"a=1 ",
    b"[a[",
    b"# [a](https://arxiv.org/abs/2001.00001)\n",
    b"<a ",
    b"<h3",
    b"<dt>",
    b"<![CDATA[",
    b"&#9",
    b"@a{",
    b'"\\"  ',
    b"( and ",
    b"[{",
    b"$",
    b"T\n",
    b"\n",
    b"a,\n",
    b"<!-- a -->",
]


@pytest.mark.parametrize("part", REPEATED)
@pytest.mark.parametrize("kind", ["feed", "query", "page", "bibtex", "listing", "scopus.ris"])
def test_repetition_takes_no_time(kind: str, part: bytes) -> None:
    """100 KB of one unfinished construct are parsed or refused within ten seconds: all parsers are linear.

    Python's own HTML parser would take minutes for the first.
    """
    began = thread_time()
    with suppress(PaperwireError):
        check(PARSERS[kind][1](part * (100_000 // len(part))))
    assert 10 > thread_time() - began


def test_a_character_reference_of_a_thousand_digits_is_no_trouble() -> None:
    """A page is parsed even if it has a character reference with more digits than Python converts to a number."""
    papers = read_page(PAGE.replace(b"Closed-Loop", b"&#" + b"9" * 10_000 + b";"), "x").papers
    check(papers)
    assert 4 == len(papers)


def test_many_empty_elements_are_refused() -> None:
    """Very many empty elements are refused, because parsed they would take a hundred times their size in memory."""
    with pytest.raises(PaperwireError, match="far too many"):
        read_feed(b"<rss>" + b"<a/>" * 600_000 + b"</rss>", "x")
    with pytest.raises(PaperwireError):
        parse("[" + "[]," * 1_000_001 + "1]", "x")


def test_deep_nesting_is_refused() -> None:
    """A hundred thousand nested brackets or elements are refused."""
    with pytest.raises(PaperwireError):
        read_query(b"<a>" * 100_000, "x")
    with pytest.raises(PaperwireError):
        parse(json.dumps({"papers": 1})[:-2] + "[" * 100_000, "x")


# ── feeds that need mending ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("harm", "title"),
    [
        (lambda feed: feed.replace(b"<title>One</title>", b"<title>R&D for all</title>"), "R&D for all"),
        (lambda feed: feed.replace(b"<title>One</title>", b"<title>A\x0c B\x00</title>"), "A B"),
        (lambda feed: feed.replace(b"<title>One</title>", b"<title>A&#12; B</title>"), "A B"),
        (lambda feed: feed.replace(b"<title>One</title>", b"<title>A&nbsp;B &alpha;</title>"), "A B α"),
        (lambda feed: feed.replace(b"<title>One</title>", b"<title>p < 0.05 & x</title>"), "p < 0.05 & x"),
        (lambda feed: feed.replace(b"<title>One</title>", "<title>Café</title>".encode("cp1252")), "Café"),
        (lambda feed: b"\n  \n" + feed, "One"),
        (lambda feed: b"\xef\xbb\xbf\n" + feed, "One"),
        (lambda feed: feed.replace(b"<title>One</title>", b"<title><![CDATA[A & B]]> & C</title>"), "A & B & C"),
    ],
)
def test_a_feed_with_stray_characters_is_mended(harm: Callable[[bytes], bytes], title: str) -> None:
    """One bad character costs neither its own paper nor the rest of the list."""
    feed = (
        b"<?xml version='1.0' encoding='UTF-8'?><rss xmlns:arxiv='http://arxiv.org/schemas/atom'><channel>"
        b"<item><title>One</title><link>https://arxiv.org/abs/2611.00001</link>"
        b"<arxiv:announce_type>new</arxiv:announce_type></item>"
        b"<item><title>Two</title><link>https://arxiv.org/abs/2611.00002</link>"
        b"<arxiv:announce_type>cross</arxiv:announce_type></item></channel></rss>"
    )
    assert [title, "Two"] == [paper.title for paper in read_feed(harm(feed), "x").papers]


def test_mending_does_not_let_entities_in() -> None:
    """A document that is ill-formed and has a document type is refused as before, and a cut one, too."""
    for body in (
        b'<!DOCTYPE x [<!ENTITY a "ha">]><rss><channel><title>R&D &a;</title></channel></rss>',
        b'\n<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a; & b</rss>',
        b"<rss><channel><item><title>R&D for all</title>",
    ):
        with pytest.raises(PaperwireError, match="unreadable XML"):
            read_feed(body, "x")


def test_an_items_kind_is_read_where_it_stands() -> None:
    """A kind may stand in the description alone; a replacement is no new paper, and an item without a kind is named."""
    item = (
        "<item><title>{0}</title><link>https://arxiv.org/abs/2611.0000{1}</link><description>{2}</description></item>"
    )
    items = [
        ("One", 1, "arXiv:2611.00001v1 Announce Type: new Abstract: We."),
        ("Two", 2, "arXiv:2611.00002v2 Announce Type: replace-cross Abstract: We."),
        ("Three", 3, "We."),
    ]
    body = "<rss><channel>" + "".join(item.format(*one) for one in items) + "</channel></rss>"
    read = read_feed(body.encode(), "x")
    assert (["One"], ("item 3 (neither new nor a replacement)",)) == (
        [paper.title for paper in read.papers],
        read.skipped,
    )
