"""Feeds as publishers write them: what is the abstract, who the authors, which paper it is; and what is no feed."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.feed_texts import said_by
from bots.sources.reading.feeds import Feed, read_feed
from tests.sources.conftest import SAMPLES

FEEDS = SAMPLES / "feeds"


def read(name: str) -> Feed:
    """Return the papers of a sample."""
    return read_feed((FEEDS / name).read_bytes(), "feed:x", "The feed")


def only(name: str) -> Paper:
    """Return the first paper of a sample."""
    return read(name).reading.papers[0]


def test_a_recorded_feed_is_read_whole() -> None:
    """The Cryptology ePrint Archive's: authors in elements of their own, paragraphs in the abstract, its own pages."""
    first, second, third = read("eprint.xml").reading.papers
    assert "SoK: Offline Finding Protocols for Lightweight Location Tracking" == first.title
    assert 5 == len(first.authors)
    assert "Carolina Ortega Pérez" == first.authors[1]
    assert "https://eprint.iacr.org/2026/488" == first.url
    assert datetime(2026, 3, 9, 9, 5, 50, tzinfo=UTC) == first.published
    assert first.abstract.endswith("abuse-resistant OF systems.")
    assert ("Cryptographic protocols",) == first.keywords
    assert "$t$ out of $k$" in second.abstract
    assert third.dollar_math


def test_the_anthology_names_authors_and_volume_in_place_of_an_abstract() -> None:
    """They are read as authors and venue, and the paper goes by its DOI where papers of its event have one."""
    papers = read("acl.xml").reading.papers
    assert ("Ada Lovelace", "Grace Hopper", "Emmy Noether") == papers[0].authors
    assert papers[0].venue.startswith("Proceedings of the 64th Annual Meeting")
    assert [""] * 4 == [paper.abstract for paper in papers]
    assert ["doi:10.18653/v1/2026.acl-long.7", "acl:2026.lrec-main.88"] == [str(papers[0].id), str(papers[2].id)]
    assert "https://aclanthology.org/2026.lrec-main.88/" == papers[2].url


def test_nature_writes_its_name_and_the_doi_before_the_text() -> None:
    """They are no part of the abstract; what is only news of the magazine is no paper."""
    (paper,) = read("nature.rss").reading.papers
    assert "10.1038/s41586-026-00001-1" == paper.id.value
    assert paper.abstract.startswith("Measurements at twelve volcanoes")
    assert "Nature" == paper.venue
    assert "Glaciers around volcanoes shrink faster than CO2 alone explains" == paper.title


def test_an_issue_before_the_text_is_no_abstract() -> None:
    """Atypon's sites write volume and issue first, and sometimes nothing else."""
    first, second = read("pnas.rss").reading.papers
    assert first.abstract.startswith("Many animals sleep")
    assert "" == second.abstract


def test_authors_in_the_text_are_authors() -> None:
    """Elsevier and PLOS name all authors in the text."""
    assert (("Ada Lovelace", "Grace Hopper"), "") == (only("cell.rss").authors, only("cell.rss").abstract)
    plos = only("plos.atom")
    assert ("Ada Lovelace", "Grace Hopper") == plos.authors
    assert plos.abstract.startswith("Neurons talk")
    assert "10.1371/journal.pcbi.1099999" == plos.id.value


def test_a_json_feed_is_read() -> None:
    """What an entry is about names the paper; one without a title is left out and said."""
    reading = read("seminar.json").reading
    assert ["arxiv:2004.15011", "text"] == [str(reading.papers[0].id), reading.papers[1].id.scheme]
    assert ("Isabel Cachola", "Kyle Lo") == reading.papers[0].authors
    assert ("entry 3 (no title)",) == reading.skipped


ITEM = "<item><title>A title that is long enough</title><link>https://x.example.org/1</link></item>"


def rss(inside: str = ITEM, head: str = "") -> bytes:
    """Return a feed with these entries."""
    return f"{head}<rss version='2.0'><channel><title>T</title>{inside}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "damaged"),
    [
        (rss(), False),
        (rss(head="\n\n<?xml version='1.0'?>"), False),
        (rss("<item><title>Cats & rats in winter</title></item>"), False),
        (rss("<item><title>Cats\x0b in winter</title></item>"), False),
        (rss().decode().replace("<rss", "<?xml version='1.0' encoding='utf-16'?><rss").encode("utf-16"), False),
        (b"<?xml version='1.0' encoding='utf-8'?>" + rss("<item><title>Caf\xe9</title></item>").decode().encode("latin-1"), False),  # noqa: E501
        (rss(ITEM * 3)[:-60], True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><title>One</title></entry><entry>", True),
    ],
)  # fmt: skip
def test_an_ill_formed_feed_is_read_as_far_as_it_goes(body: bytes, damaged: bool) -> None:
    """Stray characters lose nothing; a feed that was cut short gives what it has, and is known to be damaged."""
    feed = read_feed(body, "feed:x", "The feed")
    assert len(feed.reading.papers) >= 1
    assert damaged == feed.damaged


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><html><head><title>Sign in</title></head><body><p>Please sign in</p></body></html>",
        b"<html><body>503 Service Unavailable</body></html>",
        b"Not Found",
        b"%PDF-1.7 ...",
        b'{"error": "not found"}',
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        b"{",
        b"\x00\x01\x02",
        b"<" * 300_000,
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    """A page, an error, a file: none becomes an empty feed."""
    with pytest.raises(SourceRefused):
        read_feed(body, "feed:x", "The feed")


BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;'>" % (98 + n, *[97 + n] * 6) for n in range(12))
    + b"]><rss version='2.0'><channel><item><title>&m;</title></item></channel></rss>"
)
INSIDE = (
    b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    b"<rss><channel><item><title>a &x;</title></item></channel></rss>"
)


def test_entities_are_not_followed() -> None:
    """A bomb of entities does not grow, and none of this machine's files is read."""
    for body in (BOMB, INSIDE):
        try:
            feed = read_feed(body, "feed:x", "The feed")
        except SourceRefused:
            continue
        assert all(len(paper.title) < 200 and "root:" not in paper.title for paper in feed.reading.papers)


@pytest.mark.parametrize(
    "piece",
    [b"<a ", b"<![CDATA[", b"&", b"<item>", b"</item>", b"<!--", b"<b>", b"&#x41;", b"<a b='", b"<?x ", b"\xff"],
)
def test_hostile_feeds_take_linear_time(piece: bytes) -> None:
    """Twice as much of the same takes some twice as long, and no more."""

    def seconds(times: int) -> float:
        body = b"<rss version='2.0'><channel><item><title>A</title><description>" + piece * times
        began = thread_time()
        with suppress(SourceRefused):
            read_feed(body, "feed:x", "The feed")
        return thread_time() - began

    assert seconds(20_000) < 20 * seconds(5_000) + 0.5


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: rss(f"<item><title>{text}</title></item>")))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    """Nothing else is raised, whatever a site sends."""
    try:
        feed = read_feed(body, "feed:x", "The feed")
    except SourceRefused:
        return
    assert all(paper.title for paper in feed.reading.papers)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["aclanthology.org", "www.nature.com", ""]))
def test_any_text_of_an_entry_is_read(body: str, host: str) -> None:
    """The abstract is never longer than the text."""
    assert len(said_by(host, body, body).abstract) <= len(body) * 2 + 1


def test_the_samples_of_a_feed_are_all_tried() -> None:
    """Each file of the folder is a feed that is read."""
    for path in sorted(FEEDS.iterdir()):
        assert isinstance(path, Path)
        assert read(path.name).reading.papers
