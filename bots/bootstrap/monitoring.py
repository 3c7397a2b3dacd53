"""Connects those who watch the program: health and metrics over HTTP, and the service manager."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import bots
from bots.bootstrap.databases import open_queues
from bots.bootstrap.engine_reports import REMOTE
from bots.bootstrap.watchers import open_watch
from bots.config.settings import Settings
from bots.domain.errors import SettingsError
from bots.ports import Connected, Observer, Unobserved

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.chat.health import ConnectionReport
    from bots.telemetry.standing import Standing, Usage


def observer(settings: Settings) -> Observer:
    """Return the observer that the settings ask for: metrics if they are served, traces if they are sent.

    Raises:
        SettingsError: the extra for traces is not installed.
    """
    told: Observer = Unobserved()
    if settings.operations.get("listen"):
        from bots.telemetry.metrics import Metrics

        told = Metrics(bots.__version__)
    address = settings.operations.get("traces")
    return _traced(told, address) if address else told


def _traced(told: Observer, address: str) -> Observer:
    try:
        from bots.telemetry.traces import Traces, exporter
    except ImportError as error:
        raise SettingsError(
            f"operations.traces needs a package that is not installed: {error.name}.",
            hint="Install the extra: pip install 'paperwire[otel]', or leave the setting empty.",
        ) from error
    return Traces(told, exporter(address), version=bots.__version__)


@asynccontextmanager
async def watched(app: "App") -> AsyncIterator[None]:
    """Tell those who watch the program that it is up, and how it stands, until the context exits.

    Raises:
        SettingsError: the address for health and metrics cannot be opened.
    """
    async with AsyncExitStack() as stack:
        watch = app.watch
        if watch is None:
            watch = await stack.enter_async_context(open_watch(app.settings, app.observer, app.service.clock))
        await stack.enter_async_context(watch.up(_standing(app)))
        yield


def _standing(app: "App") -> "Standing":
    from bots.telemetry.standing import Standing

    delivery, own = app.executor.part_delivery, app.console.platform
    return Standing(
        ledger=app.store,
        clock=app.service.clock,
        connected=lambda: [name for name in delivery.adapters if name != own],
        absent=lambda: list(delivery.absent),
        usage=lambda: _usage(app),
        connections=lambda: _connections(app),
        queues=open_queues(app.queue) if app.queue else None,
        clock_stands=lambda: _clock_stands(app),
    )


def _clock_stands(app: "App") -> tuple[bool, float | None]:
    offset = app.clock_watch.offset
    return app.clock_watch.is_right, None if offset is None else offset.total_seconds()


def _connections(app: "App") -> "Mapping[str, ConnectionReport]":
    """Return how the connections stand of each platform that tells."""
    adapters = app.executor.part_delivery.adapters
    return {name: each.connections() for name, each in adapters.items() if isinstance(each, Connected)}


def _usage(app: "App") -> "Mapping[str, Usage]":
    """Return what the engines that count their use have used today; only our own do."""
    from bots.telemetry.standing import Usage

    counted = {engine.engine: getattr(engine, "usage", None) for engine in app.engines}
    return {
        name: Usage(
            requests=used.requests,
            prompt_tokens=used.prompt_tokens,
            completion_tokens=used.completion_tokens,
            cost=app.settings.prices.cost(used.prompt_tokens, used.completion_tokens) if name == REMOTE else 0.0,
        )
        for name, used in counted.items()
        if used is not None
    }
