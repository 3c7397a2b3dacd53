"""What comes back from a site that says who somebody is, `code` and `state`, is in no page and in no log."""

import io
import re
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bots.cli.logs import logging_to
from bots.web.settings import ProviderSettings
from summarizer import Secret
from tests.fakes.echo_server import EchoServer
from tests.secrets.forms import found_in
from tests.web.desk import a_desk

CODE, CLIENT_SECRET = "q7cOdE1b2C3d4E5f6G7h8", "q7cLiEnT8h7G6f5E4d3C2"


@pytest.mark.parametrize("platform", ["slack", "discord"])
@pytest.mark.parametrize("status", [200, 400])
async def test_a_sign_in_that_fails_tells_no_code(platform: str, status: int) -> None:
    """The site quotes all it was sent in its refusal; the page, and those for other ways to fail, have none of it."""
    stream = io.StringIO()
    async with EchoServer(status) as server:
        given = ProviderSettings(
            platform=platform, client_id="client-1", client_secret=Secret(CLIENT_SECRET), site=server.url
        )
        with logging_to(stream, verbose=True, serving=True, as_json=True):
            async with a_desk(providers=(given,)) as desk:
                away = (await desk.get(f"/sign-in/{platform}")).headers["Location"]
                (state,) = parse_qs(urlsplit(away).query)["state"]
                back = f"/sign-in/{platform}/done"
                pages = [
                    await desk.get(f"{back}?{query}")
                    for query in (
                        f"code={CODE}&state={state}",
                        f"code={CODE}&state={state}",
                        f"error=access_denied&state={state}",
                        f"code={CODE}&state={CODE}",
                    )
                ]
                pages.append(await desk.post(f"{back}?code={CODE}&state={state}"))
                unread = await _badly(desk.settings.listen[1], f"{back}?code={CODE}&state={state}")
        # The site did learn it: otherwise nothing was tried.
        assert any(CODE in request and re.search("secret|Basic", request) for request in server.requests)
    signed = state.partition(".")[2]
    for page in pages:
        assert page.status >= 400
        assert [] == found_in(f"{page.html} {page.headers}", CODE, CLIENT_SECRET, signed)
    assert [] == found_in(unread + stream.getvalue(), CODE, CLIENT_SECRET, signed)
    # Nor any other word of the refusal.
    assert "grant_type" not in stream.getvalue()


async def _badly(port: int, address: str) -> str:
    """Return what is answered to a request that cannot be read."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        with suppress(httpx.HTTPError):
            return (await client.request("GE<T", address)).text
    return ""
