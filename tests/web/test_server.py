"""The server of the site: headers, forms, errors, limits."""

import re

import pytest

from bots.domain.errors import StoreError
from bots.store.memory import MemoryStore
from tests.web.conftest import Browser, a_browser
from tests.web.scenes import CHANNEL

_PASTED = (
    "We present a digest that filters the day's papers by the interests of a team and condenses each abstract to one "
    "sentence that the abstract itself supports. In a trial with 12 groups over eight weeks, readers opened 3.4 times "
    "as many of the papers they were sent, and no digest was lost or doubled."
)


@pytest.mark.parametrize("address", ["/", "/search", "/paste", "/nowhere"])
async def test_every_page_has_a_strict_policy(browser: Browser, address: str) -> None:
    """A page runs and loads only what the site serves, is framed nowhere, and has no style or script of its own."""
    page = await browser.get(address)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "nosniff" == page.headers["X-Content-Type-Options"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=\"/static/)", page.html)
    assert '<html lang="en">' in page.html


async def test_what_a_page_loads_is_there(browser: Browser) -> None:
    """The style sheet, the script and the icon of a page are served, and may be kept for ever."""
    page = await browser.get("/")
    named = re.findall(r'"(/static/[^"]+)"', page.html)
    assert 3 == len(named)
    for each in named:
        asset = await browser.get(each)
        assert 200 == asset.status
        assert "immutable" in asset.headers["Cache-Control"]


async def test_a_missing_page_says_so(browser: Browser) -> None:
    """An address without a page is answered with 404 and a way back."""
    page = await browser.get("/nowhere")
    assert 404 == page.status
    assert "There is no such page" in page.text
    assert "/" in page.links


async def test_a_form_needs_its_token(browser: Browser) -> None:
    """A form without the token of this browser's session is refused, and one with it is answered."""
    assert 403 == (await browser.post("/paste", {"text": _PASTED})).status
    page = await browser.submit("/paste", {"text": _PASTED})
    assert 200 == page.status
    assert "In short" in page.text


async def test_a_token_of_another_browser_is_refused(browser: Browser) -> None:
    """The token that another browser got is no token here, whatever cookie is sent."""
    async with a_browser(secret=browser.settings.secret) as other:
        token = (await other.get("/paste")).form_token
    await browser.get("/paste")
    assert 403 == (await browser.post("/paste", {"text": _PASTED, "form_token": token})).status


async def test_a_form_of_another_site_is_refused(browser: Browser) -> None:
    """A form that the browser says was sent from another site is refused even with its token."""
    token = (await browser.get("/paste")).form_token
    page = await browser.post("/paste", {"text": _PASTED, "form_token": token}, **{"Sec-Fetch-Site": "cross-site"})
    assert 403 == page.status


async def test_the_cookie_is_closed_to_scripts_and_other_sites() -> None:
    """The cookie of a session is HttpOnly and SameSite; over TLS it is Secure and bound to the host."""
    async with a_browser(public_url="https://papers.example.org") as browser:
        page = await browser.get("/paste")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-paperwire=")
    assert all(f"; {each}" in cookie for each in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"))
    assert "Domain" not in cookie
    assert page.headers["Strict-Transport-Security"]


async def test_reading_sets_no_cookie(browser: Browser) -> None:
    """Who only reads gets no cookie."""
    assert "Set-Cookie" not in (await browser.get("/")).headers


async def test_a_client_that_asks_too_often_waits(browser: Browser) -> None:
    """A client has a limit of requests; another client is not affected."""
    pages = [await browser.get("/nowhere" if n else "/paste") for n in range(2)]
    assert [200, 404] == [page.status for page in pages]
    answers = [(await browser.get("/")).status for _ in range(245)]
    assert {200, 429} == set(answers)
    assert 429 == answers[-1]
    assert 200 == (await browser.get("/", **{"X-Forwarded-For": "203.0.113.9"})).status


@pytest.mark.parametrize(
    "address", ["/day/2026-11-24", "/paper/arxiv:2611.00001", "/search?q=attention", "/channel/papers"]
)
async def test_a_database_that_fails_is_no_secret_and_no_detail(address: str) -> None:
    """While the database cannot be read, a page says to try again, with 503, and nothing of the machine."""
    refused = StoreError("The database papers.sqlite3 could not be used: no such table.", place="/srv/papers.sqlite3")

    class Refusing(MemoryStore):
        """A store whose every read fails."""

        def __getattribute__(self, name: str) -> object:
            if name.startswith("_") or name == "workspace_plan":
                return super().__getattribute__(name)

            async def refuse(*_given: object, **_named: object) -> None:
                raise refused

            return refuse

    async with a_browser(Refusing(), channels=(("papers", CHANNEL),)) as browser:
        page = await browser.get(address)
        Refusing.__getattribute__ = MemoryStore.__getattribute__  # type: ignore[method-assign]  # it works again
        assert 503 != (await browser.get(address)).status, "a failure is not kept"
    assert 503 == page.status
    assert "Try again in a few minutes" in page.text
    assert "sqlite3" not in page.html
    assert "table" not in page.html


async def test_a_failing_view_is_a_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is answered with a page that says so, and not with what went wrong."""

    async def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(MemoryStore, "listed_days", broken)
    page = await browser.get("/")
    assert 500 == page.status
    assert "it was logged" in page.text
    assert "a secret" not in page.html
