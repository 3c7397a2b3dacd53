"""Compressed content is read whole, whatever it is made of, and never beyond its limit."""

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import SourceRefused
from bots.sources._body import collect
from bots.sources._unpacking import MOST_MEMBERS, Broken, TooLarge, Unpacker, gunzipped
from bots.sources.reading.disk import read_text

parts = st.lists(st.binary(max_size=60), min_size=1, max_size=5)


def members(contents: list[bytes], padding: int = 0) -> bytes:
    """Return a gzip file with a member for each content, and zeros behind each."""
    return b"".join(gzip.compress(each, mtime=0) + b"\0" * padding for each in contents)


@given(contents=parts, padding=st.sampled_from((0, 1, 7, 512)), size=st.integers(1, 40))
def test_every_member_is_read(contents: list[bytes], padding: int, size: int) -> None:
    """All members are joined, as `gunzip` does, whether they come at once or in pieces of any size."""
    body, whole = members(contents, padding), b"".join(contents)
    assert whole == gunzipped(body, 1000)
    unpacker = Unpacker(1000)
    for start in range(0, len(body), size):
        unpacker.feed(body[start : start + size])
    assert whole == unpacker.end()


@given(contents=parts, limit=st.integers(0, 200))
def test_all_members_together_are_within_the_limit(contents: list[bytes], limit: int) -> None:
    """The limit is for the whole content, exactly to the byte."""
    body, whole = members(contents), b"".join(contents)
    if len(whole) <= limit:
        assert whole == gunzipped(body, limit)
    else:
        with pytest.raises(TooLarge):
            gunzipped(body, limit)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (members([b"a"]) + b"garbage", "behind its end"),
        (members([b"a"]) + b"\x1f", "cut short|not valid"),
        (members([b"a", b"b"])[:-1], "cut short"),
        (members([b"a"]) + b"\x1f\x8b\x99broken", "not valid"),
        (members([b"a"], 3) + b"x", "behind its end"),
        (zlib.compress(b"a") + zlib.compress(b"b"), "behind its end"),
        (b"no gzip at all", "not valid"),
    ],
)
def test_what_follows_is_named(body: bytes, why: str) -> None:
    """Garbage behind the end, a broken member and a cut one are errors that say so; nothing is left out in silence."""
    with pytest.raises(Broken, match=why):
        gunzipped(body, 1000)


def test_a_bomb_costs_no_memory() -> None:
    """A bomb of any member, and one of millions of empty members, is refused before it takes memory or time."""
    bomb = members([b"a" * 10, b"\0" * 50_000_000])
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            gunzipped(bomb, 100_000)
        assert 2_000_000 > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    with pytest.raises(TooLarge):
        gunzipped(gzip.compress(b"") * (MOST_MEMBERS + 1), 100)
    assert b"" == gunzipped(gzip.compress(b"") * MOST_MEMBERS, 100)


def test_a_file_of_several_members_is_read_whole(tmp_path: Path) -> None:
    """A file that was joined from daily files gives the papers of all; garbage behind it is refused by name."""
    file = tmp_path / "papers.bib.gz"
    file.write_bytes(members([b"@misc{a, title={One}}\n", b"@misc{b, title={Two}}\n"], padding=16))
    assert "@misc{a, title={One}}\n@misc{b, title={Two}}\n" == read_text(file)
    file.write_bytes(file.read_bytes() + b"garbage")
    with pytest.raises(SourceRefused, match="broken gzip file: it has something behind its end"):
        read_text(file)


@pytest.mark.parametrize("size", [1, 2, 3, 50, 10_000])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", members([b"one ", b"two"])),
        ("x-gzip", members([b"one ", b"two"], padding=2)),
        ("deflate", zlib.compress(b"one two")),
        ("deflate", zlib.compress(b"one two", wbits=-15)),
        ("", b"one two"),
    ],
)
async def test_every_body_is_read_whole(encoding: str, body: bytes, size: int) -> None:
    """A response in any encoding that we know is read whole, whatever pieces it comes in."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    assert b"one two" == await collect(pieces(), encoding, 100)


@given(content=st.binary(max_size=300), level=st.integers(0, 9), size=st.integers(1, 40))
def test_a_raw_stream_is_read_in_pieces_of_any_size(content: bytes, level: int, size: int) -> None:
    """A raw deflate stream gives its content in pieces of any size, the one byte included."""
    packer = zlib.compressobj(level, wbits=-zlib.MAX_WBITS)
    body = packer.compress(content) + packer.flush()
    assert content == unpacked(body, size)


#: Raw deflate that begins with a valid zlib header: unused bits of the first byte are set (RFC 1951, 3.2.4).
DISGUISED = [
    bytes([first, length, 0, length ^ 0xFF, 0xFF]) + b"x" * length + b"\x01\x00\x00\xff\xff"
    for first in range(0x08, 0x80, 0x10)
    for length in range(256)
    if (first * 256 + length) % 31 == 0
]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 10_000])
def test_a_raw_stream_that_begins_as_zlib_does_is_read(size: int) -> None:
    """Raw deflate whose first two bytes are a zlib header is read as what it is, in pieces of any size."""
    for body in DISGUISED:
        whole = zlib.decompress(body, wbits=-zlib.MAX_WBITS)
        assert whole == unpacked(body, size)
        with pytest.raises(Broken, match="cut short"):
            unpacked(body[:-1], size)
        if len(whole) > 1:
            with pytest.raises(TooLarge):
                unpacked(body, size, limit=len(whole) - 1)


@given(content=st.binary(max_size=300), level=st.integers(0, 9), size=st.integers(1, 40), cut=st.integers(1, 4))
def test_a_zlib_stream_is_read_whole_or_refused(content: bytes, level: int, size: int, cut: int) -> None:
    """A zlib stream gives its content in pieces of any size; one that lost its end, or is altered there, is refused."""
    body = zlib.compress(content, level)
    assert content == unpacked(body, size)
    with pytest.raises(Broken):
        unpacked(body[:-cut], size)
    with pytest.raises(Broken):
        unpacked(body[:-1] + bytes([body[-1] ^ 1]), size)


def unpacked(body: bytes, size: int, limit: int = 1000) -> bytes:
    """Return the content of a body that arrives in pieces of a size."""
    unpacker = Unpacker(limit)
    for start in range(0, len(body), size):
        unpacker.feed(body[start : start + size])
    return unpacker.end()


@pytest.mark.parametrize("body", [zlib.compress(b"a")[:1], zlib.compress(b"a", wbits=-15)[:1], b"\x1f", b""])
def test_a_lone_byte_was_cut_short(body: bytes) -> None:
    """The first byte of a stream, and nothing, are content that ends early."""
    with pytest.raises(Broken, match="was cut short"):
        gunzipped(body, 1000)
