"""OAuth installation of an app: Slack's consent page, and a browser that follows the flow.

Source: docs.slack.dev/authentication/installing-with-oauth.
"""

import html
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import aiohttp
from aiohttp import web

from tests.fakes.slack.hub import Hub
from tests.fakes.slack.manifest import BOT_SCOPES
from tests.fakes.slack.problems import Json, NotPossible
from tests.fakes.slack.world import User, Workspace

_REDIRECTS_MOST = 5


class Consent:
    """The consent page, on which a person allows or denies the installation."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def show(self, request: web.Request) -> web.Response:
        """Show the page, with a form for every person, since the fake has no sign-in."""
        query = dict(request.query)
        if error := self._wrong(query):
            return web.Response(status=400, text=_page(f"<p>{error}</p>"), content_type="text/html")
        forms = [self._form(query, w, u) for w in self._hub.world.workspaces.values() for u in w.users.values()]
        asked = html.escape(", ".join(_scopes(query)))
        body = f"<h1>{html.escape(self._hub.manifest.name)} asks for</h1><p>{asked}</p>{''.join(forms)}"
        return web.Response(text=_page(body), content_type="text/html")

    async def decide(self, request: web.Request) -> web.Response:
        """Record the decision and redirect the browser to the app."""
        query = {key: str(value) for key, value in (await request.post()).items()}
        if error := self._wrong(query):
            return web.Response(status=400, text=_page(f"<p>{error}</p>"), content_type="text/html")
        back: Json = {"state": query.get("state", "")}
        if query.get("decision") != "allow":
            back |= {"error": "access_denied"}
        else:
            code = self._hub.passes.code(
                team=query["as_team"],
                user=query["as_user"],
                scopes=frozenset(_scopes(query)),
                redirect_uri=query.get("redirect_uri", ""),
                whole=query.get("whole") == "1",
            )
            back |= {"code": code.key}
        target = query.get("redirect_uri") or self._hub.manifest.redirect_urls[0]
        joint = "&" if urlsplit(target).query else "?"
        return web.Response(status=302, headers={"Location": f"{target}{joint}{urlencode(back)}"})

    def _wrong(self, query: Json) -> str:
        known, given = self._hub.manifest.redirect_urls, query.get("redirect_uri", "")
        unknown = set(_scopes(query)) - BOT_SCOPES
        if query.get("client_id") != self._hub.client_id:
            return "invalid_client_id"
        if unknown or not _scopes(query):
            return f"invalid_scope: {html.escape(' '.join(sorted(unknown)))}"
        if (given and not any(given.startswith(each) for each in known)) or not (given or known):
            return "bad_redirect_uri: it did not match any configured URIs"
        if query.get("whole") == "1" and not self._hub.manifest.org_deploy:
            return "org_login_required: the manifest does not enable org_deploy_enabled"
        return ""

    def _form(self, query: Json, workspace: Workspace, user: User) -> str:
        if user.is_bot:
            return ""
        held = {**query, "as_team": workspace.id, "as_user": user.id}
        fields = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(str(value))}">'
            for name, value in held.items()
        )
        buttons = (
            '<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button>'
        )
        who = html.escape(f"{user.real_name} in {workspace.name}")
        return f'<form method="post">{fields}<p>{who} {buttons}</p></form>'


def _scopes(query: Json) -> list[str]:
    return [each for each in re.split(r"[ ,]+", query.get("scope", "")) if each]


def _page(body: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><title>Slack</title>{body}'


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The page that a browser shows after all redirects."""

    status: int
    url: str
    text: str


class Browser:
    """Follows redirects and keeps cookies.

    Secure cookies are sent as well, which a real browser does not do over plain HTTP.
    """

    def __init__(self, hub: Hub, workspace: Workspace, user: User) -> None:
        self._hub = hub
        self._workspace = workspace
        self._user = user
        self._cookies: dict[tuple[str, str], str] = {}

    async def install(self, url: str, *, grant: bool, whole_enterprise: bool) -> Page:
        """Open an app's install page, continue to Slack, decide there, and return to the app."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            page = await self._go(session, url)
            asking = f"{self._hub.url}/oauth/v2/authorize"
            if not page.url.startswith(asking):
                found = re.search(r'href="([^"]*/oauth/v2/authorize[^"]*)"', page.text)
                if page.status != 200 or found is None:
                    return page
                page = await self._go(session, html.unescape(found.group(1)))
            if page.status != 200:
                return page
            form = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
            form |= {"as_team": self._workspace.id, "as_user": self._user.id}
            form |= {"decision": "allow" if grant else "deny", "whole": "1" if whole_enterprise else "0"}
            return await self._go(session, asking, form)

    async def _go(self, session: aiohttp.ClientSession, url: str, form: Json | None = None) -> Page:
        for _ in range(_REDIRECTS_MOST):
            method = "POST" if form is not None else "GET"
            headers = {"Cookie": "; ".join(f"{n}={v}" for (h, n), v in self._cookies.items() if h == _host(url))}
            async with session.request(method, url, data=form, headers=headers, allow_redirects=False) as response:
                text = await response.text()
                self._keep(url, response.headers.getall("Set-Cookie", []))
                if response.status not in (301, 302, 303, 307):
                    return Page(status=response.status, url=url, text=text)
                url, form = urljoin(url, response.headers["Location"]), None
        raise NotPossible("the browser was sent round in a circle")

    def _keep(self, url: str, cookies: list[str]) -> None:
        for each in cookies:
            for name, morsel in SimpleCookie(each).items():
                self._cookies[(_host(url), name)] = morsel.value
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies.pop((_host(url), name))


def _host(url: str) -> str:
    return urlsplit(url).netloc
