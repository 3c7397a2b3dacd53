"""Pasted abstracts: which are condensed, which are refused, and which kind of problem is reported."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bots.domain.replies import BlurbReply, Problem, Trouble
from bots.domain.requests import Summarize
from bots.store.memory import MemoryStore
from summarizer import BadModel, EngineDown, SummarizerError, TextTooShort
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL

ABSTRACT = (
    "Sequence models are slow to train. We propose the Transformer, a network based only on attention. "
    "It reaches 28.4 BLEU on English to German translation."
)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_pasted_abstract_is_condensed(bench: Bench) -> None:
    """A pasted abstract returns a blurb that says how it was made."""
    reply = await bench.service.answer(Summarize(channel=CHANNEL, text=ABSTRACT))

    assert isinstance(reply, BlurbReply)
    assert "Transformer" in reply.blurb.text


@pytest.mark.parametrize("text", ["", "   \n", "Too short.", "x" * 30_000, "🙂🙂🙂"])
async def test_a_bad_paste_says_what_is_wrong(bench: Bench, text: str) -> None:
    """A text that cannot be condensed returns a problem with a hint, never an error or an apology as a blurb."""
    reply = await bench.service.answer(Summarize(channel=CHANNEL, text=text))

    assert isinstance(reply, Problem)
    assert Trouble.REQUEST == reply.kind
    assert reply.message
    assert reply.hint


async def test_several_abstracts_are_refused(bench: Bench) -> None:
    """A blurb of two papers would mix what they found: the problem says how many there are and what to do."""
    other = (
        "Ships wait before harbours. This study introduces a market for quays. Waiting falls by a quarter in 12 ports."
    )
    pasted = f"Attention Is All You Need\n\n{ABSTRACT}\n\nA Market for Quays\n\n{other} No captain pays more for it."

    reply = await bench.service.answer(Summarize(channel=CHANNEL, text=pasted))

    assert isinstance(reply, Problem)
    assert ("This looks like 2 abstracts, not one.", Trouble.REQUEST) == (reply.message, reply.kind)
    assert "one at a time" in reply.hint
    assert [] == bench.summarizer.asked


async def test_a_paste_leaves_nothing_behind(bench: Bench) -> None:
    """A pasted text is condensed once for callers at the same time, and made again later: nothing of it is kept."""
    paste = Summarize(channel=CHANNEL, text=ABSTRACT)
    await asyncio.gather(bench.service.answer(paste), bench.service.answer(paste))
    assert 1 == len(bench.summarizer.asked)
    await bench.service.answer(paste)
    assert 2 == len(bench.summarizer.asked)
    assert {} == bench.service.digest_builder.blurbs._made
    assert isinstance(bench.store, MemoryStore)
    assert {} == bench.store._blurbs


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Trouble.REQUEST, TextTooShort(words=3, needed=25)),
        (Trouble.SETTINGS, BadModel("The encoder's file encoder.onnx cannot be read.")),
        (Trouble.FAILURE, EngineDown("The engine is down.")),
    ],
)
async def test_who_is_to_blame_for_a_failed_paste_is_told(bench: Bench, kind: Trouble, error: SummarizerError) -> None:
    """A short text is a bad request, a damaged model a settings problem, a failed engine a failure."""
    bench.summarizer.failing["A title"] = error

    reply = await bench.service.answer(Summarize(channel=CHANNEL, text="Three short words.", title="A title"))

    assert isinstance(reply, Problem)
    assert (kind, str(error)) == (reply.kind, reply.message)
