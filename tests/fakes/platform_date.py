"""The `Date` header of a fake platform, by the platform's own clock."""

from collections.abc import Callable
from email.utils import formatdate

from aiohttp import web


def date_by(app: web.Application, clock: Callable[[], float]) -> None:
    """Send the platform's time with every response (RFC 9110, 6.6.1); aiohttp would send this machine's."""

    async def dated(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(clock(), usegmt=True)

    app.on_response_prepare.append(dated)
