"""Composes the application: opens the components, passes each its dependencies, and closes them in reverse order.

Only this module knows all concrete classes. Components with large libraries are imported when they are opened:
condensing a pasted abstract needs neither a database nor a network.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import bots
from bots.bootstrap.databases import filling, open_condenser, open_database, open_permits, open_queue
from bots.bootstrap.engine_reports import engine_reports
from bots.bootstrap.engines import open_engines
from bots.bootstrap.joined import Joined
from bots.bootstrap.platforms import Connector, how_to_set_up
from bots.bootstrap.supervisor import Connections
from bots.bootstrap.watchers import Watch
from bots.config.settings import Settings
from bots.config.source_catalogue import catalogue
from bots.console.app import Console, ConsoleSettings
from bots.console.app import connect as connect_console
from bots.delivery.admin_notices import AdminNotices
from bots.delivery.due_runs import DueRuns
from bots.delivery.lost_access import LostAccess
from bots.delivery.operations import Operations
from bots.delivery.operator import Operator
from bots.delivery.part_delivery import PartDelivery
from bots.delivery.run_executor import RunExecutor
from bots.delivery.steps import WhenUnknown
from bots.digests.blurbs import BlurbService
from bots.digests.builder import DigestBuilder
from bots.digests.single_flight import SingleFlight
from bots.digests.source_reader import SourceReader
from bots.digests.vectors import VectorService
from bots.domain.errors import SettingsError
from bots.ports import Clock, Dispatcher, Library, Observer, OpenSource, Permits, Store, Unobserved
from bots.scheduling.clock_watch import ClockWatch
from bots.scheduling.dispatcher import InlineDispatcher
from bots.usecases.lookup import PaperLookup
from bots.usecases.search_index import SearchIndex
from bots.usecases.service import Service
from summarizer import Summarizer

if TYPE_CHECKING:
    from bots.scheduling.job_queue import JobQueue
    from bots.scheduling.job_worker import JobWorker
    from bots.scheduling.scheduler import Scheduler
    from bots.sources.source_opener import SourceOpener


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """All components of the application, open."""

    settings: Settings
    store: Store
    service: Service
    executor: RunExecutor
    due_runs: DueRuns
    dispatcher: Dispatcher
    #: The queue of the workers; None if this process carries runs out.
    queue: "JobQueue | None" = None
    #: The terminal that this process writes to; one of the adapters.
    console: Console
    #: The engines, the preferred one first.
    engines: tuple[Summarizer, ...]
    observer: Observer
    #: Compares the clock with that of the database's server.
    clock_watch: ClockWatch
    #: Tells those who watch the program how it stands; None if nobody was told of its start.
    watch: Watch | None = None

    def scheduler(self) -> "Scheduler":
        """Return the scheduler of this application."""
        from bots.scheduling.scheduler import Scheduler

        return Scheduler(
            store=self.store,
            due_runs=self.due_runs,
            executor=self.executor,
            dispatcher=self.dispatcher,
            clock=self.service.clock,
            fill=filling(self.queue, self.service.search_index),
            retention=self.settings.retention,
            observer=self.observer,
            may_work=self.clock_watch.may_work,
        )

    def worker(self, concurrency: int) -> "JobWorker":
        """Return a worker of this application's queue.

        Raises:
            SettingsError: there is no queue.
        """
        if self.queue is None:
            raise SettingsError("There is no work for a worker: schedule.workers is `no`.", hint="Set it to yes.")
        from bots.scheduling.job_worker import JobWorker

        return JobWorker(
            self.queue,
            store=self.store,
            executor=self.executor,
            clock=self.service.clock,
            blurbs=self.service.digest_builder.blurbs,
            search_index=self.service.search_index,
            concurrency=concurrency,
            observer=self.observer,
            may_work=self.clock_watch.may_work,
        )


def utc_now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    screen: TextIO,
    connectors: Sequence[Connector] = (),
    clock: Clock = utc_now,
    libraries: tuple[str, ...] | None = None,
    serving: bool = False,
    working: bool = False,
    upgrading: bool = True,
    observer: Observer | None = None,
) -> AsyncIterator[App]:
    """Open all components until the context exits.

    Args:
        settings: the settings.
        screen: the stream that the console adapter prints to.
        connectors: additional adapters to connect; one that fails by a fault of its own is logged and left out.
        clock: returns the current time, aware.
        libraries: specs of the libraries for look-ups, the preferred one first; None is every source that declares
            itself a library.
        serving: whether this process schedules runs and answers people; then workers may be used.
        working: whether it is such a worker.
        upgrading: whether an older database is migrated; if not, it is refused.
        observer: is told what happens.

    Raises:
        SettingsError: a setting is wrong.
        StoreError: the database cannot be opened.
    """
    observer = observer or Unobserved()
    async with AsyncExitStack() as stack:
        keys = [key.reveal() for key in settings.slack.get("token_keys", ())]
        queued = (serving or working) and settings.workers
        queue = await stack.enter_async_context(open_queue(settings)) if queued else None
        deferred = queue.defer_within if queue else None
        database = open_database(settings.database, keys, clock, deferred, upgrading=upgrading)
        store = await stack.enter_async_context(database)
        chain = open_engines(settings, clock, store)
        stack.push_async_callback(chain.aclose)
        elsewhere = await stack.enter_async_context(open_condenser(queue, observer)) if queue and not working else None
        flight = SingleFlight(leases=store, clock=clock)
        blurbs = BlurbService(
            summarizer=chain, cache=store, clock=clock, observer=observer, flight=flight, elsewhere=elsewhere
        )
        shared = await stack.enter_async_context(open_permits(settings.database, observer))
        open_source, there = await _sources(settings, stack, shared), Joined(permits=shared, observer=observer)
        service = _service(store, blurbs, open_source, open_source.libraries(libraries), clock, there)
        console = await stack.enter_async_context(connect_console(ConsoleSettings(stream=screen), service))
        there.join(console)
        application = _composed(settings, service, console, chain.engines, there, observer, queue)
        operations = Operations(
            operator=Operator(store=store, executor=application.executor),
            adapters=there.adapters,
            absent=there.absent,
            engines=partial(engine_reports, chain.engines, settings),
        )
        connections = Connections(service, joined=partial(there.join, operations=operations), left=there.leave)
        stack.push_async_callback(connections.close)
        # Before people can ask for anything: loading the engine would delay acknowledgements.
        if any(getattr(each, "listening", True) for each in connectors):
            await chain.prepare()
        await connections.open(connectors)
        yield application


async def _sources(settings: Settings, stack: AsyncExitStack, permits: Permits | None) -> "SourceOpener":
    """Return the opener of sources; its HTTP client is closed with the stack."""
    from bots.sources._http import Client
    from bots.sources._politeness import paces_of
    from bots.sources.source_opener import SourceOpener

    installed = catalogue()
    client = Client(
        contact=settings.contact,
        version=bots.__version__,
        clock=time.monotonic,
        sleep=asyncio.sleep,
        random=random.random,
        paces=paces_of(*installed.descriptions),
        permits=permits,
    )
    await stack.enter_async_context(client)
    return SourceOpener(installed, client=client, settings=settings.of_source, folder=Path.cwd())


def _service(
    store: Store,
    blurbs: BlurbService,
    open_source: OpenSource,
    libraries: Sequence[Library],
    clock: Clock,
    there: Joined,
) -> Service:
    vectors = VectorService(cache=store, clock=clock)
    return Service(
        store=store,
        digest_builder=DigestBuilder(
            store=store,
            blurbs=blurbs,
            vectors=vectors,
            source_reader=SourceReader(shelf=store, open_source=open_source, clock=clock, observer=blurbs.observer),
        ),
        paper_lookup=PaperLookup(shelf=store, libraries=libraries),
        search_index=SearchIndex(index=store, vectors=vectors),
        clock=clock,
        adapters=there.adapters,
        permits=there.permits,
    )


def _composed(
    settings: Settings,
    service: Service,
    console: Console,
    engines: tuple[Summarizer, ...],
    there: Joined,
    observer: Observer,
    queue: "JobQueue | None",
) -> App:
    window = timedelta(hours=settings.catch_up_hours)
    store, clock = service.store, service.clock
    notices = AdminNotices(store=store, adapters=there.adapters, clock=clock, admin=settings.admin)
    part_delivery = PartDelivery(
        ledger=store,
        adapters=there.adapters,
        absent=there.absent,
        set_up=how_to_set_up,
        clock=clock,
        ticks=time.monotonic,
        rate_limiters=there.rate_limiters,
        when_unknown=WhenUnknown(settings.when_unknown),
        on_undelivered=notices.undelivered,
        lost_access=LostAccess(on_lost=notices.access_lost),
        observer=observer,
    )
    executor = RunExecutor(
        store=store,
        digest_builder=service.digest_builder,
        part_delivery=part_delivery,
        clock=clock,
        window=window,
        uncomposed=notices.uncomposed,
        observer=observer,
    )
    return App(
        settings=settings,
        store=service.store,
        service=service,
        executor=executor,
        due_runs=DueRuns(ledger=store, adapters=there.adapters, clock=clock, window=window, observer=observer),
        dispatcher=queue or InlineDispatcher(executor.execute),
        queue=queue,
        console=console,
        engines=engines,
        observer=observer,
        clock_watch=ClockWatch(store.server_time, clock),
    )
