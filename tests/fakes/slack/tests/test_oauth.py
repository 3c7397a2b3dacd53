"""Installing and uninstalling, with slack_bolt's own OAuth flow."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.tests.bot import client, http_server, make_bot, over_http
from tests.fakes.slack.tests.test_web_api import error_of

#: slack_sdk 3.47 authenticates oauth.v2.access with a class that aiohttp 3.14 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

SCOPES = ["app_mentions:read", "chat:write", "commands", "im:history"]


class Store(FileInstallationStore):
    """An installation store that signals when a workspace was deleted from it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.emptied = asyncio.Event()

    async def async_delete_all(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Delete, then set the signal."""
        self.delete_all(enterprise_id=enterprise_id, team_id=team_id)
        self.emptied.set()


@dataclass
class Shop:
    """An app with a public install page."""

    slack: FakeSlack
    url: str
    store: Store
    redirect: str


class Pages:
    """The bot's pages and event endpoint; the server starts before the bot, whose settings need the server's URL."""

    bot: Any

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Forward a request to the responsible part of slack_bolt."""
        flow = self.bot.oauth_flow
        parts = {"install": flow.handle_installation, "oauth_redirect": flow.handle_callback}
        part = parts.get(request.match_info["page"], self.bot.async_dispatch)
        return await to_aiohttp_response(await part(await to_bolt_request(request)))


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """slack_bolt with its OAuth flow, behind its own server."""
    async with FakeSlack(over_http("http://127.0.0.1:9/")) as slack:
        app, pages = web.Application(), Pages()
        app.router.add_route("*", "/slack/{page}", pages.handle)
        async with http_server(app) as url:
            redirect = f"{url}/slack/oauth_redirect"
            manifest = over_http(f"{url}/slack/events")
            manifest["oauth_config"]["redirect_urls"] = [redirect]
            manifest["settings"]["org_deploy_enabled"] = True
            slack.declare(manifest)
            store = Store(base_dir=str(tmp_path), client_id=slack.hub.client_id)
            pages.bot = make_app(slack, store, redirect, tmp_path)
            yield Shop(slack, url, store, redirect)


def make_app(slack: FakeSlack, store: Store, redirect: str, folder: Path) -> Any:
    """Return the bot with its OAuth flow."""
    settings = AsyncOAuthSettings(
        client_id=slack.hub.client_id,
        client_secret=slack.hub.client_secret,
        scopes=SCOPES,
        redirect_uri=redirect,
        authorization_url=f"{slack.url}/oauth/v2/authorize",
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(folder), client_id=slack.hub.client_id),
    )
    bot = make_bot(client(slack), signing_secret=slack.hub.signing_secret, oauth_settings=settings)
    if bot.oauth_flow is not None:
        bot.oauth_flow.client.base_url = slack.api
    return bot


async def test_two_workspaces_install_and_each_is_answered(shop: Shop) -> None:
    """Each workspace gets its own token through the full OAuth flow, and commands in it are answered."""
    for name in ("Lab", "Institute"):
        workspace = shop.slack.workspace(name)
        ada = shop.slack.person("ada", workspace)
        page = await ada.installs(f"{shop.url}/slack/install")
        assert 200 == page.status
        assert "Thank you" in page.text
        kept = shop.store.find_bot(enterprise_id=None, team_id=workspace.id)
        installation = shop.slack.hub.world.installed_in(workspace.id)
        assert kept is not None
        assert installation is not None
        assert installation.token == kept.bot_token
        channel = shop.slack.channel("papers", ada, workspace=workspace)
        assert (await ada.types("/paper help", channel)).acked
    assert 2 == len({each.token for each in shop.slack.hub.world.installations})


async def test_who_declines_is_sent_back_without_a_code(shop: Shop) -> None:
    """A person who denies the installation is redirected with access_denied, and nothing is installed."""
    page = await shop.slack.person("ada").installs(f"{shop.url}/slack/install", grant=False)
    assert "error=access_denied" in page.url
    assert [] == shop.slack.hub.world.installations


async def test_an_organisation_installs_for_all_its_workspaces(shop: Shop) -> None:
    """An installation for an organisation has one token for all of its workspaces, and is marked as such."""
    one = shop.slack.workspace("One", enterprise="E0FAKE")
    two = shop.slack.workspace("Two", enterprise="E0FAKE")
    await shop.slack.person("ada", one).installs(f"{shop.url}/slack/install", whole_enterprise=True)
    kept = shop.store.find_bot(enterprise_id="E0FAKE", team_id=None, is_enterprise_install=True)
    assert kept is not None
    assert kept.is_enterprise_install
    bo = shop.slack.person("bo", two)
    assert (await bo.types("/paper help", shop.slack.channel("papers", bo, workspace=two))).acked
    several = client(shop.slack, kept.bot_token)
    assert (await several.auth_test())["is_enterprise_install"]
    shop.slack.hub.world.installations[0].scopes |= {"channels:read"}
    assert "missing_argument" == (await error_of(several.conversations_list()))["error"]
    listed = await several.conversations_list(team_id=two.id)
    assert ["general", "papers"] == [each["name"] for each in listed["channels"]]


async def test_uninstalling_ends_the_token_and_tells_the_app(shop: Shop) -> None:
    """Uninstalling notifies the app and revokes the token; slack_bolt then deletes its stored installation."""
    ada = shop.slack.person("ada")
    await ada.installs(f"{shop.url}/slack/install")
    token = shop.slack.hub.world.installations[0].token
    ada.uninstalls()
    for delivery in list(shop.slack.hub.office.deliveries):
        await shop.slack.hub.office.finished(delivery)
    told = [each.names[0] for each in shop.slack.hub.office.deliveries]
    assert ["tokens_revoked", "app_uninstalled"] == told
    assert "token_revoked" == (await error_of(client(shop.slack, token).auth_test()))["error"]
    # The listener runs after the acknowledgement.
    async with asyncio.timeout(30):
        await shop.store.emptied.wait()
    assert shop.store.find_bot(enterprise_id=None, team_id=ada.workspace.id) is None


async def test_a_code_is_exchanged_once_by_the_right_app(shop: Shop) -> None:
    """A wrong client, secret, URL or code has its own error; a code is valid once and for ten minutes."""
    hub = shop.slack.hub
    ada = shop.slack.person("ada")
    give = {"team": ada.workspace.id, "user": ada.user.id, "scopes": frozenset(SCOPES), "redirect_uri": shop.redirect}
    code = hub.passes.code(**give)  # type: ignore[arg-type] # a dict of several types
    caller = client(shop.slack)
    right = {
        "client_id": hub.client_id,
        "client_secret": hub.client_secret,
        "code": code.key,
        "redirect_uri": shop.redirect,
    }
    wrong = {"client_id": "invalid_client_id", "client_secret": "bad_client_secret", "code": "invalid_code"}
    for name, error in (wrong | {"redirect_uri": "bad_redirect_uri"}).items():
        assert error == (await error_of(caller.oauth_v2_access(**(right | {name: "x"}))))["error"]
    assert "chat:write" in (await caller.oauth_v2_access(**right))["scope"].split(",")
    assert "code_already_used" == (await error_of(caller.oauth_v2_access(**right)))["error"]


async def test_slack_s_page_refuses_what_it_does_not_know(shop: Shop) -> None:
    """A redirect URL that is not in the manifest and an unknown scope are refused on Slack's page."""
    ada = shop.slack.person("ada")
    shop.slack.hub.manifest = replace(shop.slack.hub.manifest, redirect_urls=("https://elsewhere.example/",))
    page = await ada.installs(f"{shop.url}/slack/install")
    assert (400, True) == (page.status, "bad_redirect_uri" in page.text)
    query = f"client_id={shop.slack.hub.client_id}&scope=messages.im"
    page = await ada.installs(f"{shop.slack.url}/oauth/v2/authorize?{query}")
    assert (400, True) == (page.status, "invalid_scope: messages.im" in page.text)
