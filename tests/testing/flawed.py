"""Adapters, sources and engines with one flaw each: the contracts of the test kit must detect every flaw."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import DeliveryError, PostUnknown
from bots.domain.harvests import Harvest
from bots.domain.papers import Paper
from bots.fakechat.app import FakeChatAdapter
from bots.ports import SourceQuery
from bots.sources.sample import SampleDay
from bots.testing import (
    AdapterContract,
    EngineContract,
    Fault,
    FaultContract,
    LibraryContract,
    SourceStage,
    Stage,
    a_context,
)
from summarizer import Abstract, Blurb, Span, Style, Summarizer
from summarizer.engines.extractive.engine import ExtractiveEngine
from tests.contracts.places import FakeChatPlace


class Unescaped(FakeChatAdapter):
    """Takes external text as markup."""

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        raw = [str(block).replace("&lt;", "<").replace("&gt;", ">") for block in part.payload["blocks"]]  # type: ignore[attr-defined]  # a list, by the fake chat's own payload
        return await super().post(replace(part, payload={**part.payload, "blocks": raw}), key, root=root)


class Forgetful(FakeChatAdapter):
    """Never finds a message."""

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        return None


class Keyless(FakeChatAdapter):
    """Posts under a different key."""

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        self.posted = getattr(self, "posted", 0) + 1
        return await super().post(part, f"{key}-{self.posted}", root=root)


class Losing(FakeChatAdapter):
    """Leaves out the last paper."""

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        return super().compose(replace(digest, entries=digest.entries[:-1]))


class Endless(FakeChatAdapter):
    """Returns a part unchanged if it is to be made smaller."""

    def shrink(self, part: Part) -> tuple[Part, ...]:
        return (replace(part, number=1, total=1),)


class Stubborn(FakeChatAdapter):
    """Retries by itself."""

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        try:
            return await super().post(part, key, root=root)
        except DeliveryError:
            return await super().post(part, key, root=root)


class Vague(FakeChatAdapter):
    """Raises the same error for every failure."""

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        try:
            return await super().post(part, key, root=root)
        except DeliveryError as error:
            raise PostUnknown("Something went wrong.") from error


class FailingChat(FakeChatPlace):
    """The fake chat, with the faults under the kit's names."""

    def __init__(self) -> None:
        super().__init__(knows_keys=True)

    def fail(self, fault: Fault) -> None:
        from bots.fakechat.faults import Fault as ChatFault
        from bots.testing.failing import RETRY_AFTER

        known = {Fault.BUSY: ChatFault.REFUSE, Fault.TOO_LARGE: ChatFault.TOO_LARGE, Fault.GONE: ChatFault.GONE}
        self.chat.trouble(known[fault], times=1, retry_after=RETRY_AFTER)


class AnyAdapter(AdapterContract, FaultContract):
    """The contracts for a given adapter."""

    adapter: type[FakeChatAdapter] = FakeChatAdapter

    def stage(self) -> Stage:
        place = FailingChat()
        place.adapter = self.adapter(place.chat)
        return place


def claims_of(adapter: type[FakeChatAdapter]) -> AnyAdapter:
    """Return the contracts for an adapter."""
    claims = AnyAdapter()
    claims.adapter = adapter
    return claims


class Flawed(SampleDay):
    """The sample day with a change."""

    def __init__(self, changed: Callable[[tuple[Paper, ...]], tuple[Paper, ...]]) -> None:
        self._changed = changed

    async def recent(self, ask: SourceQuery) -> Harvest:
        harvest = await super().recent(ask)
        return replace(harvest, papers=self._changed(harvest.papers))


class Mute(SampleDay):
    """Returns an empty harvest without a note."""

    async def recent(self, ask: SourceQuery) -> Harvest:
        return Harvest(source=self.spec)


class AnySource(LibraryContract):
    """The contract for a given source."""

    day, words, broken_argument = date(2026, 8, 19), "the", "broken"
    made: Callable[[], Any]

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with a_context(SampleDay) as context:
            yield SourceStage(context=context)

    def opened(self, stage: SourceStage, argument: str | None = None) -> Any:
        return self.made()


def claims_of_source(source: Callable[[], Any]) -> AnySource:
    """Return the contract for a source."""
    claims = AnySource()
    claims.made = source
    return claims


class Astray(ExtractiveEngine):
    """Has evidence that is not in the text."""

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        blurb = await super().summarize(abstract, style)
        return replace(blurb, evidence=(Span(start=0, end=len(abstract.text) + 1),))


class Apologetic(ExtractiveEngine):
    """Makes a blurb of an empty text."""

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        return Blurb(text="Sorry.", evidence=(), engine=self.engine, model=self.model)


class Fickle(ExtractiveEngine):
    """Never returns the same blurb twice."""

    said = 0

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        self.said += 1
        blurb = await super().summarize(abstract, style)
        return replace(blurb, text=f"{blurb.text} ({self.said})")


class AnyEngine(EngineContract):
    """The contract for a given engine."""

    made: Callable[[], Summarizer]

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        return nullcontext(self.made())


def claims_of_engine(made: Callable[[], Summarizer]) -> AnyEngine:
    """Return the contract for an engine."""
    claims = AnyEngine()
    claims.made = made
    return claims
