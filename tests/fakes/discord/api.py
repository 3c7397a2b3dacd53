"""The REST interface: authorisation, rate limits, injected faults, and responses."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.discord import api_answers, api_app, api_messages, api_threads
from tests.fakes.discord.bodies import Upload
from tests.fakes.discord.calls import Answer, Call, Route, Routes
from tests.fakes.discord.faults import DONE, Fault, Trouble
from tests.fakes.discord.hub import Hub
from tests.fakes.discord.problems import DiscordRefusal, Json, NoRoute, TooFast
from tests.fakes.discord.writing import conforms, demand
from tests.fakes.discord.wrong import Wrong

#: docs.discord.com, Reference, "User Agent".
_AGENT = re.compile(r"DiscordBot \(\S+ [^)]+\)")
#: Discord's error code for other User-Agents; the code is in no documented list.
_NOT_AN_AGENT = 40333
_VIA: Mapping[str, str] = {"Via": "1.1 google"}
_HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


class RestApi:
    """Answers REST calls."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._routes = Routes(all=(*api_answers.ROUTES, *api_app.ROUTES, *api_messages.ROUTES, *api_threads.ROUTES))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, normally or as an injected fault requires."""
        path = f"/{request.match_info['path']}"
        if self._hub.pacing.shut_out(self._hub.clock()):
            return _page(429, "Access denied: Error 1015")
        fault = self._hub.faults.of_call(f"{request.method} {path}", self._channel_of(path))
        if fault is not None:
            self._hub.happenings.add("fault", text=f"{fault.trouble}: {request.method} {_short(path)}")
        if fault is not None and fault.trouble not in DONE:
            await request.read()
            return await self._before(fault, request, path)
        response = await self._answered(request, path)
        return await self._after(fault, request, response) if fault is not None else response

    def _channel_of(self, path: str) -> str:
        """Return the channel that a call concerns: the one in its path, or that of its interaction."""
        found = re.match(r"/(channels|interactions|webhooks)/([^/]+)(?:/([^/]+))?", path)
        if found is None or found[1] == "channels":
            return found[2] if found else ""
        known = self._hub.tokens.get(found[3] or "")
        return known.channel.id if known else ""

    async def _answered(self, request: web.Request, path: str) -> web.Response:
        headers: dict[str, str] = {}
        try:
            route, params = self._found(request.method, path)
            self._admit(route, request)
            headers = self._counted(route, params)
            answer = await self._run(route, params, request, path)
        except DiscordRefusal as refusal:
            return self._refused(refusal, request.method, path, headers)
        self._note(request.method, path, answer.status)
        return self._response(request.method, path, answer, headers)

    def _found(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        try:
            return self._routes.find(method, path)
        except NoRoute:
            strange = Wrong(path=(), code="NO_ROUTE", message=f"{method} {path} is not served here")
            self._hub.record([strange], f"{method} {path}", None)
            raise

    def _admit(self, route: Route, request: web.Request) -> None:
        if not route.bot:
            return
        if not _AGENT.match(request.headers.get("User-Agent", "")):
            raise DiscordRefusal(_NOT_AN_AGENT, status=403, message="internal network error")
        if request.headers.get("Authorization", "") != f"Bot {self._hub.token}":
            raise DiscordRefusal(0)

    def _counted(self, route: Route, params: Mapping[str, str]) -> dict[str, str]:
        major = next((params[name] for name in ("channel", "guild", "token") if name in params), "")
        return self._hub.pacing.call(route.name, major, self._hub.clock(), exempt=not route.bot)

    async def _run(self, route: Route, params: Mapping[str, str], request: web.Request, path: str) -> Answer:
        body, uploads = await _read(request)
        if route.checked and body is not None:
            demand(self._hub, f"{route.method} {path}", body, conforms(self._hub, route.method, path, body))
        return route.run(
            Call(
                hub=self._hub,
                method=route.method,
                path=path,
                params=params,
                query=dict(request.query),
                headers=dict(request.headers),
                body=body,
                uploads=uploads,
            )
        )

    def _refused(self, refusal: DiscordRefusal, method: str, path: str, headers: Mapping[str, str]) -> web.Response:
        scope = refusal.scope if isinstance(refusal, TooFast) else ""
        self._hub.pacing.note(refusal.status, scope, self._hub.clock())
        self._note(method, path, refusal.status, refusal.said)
        answer = Answer(status=refusal.status, body=refusal.said)
        return self._response(method, path, answer, {**headers, **refusal.headers})

    def _note(self, method: str, path: str, status: int, said: Json | None = None) -> None:
        more: Json = {"status": status, "error": said or {}}
        self._hub.happenings.add("call", channel=self._channel_of(path), text=f"{method} {_short(path)}", more=more)

    def _response(self, method: str, path: str, answer: Answer, headers: Mapping[str, str]) -> web.Response:
        """Return the HTTP response; one that violates Discord's OpenAPI spec is reported as an error of the fake."""
        if self._hub.spec is not None and answer.status < 400:
            for each in self._hub.spec.response(method, path, answer.status, answer.body):
                self._hub.office.broken(AssertionError(f"{method} {path} was answered wrongly: {each}"))
        if answer.status == 204:
            return web.Response(status=204, headers={**_VIA, **headers})
        # discord.py parses only exactly this content type as JSON, and aiohttp adds no charset to bytes.
        return web.Response(
            body=json.dumps(answer.body).encode(),
            status=answer.status,
            headers={**_VIA, **headers},
            content_type="application/json",
        )

    async def _before(self, fault: Fault, request: web.Request, path: str) -> web.StreamResponse:
        if fault.trouble is Trouble.RATE_LIMITED:
            return self._refused(TooFast(fault.seconds, scope=fault.scope), request.method, path, {})
        if fault.trouble is Trouble.REFUSED:
            return self._refused(DiscordRefusal(fault.code, status=fault.status or None), request.method, path, {})
        if fault.trouble is Trouble.CLOUDFLARE:
            return _page(429, "Access denied: Error 1015")
        if fault.trouble is Trouble.DOWN_BEFORE:
            return _page(fault.status or 503, "upstream connect error")
        return await _silence(request, forever=fault.trouble is Trouble.HANGS)

    async def _after(self, fault: Fault, request: web.Request, response: web.Response) -> web.StreamResponse:
        if fault.trouble is Trouble.SLOW:
            await self._hub.faults.hold(fault)
            return response
        if fault.trouble is Trouble.DOWN_AFTER:
            return _page(fault.status or 502, "bad gateway")
        return await _silence(request, forever=fault.trouble is Trouble.HALF_OPEN)


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the body of a call and its uploaded files.

    Raises:
        DiscordRefusal: the body is not valid JSON.
    """
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (_parsed(raw) if raw else None), []
    form = await request.post()
    files = [
        Upload(field=name, name=each.filename, content=each.file.read(), kind=each.content_type or "")
        for name, each in form.items()
        if isinstance(each, web.FileField)
    ]
    given = form.get("payload_json")
    if isinstance(given, web.FileField):
        files = [each for each in files if each.field != "payload_json"]
        given = given.file.read().decode()
    return (_parsed(given.encode()) if isinstance(given, str) else {}), files


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise DiscordRefusal(50109) from None


def _short(path: str) -> str:
    """Return the path with its token removed."""
    return re.sub(r"^(/(?:webhooks|interactions)/\d+)/[^/]+", r"\1/…", path)


def _page(status: int, title: str) -> web.Response:
    """Return a page of a proxy in front of Discord: no JSON, no Via header."""
    return web.Response(text=_HTML.format(title), status=status, content_type="text/html")


async def _silence(request: web.Request, *, forever: bool) -> web.StreamResponse:
    """Send no response: block until cancelled, or drop the connection."""
    if forever:
        await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
