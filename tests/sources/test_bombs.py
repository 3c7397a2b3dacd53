"""Small inputs that would become huge: each is refused, or read within a few times its own size."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import PaperwireError, SourceRefused
from bots.sources._body import TooLarge, collect
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.disk import read_text
from bots.sources.reading.formats import parse
from bots.sources.reading.xml_tree import read_xml

MB = 2**20


@contextmanager
def within(most: int) -> Iterator[None]:
    """Check that the block never holds more than `most` bytes of new memory."""
    tracemalloc.start()
    try:
        yield
        assert most > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "exponential": f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><rss>&a9;</rss>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]><rss>{"&a;" * 50_000}</rss>',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss>&a;</rss>',
    "an address": '<!DOCTYPE x [<!ENTITY a SYSTEM "http://169.254.169.254/">]><rss>&a;</rss>',
    "a parameter": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]><rss/>',
    "a definition elsewhere": '<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd"><rss/>',
    "nothing in it": "<!DOCTYPE rss><rss/>",
}


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>', "\n", "&", "<!-- a -->"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_whatever_it_defines(kind: str, before: str, codec: str) -> None:
    """Entities are neither expanded nor fetched, in any encoding, before or after a document was mended."""
    body = f"{before}{DOCTYPES[kind]}".encode(codec)
    with within(16 * MB), pytest.raises(SourceRefused, match="unreadable XML"):
        read_xml(body, "x")


@pytest.mark.parametrize("kind", DOCTYPES)
def test_a_saved_feed_with_a_document_type_is_refused(kind: str) -> None:
    """The same holds for files that would be read without it, under their own declaration and without one."""
    doctype = DOCTYPES[kind].partition("<rss")[0]
    item = "<item><title>Found &amp; read{}</title><link>https://a.example/1</link></item>"
    for before in ("", '<?xml version="1.0" encoding="utf-16"?>\n'):
        feed = f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>'
        assert ["Found & read"] == [paper.title for paper in parse(before + feed.format(""), "x").papers]
        with pytest.raises(SourceRefused, match=r"No paper was found|does not read"):
            parse(before + doctype + feed.format(" &a;"), "x")


def test_very_many_attributes_are_refused() -> None:
    """Ten megabytes of attributes would take three hundred; those of a full feed are read."""
    body = ("<a " + " ".join(f'b{number}=""' for number in range(600_000)) + "/>").encode()
    with within(2 * MB), pytest.raises(SourceRefused, match="far too many"):
        read_xml(body, "x")
    assert 2_000 == len(read_xml(f'<rss>{"""<link href="https://arxiv.org/?a=b"/>""" * 2_000}</rss>'.encode(), "x"))


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("mark", ["xmlns", "xmlns:p"])
def test_a_huge_namespace_is_refused(mark: str, codec: str) -> None:
    """A parser puts the namespace before each name, so a long one is refused; those of real feeds are read."""
    names = "".join(f'<b{number:x} p:c{number:x}=""/>' for number in range(3_000))
    body = f'<rss xmlns:p="p"><a {mark}="{"x" * 100_000}">{names}</a></rss>'
    with within(16 * MB), pytest.raises(SourceRefused, match="far too long"):
        read_xml(body.encode(codec), "x")
    usual = "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing"
    assert f"{{{usual}}}b" == read_xml(f'<b xmlns="{usual}"/>'.encode(codec), "x").tag


@pytest.mark.parametrize(
    ("around", "opens", "closes"),
    [
        ("rss", "<item><title>A</title>", "</item>"),
        ("feed", "<entry><title>A</title><author>", "</author></entry>"),
        ("xml", "<record><titles><title>A ", "</title></titles></record>"),
    ],
)
def test_entries_inside_entries_are_read_once(around: str, opens: str, closes: str) -> None:
    """The text of an entry is read with the outermost one only, so nesting costs no more than its length."""
    depth = 50_000
    body = f"<{around}>{opens * depth}{closes * depth}</{around}>"
    found = parse(body.replace("<xml>", "<xml><records>").replace("</xml>", "</records></xml>"), "x")
    assert 1 == len(found.papers)


# ── macros ───────────────────────────────────────────────────────────────────────────────────────────────────────────

LONG = f'@string{{a = "{"long " * 20_000}"}}\n'
MACROS: dict[str, Callable[[int], str]] = {
    "macros of a macro": lambda n: f'@string{{b{n} = a # "{n}"}}\n',
    "fields": lambda n: f'@misc{{k{n}, title = "{n}" # a}}\n',
    "fields of one entry": lambda n: ("@misc{k, " if n == 0 else "") + f'f{n} = a # "{n}",\n' + "}" * (n == 2_999),
    "children of a parent": lambda n: "@xdata{p, abstract = a}\n" if n == 0 else f"@misc{{k{n}, xdata={{p}}}}\n",
}


@pytest.mark.parametrize("kind", MACROS)
def test_macros_do_not_multiply_a_library(kind: str) -> None:
    """A library that its macros make a thousand times as long is refused, within a fifth of that memory."""
    written = LONG + "".join(map(MACROS[kind], range(3_000)))
    assert 200_000 > len(written)
    with within(40 * MB), pytest.raises(SourceRefused, match="far too long"):
        read_bibtex(written, "x")


def test_macros_of_a_real_library_are_replaced() -> None:
    """Five thousand entries with a long journal's name and a month each are read whole."""
    name = "Proceedings of the Annual Meeting of the Association for Computational Linguistics"
    entries = "".join(f"@article{{k{n}, title={{Paper {n}}}, journal=acl, month=jan}}\n" for n in range(5_000))
    papers = read_bibtex(f'@string{{acl = "{name}"}}\n{entries}', "x").papers
    assert (5_000, {name}) == (len(papers), {paper.venue for paper in papers})


# ── compressed ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def arriving(*chunks: bytes) -> AsyncIterator[bytes]:
    """Yield chunks as a connection does."""
    for chunk in chunks:
        yield chunk


async def test_one_chunk_of_64_megabytes_stays_small() -> None:
    """A single chunk of 64 KB that holds 64 MB is decompressed up to the limit only."""
    packed = gzip.compress(bytes(64 * MB), mtime=0)
    assert 66_000 > len(packed)
    with within(12 * MB), pytest.raises(TooLarge):
        await collect(arriving(packed), "gzip", 5 * MB)


#: Also what is much smaller when it is packed: of other bytes more are sent than there are.
bodies = st.binary(max_size=3_000) | st.builds(bytes.__mul__, st.binary(min_size=1, max_size=3), st.integers(1, 1_000))


@given(bodies, st.lists(st.integers(1, 400), max_size=30), st.integers(0, 4_000))
async def test_a_body_in_any_pieces_is_whole_or_too_large(body: bytes, cuts: list[int], limit: int) -> None:
    """However its bytes arrive, a body comes back whole, or is refused if it, or what was sent, exceeds the limit."""
    packed = zlib.compress(body)
    chunks, place = list[bytes](), 0
    for cut in [*cuts, len(packed)]:
        chunks.append(packed[place : place + cut])
        place += cut
    with suppress(TooLarge):
        assert body == await collect(arriving(*chunks), "deflate", limit)
        assert limit >= max(len(body), len(packed))
        return
    assert limit < max(len(body), len(packed))


def test_a_bomb_on_the_disk_stays_small(tmp_path: Path) -> None:
    """A gzip file of 64 KB that holds 64 MB is refused, and so is one of it inside another."""
    bomb = tmp_path / "papers.bib.gz"
    for packed in (gzip.compress(bytes(64 * MB), mtime=0), gzip.compress(gzip.compress(bytes(64 * MB)))):
        bomb.write_bytes(packed)
        with within(12 * MB), pytest.raises(PaperwireError):
            read_text(bomb, limit=5 * MB)
