"""Requests over HTTP: each is accepted only if Discord signed it recently, and only once."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bots.discord.http import INTERACTIONS_PATH, InteractionEndpoint, open_endpoint
from bots.domain.errors import SettingsError
from tests.slack.conftest import free_port
from tests.slack.test_bodies import chunked, head_only
from tests.support.doubles import Hand


class Post:
    """Signs and posts requests as Discord does."""

    def __init__(self, url: str, key: Ed25519PrivateKey, session: aiohttp.ClientSession, hand: Hand) -> None:
        self._url, self._key, self._session, self._hand = url, key, session, hand
        self.taken: list[Mapping[str, Any]] = []

    async def send(
        self, body: object, *, at: datetime | None = None, bad: bool = False, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Send a signed body and return status and text of the response."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int((at or self._hand()).timestamp()))
        signature = self._key.sign(stamp.encode() + raw).hex()
        sent = {"X-Signature-Ed25519": "0" * 128 if bad else signature, "X-Signature-Timestamp": stamp}
        async with self._session.post(self._url, data=raw, headers={**sent, **(headers or {})}) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def listening() -> AsyncIterator[Post]:
    """Open the endpoint, and yield a client that posts to it."""
    hand, key, port = Hand(), Ed25519PrivateKey.generate(), free_port()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    async with aiohttp.ClientSession() as session:
        post = Post(f"http://127.0.0.1:{port}{INTERACTIONS_PATH}", key, session, hand)

        async def given() -> str:
            return public

        async def take(payload: Mapping[str, Any]) -> None:
            post.taken.append(payload)
            if payload.get("fails"):
                raise RuntimeError

        async with open_endpoint(("127.0.0.1", port), given, clock=hand, take=take):
            yield post


async def test_a_ping_is_answered_with_a_pong() -> None:
    """A ping gets the pong that Discord requires before it accepts the address."""
    async with listening() as post:
        status, said = await post.send({"type": 1})
    assert (200, {"type": 1}) == (status, json.loads(said))
    assert [] == post.taken


async def test_what_discord_did_not_sign_is_refused() -> None:
    """A false, missing or non-hexadecimal signature is refused, and so is an invalid, old or future timestamp."""
    async with listening() as post:
        hand = post._hand
        refused = [
            await post.send({"type": 2}, bad=True),
            await post.send({"type": 2}, headers={"X-Signature-Ed25519": ""}),
            await post.send({"type": 2}, headers={"X-Signature-Ed25519": "zz" * 64}),
            await post.send({"type": 2}, headers={"X-Signature-Timestamp": "soon"}),
            await post.send({"type": 2}, at=hand().replace(year=2020)),
            await post.send({"type": 2}, at=hand().replace(year=2030)),
        ]
    assert [401] * 6 == [status for status, _ in refused]
    assert [] == post.taken


async def test_a_wrong_clock_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Requests that Discord signed at another time are refused; the log says why once, and not for unsigned ones."""
    caplog.set_level("ERROR", "bots.chat.platform_clock")
    async with listening() as post:
        now = post._hand()
        old = [await post.send({"type": 2}, at=now - timedelta(seconds=61)) for _ in range(3)]
        forged = await post.send({"type": 2}, at=now - timedelta(hours=2), bad=True)
        edge = await post.send({"type": 1}, at=now - timedelta(seconds=59))
        await post.send({"type": 2}, at=now + timedelta(minutes=5))
    assert {(401, True)} == {(status, "clock is wrong" in said) for status, said in old}
    assert (401, "Not signed by Discord.") == forged
    assert 200 == edge[0]
    told = [str(getattr(each, "request", "")) for each in caplog.records]
    assert ["it is 1 minute 1 second old", "it is 5 minutes ahead of this machine"] == told


async def test_a_body_is_not_read_if_nobody_signed_it() -> None:
    """A request without a signature is refused at its head: nobody else can have Paperwire read a body."""
    async with listening() as post:
        port = int(post._url.split(":")[2].split("/")[0])
        stamp = f"X-Signature-Timestamp: {int(post._hand().timestamp())}"
        assert 401 == await head_only(port, INTERACTIONS_PATH)
        assert 401 == await head_only(port, INTERACTIONS_PATH, stamp)
        assert 401 == await head_only(port, INTERACTIONS_PATH, "X-Signature-Ed25519: 00", stamp)


async def test_a_body_that_discord_would_not_send_is_refused() -> None:
    """Even signed, a body of more than a megabyte gets 413, and a compressed one 415; one below the limit is read."""
    async with listening() as post:
        signed = ("X-Signature-Ed25519: " + "0" * 128, f"X-Signature-Timestamp: {int(post._hand().timestamp())}")
        port = int(post._url.split(":")[2].split("/")[0])
        assert 413 == await head_only(port, INTERACTIONS_PATH, *signed, size=1_100_000)
        assert 413 == await chunked(port, INTERACTIONS_PATH, *signed)
        assert 415 == (await post.send({"type": 2}, headers={"Content-Encoding": "gzip"}))[0]
        assert 202 == (await post.send({"type": 2, "text": "x" * 900_000}))[0]
    assert 1 == len(post.taken)


@pytest.mark.parametrize("minutes", [0.0, 0.9, 1.9])
async def test_a_copy_is_recognized_as_long_as_its_signature_is_valid(minutes: float) -> None:
    """A copy of a request has no effect however late within the signature's validity it comes, from either clock."""
    async with listening() as post:
        signed = post._hand() + timedelta(seconds=59)
        assert 202 == (await post.send({"type": 2}, at=signed))[0]
        # Requests in between make the endpoint forget signatures that have expired.
        for number in range(3):
            await post._hand.sleep(minutes * 60 / 3)
            await post.send({"type": 2, "id": str(number)})
        status, _ = await post.send({"type": 2}, at=signed)
        await asyncio.sleep(0)
    assert (202 if minutes < 2 else 401) == status
    assert [{"type": 2}] == [each for each in post.taken if "id" not in each]


async def test_signatures_are_forgotten_when_they_have_expired() -> None:
    """The memory of signatures holds those of the last minutes only, however many requests come."""
    hand, taken = Hand(), list[Mapping[str, Any]]()

    async def given() -> str:
        return "00" * 32

    async def take(payload: Mapping[str, Any]) -> None:
        taken.append(payload)

    endpoint = InteractionEndpoint(given, hand, take)
    for number in range(1000):
        assert endpoint._first(f"{number:0128x}")
        await hand.sleep(1.0)
    assert 121 >= len(endpoint._seen)


async def test_an_interaction_is_heard_once() -> None:
    """An interaction gets status 202 without a body, and an exact copy is not handled."""
    async with listening() as post:
        answers = [await post.send({"type": 2, "id": "1"}) for _ in range(3)]
        await asyncio.sleep(0)
    assert [(202, "")] * 3 == answers
    assert [{"type": 2, "id": "1"}] == post.taken


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'"text"', b"\xff", b"[" * 5000])
async def test_what_is_no_interaction_is_refused(body: bytes) -> None:
    """A signed body that is not a JSON object gets status 400."""
    async with listening() as post:
        assert 400 == (await post.send(body))[0]


async def test_an_accident_in_one_interaction_ends_no_other() -> None:
    """After an interaction whose handling fails, the next one is handled."""
    async with listening() as post:
        await post.send({"type": 2, "fails": True})
        await post.send({"type": 2, "id": "2"})
    assert 2 == len(post.taken)


async def test_an_address_that_is_taken_says_so() -> None:
    """An address in use raises an error that names the setting to change."""
    async with listening() as post:
        port = int(post._url.split(":")[2].split("/")[0])

        async def given() -> str:
            return "00" * 32

        with pytest.raises(SettingsError, match="cannot listen") as refused:
            async with open_endpoint(("127.0.0.1", port), given, clock=Hand(), take=post.send):  # type: ignore[arg-type]
                pass
    assert "discord.listen" in refused.value.hint


async def test_a_compressed_request_is_not_decompressed() -> None:
    """Discord sends no compressed requests: one is refused, and a bomb never takes memory."""
    async with listening() as post:
        plain, stamp = json.dumps({"type": 1}).encode(), str(int(post._hand().timestamp()))
        headers = {"X-Signature-Ed25519": post._key.sign(stamp.encode() + plain).hex(), "Content-Encoding": "gzip"}
        for body in (gzip.compress(plain), gzip.compress(plain + b" " * 5_000_000)):
            assert 415 == (await post.send(body, headers=headers))[0]
        assert [] == post.taken
