"""Tests of the HTTP client's limits: size, compression, redirects, and the cache of unchanged pages."""

import gzip
import tracemalloc
import zlib

import pytest

from bots.domain.errors import SourceDown, SourceRefused
from bots.sources._body import Keep, Kept
from bots.sources._http import Client
from bots.sources.web import BODY_LIMIT
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import PAGE, StillClock, get

# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_bomb(megabytes: int) -> bytes:
    """Return the given number of megabytes of zero bytes, compressed a thousandfold."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([packer.compress(bytes(2**20)) for _ in range(megabytes)] + [packer.flush()])


async def test_a_gzip_bomb_stays_small(client: Client, server: PaperServer) -> None:
    """200 MB compressed to 200 KB are refused, using less than 16 MB of memory."""
    bomb = a_bomb(200)
    assert len(bomb) < 250_000
    server.script(PAGE, Answer(body=bomb, headers={"Content-Encoding": "gzip"}))
    await get(client, server, "/warm")
    tracemalloc.start()
    try:
        with pytest.raises(SourceRefused, match="more than 5 MB"):
            await get(client, server)
        assert 16 * 2**20 > tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_a_plain_flood_is_refused(client: Client, server: PaperServer) -> None:
    """An uncompressed body over the limit is refused; one of exactly the limit is accepted."""
    server.script(PAGE, Answer(body=bytes(BODY_LIMIT + 1)), Answer(body=bytes(BODY_LIMIT)))
    with pytest.raises(SourceRefused, match="more than 5 MB"):
        await get(client, server)
    assert BODY_LIMIT == len((await get(client, server)).body)


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress), ("", bytes)]
)
async def test_packed_bodies_are_unpacked(client: Client, server: PaperServer, encoding: str, pack: object) -> None:
    """A body in any supported compression is decompressed completely."""
    packed = pack(b"hello" * 1000)  # type: ignore[operator] # three functions of bytes
    server.script(PAGE, Answer(body=packed, headers={"Content-Encoding": encoding} if encoding else {}))
    assert b"hello" * 1000 == (await get(client, server)).body


async def test_a_packing_nobody_asked_for_is_refused(client: Client, server: PaperServer) -> None:
    """An unsupported content encoding is refused, because its size cannot be limited."""
    server.script(PAGE, Answer(body=b"x", headers={"Content-Encoding": "br"}))
    with pytest.raises(SourceRefused, match="encoding"):
        await get(client, server)


# ── redirects ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_redirect_on_the_same_host_is_followed(client: Client, server: PaperServer, clock: StillClock) -> None:
    """A redirect on the same host is followed, with the rate limit applied to every hop."""
    server.script(PAGE, Answer(status=302, headers={"Location": "/there"}))
    server.script("/there", Answer(body=b"here"))
    page = await get(client, server)
    assert (b"here", f"{server.url}/there") == (page.body, page.url)
    assert [1.0] == clock.slept


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/meta-data",
        "http://huggingface.co/",
        "https://huggingface.co.evil.example/",
        "https://user:secret@huggingface.co/",
        "https://huggingface.co:8443/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[::1",
        "//",
        "",
    ],
)
async def test_a_redirect_elsewhere_is_refused(client: Client, server: PaperServer, target: str) -> None:
    """A redirect to another machine, port or scheme, or from https to http, is refused."""
    server.script(PAGE, *[Answer(status=302, headers={"Location": target})] * 8)
    with pytest.raises((SourceRefused, SourceDown), match=r"redirects to|in circles|RemoteProtocolError"):
        await get(client, server)
    assert {PAGE} == {call.path for call in server.calls}


async def test_circles_end(client: Client, server: PaperServer) -> None:
    """A page that redirects to itself is refused after five hops."""
    server.script(PAGE, *[Answer(status=301, headers={"Location": PAGE})] * 9)
    with pytest.raises(SourceRefused, match="too many times"):
        await get(client, server)
    assert 6 == len(server.calls)


# ── conditional requests ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_unchanged_page_is_not_sent_twice(client: Client, server: PaperServer) -> None:
    """The second request sends the first response's ETag, and on 304 the cached body is returned."""
    path = "/rss/cs.AI"
    first, second = await get(client, server, path), await get(client, server, path)
    assert first.body == second.body
    assert (False, True) == (first.from_cache, second.from_cache)
    assert server.calls[1].headers["if-none-match"] == first.headers["etag"]


async def test_last_modified_does_as_well(client: Client, server: PaperServer) -> None:
    """For a server without ETags, the second request sends the Last-Modified date."""
    moment = "Wed, 19 Aug 2026 06:00:00 GMT"
    server.script(PAGE, Answer(body=b"x", headers={"Last-Modified": moment}), Answer(status=304))
    await get(client, server)
    assert b"x" == (await get(client, server)).body
    assert moment == server.calls[1].headers["if-modified-since"]


async def test_what_is_kept_is_bounded(client: Client, server: PaperServer) -> None:
    """The cache drops the least recently used pages beyond 16 MB."""
    for number in range(5):
        server.script(f"/{number}", Answer(body=bytes(4 * 2**20), headers={"ETag": f'"{number}"'}), Answer())
        await get(client, server, f"/{number}")
    await get(client, server, "/0")
    await get(client, server, "/4")
    assert "if-none-match" not in server.calls[-2].headers
    assert '"4"' == server.calls[-1].headers["if-none-match"]


def test_pages_are_kept_up_to_the_byte() -> None:
    """Bodies are kept while all fit, to the byte; the least recently used one goes first, and one too large at once."""
    kept = Keep(10)

    def held() -> list[str]:
        return [key for key in "abcd" if (found := kept.find(key)) is not None and found.url == key]

    def put(key: str, size: int) -> None:
        kept.put(key, Kept(etag="", modified="", url=key, body=b"x" * size))

    put("a", 10)
    assert ["a"] == held()
    put("b", 4)
    assert ["b"] == held()
    put("c", 6)
    assert ["b", "c"] == held()
    kept.find("b")
    put("d", 1)
    assert ["b", "d"] == held()
    put("b", 9)
    assert ["b", "d"] == held()
    put("a", 11)
    assert [] == held()
    put("c", 10)
    assert ["c"] == held()
