"""A person who asks for a digest has it, or a word on what is slow, within twenty seconds; a scheduled digest waits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bots.chat.asker import asking
from bots.domain.channels import Reader
from bots.domain.digests import Digest
from bots.domain.harvests import Harvest
from bots.domain.papers import PaperId
from bots.domain.replies import DigestReply
from bots.domain.requests import DigestNow, Preview, Request
from bots.ports import SourceQuery
from bots.presentation.digest_text import note_line
from bots.store.memory import MemoryStore
from bots.usecases import service
from summarizer import Abstract, Blurb, Embedder, Style
from tests.support.doubles import Bench, ToldSource, ToldSummarizer, a_bench
from tests.support.factories import CHANNEL, a_paper, a_subscription

SOURCES = ("told", "slow")
REQUESTS: list[Request] = [
    DigestNow(channel=CHANNEL, user="ada", sources=SOURCES, limit=20),
    Preview(channel=CHANNEL, user="ada", subscription=a_subscription(sources=SOURCES, limit=20)),
]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's wait that ends in a moment, with the reserves that are kept of it."""
    monkeypatch.setattr(service, "ANSWER_WITHIN", 6.2)


@dataclass(kw_only=True)
class SlowSource(ToldSource):
    """A source that answers only after its gate opens."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return a paper of its own."""
        self.asks.append(ask)
        await self.gate.wait()
        return Harvest(source="slow", papers=(a_paper(id=PaperId.arxiv("2601.00009"), title="A slow paper"),))


@dataclass(kw_only=True)
class SlowSummarizer(ToldSummarizer):
    """An engine that condenses only after its gate opens."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the real blurb."""
        self.asked.append(abstract)
        await self.gate.wait()
        return replace(await self.real.summarize(abstract, style), engine=self.engine, model=self.model)


async def shown(bench: Bench, request: Request) -> Digest:
    """Return the digest that a person is shown."""
    # A busy machine is slow, and nobody waits for it so long that a minute is over.
    reply = await asyncio.wait_for(bench.service.answer(request), 50)
    assert isinstance(reply, DigestReply)
    return reply.digest


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: type(each).__name__)
async def test_a_slow_source_is_named_and_the_digest_goes_out(request_: Request) -> None:
    """The digest has the papers of the others and says which source is slow; asked again, it has that one's too."""
    slow = SlowSource()
    async with a_bench(MemoryStore(), told=ToldSource(), slow=slow) as bench:
        first = await shown(bench, request_)
        assert 5 == len(first.entries)
        (note,) = [note_line(each) for each in first.notes]
        assert note.endswith("slow: it has not answered yet and is still being read. Ask again in a minute.")
        slow.gate.set()
        await asyncio.sleep(0)
        second = await shown(bench, request_)
    assert (6, (), 1) == (len(second.entries), second.notes, len(slow.asks))


async def test_a_slow_engine_leaves_sentences_of_the_abstracts() -> None:
    """What is not condensed in time is shown by its first sentence with the reason; asked again, it is condensed."""
    engine = SlowSummarizer()
    async with a_bench(MemoryStore(), told=ToldSource()) as bench:
        slow = replace(bench.service.digest_builder.blurbs, summarizer=engine)
        served = replace(bench.service, digest_builder=replace(bench.service.digest_builder, blurbs=slow))
        with asking(Reader(platform="fakechat", user="ada"), within=6.2):
            first = await asyncio.wait_for(served.digest_now(DigestNow(channel=CHANNEL, sources=("told",))), 50)
        assert {"the engine told takes long; ask again in a minute."} == {each.trouble for each in first.entries}
        assert all(each.fallback for each in first.entries)
        engine.gate.set()
        second = await served.digest_now(DigestNow(channel=CHANNEL, sources=("told",)))
    assert (True, 5) == (all(each.blurb for each in second.entries), len(engine.asked))


class SlowEmbedder(Embedder):
    """An embedding that never ends."""

    async def embed(self, abstracts: Sequence[Abstract]) -> tuple[bytes | None, ...]:
        """Wait for ever."""
        await asyncio.Event().wait()
        return tuple(None for _ in abstracts)


async def test_a_slow_comparison_is_left_out() -> None:
    """If papers cannot be compared with interests in time, they are shown in the usual order, with a note."""
    async with a_bench(MemoryStore(), told=ToldSource()) as bench:
        builder = bench.service.digest_builder
        slow = replace(builder, vectors=replace(builder.vectors, embedder=SlowEmbedder()))
        served = replace(bench, service=replace(bench.service, digest_builder=slow))
        digest = await shown(served, DigestNow(channel=CHANNEL, sources=("told",), interests="translation"))
    assert 5 == len(digest.entries)
    assert ["it takes long at present."] == [note.reason.rpartition(": ")[2] for note in digest.notes]


async def test_a_scheduled_digest_waits() -> None:
    """Nobody waits for a digest in the background: it waits for its sources as before."""
    slow = SlowSource()
    async with a_bench(MemoryStore(), told=ToldSource(), slow=slow) as bench:
        making = asyncio.create_task(bench.service.digest_now(DigestNow(channel=CHANNEL, sources=SOURCES, limit=20)))
        done, _ = await asyncio.wait({making}, timeout=0.3)
        assert not done
        slow.gate.set()
        digest = await making
    assert (6, ()) == (len(digest.entries), digest.notes)


async def test_a_person_does_not_end_what_a_scheduled_digest_waits_for() -> None:
    """A person who stops waiting for a list leaves it to a digest that waits for the same one."""
    slow = SlowSource()
    async with a_bench(MemoryStore(), slow=slow) as bench:
        making = asyncio.create_task(bench.service.digest_now(DigestNow(channel=CHANNEL, sources=("slow",))))
        with asking(Reader(platform="fakechat", user="ada"), within=0.01):
            hasty = await bench.service.digest_now(DigestNow(channel=CHANNEL, sources=("slow",)))
        assert ((), 1) == (hasty.entries, len(slow.asks))
        slow.gate.set()
        assert 1 == len((await making).entries)
