"""An installation begins and ends in one browser, is stored encrypted, found again, and deleted completely."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from typer.testing import CliRunner

from bots.cli.app import app as command_line
from bots.domain.errors import StoreError
from bots.store._secrets import new_key
from bots.store.sql import open_store
from summarizer import Secret
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Clock, Site, abroad

COOKIE = "slack-app-oauth-state"


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path, clock: Clock) -> AsyncIterator[Site]:
    """Paperwire over HTTP, without any installation yet."""
    async with abroad(slack, tmp_path, clock=clock) as served:
        yield served


# ── the way there and back ───────────────────────────────────────────────────────────────────────────────────────────


async def test_who_has_installed_is_told_what_to_do_next(site: Site) -> None:
    """The last page names the workspace and two commands to type."""
    page = await site.installed(site.slack.person("ada", site.slack.workspace("Lab <3")))
    assert 200 == page.status
    for words in ("installed in Lab &lt;3", "/invite @Paperwire", "/paper subscribe", "/paper help"):
        assert words in page.text


async def test_every_page_has_the_same_headers(site: Site) -> None:
    """The page with the button to Slack is as guarded as the others: not framed, not cached, no referrer."""
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/slack/install") as page:
        headers = dict(page.headers)
        assert 200 == page.status
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert ("no-store", "no-referrer", "nosniff") == (
        headers["Cache-Control"], headers["Referrer-Policy"], headers["X-Content-Type-Options"]
    )  # fmt: skip
    assert headers["Content-Type"].startswith("text/html")
    assert "slack-app-oauth-state" in headers["Set-Cookie"]


async def test_who_declines_is_told_that_nothing_was_installed(site: Site) -> None:
    """A person who declines gets a page that reports that nothing was installed and how to start again."""
    page = await site.slack.person("ada").installs(f"{site.url}/slack/install", grant=False)
    assert "Nothing was installed" in page.text
    assert 'href="/slack/install"' in page.text
    assert () == await site.application.store.installations("slack")


async def begun(site: Site) -> tuple[str, str]:
    """Open the install page; return the state in its link and the state in its cookie."""
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/slack/install") as page:
        cookie = SimpleCookie(page.headers["Set-Cookie"])[COOKIE]
        assert cookie["secure"]
        assert cookie["httponly"]
        link = (await page.text()).partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    return parse_qs(urlsplit(link).query)["state"][0], cookie.value


async def came_back(site: Site, cookie: str, **query: str) -> tuple[int, str]:
    """Open the redirect URL with a cookie and a query; return the status and the page."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    url = f"{site.url}/slack/oauth_redirect?{urlencode(query)}"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as page:
        return page.status, await page.text()


def code(site: Site) -> str:
    """Return a valid OAuth code from Slack."""
    ada = site.slack.person("ada")
    redirect = f"{site.url}/slack/oauth_redirect"
    given = site.slack.hub.passes.code(
        team=ada.workspace.id, user=ada.user.id, scopes=site.slack.hub.manifest.scopes, redirect_uri=redirect
    )
    return given.key


def readable(page: tuple[int, str], title: str) -> None:
    """Check that a page explains the fault and links to the start."""
    assert 400 == page[0]
    assert f"<h1>{title}</h1>" in page[1]
    assert "Start again</a>" in page[1]


async def test_a_state_is_good_once(site: Site) -> None:
    """The state and the cookie of one page allow one installation, whatever code comes with them."""
    state, cookie = await begun(site)
    assert 200 == (await came_back(site, cookie, state=state, code=code(site)))[0]
    readable(await came_back(site, cookie, state=state, code=code(site)), "This installation is over")


async def test_a_state_is_good_for_ten_minutes(site: Site, clock: Clock) -> None:
    """A state is accepted within ten minutes and refused after them."""
    late, early = await begun(site), await begun(site)
    clock.ahead += timedelta(minutes=9, seconds=50)
    assert 200 == (await came_back(site, early[1], state=early[0], code=code(site)))[0]
    clock.ahead += timedelta(seconds=20)
    readable(await came_back(site, late[1], state=late[0], code=code(site)), "This installation is over")


async def test_a_state_is_good_in_the_browser_that_began(site: Site) -> None:
    """A missing state, a missing cookie and the state of another browser are refused."""
    (mine, cookie), (foreign, _) = await begun(site), await begun(site)
    for sent, query in ((cookie, {}), ("", {"state": mine}), (cookie, {"state": foreign})):
        page = await came_back(site, sent, code=code(site), **query)
        readable(page, "This installation was not started in this browser")
    assert () == await site.application.store.installations("slack")


@pytest.mark.parametrize(
    "forge", [lambda s: s[:-1] + "0x"[s[-1] == "0"], lambda s: f"9{s}", lambda _: "x", lambda _: "1.é"]
)
async def test_a_state_is_ours(site: Site, forge: Callable[[str], str]) -> None:
    """A forged state with a matching cookie is refused."""
    forged = forge((await begun(site))[0])
    readable(await came_back(site, forged, state=forged, code=code(site)), "This installation is over")


async def test_without_a_good_code_nothing_is_installed(site: Site) -> None:
    """A missing code, and a code that Slack does not know, lead to an error page."""
    for query, title in (({}, "Slack sent no code"), ({"code": "x"}, "Slack did not confirm the installation")):
        state, cookie = await begun(site)
        readable(await came_back(site, cookie, state=state, **query), title)


async def test_a_page_shows_nothing_that_an_address_brought(site: Site) -> None:
    """An error code in the URL is shown as text, and a long one is cut."""
    status, page = await came_back(site, "", error="<script>alert(1)</script>" + "x" * 5000)
    assert 400 == status
    assert "<script>" not in page
    assert 3000 > len(page)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def contents(folder: Path) -> list[bytes]:
    """Return the contents of the database file and the log next to it."""
    return [(folder / f"paperwire.sqlite3{beside}").read_bytes() for beside in ("", "-wal")]


async def test_no_token_can_be_read_in_the_database(site: Site, tmp_path: Path) -> None:
    """Neither the database file nor its log contains the token that Slack issued."""
    await site.installed(site.slack.person("ada"))
    token = site.slack.hub.world.installations[0].token
    (kept,) = await site.application.store.installations("slack")
    assert token == kept.token
    assert all(b"xoxb" not in content for content in contents(tmp_path))


async def test_keys_are_changed_without_installing_anew(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a new key the old key still decrypts; after `paperwire slack reseal` it is no longer needed."""
    old, new = new_key(), new_key()
    ada = slack.person("ada")
    async with abroad(slack, tmp_path, token_keys=(Secret(old),)) as site:
        await site.installed(ada)
    async with abroad(slack, tmp_path, token_keys=(Secret(new), Secret(old))):
        papers = slack.channel("papers", ada)
        await ada.types("/paper help", papers)
        await ada.reads("Commands", papers, only_me=True)

    database = tmp_path / "paperwire.sqlite3"
    async with open_store(database, keys=[new]) as store:
        with pytest.raises(StoreError):
            await store.installations("slack")
    monkeypatch.setenv("PAPERWIRE_SLACK_TOKEN_KEYS", f"{new},{old}")
    arguments = ["--database", str(database), "slack", "reseal"]
    done = await asyncio.to_thread(CliRunner().invoke, command_line, arguments)
    assert "1 token" in done.output
    async with open_store(database, keys=[new]) as store:
        assert 1 == len(await store.installations("slack"))
