"""Pasted abstracts: which are condensed, which are refused, and which kind of problem is reported."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.console import outgoing as console_outgoing
from bots.discord import outgoing as discord_outgoing
from bots.domain.replies import BlurbReply, Problem, Trouble
from bots.domain.requests import Lookup, Summarize
from bots.slack import outgoing as slack_outgoing
from bots.store.memory import MemoryStore
from summarizer import Abstract, BadModel, Blurb, EngineDown, Style, SummarizerError, TextTooShort
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
    await asyncio.gather(*(bench.service.answer(replace(paste, user=user)) for user in ("one", "two")))
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


class Waiting:
    """An engine that waits before it condenses, and records how many texts it works on at the same time."""

    engine, model = "waiting", "1"

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.at_work: list[str] = []

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:  # noqa: ARG002 - the port
        """Return the beginning of the text once it may go on."""
        self.at_work.append(abstract.text[:5])
        await self.go_on.wait()
        return Blurb(text=abstract.text[:20], evidence=(), engine=self.engine, model=self.model)


async def test_pastes_of_one_person_hold_nobody_else(bench: Bench) -> None:
    """Of a person's eight pastes one is worked on; another's paste, and a look-up's blurb, are begun at once."""
    engine = Waiting()
    blurbs = replace(bench.service.digest_builder.blurbs, summarizer=engine)
    service = replace(bench.service, digest_builder=replace(bench.service.digest_builder, blurbs=blurbs))

    def asked(user: str, text: str) -> asyncio.Task[object]:
        return asyncio.create_task(service.answer(Summarize(channel=CHANNEL, user=user, text=text)))

    tasks = [asked("many", f"many{number} {ABSTRACT}") for number in range(8)]
    await asyncio.sleep(0.05)
    tasks.append(asked("one", f"one.. {ABSTRACT}"))
    tasks.append(asyncio.create_task(service.answer(Lookup(channel=CHANNEL, user="two", text="1706.03762"))))
    await asyncio.sleep(0.05)
    assert 3 == len(engine.at_work)
    assert {"many0", "one.."} < set(engine.at_work)
    engine.go_on.set()
    replied = await asyncio.gather(*tasks)
    assert 9 == sum(isinstance(reply, BlurbReply) for reply in replied)


SAID = "only the first and the last ones were read"


@pytest.mark.parametrize("sentence", ["Agents plan trips well. ", "我们提出了一种新方法。", "Yes.\n"])
@pytest.mark.parametrize("style", list(Style))
async def test_a_text_that_was_not_read_whole_says_so_in_every_chat(bench: Bench, sentence: str, style: Style) -> None:
    """The blurb of a text with very many sentences says in Slack, in Discord and on the terminal what was read."""
    text = f"{ABSTRACT} {ABSTRACT} {sentence * 400} {ABSTRACT}"
    reply = await bench.service.answer(Summarize(channel=CHANNEL, text=text, style=style))
    assert isinstance(reply, BlurbReply)
    slack = json.dumps([dict(each) for each in slack_outgoing.reply_messages(reply)])
    discord = json.dumps([dict(each.payload) for each in discord_outgoing.reply_messages(reply)])
    console = "\n".join(str(line) for line in console_outgoing.reply_lines(reply))
    assert (True, True, True) == (SAID in slack, SAID in discord, SAID in console)


async def test_a_text_that_was_read_whole_says_nothing_about_it(bench: Bench) -> None:
    """The blurb of an abstract of usual length does not say that anything was left out."""
    reply = await bench.service.answer(Summarize(channel=CHANNEL, text=ABSTRACT))
    assert isinstance(reply, BlurbReply)
    assert SAID not in json.dumps([dict(each) for each in slack_outgoing.reply_messages(reply)])
