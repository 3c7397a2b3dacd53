"""Serves the preview on this machine alone, to the one who started it.

Its address holds a random token, so that no other user of this machine can open it. A page of another site cannot ask
for it either: the token is not known there, a request must name this machine as its host (a site whose name is pointed
at 127.0.0.1 names itself), and a browser says where a request comes from.
"""

import hmac
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from aiohttp import web

from bots.domain.mail_addresses import MailSender
from bots.domain.replies import Problem
from bots.domain.requests import Preview
from bots.domain.subscriptions import Subscription
from bots.endpoints.clients import Visits
from bots.endpoints.limits import Limits
from bots.endpoints.server import serve_at
from bots.ports import Clock
from bots.presentation.digest_text import note_line
from bots.preview.form import Form, filled, read
from bots.preview.html_pages import ASSETS, Result, asset, preview_page
from bots.preview.maker import PreviewMaker
from bots.preview.messages import messages_of
from bots.usecases.service import Service

#: The address of this machine that no other one reaches.
_HERE = "127.0.0.1"
#: A form with every field full, percent-encoded, is some ten kilobytes in the address.
_LIMITS = Limits(body_bytes=1024, head_bytes=32 * 1024)
#: Requests a minute: a person who types without a pause sends two a second, and each page has some mails and files.
_MOST, _MINUTE = 600, 60.0
_TOKEN_BYTES = 16
_MOST_FIELDS = 64

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: A mail has its style in its elements, as mail readers need it, and loads and runs nothing.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PreviewPages:
    """Answers the requests of the preview."""

    def __init__(
        self,
        service: Service,
        start: Subscription,
        *,
        sender: MailSender,
        token: str,
        clock: Clock,
        ticks: Callable[[], float],
    ) -> None:
        """Prepare the pages.

        Args:
            service: makes the digests.
            start: what the form begins with.
            sender: who the mails are from.
            token: what an address must contain.
            clock: returns the current time.
            ticks: returns monotonic seconds.
        """
        self._service = service
        self._start = start
        self._sender = sender
        self._token = token
        self._clock = clock
        self._maker = PreviewMaker(service, clock)
        self._visits = Visits(_MOST, _MINUTE, ticks)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the page, of its mails and of its files."""
        return [
            web.get("/{token}/", self._guarded(self._page)),
            web.get("/{token}/mail", self._guarded(self._mail)),
            *(web.get(f"/{{token}}/{name}", self._guarded(_asset(name))) for name in ASSETS),
        ]

    def _guarded(self, handler: _Handler) -> _Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._is_ours(request):
                raise web.HTTPForbidden(text="The preview is only for the person who started it.", headers=_HEADERS)
            if not self._visits.admit(_HERE):
                raise web.HTTPTooManyRequests(text="Too many requests: wait a moment.", headers=_HEADERS)
            return await handler(request)

        return guarded

    def _is_ours(self, request: web.Request) -> bool:
        host = request.headers.get("Host", "").rpartition(":")[0]
        asked_by = request.headers.get("Sec-Fetch-Site", "none")
        knows = hmac.compare_digest(request.match_info["token"].encode("utf-8", "replace"), self._token.encode())
        return knows and host in (_HERE, "localhost") and asked_by in ("same-origin", "none")

    async def _page(self, request: web.Request) -> web.Response:
        form, shown = await self._shown(request)
        page = preview_page(form, shown, urlencode(form.values))
        return web.Response(
            text=page, content_type="text/html", headers={**_HEADERS, "Content-Security-Policy": _POLICY}
        )

    async def _mail(self, request: web.Request) -> web.Response:
        _, shown = await self._shown(request)
        number = request.query.get("part", "1")
        mails = shown.messages.mails if isinstance(shown, Result) else ()
        if not number.isascii() or not number.isdigit() or not 1 <= int(number[:4]) <= len(mails):
            raise web.HTTPNotFound(text="There is no such mail.", headers=_HEADERS)
        # The one thing that is added to the mail: its links open beside the preview.
        html = mails[int(number[:4]) - 1].html.replace("<head>", '<head><base target="_blank">', 1)
        headers = {**_HEADERS, "Content-Security-Policy": _MAIL_POLICY}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _shown(self, request: web.Request) -> tuple[Form, Result | Problem | None]:
        given = list(request.query.items())[:_MOST_FIELDS]
        form = filled(given, self._start)
        wanted = read(form, self._start)
        if isinstance(wanted, Form):
            return wanted, None
        asked = Preview(channel=wanted.channel, trusted=True, subscription=wanted)
        if wrong := self._service.source_errors(wanted.sources, asked):
            return form.with_wrong("source", " ".join(wrong)), None
        digest = await self._maker.digest(wanted)
        if isinstance(digest, Problem):
            return form, digest
        if failed := [note_line(note) for note in digest.notes if note.failed]:
            offline = "" if digest.tally.found else "Without a network: paperwire preview --sample"
            form = form.with_wrong("source", " ".join((*failed, offline)).strip())
        messages = messages_of(digest, sender=self._sender, now=self._clock(), language=wanted.language)
        return form, Result(subscription=wanted, digest=digest, messages=messages)


def _asset(name: str) -> _Handler:
    async def sent(_request: web.Request) -> web.Response:
        return web.Response(text=asset(name), content_type=ASSETS[name], headers=_HEADERS)

    return sent


@asynccontextmanager
async def open_preview(
    service: Service,
    start: Subscription,
    *,
    sender: MailSender,
    port: int = 0,
    ticks: Callable[[], float] = time.monotonic,
) -> AsyncIterator[str]:
    """Serve the preview until the context exits, and yield its address.

    Args:
        service: makes the digests.
        start: what the form begins with.
        sender: who the mails are from.
        port: a port of this machine; 0 chooses one that is free.
        ticks: returns monotonic seconds.

    Raises:
        SettingsError: the port is in use, or may not be used.
    """
    token, chosen = secrets.token_urlsafe(_TOKEN_BYTES), port or _free_port()
    pages = PreviewPages(service, start, sender=sender, token=token, clock=service.clock, ticks=ticks)
    app = web.Application(client_max_size=_LIMITS.body_bytes)
    app.add_routes(pages.routes())
    remedy = "Choose another port with --port, or leave it out."
    async with serve_at(app, (_HERE, chosen), remedy=remedy, limits=_LIMITS):
        yield f"http://{_HERE}:{chosen}/{token}/"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HERE, 0))
        return int(probe.getsockname()[1])
