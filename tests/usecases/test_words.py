"""What people say in their own words is answered by the service as they mean it."""

from collections.abc import AsyncIterator

import pytest

from bots.commands import parse_command
from bots.domain.replies import DigestReply, Noted, Paused, Problem, Reply, Subscribed, SubscriptionList, Unsubscribed
from bots.domain.runs import HELD, Run, RunState
from bots.domain.slots import Slot
from bots.presentation.subscription_text import due_text
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, DAY, NOW


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def said(bench: Bench, *lines: str) -> Reply:
    """Return the reply to the last of some lines that a person types."""
    replies = [
        await bench.service.answer(parse_command(line, channel=CHANNEL, user="ada", today=DAY)) for line in lines
    ]
    return replies[-1]


@pytest.mark.parametrize(
    ("text", "answer"), [("thanks!", "You are welcome."), ("Danke", "Gern geschehen."), ("ok", "All right.")]
)
async def test_small_talk_gets_a_short_word(bench: Bench, text: str, answer: str) -> None:
    """Thanks and nods are answered in their language, and nobody is searched for."""
    assert Noted(said=answer) == await said(bench, text)


async def test_a_call_for_help_gets_a_short_one(bench: Bench) -> None:
    """Three sentences say how to begin."""
    reply = await said(bench, "hello, can you help me?")
    assert isinstance(reply, Noted)
    assert "“help” lists everything" in reply.said


async def test_a_day_in_ones_own_words(bench: Bench) -> None:
    """Subscribe, look, change, pause, resume and end, without a sign of the grammar and without an id."""
    subscribed = await said(bench, "subscribe source=told to agents at 9am on weekdays")
    listed = await said(bench, "status")
    changed = await said(bench, "change the time to 10am")
    paused = await said(bench, "stop until next Monday")
    ended = await said(bench, "unsubscribe")
    kinds = [Subscribed, SubscriptionList, Subscribed, Paused, Unsubscribed]
    assert kinds == [type(reply) for reply in (subscribed, listed, changed, paused, ended)]


async def test_several_are_asked_for_by_number(bench: Bench) -> None:
    """Without a number "unsubscribe" lists two, "unsubscribe 2" ends the second."""
    asked = await said(
        bench, "subscribe source=told at 9am", "subscribe source=told at 10am query=agents", "unsubscribe"
    )
    assert isinstance(asked, Problem)
    assert "This channel has 2 subscriptions: 1. " in asked.message
    ended = await said(bench, "unsubscribe 2")
    assert isinstance(ended, Unsubscribed)
    assert "agents" == ended.subscription.query


async def test_today_brings_the_digest_of_the_day(bench: Bench) -> None:
    """The word alone asks for a digest of that day."""
    reply = await said(bench, "today")
    assert isinstance(reply, DigestReply | Problem)
    assert not isinstance(reply, Problem) or "huggingface" in reply.message


async def test_nobody_edits_a_file_of_the_machine_into_a_subscription(bench: Bench) -> None:
    """An edit is held to what a new subscription may read."""
    refused = await said(bench, "subscribe source=told", "edit source=file:/etc/passwd")
    assert isinstance(refused, Problem)
    assert "file" in refused.message
    (subscription,) = await bench.store.subscriptions(CHANNEL)
    assert ("told",) == subscription.sources


async def test_an_unknown_source_is_not_edited_in(bench: Bench) -> None:
    """A source that does not exist leaves the subscription as it is."""
    assert isinstance(await said(bench, "subscribe source=told", "edit source=nowhere"), Problem)
    (subscription,) = await bench.store.subscriptions(CHANNEL)
    assert ("told",) == subscription.sources


async def test_status_says_why_a_digest_waits(bench: Bench) -> None:
    """If the workspace accepts nothing at present, the list says that a digest waits, and why."""
    await said(bench, "subscribe source=told at 9am")
    (subscription,) = await bench.store.subscriptions(CHANNEL)
    run = Run(key="r1", subscription_id=subscription.id, slot=Slot.at(NOW, subscription.timezone), created=NOW)
    await bench.store.open_run(run)
    note = f"{HELD}The token was revoked (token_revoked). Ask Eve. The manifest: paperwire slack manifest"
    await bench.store.move_run("r1", RunState.QUEUED, now=NOW, note=note)
    waiting = await said(bench, "status")
    await bench.store.move_run("r1", RunState.DONE, now=NOW, note="5 papers in 1 part")
    posted = await said(bench, "status")
    assert isinstance(waiting, SubscriptionList)
    assert isinstance(posted, SubscriptionList)
    told = "The token was revoked (token_revoked). Ask Eve. Tell whoever runs Paperwire here."
    assert [told, ""] == [each.items[0].held for each in (waiting, posted)]
    assert "A digest waits to be posted: The token was revoked. Ask Eve." in due_text(waiting.items[0])
