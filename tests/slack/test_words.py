"""What people say in their own words is understood in Slack: in mentions, direct messages and slash commands."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bots.domain.subscriptions import WORKDAYS, Subscription
from tests.slack.conftest import Office


async def only(office: Office) -> Subscription:
    """Return the only subscription that is stored."""
    (subscription,) = await office.application.store.subscriptions()
    return subscription


async def test_a_sentence_subscribes(office: Office) -> None:
    """Polite words, a city and a time as it is said; the confirmation repeats what was understood."""
    asked = await office.ada.mentions(
        "please subscribe us to arxiv cs.CL at 9:30 a.m. on weekdays in Tokyo", office.papers
    )
    await office.ada.reads("Tokyo", office.papers, thread=asked.ts)
    subscription = await only(office)
    assert (("arxiv:cs.CL",), (time(9, 30),), WORKDAYS) == (
        subscription.sources,
        subscription.times,
        subscription.weekdays,
    )
    assert ZoneInfo("Asia/Tokyo") == subscription.timezone


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("thanks!", "You are welcome."),
        ("hi", "Hello!"),
        ("ありがとう", "どういたしまして。"),
        ("can you help me?", "help"),
    ],
)
async def test_small_talk_is_no_search(office: Office, text: str, answer: str) -> None:
    """A mention of thanks or a greeting gets a short word, and no list of papers."""
    asked = await office.ada.mentions(text, office.papers)
    said = await office.ada.reads(answer, office.papers, thread=asked.ts)
    assert "paper for" not in said.text


async def test_one_subscription_is_ended_without_an_id(office: Office) -> None:
    """Pause, resume, change and end the only subscription by a word, in a direct message as in a channel."""
    await office.ada.types("/paper subscribe source=sample at noon", office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    for words, answer in (
        ("stop", "Paused"),
        ("start", "Resumed"),
        ("move it to 5pm", "17:00"),
        ("cancel", "Unsubscribed"),
    ):
        await office.ada.types(f"/paper {words}", office.papers)
        await office.ada.reads(answer, office.papers, only_me=True)
    assert () == await office.application.store.subscriptions()


async def test_several_are_told_apart_by_number(office: Office) -> None:
    """Without a number the answer lists them; with one it ends that one."""
    for source, named in (("arxiv:cs.CL", "from arXiv cs.CL"), ("sample", "from sample day")):
        await office.ada.types(f"/paper subscribe source={source}", office.papers)
        await office.ada.reads(named, office.papers, only_me=True)
    await office.ada.types("/paper unsubscribe", office.papers)
    told = await office.ada.reads("Say which by its number", office.papers, only_me=True)
    assert "1. arXiv cs.CL" in told.text
    await office.ada.types("/paper unsubscribe 1", office.papers)
    await office.ada.reads("Unsubscribed", office.papers, only_me=True)
    assert ("sample",) == (await only(office)).sources


async def test_edit_opens_the_form_of_the_only_subscription(office: Office) -> None:
    """A slash command can open a form; with several, the answer asks which."""
    await office.ada.types("/paper subscribe source=sample at noon", office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    await office.ada.types("/paper edit", office.papers)
    await office.ada.gets_modal("Edit subscription")
    await office.ada.fills({"Only papers that match": "agents"})
    await office.ada.submits()
    assert ("agents", ("sample",)) == ((await only(office)).query, (await only(office)).sources)
    await office.ada.types("/paper edit 3", office.papers)
    await office.ada.reads("names no subscription here", office.papers, only_me=True)


async def test_all_mistakes_are_told_at_once(office: Office) -> None:
    """A line with four mistakes gets one answer that names them all."""
    await office.ada.types("/paper subscribe source=huggigface at=25:00 zone=Berln limt=3", office.papers)
    told = await office.ada.reads("25:00", office.papers, only_me=True)
    assert [] == [each for each in ("huggingface", "Europe/Berlin", "“limit”") if each not in told.text]


async def test_a_part_of_a_command_is_not_looked_up(office: Office) -> None:
    """A source alone in a mention is answered with what to write around it."""
    await office.ada.mentions("arxiv:cs.CL", office.papers)
    told = await office.ada.reads("is a source of papers", office.papers, only_me=True)
    assert "subscribe arxiv:cs.CL" in told.text
