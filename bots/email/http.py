"""Serves the pages of e-mail: to sign up, to confirm, for preferences, and to unsubscribe.

Opening a page changes nothing, because mail servers and mail readers open the links in mails to look for malware. Only
a button acts, or the request that a mail reader sends to unsubscribe with one click (RFC 8058).
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from json import dumps
from urllib.parse import parse_qsl

from aiohttp import web

from bots.domain.errors import BadCommand, StoreError
from bots.email.html_pages import said_page, sign_up_page
from bots.email.links import BASE, Purpose
from bots.email.mailboxes import Mailboxes, read
from bots.email.reader_pages import Answer, Form, ReaderPages
from bots.email.settings import EmailSettings
from bots.email.sign_up import SignUps
from bots.endpoints.bodies import Bodies
from bots.endpoints.clients import PROXIES, TrustedProxies, Visits, client_of
from bots.endpoints.limits import Limits
from bots.endpoints.server import serve_at
from bots.pages.html import page_headers
from bots.translation.formats import sentences
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, localized, speaking
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

#: The largest form, with every field full and percent-encoded, has some 15 kB.
_LIMITS = Limits(body_bytes=32 * 1024)
_MOST_FIELDS = 40
#: Sign-ups of one client: a family or a small office behind one address, and no more.
_SIGN_UPS, _HOUR = 20, 3600.0
#: Requests of one client: more than a person makes, and too few to try links.
_VISITS, _MINUTE = 60, 60.0
_REFUSED, _WRONG, _TOO_MANY, _BUSY = 403, 422, 429, 503
_Handler = Callable[[web.Request], Awaitable[Answer]]


class MailPages:
    """Handles the requests for the pages."""

    def __init__(
        self,
        settings: EmailSettings,
        pages: ReaderPages,
        sign_ups: SignUps,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._pages = pages
        self._sign_ups = sign_ups
        self._bodies = Bodies(_LIMITS)
        self._visits = Visits(_VISITS, _MINUTE, ticks)
        self._signed_up = Visits(_SIGN_UPS, _HOUR, ticks)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of all pages."""
        pages = self._pages
        return [
            web.get(f"{BASE}/sign-up", self._limited(self._form)),
            web.post(f"{BASE}/sign-up", self._limited(self._sign_up)),
            web.get(f"{BASE}/{Purpose.CONFIRM}", self._limited(lambda asked: pages.ask_to_confirm(_token(asked)))),
            web.post(f"{BASE}/{Purpose.CONFIRM}", self._limited(self._confirm)),
            web.get(f"{BASE}/{Purpose.PREFERENCES}", self._limited(self._preferences)),
            web.post(f"{BASE}/{Purpose.PREFERENCES}", self._limited(self._change)),
            web.get(f"{BASE}/{Purpose.UNSUBSCRIBE}", self._limited(lambda asked: pages.ask_to_leave(_token(asked)))),
            # Not limited: a large mailbox provider sends the clicks of all its readers.
            web.post(f"{BASE}/{Purpose.UNSUBSCRIBE}", _answered(self._leave)),
        ]

    def _limited(self, handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def limited(request: web.Request) -> Answer:
            if self._visits.admit(client_of(request)):
                return await handler(request)
            return Answer(
                page=said_page(gettext("Too many requests"), gettext("Wait a minute, then try again.")),
                status=_TOO_MANY,
            )

        return _answered(limited)

    async def _form(self, _request: web.Request) -> Answer:
        if not self._settings.sign_up:
            return _closed()
        return Answer(page=sign_up_page(self._settings.sign_up))

    async def _sign_up(self, request: web.Request) -> Answer:
        """Answer a sign-up with the same page for every address; what becomes of it is told by mail."""
        form, allowed = dict(await self._read(request)), self._settings.sign_up
        if not allowed:
            return _closed()
        try:
            address = read(form.get("address", ""))
        except BadCommand as error:
            return Answer(page=sign_up_page(allowed, sentences(str(error), localized(error.hint))), status=_WRONG)
        if not self._settings.welcomes(address):
            return Answer(
                page=sign_up_page(allowed, gettext("Addresses at this domain cannot sign up here.")), status=_REFUSED
            )
        if not self._signed_up.admit(client_of(request)):
            return Answer(
                page=said_page(gettext("Too many sign-ups"), gettext("Try again in an hour.")), status=_TOO_MANY
            )
        # Programs fill in every field; a person does not see this one.
        if not form.get("website") and not self._sign_ups.begin(address):
            return Answer(
                page=said_page(gettext("Too many sign-ups at once"), gettext("Try again in a minute.")), status=_BUSY
            )
        return Answer(
            page=said_page(
                gettext("Look into your mail"),
                gettext(
                    "We have sent you a mail. Open the link in it to confirm that the address is yours; until then "
                    "nothing else is sent to it."
                ),
                gettext("If it does not come within a few minutes, look into the folder for spam."),
            )
        )

    async def _confirm(self, request: web.Request) -> Answer:
        return await self._pages.confirm(_token(request), await self._read(request))

    async def _preferences(self, request: web.Request) -> Answer:
        return await self._pages.preferences(_token(request), request.query.get("s", ""))

    async def _change(self, request: web.Request) -> Answer:
        return await self._pages.change(_token(request), await self._read(request))

    async def _leave(self, request: web.Request) -> Answer:
        await self._bodies.read(request)
        return await self._pages.leave(_token(request))

    async def _read(self, request: web.Request) -> Form:
        body = await self._bodies.read(request)
        try:
            return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            return ()


def _token(request: web.Request) -> str:
    return request.query.get("t", "")


def _closed() -> Answer:
    lines = (gettext("Ask the operator of Paperwire here to subscribe your address."),)
    return Answer(page=said_page(gettext("Nobody can sign up here"), *lines), status=_REFUSED)


def _answered(handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that sends its answer as a page with the headers of all pages."""

    async def answered(request: web.Request) -> web.Response:
        with speaking(load_languages().accepted(request.headers.get("Accept-Language", ""))):
            return await _in_language(handler, request)

    return answered


async def _in_language(handler: _Handler, request: web.Request) -> web.Response:
    try:
        answer = await handler(request)
    except StoreError as error:
        _log.warning("a page could not be served", extra={"error": str(error)})
        answer = Answer(
            page=said_page(gettext("This does not work now"), gettext("Try again in a few minutes.")), status=_BUSY
        )
    headers = dict(page_headers())
    if answer.file is None:
        return web.Response(text=answer.page, status=answer.status, headers=headers)
    headers |= {
        "Content-Type": "application/json",
        "Content-Disposition": 'attachment; filename="paperwire.json"',
    }
    return web.Response(text=dumps(answer.file, indent=2), headers=headers)


@asynccontextmanager
async def open_pages(
    settings: EmailSettings, service: Service, mailboxes: Mailboxes, sign_ups: SignUps
) -> AsyncIterator[None]:
    """Serve the pages until the context exits.

    Raises:
        SettingsError: the address is in use, or is not an address of this machine.
    """
    pages = ReaderPages(settings=settings, service=service, mailboxes=mailboxes)
    app = web.Application(client_max_size=_LIMITS.body_bytes)
    app[PROXIES] = TrustedProxies(settings.trusted_proxies)
    app.add_routes(MailPages(settings, pages, sign_ups).routes())
    host, port = settings.listen
    async with serve_at(app, settings.listen, remedy="Choose another address in email.listen.", limits=_LIMITS):
        _log.info("serving the pages of e-mail", extra={"address": f"{host}:{port}{BASE}/sign-up"})
        yield
