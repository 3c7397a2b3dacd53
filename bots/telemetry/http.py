"""Serves `/healthz`, `/readyz` and `/metrics` to those who watch the program, on an address of their own."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bots.endpoints.limits import Limits
from bots.endpoints.server import serve_at
from bots.telemetry.metrics import CONTENT_TYPE, Metrics
from bots.telemetry.standing import NotUp, Standing

_log = logging.getLogger(__name__)

#: A few watchers, which send no bodies.
_LIMITS = Limits(connections=16, per_address=16, body_bytes=1024, small_body_bytes=1024)
_NOT_READY = 503


class Endpoints:
    """Answers the watchers."""

    def __init__(self, standing: Standing | NotUp, metrics: Metrics) -> None:
        #: How the program stands now; replaced when it is up, and when it ends.
        self.standing = standing
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        ]

    async def healthz(self, _request: web.Request) -> web.Response:
        """Answer that the event loop is alive; a program that does not answer this should be restarted."""
        return web.Response(text="alive\n")

    async def readyz(self, _request: web.Request) -> web.Response:
        """Answer whether the program can work; the reasons are in the log, which strangers do not read."""
        found = await self.standing.readiness()
        said = {
            "ready": found.is_ready,
            "phase": found.phase,
            "database": "answers" if found.database else "does not answer",
            "clock": "right" if found.clock else "wrong",
            "platforms": {name: "connected" if there else "absent" for name, there in found.platforms.items()},
            "connections": {name: f"{each.open} of {each.wanted}" for name, each in found.connections.items()},
        }
        status = web.HTTPOk.status_code if found.is_ready else _NOT_READY
        return web.Response(text=json.dumps(said, indent=2) + "\n", content_type="application/json", status=status)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Answer with all metrics."""
        standing = self.standing
        found, tally = await standing.readiness(), await standing.tally()
        body = self._metrics.text(
            now=standing.clock(),
            database=found.database,
            tally=tally,
            platforms=found.platforms,
            usage=standing.usage(),
            connections=found.connections,
            queues=await standing.queue_states(),
            clock_offset=standing.clock_stands()[1],
        )
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})


@asynccontextmanager
async def open_endpoints(endpoints: Endpoints, listen: tuple[str, int]) -> AsyncIterator[None]:
    """Serve the watchers until the context exits.

    Raises:
        SettingsError: the address is in use, or is not an address of this machine.
    """
    app = web.Application(client_max_size=_LIMITS.body_bytes)
    app.add_routes(endpoints.routes())
    host, port = listen
    async with serve_at(app, listen, remedy="Choose another address in operations.listen.", limits=_LIMITS):
        _log.info("serving health and metrics", extra={"address": f"{host}:{port}"})
        yield
