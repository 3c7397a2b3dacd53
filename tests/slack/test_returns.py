"""What was paused without a person's doing is offered again when the bot can post; what was ended can be undone."""

from dataclasses import replace
from functools import partial

import pytest

from bots.domain.subscriptions import Subscription
from tests.fakes.slack.world import Channel
from tests.slack.conftest import Office

_WORDS = "/paper subscribe to the sample day about agents, Mondays at 9am"


async def subscribed(office: Office, there: Channel) -> Subscription:
    """Have Ada subscribe a channel, and return the subscription."""
    await office.ada.types(_WORDS, there)
    await office.ada.reads("Subscribed", there, only_me=True)
    return (await office.application.store.subscriptions())[-1]


def said(office: Office, words: str) -> int:
    """Return how many messages that only Ada sees contain some words."""
    return len([seen for seen in office.ada.sees(office.papers, only_me=True) if words in seen.text])


def confirmed(office: Office, times: int) -> bool:
    """Return whether Ada has read so many confirmations."""
    return said(office, "Subscribed in") == times


async def paused(office: Office, there: Channel, why: str) -> Subscription:
    """Have Ada subscribe a channel; the subscription is then paused, by Paperwire if there is a reason."""
    rests = replace(await subscribed(office, there), enabled=False, off_because=why)
    await office.application.store.keep_subscription(rests)
    return rests


@pytest.mark.parametrize("private", [False, True])
async def test_who_invites_the_bot_again_is_offered_to_resume(office: Office, private: bool) -> None:
    """After a removal and an invitation the channel reads that its digest is paused, and one press resumes it."""
    there = office.slack.channel("reading", office.ada, is_private=private)
    rests = await paused(office, there, "Paperwire is not in that channel.")
    await office.ada.removes_bot(there)
    await office.ada.invites_bot(there)
    offer = await office.ada.reads("This channel's digest is paused", there)
    assert "agents" in offer.text
    await office.ada.presses(offer, "Resume")
    await office.ada.reads("Resumed", there, only_me=True)
    back = await office.application.store.subscription(rests.id)
    assert back is not None
    assert (True, "") == (back.enabled, back.off_because)


@pytest.mark.parametrize("private", [False, True])
async def test_who_removes_the_bot_gets_no_more_digests(office: Office, private: bool) -> None:
    """A removal pauses the channel's digests at once, and the person who subscribed reads why and what to do."""
    there = office.slack.channel("reading", office.ada, is_private=private)
    await subscribed(office, there)
    await office.ada.removes_bot(there)
    said = await office.ada.reads("was removed from that channel", office.ada.direct)
    assert "/invite @Paperwire" in said.text
    (rests,) = await office.application.store.subscriptions()
    assert not rests.enabled
    await office.ada.invites_bot(there)
    await office.ada.presses(await office.ada.reads("is paused", there), "Resume")
    await office.ada.reads("Resumed", there, only_me=True)


async def test_an_unarchived_channel_is_offered_to_resume(office: Office) -> None:
    """A channel that is brought back from the archive reads the same."""
    there = office.slack.channel("reading", office.ada)
    await paused(office, there, "That channel is archived.")
    await office.ada.archives(there)
    await office.ada.archives(there, undo=True)
    assert "Resume" in (await office.ada.reads("This channel's digest is paused", there)).buttons


async def test_a_persons_pause_and_other_peoples_arrivals_offer_nothing(office: Office) -> None:
    """A digest that a person paused is not offered, and neither is any when a person joins or nothing is paused."""
    there = office.slack.channel("reading", office.ada)
    await paused(office, there, "")
    await office.ada.removes_bot(there)
    await office.ada.invites_bot(there)
    await office.ada.types("/paper help", there)
    await office.ada.reads("Commands", there, only_me=True)
    assert [] == [seen for seen in office.ada.sees(there) if "is paused" in seen.text]


async def test_the_end_of_a_subscription_can_be_undone(office: Office) -> None:
    """Whoever ended the wrong one presses Undo: the same papers come at the same times, once."""
    before = await subscribed(office, office.papers)
    await office.ada.types("/paper unsubscribe", office.papers)
    ended = await office.ada.reads("Unsubscribed", office.papers, only_me=True)
    assert () == await office.application.store.subscriptions()
    for times in (2, 3):
        await office.ada.presses(ended, "Undo")
        await office.ada.waits(partial(confirmed, office, times), what="a confirmation")
    await office.ada.reads("ada subscribed this channel to sample day", office.papers)
    (after,) = await office.application.store.subscriptions()
    assert before == replace(after, created=before.created)


async def test_undo_is_for_who_may_subscribe(office: Office) -> None:
    """A value that is none of ours, or another command in it, does nothing but tell the person."""
    await subscribed(office, office.papers)
    await office.ada.types("/paper unsubscribe", office.papers)
    ended = await office.ada.reads("Unsubscribed", office.papers, only_me=True)
    (undo,) = [control for control in ended.controls if control.label == "Undo"]
    undo.element["value"] = undo.element["value"].replace("subscribe", "unsubscribe", 1)
    await office.ada.presses(ended, "Undo")
    await office.ada.reads("Try again", office.papers, only_me=True)
    assert () == await office.application.store.subscriptions()


async def test_a_mention_without_words_gets_a_few_sentences(office: Office) -> None:
    """The thread that everyone reads is not filled with all commands."""
    asked = await office.ada.mentions("", office.papers)
    said = await office.ada.reads("“help” lists everything", office.papers, thread=asked.ts)
    assert len(said.text) < 400


@pytest.mark.parametrize("text", ["lunch?", "See you at 12 in the hall"])
async def test_small_talk_is_no_abstract_of_a_word(office: Office, text: str) -> None:
    """Summarize on a message without abstract or paper says which messages it is for."""
    message = await office.ada.says(text, office.papers)
    await office.ada.uses_message_shortcut("summarize_message", message)
    said = await office.ada.reads("holds no abstract", office.papers, only_me=True)
    assert "with a link to a paper" in said.text


async def test_an_error_in_direct_messages_stays(office: Office) -> None:
    """What is wrong with a message to the bot is answered by a message that is still there after a reload."""
    await office.ada.dms("subscribe to agents and robots")
    said = await office.ada.reads("may mean papers on all of it", office.ada.direct)
    assert said.message.only_for is None


async def test_this_is_no_text(office: Office) -> None:
    """Who mentions the bot with "summarize this" reads where Summarize is."""
    await office.ada.mentions("summarize this thread", office.papers)
    said = await office.ada.reads("menu of the message", office.papers, only_me=True)
    assert "Which text?" in said.text
