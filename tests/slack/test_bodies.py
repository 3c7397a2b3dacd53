"""Slack over HTTP: only a request with a signature has its body read, and only within limits."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_sdk.signature import SignatureVerifier

from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Site, abroad

#: The status of every request that is not signed.
REFUSED = 401


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Site]:
    """Paperwire over HTTP, without any installation yet."""
    async with abroad(slack, tmp_path) as served:
        yield served


async def head_only(port: int, path: str, *headers: str, size: int = 1_000_000) -> int:
    """Send the head of a request with a large body, and return the status of the answer that comes without the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {size}", *headers, "", "")
    writer.write("\r\n".join(lines).encode())
    try:
        line = await asyncio.wait_for(reader.readline(), 3)
    finally:
        writer.close()
    return int(line.split()[1])


async def chunked(port: int, path: str, *headers: str) -> int:
    """Send a body of more than a megabyte in chunks, without naming its size; return the status of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = (f"POST {path} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", *headers, "", "")
    writer.write("\r\n".join(lines).encode() + b"110000\r\n" + b"x" * 0x110000 + b"\r\n0\r\n\r\n")
    try:
        line = await asyncio.wait_for(reader.readline(), 3)
    finally:
        writer.close()
    return int(line.split()[1])


@pytest.mark.parametrize("signature", ["", "v0=00", "0" * 64], ids=["none", "too short", "of no version"])
async def test_a_body_is_not_read_if_nobody_signed_it(site: Site, signature: str) -> None:
    """A request without a signature is refused at its head: nobody else can have Paperwire read a body."""
    signed = (f"X-Slack-Signature: {signature}", f"X-Slack-Request-Timestamp: {int(time.time())}")
    assert REFUSED == await head_only(site.settings.listen[1], "/slack/events", *(signed if signature else ()))


async def test_a_body_that_slack_would_not_send_is_refused(site: Site) -> None:
    """Under a signature in the right form, a compressed and a huge body are refused unread, a forged one when read."""
    signed = {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(time.time()))}
    lines, port = [f"{name}: {value}" for name, value in signed.items()], site.settings.listen[1]
    assert 413 == await head_only(port, "/slack/events", *lines, size=1_100_000)
    assert 413 == await chunked(port, "/slack/events", *lines)
    assert 415 == await head_only(port, "/slack/events", *lines, "Content-Encoding: gzip")
    assert REFUSED == (await site.slack.hub.hooks.post(f"{site.url}/slack/events", "{}", signed))[0]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
async def test_events_are_posted(site: Site, method: str) -> None:
    """At the path of events every other method is refused, and does nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.settings.listen[1])
    writer.write(f"{method} /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    status = int((await asyncio.wait_for(reader.readline(), 3)).split()[1])
    writer.close()
    assert 405 == status


async def test_a_compressed_request_is_not_decompressed(site: Site) -> None:
    """Slack sends no compressed requests: one is refused, and a bomb never takes memory."""
    plain, stamp = json.dumps({"type": "url_verification", "challenge": "c"}), str(int(time.time()))
    signature = SignatureVerifier(site.settings.signing_secret.reveal()).generate_signature(timestamp=stamp, body=plain)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or "", "Content-Encoding": "gzip"}
    async with ClientSession() as session:
        for more in ("", " " * 5_000_000):
            body = gzip.compress((plain + more).encode())
            async with session.post(f"{site.url}/slack/events", data=body, headers=headers) as answer:
                assert 415 == answer.status
