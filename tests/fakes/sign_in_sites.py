"""Slack and Discord as sites that say who somebody is: authorize page, token endpoint, keys and the API behind it.

As strict as the real ones: a code works once, for the client, the redirect address and the verifier that it was made
for; Slack reports errors with status 200, Discord with 400 and 401.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from joserfc import jwk, jwt

CLIENT, SECRET = "client-1", "secret-1"
_BASIC = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"


@dataclass(kw_only=True)
class Someone:
    """A person with an account."""

    user: str
    name: str
    workspaces: tuple[str, ...]


@dataclass(kw_only=True)
class _Code:
    someone: Someone
    redirect: str
    nonce: str
    challenge: str


@dataclass(kw_only=True)
class SignInSites:
    """Both sites on one port; open it as a context manager."""

    redirects: tuple[str, ...]
    #: What the tests spoil of Slack's token: claims to replace, or another key.
    claims: dict[str, Any] = field(default_factory=dict)
    signing: Any = None
    #: A status with which every endpoint behind the pages answers.
    broken: int = 0
    #: How often the token endpoints were asked.
    asked: int = 0
    #: Who is signed in there, in a browser that opens the page itself; and the address that a browser reaches instead
    #: of the first one.
    someone: Someone | None = None
    instead: tuple[str, str] = ("", "")
    url: str = ""
    key: Any = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "k1"}))
    _codes: dict[str, _Code] = field(default_factory=dict)
    _tokens: dict[str, Someone] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/openid/connect/authorize", self._authorize),
                web.get("/oauth2/authorize", self._authorize),
                web.post("/api/openid.connect.token", self._slack_token),
                web.get("/openid/connect/keys", self._keys),
                web.post("/api/oauth2/token", self._discord_token),
                web.get("/api/v10/users/@me", self._me),
                web.get("/api/v10/users/@me/guilds", self._guilds),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        place = web.TCPSite(self._runner, "127.0.0.1", 0)
        await place.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def allowed(self, address: str, someone: Someone) -> str:
        """Return where the authorize page sends somebody who allows it; `address` is the page's."""
        page, _, _ = address.partition("?")
        asked = dict(parse_qsl(urlsplit(address).query))
        assert page in (f"{self.url}/openid/connect/authorize", f"{self.url}/oauth2/authorize")
        assert ("code", CLIENT) == (asked["response_type"], asked["client_id"])
        assert asked["redirect_uri"] in self.redirects
        assert asked["state"]
        is_slack = "openid" in page
        assert set(("openid profile" if is_slack else "identify guilds").split()) == set(asked["scope"].split())
        code = secrets.token_urlsafe(8)
        self._codes[code] = _Code(
            someone=someone, redirect=asked["redirect_uri"], nonce=asked.get("nonce", ""),
            challenge=asked.get("code_challenge", ""),
        )  # fmt: skip
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    async def _authorize(self, request: web.Request) -> web.Response:
        if self.someone is None:
            raise web.HTTPUnauthorized(text="Nobody is signed in here.")
        back = self.allowed(str(request.url), self.someone)
        raise web.HTTPFound(back.replace(*self.instead))

    def _taken(self, form: Any) -> _Code | None:
        """Return what a code was made for, and forget it; None if the request is not valid for it."""
        self.asked += 1
        held = self._codes.pop(str(form.get("code", "")), None)
        if held is None or held.redirect != form.get("redirect_uri") or form.get("grant_type") != "authorization_code":
            return None
        made = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest())
        return held if not held.challenge or made.decode().rstrip("=") == held.challenge else None

    async def _slack_token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.broken:
            return web.Response(status=self.broken, text="<html>down</html>")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return web.json_response({"ok": False, "error": "invalid_client_id"})
        held = self._taken(form)
        if held is None:
            return web.json_response({"ok": False, "error": "invalid_code"})
        now = int(time.time()) if "now" not in self.claims else int(self.claims["now"])
        claims = {
            "iss": self.url, "aud": CLIENT, "sub": held.someone.user, "iat": now, "exp": now + 300, "nonce": held.nonce,
            "https://slack.com/user_id": held.someone.user, "https://slack.com/team_id": held.someone.workspaces[0],
            "name": held.someone.name,
        } | {name: value for name, value in self.claims.items() if name != "now"}  # fmt: skip
        header = {"alg": "RS256", "kid": "k1", **({"alg": "HS256"} if isinstance(self.signing, jwk.OctKey) else {})}
        token = jwt.encode(header, claims, self.signing or self.key)
        return web.json_response({"ok": True, "access_token": "xoxp-1", "token_type": "Bearer", "id_token": token})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}]})

    async def _discord_token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.broken:
            return web.Response(status=self.broken, text="<html>down</html>")
        if request.headers.get("Authorization") != _BASIC:
            return web.json_response({"error": "invalid_client"}, status=401)
        held = self._taken(form)
        if held is None or not held.challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = secrets.token_urlsafe(8)
        self._tokens[token] = held.someone
        return web.json_response(
            {"access_token": token, "token_type": "Bearer", "expires_in": 604800, "scope": "identify guilds"}
        )

    def _bearer(self, request: web.Request) -> Someone:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self._tokens:
            raise web.HTTPUnauthorized(text='{"message": "401: Unauthorized", "code": 0}')
        return self._tokens[token]

    async def _me(self, request: web.Request) -> web.Response:
        someone = self._bearer(request)
        return web.json_response({"id": someone.user, "username": "someone", "global_name": someone.name})

    async def _guilds(self, request: web.Request) -> web.Response:
        return web.json_response([{"id": each, "name": "A server"} for each in self._bearer(request).workspaces])
