"""Connects what condenses papers ahead of their digests, as the settings say."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from bots.bootstrap.app import App
from bots.bootstrap.engine_reports import REMOTE
from bots.digests.preparation import Plan, Preparation
from bots.digests.single_flight import SingleFlight
from bots.domain.queues import INDEXING

#: Blurbs made ahead at the same time by an engine in this process: they share its processors with whoever asks.
_LOCAL_CONCURRENCY = 2


def preparation(application: App, *, ahead: timedelta | None = None, most: int | None = None) -> Preparation:
    """Return what condenses papers ahead.

    Args:
        application: the application, open.
        ahead: how long before a digest is due; None is what the settings say.
        most: the most blurbs of a day; None is what the settings say.
    """
    builder, settings, clock = application.service.digest_builder, application.settings, application.service.clock
    is_remote = application.engines[0].engine == REMOTE
    plan = Plan(
        ahead=timedelta(hours=settings.prepare_hours) if ahead is None else ahead,
        most=settings.prepare_blurbs if most is None else most,
        concurrency=settings.remote_concurrency if is_remote else _LOCAL_CONCURRENCY,
    )
    flight = builder.blurbs.flight or SingleFlight(leases=application.store, clock=clock)
    watch = application.clock_watch
    return Preparation(
        store=application.store, builder=builder, clock=clock, flight=flight, plan=plan, may_work=watch.may_work
    )


@asynccontextmanager
async def preparing(application: App, *, queues: Sequence[str] | None) -> AsyncIterator[None]:
    """Condense papers ahead until the context exits, unless that is other processes' work; see `prepares`."""
    if not prepares(queues, workers=application.queue is not None):
        yield
        return
    async with preparation(application).running():
        yield


def prepares(queues: Sequence[str] | None, *, workers: bool) -> bool:
    """Return whether a process condenses papers ahead: workers of the queue `indexing`, for which nobody waits.

    Args:
        queues: the queues that it serves as a worker, empty for all; None if it answers people.
        workers: whether there are workers.
    """
    return not workers if queues is None else not queues or INDEXING in queues
