"""The only place where concrete classes meet: opens the rooms, hands each what it needs, closes them in order.

Rooms with heavy libraries are imported when they are opened: to condense a paste nobody needs a database or a network.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, TextIO

import bots
from bots.bootstrap.platforms import Connector
from bots.config.settings import Settings
from bots.console.app import Console, ConsoleSettings
from bots.console.app import connect as connect_console
from bots.delivery.admin_notices import AdminNotices
from bots.delivery.due_runs import DueRuns
from bots.delivery.part_delivery import PartDelivery, WhenUnknown
from bots.delivery.rate_limiter import RateLimiter
from bots.delivery.run_executor import RunExecutor
from bots.digests.blurbs import BlurbService
from bots.digests.builder import DigestBuilder
from bots.digests.source_reader import SourceReader
from bots.domain.errors import PaperwireError, SettingsError
from bots.ports import Adapter, Clock, Library, OpenSource, Source, Store
from bots.scheduling.dispatcher import InlineDispatcher
from bots.usecases.lookup import PaperLookup
from bots.usecases.service import Service
from summarizer import Chain, EngineMissing, EngineSetup, Summarizer, open_chain

if TYPE_CHECKING:
    from bots.scheduling.scheduler import Scheduler
    from bots.sources._http import Web
    from bots.sources.context import SourceContext

#: Our own sources, by the name before the colon of a spec. A stranger's come from the entry-point group below.
SOURCES: Mapping[str, str] = {
    "huggingface": "bots.sources.huggingface:HuggingFace",
    "arxiv": "bots.sources.arxiv:Arxiv",
    "file": "bots.sources.file:PaperFile",
    "sample": "bots.sources.sample:SampleDay",
}
SOURCES_GROUP = "paperwire.sources"
#: Asked in this order for a paper that is not on our shelf: Hugging Face knows votes and code as well.
LIBRARIES = ("huggingface", "arxiv")

#: The database name for a store that ends with the process.
IN_MEMORY = ":memory:"


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """Every room, open."""

    settings: Settings
    store: Store
    service: Service
    executor: RunExecutor
    due_runs: DueRuns
    dispatcher: InlineDispatcher
    #: The terminal this process writes to; one of the adapters.
    console: Console
    #: What condenses, the preferred one first.
    engines: tuple[Summarizer, ...]

    def scheduler(self) -> "Scheduler":
        """Return what keeps time for this house."""
        from bots.scheduling.scheduler import Scheduler

        return Scheduler(
            store=self.store,
            due_runs=self.due_runs,
            executor=self.executor,
            dispatcher=self.dispatcher,
            clock=self.service.clock,
        )


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    screen: TextIO,
    connectors: Sequence[Connector] = (),
    clock: Clock = utc_now,
    libraries: tuple[str, ...] = LIBRARIES,
) -> AsyncIterator[App]:
    """Open every room for as long as the block lasts.

    Args:
        settings: what was set.
        screen: where the console room prints.
        rooms: more adapters to connect.
        clock: gives the present instant, aware.
        libraries: specs of the sources that papers are looked up in, the best first.

    Raises:
        SettingsError: something is set wrongly.
        StoreError: the database cannot be opened.
    """
    async with AsyncExitStack() as stack:
        chain = _engines(settings, clock)
        stack.push_async_callback(chain.aclose)
        keys = [key.reveal() for key in settings.slack.get("token_keys", ())]
        store = await stack.enter_async_context(_open_store(settings.database, keys))
        blurbs = BlurbService(summarizer=chain, cache=store, clock=clock)
        service = _service(store, blurbs, SourceOpener(settings, stack), libraries, clock)
        console = await stack.enter_async_context(connect_console(ConsoleSettings(stream=screen), service))
        adapters = [console, *[await stack.enter_async_context(connector(service)) for connector in connectors]]
        by_platform = {adapter.platform: adapter for adapter in adapters}
        yield _furnished(settings, service, console, chain.engines, by_platform)


def _engines(settings: Settings, clock: Clock) -> Chain:
    """Return the engines in the order that is set; none of them is loaded before it is needed."""
    try:
        return open_chain(EngineSetup(options=settings.engine, clock=clock, random=random.random))
    except EngineMissing as error:
        raise SettingsError(f"engine.order cannot be used: {error}") from error


def _service(
    store: Store, blurbs: BlurbService, open_source: OpenSource, libraries: tuple[str, ...], clock: Clock
) -> Service:
    return Service(
        store=store,
        digest_builder=DigestBuilder(
            store=store,
            blurbs=blurbs,
            source_reader=SourceReader(shelf=store, open_source=open_source, clock=clock),
        ),
        paper_lookup=PaperLookup(shelf=store, libraries=[_as_library(open_source(spec)) for spec in libraries]),
        clock=clock,
    )


def _furnished(
    settings: Settings,
    service: Service,
    console: Console,
    engines: tuple[Summarizer, ...],
    adapters: Mapping[str, Adapter],
) -> App:
    window = timedelta(hours=settings.catch_up_hours)
    store, clock = service.store, service.clock
    part_delivery = _part_delivery(settings, store, adapters, clock)
    executor = RunExecutor(
        store=store, digest_builder=service.digest_builder, part_delivery=part_delivery, clock=clock, window=window
    )
    dispatcher = InlineDispatcher(executor.carry_out)
    return App(
        settings=settings,
        store=service.store,
        service=service,
        executor=executor,
        due_runs=DueRuns(ledger=store, adapters=adapters, clock=clock, window=window),
        dispatcher=dispatcher,
        console=console,
        engines=engines,
    )


def _part_delivery(settings: Settings, store: Store, adapters: Mapping[str, Adapter], clock: Clock) -> PartDelivery:
    notices = AdminNotices(store=store, adapters=adapters, clock=clock, admin=settings.admin)
    rate_limiters = {
        name: RateLimiter(adapter.limits, ticks=time.monotonic, sleep=asyncio.sleep)
        for name, adapter in adapters.items()
    }
    return PartDelivery(
        ledger=store,
        adapters=adapters,
        clock=clock,
        rate_limiters=rate_limiters,
        when_unknown=WhenUnknown(settings.when_unknown),
        told=notices.undelivered,
    )


@asynccontextmanager
async def _open_store(database: str, keys: Sequence[str]) -> AsyncIterator[Store]:
    if database == IN_MEMORY:
        from bots.store.memory import MemoryStore

        yield MemoryStore()
        return
    from bots.store.sql import open_store

    async with open_store(database, keys=keys) as store:
        yield store


class SourceOpener:
    """Opens sources by their spec, ours and a plug-in's alike; the way out to the web is opened with the first."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._context: SourceContext | None = None

    def __call__(self, spec: str) -> Source:
        """Return the source of a spec.

        Raises:
            SettingsError: there is no such source, or its argument is wrong.
        """
        name, _, argument = spec.partition(":")
        try:
            opened: Source = _source_class(name)(argument, self._opened())
        except PaperwireError:
            raise
        except Exception as error:  # a stranger's package may fail in any way, from its import on
            raise SettingsError(f"The source {name!r} cannot be opened: {error}.") from error
        return opened

    def _opened(self) -> "SourceContext":
        if self._context is None:
            from bots.sources.context import SourceContext

            self._context = SourceContext(web=self._web(), places=self._settings.places, folder=Path.cwd())
        return self._context

    def _web(self) -> "Web":
        from bots.sources._http import Web

        web = Web(
            contact=self._settings.contact,
            version=bots.__version__,
            clock=time.monotonic,
            sleep=asyncio.sleep,
            random=random.random,
        )
        self._stack.push_async_exit(web)
        return web


def _source_class(name: str) -> "Callable[[str, SourceContext], Source]":
    if name in SOURCES:
        cls = resolve_name(SOURCES[name])
    else:
        plugged = {point.name: point for point in entry_points(group=SOURCES_GROUP)}
        if name not in plugged:
            known = ", ".join(sorted({*SOURCES, *plugged}))
            raise SettingsError(f"There is no source {name!r}.", hint=f"Known sources: {known}.")
        cls = plugged[name].load()
    due_runs: Callable[[str, SourceContext], Source] = cls.open
    return due_runs


def _as_library(source: object) -> Library:
    if not (hasattr(source, "lookup") and hasattr(source, "search")):
        raise SettingsError(f"{source!r} cannot be searched.")
    library: Library = source  # type: ignore[assignment]  # checked on the line above; plug-ins are untyped here
    return library
