"""What chats show is made of sentences: no grammar, no id of a subscription, no command of the terminal."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import TOPICS
from bots.discord import outgoing as discord
from bots.discord.error_translation import GONE as DISCORD_GONE
from bots.discord.help import help_reply
from bots.domain.channels import Channel
from bots.domain.replies import (
    CardList,
    DigestReply,
    HelpReply,
    Noted,
    Paused,
    Problem,
    Reply,
    Resumed,
    Subscribed,
    SubscriptionList,
    Unsubscribed,
)
from bots.domain.subscriptions import Look
from bots.slack import outgoing as slack
from bots.slack.refusals import GONE as SLACK_GONE
from bots.slack.refusals import LOST
from tests.conftest import ROOT
from tests.support.factories import NOW, a_blurb, a_digest, a_paper, a_subscription, an_entry

#: Optional parts, alternatives and placeholders of a grammar; an option with its sign; commands of the terminal.
GRAMMAR = re.compile(r"\[[^\]\n]*[=…|][^\]\n]*\]|<[a-z][a-z ,]*>|(?<![\w/?&])[a-z]{2,}=|\bpaperwire [a-z]|\bdoctor\b")
SLACK, DISCORD = (
    Channel(platform="slack", workspace="T1", channel="C9"),
    Channel(platform="discord", workspace="11", channel="901"),
)


def replies_about(channel: Channel) -> tuple[Reply, ...]:
    """Return a reply of each kind about subscriptions of a channel."""
    going = Subscribed(subscription=a_subscription(channel=channel, id="3f9a1c7e42"), next_due=NOW)
    off = Subscribed(subscription=a_subscription(channel=channel, id="77c0ffee00", enabled=False), paused=True)
    changes = (going, Paused(item=off), Resumed(item=going), Unsubscribed(subscription=going.subscription))
    return (*changes, SubscriptionList(items=(going, off), channel=channel), SubscriptionList(channel=channel))


def texts_of(value: object, name: str = "") -> Iterator[str]:
    """Yield the texts in a payload that people see."""
    if isinstance(value, str) and name in ("text", "content", "label"):
        yield value
    elif isinstance(value, dict):
        yield from (text for key, inner in value.items() for text in texts_of(inner, str(key)))
    elif isinstance(value, list | tuple):
        yield from (text for inner in value for text in texts_of(inner, name))


def shown_on_slack(reply: Reply) -> str:
    return "\n".join(texts_of([*slack.reply_messages(reply)]))


def shown_on_discord(reply: Reply) -> str:
    return "\n".join(text for each in discord.reply_messages(reply) for text in texts_of(each.payload))


@pytest.mark.parametrize(
    "reply", [*replies_about(SLACK), HelpReply(topics=TOPICS)], ids=lambda each: type(each).__name__
)
def test_slack_shows_sentences(reply: Reply) -> None:
    """Help, confirmations and lists on Slack hold no grammar and no id."""
    assert None is GRAMMAR.search(shown_on_slack(reply))
    assert None is re.search("3f9a1c7e42|77c0ffee00", shown_on_slack(reply))


@pytest.mark.parametrize("reply", [*replies_about(DISCORD), help_reply("")], ids=lambda each: type(each).__name__)
def test_discord_shows_sentences(reply: Reply) -> None:
    """Help, confirmations and lists on Discord hold no grammar and no id."""
    assert None is GRAMMAR.search(shown_on_discord(reply))
    assert None is re.search("3f9a1c7e42|77c0ffee00", shown_on_discord(reply))


@pytest.mark.parametrize("reply", replies_about(DISCORD), ids=lambda each: type(each).__name__)
def test_discord_names_the_channel(reply: Reply) -> None:
    """Every confirmation and list names its channel, wherever it is read."""
    assert "<#901>" in shown_on_discord(reply)
    assert "this channel" not in shown_on_discord(reply)


@pytest.mark.parametrize("reply", replies_about(SLACK), ids=lambda each: type(each).__name__)
def test_slack_names_the_channel(reply: Reply) -> None:
    """Every confirmation and list names its channel, as an element that Slack shows by the channel's name."""
    assert "'channel_id': 'C9'" in str(slack.reply_messages(reply))
    assert "this channel" not in shown_on_slack(reply)


@pytest.mark.parametrize("why", [*SLACK_GONE.values(), *LOST.values(), *DISCORD_GONE.values()])
def test_a_refusal_says_what_a_member_can_do(why: tuple[str, str]) -> None:
    """Why a chat refuses, and the remedy, hold nothing of the terminal, and the remedy is a full sentence."""
    assert None is GRAMMAR.search(" ".join(why))
    assert why[1].endswith(".")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_whole_grammar_is_in_the_reference(topic: object) -> None:
    """docs/reference/commands.md has the form of every command, which no chat shows."""
    assert f"\n{getattr(topic, 'form', '')}\n" in (ROOT / "docs/reference/commands.md").read_text("utf-8")


#: An emoji of three code points, a flag of two, and a letter with an accent of its own.
WHOLE = ("\U0001f469\u200d\U0001f52c", "\U0001f1e9\U0001f1ea", "o\u0308")
PARTS = re.compile("[\U0001f469\u200d\U0001f52c\U0001f1e9\U0001f1ea\u0308]")


@given(
    shown=st.sampled_from(WHOLE),
    before=st.integers(0, 3),
    times=st.integers(1, 900),
    kind=st.sampled_from(["cards", "compact", "list", "noted", "problem"]),
)
def test_no_chat_cuts_a_character_in_half(shown: str, before: int, times: int, kind: str) -> None:
    """In a title, a blurb, a note or an error of any length, every emoji and accented letter is whole or left out."""
    text = f"{'x' * before}{shown * times}"
    entry = an_entry(paper=a_paper(title=text, authors=(text,), keywords=(text,)), blurb=a_blurb(text=text))
    digest = a_digest(entries=(entry, entry), look=Look.COMPACT if kind == "compact" else Look.CARDS)
    made: dict[str, Reply] = {
        "list": CardList(words=text, entries=(entry,), notes=(text,)),
        "noted": Noted(said=text),
        "problem": Problem(message=text, hint=text),
    }
    reply = made.get(kind) or DigestReply(digest=digest)
    for seen in (shown_on_slack(reply), shown_on_discord(reply)):
        assert shown in seen
        assert None is PARTS.search(seen.replace(shown, ""))
