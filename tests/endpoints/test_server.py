"""An HTTP endpoint on the open internet: every client has an answer in time, and none takes up more than its share."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from aiohttp import web

from bots.endpoints.bodies import Bodies
from bots.endpoints.limits import Limits
from bots.endpoints.server import serve
from tests.slack.conftest import free_port

#: Short times, so that the tests are quick; small sizes and numbers.
SMALL = Limits(
    connections=4, head_seconds=0.3, head_bytes=1024, body_seconds=0.3, body_bytes=4096, small_body_bytes=1024,
    large_bodies=1, idle_seconds=2.0,
)  # fmt: skip
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
PATIENCE = 5.0


@dataclass
class Site:
    """An endpoint at a port of this machine."""

    port: int
    #: Handlers of `/slow` wait for it.
    go_on: asyncio.Event

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection and send some bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    async def says(self, sent: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer to some bytes, up to the end of the connection."""
        reader, writer = await self.connect(sent)
        try:
            return _read(await asyncio.wait_for(reader.read(), PATIENCE))
        finally:
            writer.close()


def _read(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


async def status_of(reader: asyncio.StreamReader) -> int:
    """Return the status of the next answer on a connection."""
    line = await asyncio.wait_for(reader.readline(), PATIENCE)
    return int(line.split(b" ")[1])


@asynccontextmanager
async def open_site(limits: Limits = SMALL) -> AsyncIterator[Site]:
    """Serve an application that returns what is posted to it."""
    site = Site(free_port(), asyncio.Event())
    bodies = Bodies(limits)

    async def echo(request: web.Request) -> web.Response:
        body = await bodies.read(request)
        assert body == await request.read()
        return web.Response(body=body)

    async def slow(request: web.Request) -> web.Response:
        await site.go_on.wait()
        return web.Response(text=request.path)

    async def fails(_request: web.Request) -> web.Response:
        raise RuntimeError("a bug")

    app = web.Application(client_max_size=limits.body_bytes)
    app.add_routes([web.post("/echo", echo), web.get("/slow", slow), web.get("/fails", fails)])
    async with serve(app, ("127.0.0.1", site.port), limits=limits):
        yield site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """An endpoint with small limits."""
    async with open_site() as opened:
        yield opened


def post(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    """Return a request that posts a body and closes the connection."""
    size = len(body) if length is None else length
    lines = b"".join(header + b"\r\n" for header in headers)
    return HEAD + b"Connection: close\r\nContent-Length: %d\r\n" % size + lines + b"\r\n" + body


CHUNKED = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


# ── what is answered, and how ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [b"", b"x", b"x" * 4096], ids=["empty", "small", "of the largest size"])
async def test_a_request_within_the_limits_is_served(site: Site, body: bytes) -> None:
    """A body of up to the limit is read, with its size named and in chunks."""
    assert (200, body) == await site.says(post(body))
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:]) if part) + b"0\r\n\r\n"
    assert (200, body) == await site.says(CHUNKED + chunks)


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (408, b""),
        (408, b"POST /ec"),
        (408, HEAD),
        (408, HEAD + b"X: " + b"x" * 500),
        (408, post(b"", length=100)),
        (408, post(b"x" * 99, length=100)),
        (408, CHUNKED),
        (408, CHUNKED + b"5\r\nhe"),
        (413, post(b"", length=4097)),
        (413, post(b"x" * 5000)),
        (413, CHUNKED + b"1400\r\n" + b"x" * 5120 + b"\r\n0\r\n\r\n"),
        (415, post(gzip.compress(b"{}"), b"Content-Encoding: gzip")),
        (415, post(b"no gzip at all", b"Content-Encoding: gzip")),
        (415, post(b"x", b"Content-Encoding: br")),
        (400, b"nonsense\r\n\r\n"),
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        (400, HEAD + b"Content-Length: -5\r\n\r\n"),
        (400, HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (400, CHUNKED + b"zz\r\nhello\r\n"),
        (431, HEAD + b"X: " + b"x" * 2000),
        (431, HEAD + b"".join(b"X-%d: x\r\n" % number for number in range(300))),
        (404, b"GET /?code=secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        (405, b"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    ],
)
async def test_what_is_not_served_is_answered_in_time(
    site: Site, caplog: pytest.LogCaptureFixture, status: int, sent: bytes
) -> None:
    """Half a request, a slow, large, compressed or broken one has its status within the deadline, and one line of log.

    The line holds neither a traceback nor anything of the query, the headers or the body.
    """
    caplog.set_level(logging.INFO)
    begun = asyncio.get_running_loop().time()
    answered, body = await site.says(sent)
    assert status == answered
    assert 3.0 > asyncio.get_running_loop().time() - begun
    lines = [record for record in caplog.records if record.name.startswith("bots.endpoints")]
    assert 1 == len(lines)
    assert (None, logging.INFO) == (lines[0].exc_info, lines[0].levelno)
    assert not any("secret" in str(value) or "xxx" in str(value) for value in vars(lines[0]).values())
    assert b"Traceback" not in body
    # The endpoint serves the next client as before.
    assert (200, b"well") == await site.says(post(b"well"))


async def test_bytes_that_drip_do_not_extend_the_deadline(site: Site) -> None:
    """A head that arrives byte by byte must be whole within the time for a head, and a body likewise."""
    for whole in (HEAD + b"X: y\r\n" * 40, post(b"x" * 500)):
        reader, writer = await site.connect(whole[:-400] if whole.endswith(b"x") else b"")
        answer = asyncio.create_task(status_of(reader))
        for byte in whole[-400:]:
            if answer.done():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.01)
        assert 408 == await answer
        writer.close()


async def test_a_bug_is_logged_with_its_traceback(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A handler's own failure is answered with 500, and its traceback is in the log."""
    status, body = await site.says(b"GET /fails HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (500, False) == (status, b"a bug" in body)
    assert any(record.exc_info and "a bug" in str(record.exc_info[1]) for record in caplog.records)


async def test_a_client_that_goes_away_leaves_no_traceback(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Clients that close in the middle of a head or a body, or are pushed out by others, are no failure of ours."""
    caplog.set_level(logging.INFO)
    for sent in (b"PO", HEAD, post(b"x", length=100), CHUNKED + b"5\r\nhe", post(b"x" * 900, length=2000)) * 3:
        _, writer = await site.connect(sent)
        writer.transport.abort()
    flood = [await site.connect(post(b"x", length=100)) for _ in range(40)]
    for _, writer in flood:
        writer.close()
    assert (200, b"well") == await site.says(post(b"well"))
    assert [] == [record for record in caplog.records if record.exc_info]


async def test_a_connection_serves_one_request_after_another(site: Site) -> None:
    """A client may send its next request on the same connection, whose head must be whole in time as well."""
    keep = HEAD + b"Content-Length: 2\r\n\r\n"
    reader, writer = await site.connect(keep + b"hi")
    for _ in range(2):
        assert 200 == await status_of(reader)
        await asyncio.wait_for(reader.readuntil(b"hi"), PATIENCE)
        writer.write(keep + b"hi")
    assert 200 == await status_of(reader)
    await asyncio.wait_for(reader.readuntil(b"hi"), PATIENCE)
    writer.write(HEAD)
    assert 408 == await status_of(reader)
    writer.close()


async def test_an_idle_connection_ends_and_gives_way() -> None:
    """A connection that waits for its next request is closed after a time, and before that for a new connection."""
    async with open_site(replace(SMALL, connections=1)) as site:
        idle, writer = await site.connect(HEAD + b"Content-Length: 2\r\n\r\nhi")
        await asyncio.wait_for(idle.readuntil(b"\r\n\r\nhi"), PATIENCE)
        assert 503 == (await site.says(post(b"too soon")))[0]
        await asyncio.sleep(1.1)
        assert (200, b"well") == await site.says(post(b"well"))
        assert idle.at_eof() or b"" != await asyncio.wait_for(idle.read(), PATIENCE)
        writer.close()
        kept, writer = await site.connect(HEAD + b"Content-Length: 2\r\n\r\nhi")
        await asyncio.wait_for(kept.readuntil(b"\r\n\r\nhi"), PATIENCE)
        assert b"" == await asyncio.wait_for(kept.read(), PATIENCE)
        writer.close()


async def test_the_head_of_a_later_request_is_bounded_as_well(site: Site) -> None:
    """A large head is refused on a connection that has served a request."""
    reader, writer = await site.connect(HEAD + b"Content-Length: 2\r\n\r\nhi")
    assert 200 == await status_of(reader)
    await asyncio.wait_for(reader.readuntil(b"hi"), PATIENCE)
    writer.write(HEAD + b"X: " + b"x" * 3000)
    assert 431 == await status_of(reader)
    writer.close()


# ── how many at a time ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_new_connection_takes_the_place_of_the_oldest_without_a_request() -> None:
    """With all connections taken by clients that send nothing, the oldest gives way and the new one is served."""
    async with open_site(replace(SMALL, head_seconds=60.0)) as site:
        idle = [await site.connect(b"POST") for _ in range(4)]
        assert (200, b"well") == await site.says(post(b"well"))
        assert 408 == await status_of(idle[0][0])
        assert not idle[1][0].at_eof()
        for _, writer in idle:
            writer.close()


async def test_a_slow_body_gives_way_like_a_slow_head() -> None:
    """A client that does not finish its body is no reason to refuse another."""
    async with open_site(replace(SMALL, body_seconds=60.0)) as site:
        slow = [await site.connect(post(b"x", length=100)) for _ in range(4)]
        await asyncio.sleep(0.05)
        assert (200, b"well") == await site.says(post(b"well"))
        assert 408 == await status_of(slow[0][0])
        for _, writer in slow:
            writer.close()


async def test_requests_that_are_being_answered_are_not_given_up(site: Site) -> None:
    """With all connections taken by requests in progress, a new one is refused, and the others are answered."""
    asked = b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    busy = [await site.connect(asked) for _ in range(4)]
    await asyncio.sleep(0.05)
    assert 503 == (await site.says(asked))[0]
    site.go_on.set()
    assert [200] * 4 == [await status_of(reader) for reader, _ in busy]
    for _, writer in busy:
        writer.close()
    await asyncio.sleep(0.05)
    assert 200 == (await site.says(asked))[0]


async def test_large_bodies_are_read_beside_few_others() -> None:
    """While as many large bodies as allowed are being read, another large one is refused and a small one served."""
    async with open_site(replace(SMALL, body_seconds=60.0)) as site:
        _, writer = await site.connect(post(b"x", length=2000))
        await asyncio.sleep(0.05)
        assert 503 == (await site.says(post(b"y" * 2000)))[0]
        assert 503 == (await site.says(CHUNKED + b"2\r\nhi\r\n0\r\n\r\n"))[0]
        assert (200, b"small") == await site.says(post(b"small"))
        writer.write(b"x" * 1999)
        await writer.drain()
        await asyncio.sleep(0.05)
        assert 200 == (await site.says(post(b"y" * 2000)))[0]
        writer.close()


async def test_the_end_waits_for_no_client() -> None:
    """With clients in every state of a request, an endpoint ends within seconds, and its port is closed."""
    async with asyncio.timeout(10):
        async with open_site(replace(SMALL, head_seconds=60.0, body_seconds=60.0)) as site:
            opened = [await site.connect(sent) for sent in (b"", HEAD, post(b"x", length=100))]
    for _, writer in opened:
        writer.close()
    with pytest.raises(ConnectionError):
        await site.connect()
