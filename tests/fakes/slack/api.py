"""The Web API: authorisation, rate limits, injected faults, and responses."""

import asyncio
import base64
import json
from collections.abc import Mapping

from aiohttp import web

from tests.fakes.slack import api_apps, api_chat, api_conversations, api_files, api_people, api_views
from tests.fakes.slack.calls import Call, Method, read_arguments
from tests.fakes.slack.faults import DONE_UNSAID, Fault, Trouble
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.world import Installation

METHODS: Mapping[str, Method] = {
    **api_apps.METHODS,
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_files.METHODS,
    **api_people.METHODS,
    **api_views.METHODS,
}
#: docs.slack.dev/apis/web-api/rate-limits: opening sockets and exchanging codes do not count towards a team's limits.
_UNTIED = frozenset({"apps.connections.open", "oauth.v2.access", "api.test"})


class WebApi:
    """Answers Web API calls."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        try:
            call = await self._read(request, name)
        except SlackRefusal as refusal:
            return _response(refusal.body(), refusal)
        fault = self._hub.faults.of_call(name, call.text("channel"))
        if fault is not None:
            self._hub.happenings.add("fault", channel=call.text("channel"), text=f"{fault.trouble}: {name}")
        if fault is not None and fault.trouble not in DONE_UNSAID:
            return await self._before(fault, request)
        response = self._answer(call, request)
        if fault is not None:
            return await self._after(fault, request)
        return response

    async def _read(self, request: web.Request, name: str) -> Call:
        kind = request.content_type if request.can_read_body else ""
        if kind == "multipart/form-data":
            form = await request.post()
            return Call(hub=self._hub, method=name, arguments={key: str(value) for key, value in form.items()})
        arguments = read_arguments(kind, list(request.query.items()), await request.read())
        return Call(hub=self._hub, method=name, arguments=arguments)

    def _answer(self, call: Call, request: web.Request) -> web.Response:
        refusal = None
        try:
            said = {"ok": True, **self._run(call, request)}
        except SlackRefusal as error:
            said, refusal = error.body(), error
        shown = {name: value for name, value in call.arguments.items() if name not in ("token", "client_secret")}
        team = call.installation.teams[0] if call.installation else ""
        more: Json = {"arguments": shown, "ok": said["ok"], "error": said.get("error", "")}
        self._hub.happenings.add("call", team=team, channel=call.text("channel"), text=call.method, more=more)
        headers = {}
        if call.installation is not None:
            headers["x-oauth-scopes"] = ",".join(sorted(call.installation.scopes))
            headers["x-accepted-oauth-scopes"] = ",".join(METHODS[call.method].scopes)
        return _response(said, refusal, headers)

    def _run(self, call: Call, request: web.Request) -> Json:
        method = METHODS.get(call.method)
        if method is None:
            raise SlackRefusal("unknown_method", req_method=call.method)
        self._admit(call, method, request)
        if call.method not in _UNTIED:
            team = call.installation.teams[0] if call.installation else ""
            wait = self._hub.pacing.call(team, call.method, method.tier, self._hub.clock())
            if wait:
                raise api_chat.too_fast(wait)
        return method.run(call)

    def _admit(self, call: Call, method: Method, request: web.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if method.token == "none":
            call.basic = _basic(given) if scheme == "Basic" else None
            return
        token = given if scheme == "Bearer" and given else call.text("token")
        if not token:
            raise SlackRefusal("not_authed")
        if method.token == "app":
            self._admit_app(token)
            return
        call.installation = self._installation(token)
        call.require_scope(*method.scopes)

    def _admit_app(self, token: str) -> None:
        scopes = self._hub.app_tokens.get(token)
        if scopes is None:
            known = self._hub.world.by_token(token)
            raise SlackRefusal("not_allowed_token_type" if known else "invalid_auth")
        if "connections:write" not in scopes:
            raise SlackRefusal("missing_scope", needed="connections:write", provided=",".join(sorted(scopes)))

    def _installation(self, token: str) -> Installation:
        if token in self._hub.app_tokens:
            raise SlackRefusal("not_allowed_token_type")
        installation = self._hub.world.by_token(token)
        if installation is None:
            raise SlackRefusal("invalid_auth")
        if installation.revoked:
            raise SlackRefusal("token_revoked")
        if all(bot.deleted for bot in installation.bot_users.values()):
            raise SlackRefusal("account_inactive")
        return installation

    async def _before(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.trouble is Trouble.RATE_LIMITED:
            seconds = str(max(1, round(fault.seconds)))
            return _response(
                {"ok": False, "error": "ratelimited"}, SlackRefusal("ratelimited", status=429), {"Retry-After": seconds}
            )
        if fault.trouble is Trouble.REFUSED:
            return _response({"ok": False, "error": fault.error})
        if fault.trouble is Trouble.NOT_JSON:
            return web.Response(text="<html>Somebody in the middle says hello</html>", content_type="text/html")
        if fault.trouble is Trouble.DOWN_BEFORE:
            return web.Response(status=503, text="upstream connect error", content_type="text/html")
        return await _silence(request, forever=fault.trouble is Trouble.HANGS)

    async def _after(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.trouble is Trouble.DOWN_AFTER:
            return web.Response(status=502, text="bad gateway", content_type="text/html")
        return await _silence(request, forever=fault.trouble is Trouble.HALF_OPEN)


async def _silence(request: web.Request, *, forever: bool) -> web.StreamResponse:
    """Send no response: block until cancelled, or drop the connection."""
    if forever:
        await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _basic(given: str) -> tuple[str, str] | None:
    try:
        user, _, secret = base64.b64decode(given).decode().partition(":")
    except ValueError:
        return None
    return user, secret


def _response(
    said: Json, refusal: SlackRefusal | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    status = refusal.status if refusal else 200
    told = {**(headers or {}), **(refusal.headers if refusal else {})}
    return web.Response(text=json.dumps(said), status=status, headers=told, content_type="application/json")
