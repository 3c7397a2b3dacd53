"""Following authors, subjects and filters: for oneself, for a channel, with Undo; and agreeing to be mentioned."""

from dataclasses import replace
from typing import Any

import pytest

from bots.domain import replies
from bots.domain.channels import Channel, Reader
from bots.domain.follows import MOST_FOLLOWED, Follow, FollowKind, MentionStep
from bots.domain.replies import NextStep
from bots.domain.requests import Follow as ToFollow
from bots.domain.requests import Following, Mentions, Subscribe, Unfollow, changes_channel
from bots.presentation.follow_text import held_of, read_held
from bots.presentation.hidden_text import noted_lines
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, a_subscription

AUTHOR, TOPIC, QUERY = FollowKind
ADA = Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user="ada")
WHO: dict[str, Any] = {"channel": CHANNEL, "user": "ada"}


async def told(bench: Bench, request: Any) -> replies.Noted:
    """Return the confirmation of a request."""
    reply = await bench.service.answer(request)
    assert isinstance(reply, replies.Noted), reply
    return reply


async def test_a_follow_is_the_persons_unless_they_say_here() -> None:
    """One's own follow changes nothing for the channel; the channel's does, and needs its permission."""
    mine, ours = ToFollow(kind=AUTHOR, text="Ada Lovelace", **WHO), ToFollow(kind=TOPIC, text="g", everyone=True, **WHO)
    assert (False, True) == (changes_channel(mine), changes_channel(ours))
    async with a_bench(MemoryStore()) as bench:
        assert "You follow the author Ada Lovelace now" in (await told(bench, mine)).said
        assert "This channel follows the topic “g” now" in (await told(bench, ours)).said
        assert ["Ada Lovelace"] == [each.text for each in await bench.store.follows(ADA)]
        assert ["g"] == [each.text for each in await bench.store.follows(CHANNEL)]
        assert () == await bench.store.follows(replace(ADA, user="bob"))


async def test_every_follow_and_its_end_can_be_undone() -> None:
    """Undo of a follow ends it, Undo of its end brings it back; the second time says that nothing changed."""
    follow = ToFollow(kind=QUERY, text='"kv cache"', **WHO)
    async with a_bench(MemoryStore()) as bench:
        offer = (await told(bench, follow)).offer
        assert offer is not None
        assert NextStep.UNFOLLOW is offer.step
        assert (QUERY, '"kv cache"', False) == read_held(held_of(offer))
        assert "already" in (await told(bench, follow)).said
        ended = await told(bench, Unfollow(kind=QUERY, text='"KV cache"', **WHO))
        assert "You no longer follow" in ended.said
        assert ended.offer is not None
        assert NextStep.FOLLOW is ended.offer.step
        assert () == await bench.store.follows(ADA)
        assert "You do not follow" in (await told(bench, Unfollow(kind=QUERY, text="x", **WHO))).said


async def test_the_list_has_both_and_each_line_can_be_ended() -> None:
    """Own follows come first, the channel's behind them, each with its number in its own list."""
    async with a_bench(MemoryStore()) as bench:
        empty = await told(bench, Following(**WHO))
        assert "Nothing is followed yet" in empty.said
        await told(bench, ToFollow(kind=AUTHOR, text="Ada Lovelace", **WHO))
        await told(bench, ToFollow(kind=TOPIC, text="graphs", everyone=True, **WHO))
        shown = await told(bench, Following(**WHO))
        assert "You follow 1 thing, and this channel follows 1" == shown.said
        assert ["You: 1. the author Ada Lovelace", "Channel: 1. the topic “graphs”"] == [e.said for e in shown.items]
        assert {NextStep.END_FOLLOW} == {each.offer.step for each in shown.items if each.offer}
        assert "Channel: 1. the topic “graphs”." in noted_lines(shown)
        assert "You no longer follow the author" in (await told(bench, Unfollow(text="1", **WHO))).said
        gone = await told(bench, Unfollow(text="Graphs", everyone=True, **WHO))
        assert "This channel no longer follows the topic “graphs”." == gone.said


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Unfollow(text="2", **WHO), "There is no number 2 in the list of what you follow."),
        (Unfollow(text="0", everyone=True, **WHO), "There is no number 0 in the list of what all of you here follow."),
        (Unfollow(text="Twice", **WHO), "“Twice” is followed in more than one way."),
    ],
)
async def test_what_cannot_be_ended_is_told(request_: Unfollow, said: str) -> None:
    """A number beyond the list, and words that name two things, are asked back."""
    async with a_bench(MemoryStore()) as bench:
        for kind in (AUTHOR, TOPIC) if request_.text == "Twice" else (AUTHOR,):
            await told(bench, ToFollow(kind=kind, text="twice", **WHO))
        reply = await bench.service.answer(request_)
        assert isinstance(reply, replies.Problem)
        assert said == reply.message


async def test_nobody_follows_without_end() -> None:
    """The list has a limit, and the error says what to do."""
    async with a_bench(MemoryStore()) as bench:
        for number in range(MOST_FOLLOWED):
            await bench.store.keep_follow(ADA, Follow(kind=TOPIC, text=f"topic {number}", at=bench.service.clock()))
        reply = await bench.service.answer(ToFollow(kind=TOPIC, text="one more", **WHO))
        assert isinstance(reply, replies.Problem)
        assert ("50 things are followed already, and that is the most.", True) == (
            reply.message,
            "/paper following" in reply.hint,
        )


async def test_a_subscription_in_direct_messages_brings_what_its_person_follows() -> None:
    """It is marked when it is made, and one that was made before is marked at the first follow there."""
    direct = Channel(platform=CHANNEL.platform, workspace=CHANNEL.workspace, channel="D1")
    who: dict[str, Any] = {"channel": direct, "user": "ada", "personal": True}
    async with a_bench(MemoryStore()) as bench:
        made = await bench.service.answer(
            Subscribe(subscription=a_subscription(id="new", channel=direct, sources=("told",)), **who)
        )
        assert isinstance(made, replies.Subscribed)
        assert (True, "ada") == (made.subscription.personal, made.subscription.made_by)
        await bench.store.keep_subscription(a_subscription(id="old", channel=direct))
        await bench.store.keep_subscription(a_subscription(id="bobs", channel=direct, made_by="bob"))
        said = (await told(bench, ToFollow(kind=TOPIC, text="graphs", everyone=True, **who))).said
        assert "A digest that you subscribe to here brings such papers first" in said
        assert {"new", "old"} == {each.id for each in await bench.store.subscriptions(direct) if each.personal}
        assert ["graphs"] == [each.text for each in await bench.store.follows(ADA)]


async def test_mentions_need_the_channel_and_the_person() -> None:
    """Each switch is told, with what is still missing; Off ends one's own at once."""
    ask = {step: Mentions(step=step, **WHO) for step in MentionStep}
    assert {MentionStep.ALLOW, MentionStep.FORBID} == {step for step, each in ask.items() if changes_channel(each)}
    async with a_bench(MemoryStore()) as bench:
        assert "You are not mentioned here" in (await told(bench, ask[MentionStep.SHOW])).said
        agreed = await told(bench, ask[MentionStep.ON])
        assert "mentions are off in this channel" in agreed.said
        assert agreed.offer is not None
        assert NextStep.MENTIONS_OFF is agreed.offer.step
        assert "1 person has agreed so far" in (await told(bench, ask[MentionStep.ALLOW])).said
        assert "you follow nothing yet" in (await told(bench, ask[MentionStep.SHOW])).said
        await told(bench, ToFollow(kind=AUTHOR, text="Ada Lovelace", **WHO))
        assert "You may be mentioned here under papers" in (await told(bench, ask[MentionStep.SHOW])).said
        assert "You are not mentioned here" in (await told(bench, ask[MentionStep.OFF])).said
        assert () == (await bench.store.consents(CHANNEL)).readers
        assert "Nobody is mentioned" in (await told(bench, ask[MentionStep.FORBID])).said


async def test_nobody_is_mentioned_in_direct_messages() -> None:
    """There only the person reads, and nothing is stored."""
    async with a_bench(MemoryStore()) as bench:
        reply = await bench.service.answer(Mentions(step=MentionStep.ON, personal=True, **WHO))
        assert isinstance(reply, replies.Problem)
        assert () == (await bench.store.consents(CHANNEL)).readers
