"""The fake chat's adapter translates faults, fills messages and responds to people."""

from dataclasses import replace

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, DeliveryError, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from bots.domain.papers import PaperId
from bots.domain.replies import Card
from bots.fakechat.app import FakeChatAdapter, FakeChatSettings, connect
from bots.fakechat.chat import MAX_CHARS, FakeChat
from bots.fakechat.faults import Fault
from bots.fakechat.incoming import channel_of, name_of
from bots.presentation.digest_text import title_of
from bots.store.memory import MemoryStore
from tests.support.doubles import Hand, a_bench
from tests.support.factories import CHANNEL, NOW, a_blurb, a_digest, a_paper, an_entry


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.REFUSE, PostRefused),
        (Fault.GONE, ChannelGone),
        (Fault.FORBID, ChannelGone),
        (Fault.TOO_LARGE, PostTooLarge),
        (Fault.LOST_BEFORE, PostUnknown),
        (Fault.LOST_AFTER, PostUnknown),
    ],
)
async def test_faults_are_translated(fault: Fault, error: type[DeliveryError]) -> None:
    """Each of the chat's errors becomes its delivery error."""
    chat = FakeChat(clock=Hand())
    adapter = FakeChatAdapter(chat)
    chat.trouble(fault, times=1)
    (part,) = adapter.compose(a_digest())
    with pytest.raises(error):
        await adapter.post(part, "k")


async def test_refusal_says_when_to_come_back() -> None:
    """The chat's retry delay in seconds is passed on."""
    chat = FakeChat(clock=Hand())
    adapter = FakeChatAdapter(chat)
    chat.trouble(Fault.REFUSE, retry_after=12.5)
    with pytest.raises(PostRefused) as refused:
        await adapter.show(CHANNEL, Card(entry=an_entry()))
    assert 12.5 == refused.value.retry_after


async def test_lost_answer_is_found_in_the_history() -> None:
    """A message whose response was lost is found by its key; one that never arrived is not."""
    chat = FakeChat(clock=Hand())
    adapter = FakeChatAdapter(chat)
    (part,) = adapter.compose(a_digest())
    for fault, key in ((Fault.LOST_AFTER, "arrived"), (Fault.LOST_BEFORE, "lost")):
        chat.trouble(fault, times=1)
        with pytest.raises(PostUnknown):
            await adapter.post(part, key)
    assert chat.messages[0].id == await adapter.find(CHANNEL, "arrived", NOW)
    assert await adapter.find(CHANNEL, "lost", NOW) is None


async def test_refused_history_is_not_an_absence() -> None:
    """If the history may never be read, the search raises HistoryClosed instead of returning None."""
    chat = FakeChat(clock=Hand())
    chat.trouble(Fault.NO_HISTORY)
    with pytest.raises(HistoryClosed):
        await FakeChatAdapter(chat).find(CHANNEL, "k", NOW)


async def test_long_blurb_is_cut_and_its_title_kept() -> None:
    """An entry too long for a message keeps its title, its reason and its links; its blurb ends with an ellipsis."""
    chat = FakeChat(clock=Hand())
    adapter = FakeChatAdapter(chat)
    entry = an_entry(blurb=a_blurb(text="word " * 1000))
    parts = adapter.compose(a_digest(entries=(entry,)))
    for part in parts:
        await adapter.post(part, f"k{part.number}")
    text = chat.messages[-1].text
    assert title_of(entry.paper) in text
    assert "word word…\nWhy: matches attention, 163 upvotes\nCode" in text
    assert MAX_CHARS - 30 < sum(map(len, chat.messages[-1].blocks)) <= MAX_CHARS


def test_short_entries_share_a_message() -> None:
    """Entries use no more messages than they need."""
    papers = [a_paper(id=PaperId.arxiv(f"2611.{number:05}")) for number in range(20)]
    parts = FakeChatAdapter(FakeChat(clock=Hand())).compose(
        a_digest(entries=[an_entry(paper=paper) for paper in papers])
    )
    assert 3 == len(parts)


@pytest.mark.parametrize("name", ["papers", "team/papers"])
def test_channels_have_one_name(name: str) -> None:
    """A channel's name in the chat maps back to the channel."""
    assert name == name_of(channel_of(name))
    assert "fakechat" == channel_of(name).platform


async def test_people_are_answered_where_they_ask() -> None:
    """A person who addresses the bot gets the reply in the same channel; other messages are ignored."""
    chat = FakeChat(clock=Hand())
    async with a_bench(MemoryStore()) as bench, connect(FakeChatSettings(chat=chat), bench.service):
        await chat.say("lab", "U1", "has anyone seen the paperwire digest?")
        assert 1 == len(chat.messages)
        await chat.say("lab", "U1", "@paperwire search few-shot")
    assert "lab" == chat.messages[-1].channel
    assert "1 paper for “few-shot”" in chat.messages[-1].text
    assert "Language Models are Few-Shot Learners" in chat.messages[-1].text


async def test_what_cannot_be_done_is_answered_too() -> None:
    """A command that cannot be parsed is answered with an explanation, and notifies no one."""
    chat = FakeChat(clock=Hand())
    async with a_bench(MemoryStore()) as bench, connect(FakeChatSettings(chat=chat), bench.service):
        await chat.say("lab", "U1", "<@U0PAPERWIRE> search limit=<!channel> attention")
    assert "is no number of papers" in chat.messages[-1].text
    assert () == chat.pings


async def test_subscription_is_kept_for_the_channel_it_was_placed_in() -> None:
    """A person who subscribes in a channel of a workspace finds the subscription there, and nowhere else."""
    chat = FakeChat(clock=Hand())
    async with a_bench(MemoryStore()) as bench, connect(FakeChatSettings(chat=chat), bench.service):
        await chat.say("team/lab", "U1", "paperwire subscribe source=told at=09:00")
        channel = Channel(platform="fakechat", workspace="team", channel="lab")
        (subscription,) = await bench.store.subscriptions(channel)
        assert () == await bench.store.subscriptions(replace(channel, workspace="other"))
    assert ("told",) == subscription.sources
    assert "Subscribed: weekdays at 9:00, UTC." in chat.messages[-1].text
    assert f"({subscription.id})" not in chat.messages[-1].text


async def test_a_subscription_is_paused_only_where_it_belongs() -> None:
    """A person in another channel cannot pause a subscription; one in its own can, until a date, and can resume it."""
    chat = FakeChat(clock=Hand())
    async with a_bench(MemoryStore()) as bench, connect(FakeChatSettings(chat=chat), bench.service):
        await chat.say("lab", "U1", "paperwire subscribe source=told every=week at=16:00 quiet=22:00-07:00")
        assert "the best of the week, Fridays at 16:00, UTC, quiet from 22:00 to 7:00" in chat.messages[-1].text
        (subscription,) = await bench.store.subscriptions()
        await chat.say("other", "U2", f"paperwire pause {subscription.id}")
        assert "This channel has no subscription" in chat.messages[-1].text
        assert (subscription,) == await bench.store.subscriptions()
        await chat.say("lab", "U1", f"paperwire pause {subscription.id} until=2026-12-01")
        assert "next on Friday 4 December 2026 at 16:00" in chat.messages[-1].text
        await chat.say("lab", "U1", f"paperwire resume {subscription.id}")
    assert "Next on Friday 27 November 2026 at 16:00" in chat.messages[-1].text


async def test_nobody_is_answered_after_leaving() -> None:
    """After the adapter closes, the bot does not respond."""
    chat = FakeChat(clock=Hand())
    async with a_bench(MemoryStore()) as bench:
        async with connect(FakeChatSettings(chat=chat), bench.service):
            pass
        await chat.say("lab", "U1", "paperwire help")
    assert 1 == len(chat.messages)
