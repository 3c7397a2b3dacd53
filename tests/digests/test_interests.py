"""A subscription with interests in plain words, tested on the sample day with the shipped encoder."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bots.digests.builder import DigestBuilder
from bots.domain.digests import Digest
from bots.domain.papers import Paper
from bots.domain.requests import DigestNow
from bots.domain.subscriptions import SortBy
from bots.ports import SourceQuery
from bots.presentation.digest_text import notes_lines, topic_line
from bots.selection import sort_papers
from bots.sources.sample import SampleDay
from bots.store.memory import MemoryStore
from summarizer import Abstract, BadModel, Nearness
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, a_paper, a_subscription

PROTEINS = "how proteins fold"
DOCKING, TAPE, DPO = "DiffDock", "Evaluating Protein Transfer Learning", "Direct Preference Optimization"


class BrokenNearness(Nearness):
    """An encoder that raises a given error, and records how many papers it receives."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.given: list[int] = []

    async def of(self, one: Abstract, others: Sequence[Abstract]) -> tuple[float, ...]:
        """Raise the given error, or return 0 for every paper."""
        self.given.append(len(others))
        if self.error:
            raise self.error
        return tuple(0.0 for _ in others) if one.text else ()


async def sample_papers() -> tuple[Paper, ...]:
    """Return the papers of the sample day."""
    return (await SampleDay().recent(SourceQuery(day=DAY))).papers


async def made(papers: tuple[Paper, ...], *, nearness: Nearness | None = None, **subscription: Any) -> Digest:
    """Return the digest of a subscription over these papers."""
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        digest_builder: DigestBuilder = bench.service.digest_builder
        digest_builder = replace(digest_builder, nearness=nearness) if nearness else digest_builder
        return await digest_builder.digest(a_subscription(sources=("told",), **subscription), [DAY])


def place(digest: Digest, title: str) -> int:
    """Return the position of the paper whose title starts with this text."""
    return next(number for number, entry in enumerate(digest.entries) if entry.paper.title.startswith(title))


async def test_the_nearest_papers_come_first_and_say_so() -> None:
    """On the sample day the two papers on proteins come first, and a paper on chat models is not called near."""
    papers = await sample_papers()
    digest = await made(papers, interests=PROTEINS, limit=20)
    assert {0, 1} == {place(digest, DOCKING), place(digest, TAPE)}
    assert ["near to your interests"] * 2 + [""] * 18 == [entry.why for entry in digest.entries]
    assert "told · nearest to: how proteins fold" == topic_line(digest)
    assert () == digest.notes


async def test_without_interests_nothing_changes() -> None:
    """Without interests the plain order stays, no paper is compared, and none is called near."""
    papers = await sample_papers()
    counted = BrokenNearness()
    digest = await made(papers, nearness=counted, limit=3)
    assert sort_papers(papers, SortBy.TRENDING)[:3] == tuple(entry.paper for entry in digest.entries)
    assert ["", "", ""] == [entry.why for entry in digest.entries]
    assert [] == counted.given


async def test_interests_choose_among_what_passes_the_query() -> None:
    """A paper that the query excludes stays out however near it is; the query's words are named beside the nearness."""
    digest = await made(await sample_papers(), interests="chat models that people prefer", query="language", limit=20)
    assert digest.entries[place(digest, DPO)].why == "matches “language” · near to your interests"
    assert all("matches “language”" in entry.why for entry in digest.entries)


async def test_papers_without_an_abstract_come_last() -> None:
    """A paper with only a title is not compared and comes last."""
    bare = replace(a_paper(), title="How proteins fold", abstract=" ")
    digest = await made((bare, *await sample_papers()), interests=PROTEINS, limit=20)
    assert bare.id not in digest.paper_ids[:2]
    few = (await sample_papers())[:3]
    assert bare.id == (await made((bare, *few), interests=PROTEINS)).paper_ids[-1]


@pytest.mark.parametrize(
    ("error", "said"), [(BadModel("Its weights are altered."), "altered"), (MemoryError(), "encoder failed")]
)
async def test_a_failing_encoder_leaves_the_plain_order_and_is_named(error: Exception, said: str) -> None:
    """The digest comes in its plain order, with a note that does not blame a source."""
    papers = await sample_papers()
    digest = await made(papers, nearness=BrokenNearness(error), interests=PROTEINS, limit=3)
    assert (await made(papers, limit=3)).entries == digest.entries
    (line,) = notes_lines(digest)
    assert line.startswith("Note: The papers are not sorted by your interests")
    assert said in line
    assert not any(note.failed or note.pending for note in digest.notes)


async def test_no_more_than_two_hundred_are_compared() -> None:
    """Only the first 200 papers in the subscription's sort order are compared, not a whole month."""
    papers = tuple(
        replace(paper, id=replace(paper.id, value=f"2101.{number:05}"), aliases=frozenset())
        for number, paper in enumerate((await sample_papers()) * 10)
    )
    counted = BrokenNearness()
    await made(papers, nearness=counted, interests=PROTEINS)
    assert [200] == counted.given


async def test_a_digest_asked_for_now_may_say_its_interests() -> None:
    """`digest interests=` orders papers as a subscription does."""
    async with a_bench(MemoryStore(), told=ToldSource(papers=await sample_papers())) as bench:
        asked = DigestNow(channel=CHANNEL, sources=("told",), interests=PROTEINS, limit=2, day=DAY)
        digest = await bench.service.digest_now(asked)
    assert {0, 1} == {place(digest, DOCKING), place(digest, TAPE)}
