"""Interactions as signed HTTP requests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.problems import NotPossible
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest

Answer = Callable[[dict[str, Any]], web.Response]
COMMANDS = [{"name": "about", "description": "Says what this is"}]
MESSAGE = {"type": 4, "data": {"content": "Papers"}}


@asynccontextmanager
async def endpoint(lab: Lab, answer: Answer, *, careless: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve an endpoint that verifies signatures, unless `careless`; yield its URL and the received bodies."""
    heard: list[bytes] = []
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(lab.discord.hub.public_key))

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        signed = request.headers["X-Signature-Timestamp"].encode() + body
        try:
            key.verify(bytes.fromhex(request.headers["X-Signature-Ed25519"]), signed)
        except InvalidSignature:
            if not careless:
                return web.Response(status=401)
        said = await request.json()
        if said["type"] == 1:
            return web.json_response({"type": 1})
        heard.append(body)
        return answer(said)

    app = web.Application()
    app.add_routes([web.post("/interactions", take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/interactions", heard
    finally:
        await runner.cleanup()


@pytest.fixture(autouse=True)
async def registered(lab: Lab, rest: Rest) -> None:
    """Register a command."""
    await rest("PUT", f"/applications/{lab.discord.hub.application_id}/commands", COMMANDS)


async def test_an_answer_in_the_body_is_shown(lab: Lab) -> None:
    """A callback in the body of the HTTP response is shown."""
    async with endpoint(lab, lambda _said: web.json_response(MESSAGE)) as (url, _):
        await lab.discord.declare(interactions_url=url)
        it = await lab.ada.uses("/about", lab.papers)
        assert ["Papers"] == [seen.text for seen in lab.discord.messages(lab.papers)]
    assert it.acked


async def test_an_empty_answer_leaves_it_to_the_callback(lab: Lab, rest: Rest) -> None:
    """After status 202 the app responds through the callback route."""
    async with endpoint(lab, lambda _said: web.Response(status=202)) as (url, heard):
        await lab.discord.declare(interactions_url=url)
        it = await lab.ada.uses("/about", lab.papers, wait=False)
        await lab.discord.until(lambda: it.statuses)
        told = await rest("POST", f"/interactions/{it.id}/{it.token}/callback", MESSAGE, params={"with_response": "1"})
        assert "Papers" == told.body["resource"]["message"]["content"]
        assert (1, [202]) == (len(heard), it.statuses)


async def test_the_same_interaction_twice_is_the_same_to_the_last_byte(lab: Lab) -> None:
    """A repeated interaction has the same body, and the response to it is refused."""
    lab.discord.hub.faults.switch(Trouble.INTERACTION_TWICE, left=1)
    async with endpoint(lab, lambda _said: web.json_response(MESSAGE)) as (url, heard):
        await lab.discord.declare(interactions_url=url)
        await lab.ada.uses("/about", lab.papers)
        await lab.discord.until(lambda: lab.discord.hub.happenings.of("bad answer"))
        assert 2 == len(heard)
        assert heard[0] == heard[1]
        assert 1 == len(lab.discord.messages(lab.papers))


async def test_an_address_that_takes_bad_signatures_is_not_taken(lab: Lab) -> None:
    """An endpoint is saved only if it is reachable and refuses bad signatures."""
    async with endpoint(lab, lambda _said: web.json_response(MESSAGE), careless=True) as (url, _):
        with pytest.raises(NotPossible, match="200 for a bad signature"):
            await lab.discord.declare(interactions_url=url)
    with pytest.raises(NotPossible, match="could not be verified"):
        await lab.discord.declare(interactions_url=url)
    assert lab.discord.hub.interactions_url is None
