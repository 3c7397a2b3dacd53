"""Serves the site: turns each HTTP request into a visit, and the answer of its view into a response."""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bots.domain.errors import PaperwireError, RequestError, StoreError
from bots.domain.sign_ins import SignIn
from bots.endpoints.bodies import Bodies
from bots.endpoints.clients import PROXIES, TrustedProxies, Visits, client_of
from bots.endpoints.limits import Limits
from bots.endpoints.server import serve_at
from bots.pages.html import security_headers
from bots.presentation import digest_text
from bots.rest.http import Rest
from bots.usecases.problems import problem
from bots.web.assets import Asset, assets
from bots.web.kept import Kept
from bots.web.rendering import problem_lines, said_page
from bots.web.routes import ROUTES
from bots.web.sessions import SESSION_DAYS, cookie_name, cookie_value, is_form_of, session_of
from bots.web.sign_in import who
from bots.web.sign_in_pages import not_let_in
from bots.web.site import Route, Site
from bots.web.visits import Answer, Session, Visit

_log = logging.getLogger(__name__)

#: Readers keep connections open, so more than for a chat; the largest form is an abstract of 20,000 characters,
#: percent-encoded.
LIMITS = Limits(connections=512, per_address=64, body_bytes=256 * 1024, large_bodies=8)
_MOST_FIELDS = 60
#: Pages of one client: faster than a person reads, slower than a program that copies the site.
_PAGES, _MINUTE = 240, 60.0
#: Rendered pages that are kept for some seconds, of each route; one has some 35 kB.
_MOST_SHARED = 128
_OK, _REFUSED, _MISSING, _WRONG, _TOO_MANY, _FAILED, _BUSY = 200, 403, 404, 422, 429, 500, 503
_FOR_EVER = "public, max-age=31536000, immutable"
_POLICY = security_headers("style-src 'self'", "script-src 'self'", "img-src 'self' data:")
#: What the HTTP library refuses by itself, in words.
_WORDS = {
    404: ("There is no such page", "The address is wrong, or the page has moved."),
    405: ("This cannot be done here", "Go back and try again."),
    413: ("This is too long", "Paste a single abstract."),
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _NotKept(Exception):
    """Carries an answer that is for one reader only."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Server:
    """Answers the requests to a site."""

    def __init__(self, site: Site, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._site = site
        self._ticks = ticks
        self._bodies = Bodies(LIMITS)
        self._pages = Visits(_PAGES, _MINUTE, ticks)

    def application(self) -> web.Application:
        """Return the application with every route of the site."""
        app = web.Application(client_max_size=LIMITS.body_bytes, middlewares=[self._told])
        app[PROXIES] = TrustedProxies(self._site.settings.trusted_proxies)
        app.add_routes([web.route(each.method, each.path, self._handler(each)) for each in ROUTES])
        app.add_routes(Rest(self._site.outlet, LIMITS, ticks=self._ticks).routes())
        app.add_routes([web.get(each.address, _served(each)) for each in assets().values()])
        return app

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        own = Visits(route.per_minute, _MINUTE, self._ticks) if route.per_minute else None
        shared: Kept[str, Answer] = Kept(seconds=route.shared_seconds, most=_MOST_SHARED)

        async def handler(request: web.Request) -> web.Response:
            visit = self._visit(request)
            if not self._pages.admit(visit.client) or (own is not None and not own.admit(visit.client)):
                return self._response(visit, self._too_many(visit))
            visit = replace(visit, person=await self._person(visit))
            if request.method == "POST":
                form = await self._form(request)
                if route.guarded and not self._is_ours(request, visit, form):
                    return self._response(visit, self._foreign(visit))
                visit = replace(self._visit(request, form), person=visit.person)
            if refused := not_let_in(self._site, visit, route.needs):
                return self._response(visit, refused)
            if route.shared_seconds and visit.session.fresh:
                return self._response(visit, await self._shared(shared, request.path_qs, route, visit))
            return self._response(visit, await self._answer(route, visit))

        return handler

    async def _shared(self, shared: Kept[str, Answer], address: str, route: Route, visit: Visit) -> Answer:
        """Return the page that all readers without a session get; one that says what is wrong is not kept."""

        async def made() -> Answer:
            answer = await self._answer(route, visit)
            if answer.status != _OK:
                raise _NotKept(answer)
            return answer

        try:
            return await shared.get(address, made)
        except _NotKept as error:
            return error.answer

    async def _answer(self, route: Route, visit: Visit) -> Answer:
        try:
            return await route.view(self._site, visit)
        except PaperwireError as error:
            # The operator reads what only the log says to others.
            ours = visit.person is not None and visit.person.operator
            lines = digest_text.problem_lines(problem(error, trusted=True)) if ours else problem_lines(problem(error))
            status = _WRONG if isinstance(error, RequestError) else _BUSY
            return said_page(self._site, visit, "This did not work", *lines, status=status)

    def _visit(self, request: web.Request, form: tuple[tuple[str, str], ...] = ()) -> Visit:
        return Visit(
            method=request.method,
            path=request.path,
            session=self._session(request),
            now=self._site.service.clock(),
            parts=dict(request.match_info),
            query={name: request.query[name] for name in request.query},
            form=form,
            client=client_of(request),
        )

    async def _person(self, visit: Visit) -> SignIn | None:
        try:
            return await who(self._site, visit.session, visit.now)
        except StoreError as error:
            # The pages for everyone are shown; the others ask to sign in.
            _log.warning("it could not be read who is signed in", extra={"error": str(error)})
            return None

    def _session(self, request: web.Request) -> Session:
        cookie = request.cookies.get(cookie_name(over_tls=self._site.settings.over_tls), "")
        now = self._site.service.clock()
        found = [session_of(cookie, secret=secret, now=now) for secret in self._site.accepted_secrets]
        return next((each for each in found if not each.fresh), found[0])

    async def _form(self, request: web.Request) -> tuple[tuple[str, str], ...]:
        body = await self._bodies.read(request)
        try:
            return tuple(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except ValueError:
            return ()

    def _is_ours(self, request: web.Request, visit: Visit, form: tuple[tuple[str, str], ...]) -> bool:
        """Return whether a form was sent from a page of this site: by the browser's word, and by the form's token."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        token = dict(form).get("form_token", "")
        accepted = self._site.accepted_secrets
        return any(is_form_of(visit.session, token, secret=secret, now=visit.now) for secret in accepted)

    def _response(self, visit: Visit, answer: Answer) -> web.Response:
        headers = {**_POLICY, "Content-Type": answer.type, **answer.headers}
        if self._site.settings.over_tls:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if answer.fresh_seconds:
            headers["Cache-Control"] = f"private, max-age={answer.fresh_seconds}"
        if answer.to:
            headers["Location"] = answer.to
        if answer.file:
            headers["Content-Disposition"] = f'attachment; filename="{answer.file}"'
        response = web.Response(text=answer.body, status=answer.status, headers=headers)
        if answer.session is not None:
            self._set_cookie(response, replace(visit, session=answer.session))
        elif answer.keeps_session and visit.session.fresh:
            self._set_cookie(response, visit)
        return response

    def _set_cookie(self, response: web.Response, visit: Visit) -> None:
        over_tls = self._site.settings.over_tls
        response.set_cookie(
            cookie_name(over_tls=over_tls),
            cookie_value(visit.session, secret=self._site.secret, now=visit.now),
            max_age=SESSION_DAYS * 24 * 3600,
            path="/",
            secure=over_tls,
            httponly=True,
            samesite="Lax",
        )

    @property
    def _told(self) -> Any:
        """The middleware that answers with a page where the HTTP library refuses or a view fails."""

        @web.middleware
        async def told(request: web.Request, handler: _Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException as refused:
                title, line = _WORDS.get(refused.status, ("This did not work", refused.reason))
                visit = self._visit(request)
                response = self._response(visit, said_page(self._site, visit, title, line, status=refused.status))
                response.headers.update({name: refused.headers[name] for name in refused.headers if name == "Allow"})
                return response
            except Exception:  # noqa: BLE001 - one page, not the connection
                _log.exception("a page failed", extra={"path": request.path[:100]})
                visit = self._visit(request)
                lines = ("Something went wrong here; it was logged.", "Try again in a few minutes.")
                return self._response(visit, said_page(self._site, visit, "Error", *lines, status=_FAILED))

        return told

    def _too_many(self, visit: Visit) -> Answer:
        return said_page(self._site, visit, "Too many requests", "Wait a minute, then try again.", status=_TOO_MANY)

    def _foreign(self, visit: Visit) -> Answer:
        lines = (
            "This form was open for too long, or your browser refuses cookies.",
            "Go back, load the page again and send it once more.",
        )
        return said_page(self._site, visit, "The form has expired", *lines, status=_REFUSED)


def _served(asset: Asset) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def served(_request: web.Request) -> web.Response:
        headers = {**_POLICY, "Content-Type": asset.type, "Cache-Control": _FOR_EVER}
        return web.Response(text=asset.text, headers=headers)

    return served


@asynccontextmanager
async def open_site(site: Site) -> AsyncIterator[None]:
    """Serve a site until the context exits.

    Raises:
        SettingsError: the address is in use, or is not an address of this machine.
    """
    host, port = site.settings.listen
    app, remedy = Server(site).application(), "Choose another address in web.listen."
    async with serve_at(app, site.settings.listen, remedy=remedy, limits=LIMITS):
        _log.info("serving the web page", extra={"address": f"http://{host}:{port}/"})
        yield
