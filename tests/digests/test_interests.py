"""A subscription with interests in plain words, tested on the sample day with the shipped encoder."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bots.digests.builder import DigestBuilder
from bots.domain.digests import Digest
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import DigestNow
from bots.domain.subscriptions import SortBy
from bots.ports import SourceQuery
from bots.presentation.digest_text import empty_line, notes_lines, topic_line
from bots.ranking.weights import REFERENCE
from bots.selection import sort_papers
from bots.sources.sample import SampleDay
from bots.store.memory import MemoryStore
from summarizer import Abstract, BadModel, Embedder
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, a_paper, a_subscription

PROTEINS = "how proteins fold"
DOCKING, TAPE, DPO = "DiffDock", "Evaluating Protein Transfer Learning", "Direct Preference Optimization"


class BrokenEmbedder(Embedder):
    """An encoder that raises a given error, and records how many texts it receives."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.given: list[int] = []

    async def embed(self, abstracts: Sequence[Abstract]) -> tuple[bytes | None, ...]:
        """Raise the given error, or return the same vector for every text."""
        self.given.append(len(abstracts))
        if self.error:
            raise self.error
        return (b"\x00\x3c" + bytes(766),) * len(abstracts)


async def sample_papers() -> tuple[Paper, ...]:
    """Return the papers of the sample day."""
    return (await SampleDay().recent(SourceQuery(day=DAY))).papers


async def made(papers: tuple[Paper, ...], *, embedder: Embedder | None = None, **subscription: Any) -> Digest:
    """Return the digest of a subscription over these papers."""
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        digest_builder: DigestBuilder = bench.service.digest_builder
        if embedder:
            digest_builder = replace(digest_builder, vectors=replace(digest_builder.vectors, embedder=embedder))
        return await digest_builder.digest(a_subscription(sources=("told",), **subscription), [DAY])


def place(digest: Digest, title: str) -> int:
    """Return the position of the paper whose title starts with this text."""
    return next(number for number, entry in enumerate(digest.entries) if entry.paper.title.startswith(title))


async def test_only_the_near_papers_are_shown_and_say_so() -> None:
    """Of the sample day only the two papers on proteins are shown for an interest in them, each with the reason."""
    papers = await sample_papers()
    digest = await made(papers, interests=PROTEINS, limit=20)
    assert {0, 1} == {place(digest, DOCKING), place(digest, TAPE)}
    docking, tape = digest.entries[place(digest, DOCKING)], digest.entries[place(digest, TAPE)]
    assert "near to your interests · 52 upvotes, code" == docking.why
    assert "near to your interests" == tape.why
    assert len(papers) - 2 == digest.tally.far
    assert "told · nearest to: how proteins fold" == topic_line(digest)
    assert () == digest.notes


async def test_nothing_near_is_said_and_not_padded() -> None:
    """Where no paper is near, none is shown; the digest says so, with the nearest."""
    digest = await made(await sample_papers(), interests="recipes for vegetable soup")
    assert () == digest.entries
    assert empty_line(digest).startswith("No paper is near to your interests (28 found). The nearest miss: “")


async def test_without_interests_nothing_changes() -> None:
    """Without interests the plain order stays, no paper is compared, and none is called near."""
    papers = await sample_papers()
    counted = BrokenEmbedder()
    digest = await made(papers, embedder=counted, limit=3)
    assert sort_papers(papers, SortBy.TRENDING)[:3] == tuple(entry.paper for entry in digest.entries)
    assert ["", "", ""] == [entry.why for entry in digest.entries]
    assert [] == counted.given


async def test_interests_choose_among_what_passes_the_query() -> None:
    """A paper that the query excludes stays out however near it is; the query's words are named beside the nearness."""
    digest = await made(await sample_papers(), interests="chat models that people prefer", query="language", limit=20)
    assert digest.entries[place(digest, DPO)].why == "matches “language” · near to your interests · 118 upvotes, code"
    assert all("matches “language”" in entry.why for entry in digest.entries)


async def test_a_paper_without_an_abstract_is_compared_by_its_title() -> None:
    """A paper with only a title is as near as its title says; one with no word at all is far."""
    bare = replace(a_paper(), title="How proteins fold", abstract=" ")
    wordless = replace(a_paper(), id=PaperId.arxiv("2101.00009"), title="…", abstract=" ")
    digest = await made((wordless, bare, *await sample_papers()), interests=PROTEINS, limit=20)
    assert bare.id in digest.paper_ids
    assert wordless.id not in digest.paper_ids


@pytest.mark.parametrize(
    ("error", "said"), [(BadModel("Its weights are altered."), "altered"), (MemoryError(), "encoder failed")]
)
async def test_a_failing_encoder_leaves_the_plain_order_and_is_named(error: Exception, said: str) -> None:
    """The digest comes in its plain order, with a note that does not blame a source."""
    papers = await sample_papers()
    digest = await made(papers, embedder=BrokenEmbedder(error), interests=PROTEINS, limit=3)
    assert (await made(papers, limit=3)).entries == digest.entries
    (line,) = notes_lines(digest)
    assert line.startswith("Note: The papers are not sorted by your interests")
    assert said in line
    assert not any(note.failed or note.pending for note in digest.notes)


async def test_each_paper_is_embedded_once_for_all_channels() -> None:
    """A second channel, and the same channel after a restart, need the encoder for nothing that it embedded before."""
    papers, counted, store = await sample_papers(), BrokenEmbedder(), MemoryStore()
    for fresh in (False, False, True):
        async with a_bench(store, told=ToldSource(papers=papers)) as bench:
            builder: DigestBuilder = bench.service.digest_builder
            builder = replace(builder, vectors=replace(builder.vectors, embedder=counted))
            for _ in range(1 + (not fresh)):
                await builder.digest(a_subscription(sources=("told",), interests=PROTEINS), [DAY])
    # The interest and the reference subjects are not stored: each start embeds them once.
    assert len(papers) + 3 * (1 + len(REFERENCE)) == sum(counted.given)


async def test_more_papers_than_are_ranked_are_named() -> None:
    """Beyond 2,000 papers the first in the subscription's order are ranked, and a note says how many there were."""
    paper = a_paper()
    papers = tuple(
        replace(paper, id=PaperId.arxiv(f"2101.{number:05}"), title=f"{paper.title} {number}", aliases=frozenset())
        for number in range(2001)
    )
    lists = {"told": ToldSource(papers=papers[:2000]), "more": ToldSource(papers=papers[2000:])}
    async with a_bench(MemoryStore(), **lists) as bench:
        counted, builder = BrokenEmbedder(), bench.service.digest_builder
        builder = replace(builder, vectors=replace(builder.vectors, embedder=counted))
        digest = await builder.digest(a_subscription(sources=tuple(lists), interests=PROTEINS), [DAY])
    assert 2000 + 1 + len(REFERENCE) == sum(counted.given)
    (line,) = notes_lines(digest)
    assert "Only 2,000 of 2,001 papers were compared" in line


async def test_a_digest_asked_for_now_may_say_its_interests() -> None:
    """`digest interests=` orders papers as a subscription does."""
    async with a_bench(MemoryStore(), told=ToldSource(papers=await sample_papers())) as bench:
        asked = DigestNow(channel=CHANNEL, sources=("told",), interests=PROTEINS, limit=2, day=DAY)
        digest = await bench.service.digest_now(asked)
    assert {0, 1} == {place(digest, DOCKING), place(digest, TAPE)}
