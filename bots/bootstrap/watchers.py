"""Tells those who watch the program how it stands, from its start on: health over HTTP, and the service manager."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import bots
from bots.config.settings import Settings
from bots.ports import Clock, Observer

if TYPE_CHECKING:
    from bots.telemetry.http import Endpoints
    from bots.telemetry.standing import Standing


class Watch:
    """What is told to those who watch the program, from its start to its end."""

    def __init__(self, settings: Settings, endpoints: "Endpoints | None") -> None:
        """Remember whom to tell.

        Args:
            settings: the settings.
            endpoints: what answers over HTTP; None if no setting asks for it.
        """
        self._manager = settings.service_management
        self._endpoints = endpoints
        self._not_up = endpoints.standing if endpoints else None

    def waits(self, why: str) -> None:
        """Tell that the start waits for the database; call it again within a minute, and with nothing at the end.

        Args:
            why: what is wrong with it, in one line.
        """
        from bots.telemetry.standing import NotUp
        from bots.telemetry.systemd import waiting

        if isinstance(self._not_up, NotUp):
            self._not_up.database = not why
        waiting(self._manager, why)

    @asynccontextmanager
    async def up(self, standing: "Standing") -> AsyncIterator[None]:
        """Tell that the program is up, and how it stands, until the context exits; then that it ends."""
        from bots.telemetry.standing import NotUp, Phase
        from bots.telemetry.systemd import told

        async with told(self._manager):
            if self._endpoints:
                self._endpoints.standing = standing
            try:
                yield
            finally:
                if self._endpoints:
                    self._endpoints.standing = NotUp(clock=standing.clock, phase=Phase.ENDING)


@asynccontextmanager
async def open_watch(settings: Settings, observer: Observer, clock: Clock) -> AsyncIterator[Watch]:
    """Answer those who watch the program until the context exits, also while it is not up yet.

    Raises:
        SettingsError: the address for health and metrics cannot be opened.
    """
    listen = settings.operations.get("listen")
    async with AsyncExitStack() as stack:
        if close := getattr(observer, "close", None):
            stack.push_async_callback(asyncio.to_thread, close)
        endpoints = await stack.enter_async_context(_served(observer, listen, clock)) if listen else None
        yield Watch(settings, endpoints)


@asynccontextmanager
async def _served(observer: Observer, listen: tuple[str, int], clock: Clock) -> "AsyncIterator[Endpoints]":
    from bots.telemetry.http import Endpoints, open_endpoints
    from bots.telemetry.metrics import Metrics
    from bots.telemetry.standing import NotUp

    told = getattr(observer, "observer", observer)
    metrics = told if isinstance(told, Metrics) else Metrics(bots.__version__)
    endpoints = Endpoints(NotUp(clock=clock), metrics)
    async with open_endpoints(endpoints, listen):
        yield endpoints
