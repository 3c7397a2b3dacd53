"""A page that fails, or is asked for with a secret in its address or headers, shows none, and neither does the log."""

import io
from typing import Any

import httpx
import pytest

from bots.cli.logs import logging_to
from bots.domain.errors import StoreError
from bots.store.memory import MemoryStore
from tests.secrets.forms import SHAPES, found_in
from tests.web.conftest import a_browser

SECRET = "q7A1b2C3d4E5f6G7h8I9j0K1l2M3"
ALL = "\n".join(form(SECRET) for form in SHAPES.values())


class Broken(MemoryStore):
    """A store whose errors quote everything."""

    error: Exception = StoreError("")

    def __getattribute__(self, name: str) -> Any:
        """Return a method that fails, for the lists of papers."""
        if name in ("listed_days", "listed_papers", "public_papers"):
            raise object.__getattribute__(self, "error")
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("error", [StoreError(f"refused: {ALL}", hint=ALL), RuntimeError(ALL)], ids=["ours", "another"])
async def test_no_page_and_no_log_shows_a_secret(error: Exception) -> None:
    """Whatever fails below a page, and whatever a browser sends, is in no page and in no log."""
    stream = io.StringIO()
    store = Broken()
    store.error = error
    shape = SHAPES["link to unsubscribe"](SECRET).rpartition("=")[2]
    headers = {"Cookie": f"paperwire={shape}; other={SECRET}", "Authorization": f"Token {SECRET}", "X-Api-Key": SECRET}
    with logging_to(stream, verbose=True, serving=True, as_json=False):
        async with a_browser(store) as browser:
            shown = [
                await browser.get(address, **headers)
                for address in (
                    "/", "/trending", "/search?q=attention", f"/sign-in/slack/done?code={SECRET}&state={SECRET}",
                    f"/operator?token={SECRET}", f"/no/such/{shape}", f"/email/unsubscribe?t={shape}",
                )
            ]  # fmt: skip
            shown.append(await browser.post("/sign-in", {"token": SECRET, "form_token": shape}, **headers))
            raw = await browser.client.request("BREW", f"/?access_token={SECRET}", headers=headers)
            assert isinstance(raw, httpx.Response)
    assert any(page.status >= 400 for page in shown)
    for page in shown:
        assert [] == found_in(f"{page.html} {page.headers}", SECRET)
    assert [] == found_in(raw.text, SECRET)
    assert [] == found_in(stream.getvalue(), SECRET)
