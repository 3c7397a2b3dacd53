"""A digest of ten papers, five of them malformed or hostile, has ten entries and notifies no one."""

from collections.abc import AsyncIterator

import pytest

from bots.domain.papers import Paper, PaperId
from bots.domain.runs import RunState
from bots.fakechat.chat import MAX_BLOCKS, MAX_CHARS
from bots.store.memory import MemoryStore
from summarizer import EngineDown
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import a_paper, five_papers
from tests.support.scenes import due, shown

RINGING = "<!channel> @everyone <@U123> @here [click](https://evil.example) <https://evil.example|arxiv.org>"


def named(number: int, title: str, abstract: str) -> Paper:
    """Return a paper with a short id."""
    address = f"https://arxiv.org/abs/2611.{number:05}"
    return a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=title, abstract=abstract, url=address)


BAD = (
    named(1, "Two hundred kilobytes", "We show that a lamp of any kind burns longer than its wire. " * 3500),
    named(2, "No abstract", ""),
    named(3, "Only mathematics", r"$$\int_0^1 \frac{\partial f}{\partial x}\,dx = \sum_{i=1}^{n} \alpha_i$$ " * 8),
    named(4, "An engine that fails", a_paper().abstract),
    named(5, f"Rings {RINGING}", f"{RINGING} We propose a bell of bells. {a_paper().abstract} {RINGING}"),
)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore(), told=ToldSource(papers=(*five_papers(), *BAD))) as made:
        made.summarizer.failing["An engine that fails"] = EngineDown("the engine is down.")
        yield made


async def test_ten_entries_arrive(bench: Bench) -> None:
    """Each of the ten papers is shown once under its number, in messages within every limit."""
    run = await due(bench, limit=10)

    assert (RunState.DONE, 10) == (run.state, sum(len(part.part.paper_ids) for part in await bench.store.deliveries()))
    said = shown(bench)
    for paper in (*five_papers(), *BAD[:4]):
        assert 1 == said.count(f". {paper.title.split(':')[0]}")
    assert "No blurb: the engine is down." in said
    assert all(sum(map(len, message.blocks)) <= MAX_CHARS for message in bench.chat.messages)
    assert all(len(message.blocks) <= MAX_BLOCKS for message in bench.chat.messages)


async def test_nobody_is_rung_and_no_link_is_spoofed(bench: Bench) -> None:
    """Injection attempts in titles and abstracts are shown as text; links lead to papers and their code."""
    await due(bench, limit=10)

    assert () == bench.chat.pings
    targets = {link.url for message in bench.chat.messages for link in message.links}
    assert all(url.startswith(("https://arxiv.org/abs/", "https://github.com/")) for url in targets)


async def test_the_five_good_ones_lose_nothing_by_the_company(bench: Bench) -> None:
    """The good papers have the same blurbs with and without the bad papers next to them."""
    await due(bench, limit=10)
    async with a_bench(MemoryStore()) as alone:
        await due(alone, limit=10)
        blurbs = {block.split("\n")[2] for message in alone.chat.messages for block in message.blocks[1:]}

    assert 1 <= len(blurbs)
    assert all(blurb in shown(bench) for blurb in blurbs)
