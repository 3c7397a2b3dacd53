"""Doubles of the outside world: a clock that is set by hand, sources that return or raise given values.

Everything between them is real: store, service, delivery, summarizer, chat.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from bots.delivery.admin_notices import AdminNotices
from bots.delivery.due_runs import DueRuns
from bots.delivery.part_delivery import PartDelivery
from bots.delivery.rate_limiter import RateLimiter
from bots.delivery.run_executor import RunExecutor
from bots.digests.blurbs import BlurbService
from bots.digests.builder import DigestBuilder
from bots.digests.source_reader import SourceReader
from bots.digests.vectors import VectorService
from bots.domain.channels import Channel
from bots.domain.errors import PaperNotFound, SettingsError
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.ports import Library, OpenSource, Source, SourceQuery, Store
from bots.scheduling.dispatcher import InlineDispatcher
from bots.testing.clock import HandClock as Hand
from bots.usecases.lookup import PaperLookup
from bots.usecases.search_index import SearchIndex
from bots.usecases.service import Service
from summarizer import Abstract, Blurb, Style, Summarizer, load
from tests.support.factories import five_papers

__all__ = ["ADMIN", "Bench", "Hand", "ToldSource", "ToldSummarizer", "a_bench", "furnished", "source_opener"]

#: The channel for the bench's admin notices.
ADMIN = Channel(platform="fakechat", channel="admin")


@dataclass(kw_only=True)
class ToldSource:
    """A source, and a library, that returns its papers or raises a given error."""

    spec: str = "told"
    name: str = "the told library"
    papers: tuple[Paper, ...] = field(default_factory=five_papers)
    state: Freshness = Freshness.FRESH
    note: str = ""
    #: Whether nothing more will come for the day.
    final: bool = False
    error: Exception | None = None
    #: A day on which nothing is listed.
    quiet_on: date | None = None
    asks: list[SourceQuery] = field(default_factory=list)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return every paper, or raise the given error."""
        self.asks.append(ask)
        if self.error:
            raise self.error
        if ask.day == self.quiet_on:
            return Harvest(source=self.spec, state=Freshness.EMPTY, note="nothing is listed today.")
        return Harvest(source=self.spec, papers=self.papers, state=self.state, note=self.note, final=self.final)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with this id, or raise the given error."""
        if self.error:
            raise self.error
        for paper in self.papers:
            if paper_id in paper.names:
                return paper
        raise PaperNotFound(f"{paper_id} is not here.")

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers whose title contains the words, or raise the given error."""
        if self.error:
            raise self.error
        return tuple(paper for paper in self.papers if words.casefold() in paper.title.casefold())[:limit]


@dataclass(kw_only=True)
class ToldSummarizer:
    """An engine that fails on some titles, and records its calls."""

    engine: str = "told"
    model: str = "1"
    failing: dict[str, Exception] = field(default_factory=dict)
    asked: list[Abstract] = field(default_factory=list)
    real: Summarizer = field(default_factory=load)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the real blurb, or raise the error given for this title."""
        self.asked.append(abstract)
        if abstract.title in self.failing:
            raise self.failing[abstract.title]
        return replace(await self.real.summarize(abstract, style), engine=self.engine, model=self.model)


@dataclass(kw_only=True)
class Bench:
    """Real components on top of doubles of the outside world."""

    store: Store
    clock: Hand
    chat: FakeChat
    sources: dict[str, ToldSource]
    summarizer: ToldSummarizer
    service: Service
    executor: RunExecutor
    due_runs: DueRuns
    dispatcher: InlineDispatcher


@asynccontextmanager
async def a_bench(store: Store, **sources: ToldSource) -> AsyncIterator[Bench]:
    """Yield a bench with these sources, by the spec that opens them; by default one named `told`."""
    clock = Hand()
    chat = FakeChat(clock=clock, sleep=clock.sleep)
    made = furnished(store, clock, chat, ToldSummarizer(), sources or {"told": ToldSource()})
    yield made
    await made.dispatcher.drain()


def furnished(
    store: Store, clock: Hand, chat: FakeChat, summarizer: ToldSummarizer, sources: dict[str, ToldSource]
) -> Bench:
    """Return a bench of real components on top of these doubles."""
    service = _service(store, clock, summarizer, sources)
    adapters = {FakeChatAdapter.platform: FakeChatAdapter(chat)}
    notices = AdminNotices(store=store, adapters=adapters, clock=clock, admin=ADMIN)
    part_delivery = PartDelivery(
        ledger=store,
        adapters=adapters,
        clock=clock,
        rate_limiters={
            name: RateLimiter(adapter.limits, ticks=clock.ticks, sleep=clock.pace) for name, adapter in adapters.items()
        },
        on_undelivered=notices.undelivered,
    )
    executor = RunExecutor(
        store=store,
        digest_builder=service.digest_builder,
        part_delivery=part_delivery,
        clock=clock,
        sleep=clock.sleep,
        uncomposed=notices.uncomposed,
    )
    return Bench(
        store=store, clock=clock, chat=chat, sources=sources, summarizer=summarizer, service=service, executor=executor,
        due_runs=DueRuns(ledger=store, adapters=adapters, clock=clock), dispatcher=InlineDispatcher(executor.execute),
    )  # fmt: skip


def _service(store: Store, clock: Hand, summarizer: ToldSummarizer, sources: dict[str, ToldSource]) -> Service:
    libraries: list[Library] = list(sources.values())
    vectors = VectorService(cache=store, clock=clock)
    return Service(
        store=store,
        digest_builder=DigestBuilder(
            store=store,
            blurbs=BlurbService(summarizer=summarizer, cache=store, clock=clock),
            vectors=vectors,
            source_reader=SourceReader(shelf=store, open_source=source_opener(sources), clock=clock),
        ),
        paper_lookup=PaperLookup(shelf=store, libraries=libraries),
        search_index=SearchIndex(index=store, vectors=vectors),
        clock=clock,
        new_id=iter("abcdefgh").__next__,
    )


def source_opener(sources: dict[str, ToldSource]) -> OpenSource:
    """Return a function that opens these sources."""

    def open_source(spec: str) -> Source:
        if spec not in sources:
            raise SettingsError(f"There is no source “{spec}”.")
        return sources[spec]

    return open_source
