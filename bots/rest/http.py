"""Turns HTTP requests into calls, and answers into HTTP responses. The only module here that knows the HTTP library."""

import json
import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

import bots
from bots.domain.errors import PaperwireError
from bots.endpoints.bodies import Bodies
from bots.endpoints.clients import Visits, client_of
from bots.endpoints.limits import Limits
from bots.rest.api import BASE, OPERATIONS, Api
from bots.rest.calls import Call, Outlet, Response
from bots.rest.feed_views import author_feed, channel_feed, search_feed
from bots.rest.openapi import document
from bots.rest.operations import Operation
from bots.rest.problems import ApiProblem, problem_of, response_of

_log = logging.getLogger(__name__)

_MISSING, _NOT_ALLOWED, _FAILED, _TOO_MANY = 404, 405, 500, 429
#: Requests of one client for feeds and for the document: a reader with a hundred feeds behind one address.
_VISITS, _MINUTE = 240, 60.0
_FORMS = "{form:atom|rss|json}"
#: No browser runs anything of what is served here, or shows it in a frame.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_View = Callable[[Call], Awaitable[Response]]


class Rest:
    """Serves the feeds and the API of an outlet."""

    def __init__(self, outlet: Outlet, limits: Limits, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._outlet = outlet
        self._api = Api(outlet, ticks)
        self._bodies = Bodies(limits)
        self._visits = Visits(_VISITS, _MINUTE, ticks)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the feeds and of the API."""
        outlet = self._outlet
        feeds = [
            web.get("/feeds/channel/{token:[\\s\\S]+}." + _FORMS, self._open(lambda call: channel_feed(outlet, call))),
            web.get("/feeds/search." + _FORMS, self._open(lambda call: search_feed(outlet, call))),
            web.get("/feeds/author." + _FORMS, self._open(lambda call: author_feed(outlet, call))),
            web.route("*", "/feeds/{rest:[\\s\\S]*}", self._open(_nothing)),
        ]
        operations = [web.route(each.method, f"{BASE}{each.route}", self._of(each)) for each in OPERATIONS]
        told = web.get(f"{BASE}/openapi.json", self._open(self._document))
        return [*feeds, told, *operations, web.route("*", "/api/{rest:[\\s\\S]*}", self._open(_no_operation))]

    def _of(self, operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
        return self._answered(lambda call: self._api.answer(operation, call))

    def _open(self, view: _View) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Return the handler of what needs no token."""

        async def limited(call: Call) -> Response:
            if not self._visits.admit(call.client):
                raise ApiProblem(_TOO_MANY, "Too many requests.", "Wait a minute.", {"Retry-After": "60"})
            return await view(call)

        return self._answered(limited)

    def _answered(self, view: _View) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handler(request: web.Request) -> web.Response:
            return _written(await self._safely(view, request))

        return handler

    async def _safely(self, view: _View, request: web.Request) -> Response:
        try:
            return await view(await self._call(request))
        except ApiProblem as error:
            return response_of(error)
        except PaperwireError as error:
            found = problem_of(error)
            if found.status >= _FAILED:
                _log.warning("a call failed", extra={"path": request.path[:100], "error": str(error)})
            return response_of(found)
        except web.HTTPException as refused:
            return response_of(ApiProblem(refused.status, refused.text or refused.reason))
        except Exception:  # noqa: BLE001 - one call, not the connection
            _log.exception("a call failed", extra={"path": request.path[:100]})
            return response_of(ApiProblem(_FAILED, "Something went wrong here; it was logged.", "Try again later."))

    async def _call(self, request: web.Request) -> Call:
        return Call(
            method=request.method,
            path=request.raw_path.partition("?")[0],
            now=self._outlet.service.clock(),
            parts=dict(request.match_info),
            query={name: request.query[name] for name in request.query},
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await self._bodies.read(request) if request.can_read_body else b"",
            client=client_of(request),
        )

    async def _document(self, call: Call) -> Response:  # noqa: ARG002 - as every view
        told = document(OPERATIONS, url=f"{self._outlet.url}{BASE}", version=bots.__version__)
        return Response(body=json.dumps(told, indent=1), headers={"Cache-Control": "public, max-age=300"})


async def _nothing(call: Call) -> Response:  # noqa: ARG001 - as every view
    raise ApiProblem(_MISSING, "There is no feed at this address.", "An address ends with .atom, .rss or .json.")


async def _no_operation(call: Call) -> Response:
    here = [each for each in OPERATIONS if each.pattern.fullmatch(call.path.removeprefix(BASE))]
    if here:
        allowed = ", ".join(sorted({each.method for each in here}))
        raise ApiProblem(_NOT_ALLOWED, "This cannot be done here.", f"Use {allowed}.", {"Allow": allowed})
    raise ApiProblem(_MISSING, "There is nothing at this address.", f"{BASE}/openapi.json lists what there is.")


def _written(answer: Response) -> web.Response:
    headers = {**_HEADERS, **answer.headers}
    if answer.type:
        headers["Content-Type"] = answer.type
    return web.Response(body=answer.body.encode("utf-8"), status=answer.status, headers=headers)
