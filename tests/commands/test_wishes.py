"""Tests of what people ask for in words of their own: orders of papers, news of a source, questions about a title."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command
from bots.commands.wishes import title_in
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadQuery, RequestError
from bots.domain.requests import DigestNow, Edit, Help, Lookup, Request, Search, Subscribe
from bots.domain.subscriptions import Every, Subscription, Weekday

HERE = Channel(platform="fakechat", workspace="lab", channel="papers")
VIENNA = ZoneInfo("Europe/Vienna")
PLAIN = Subscription(id="", channel=HERE, timezone=VIENNA)
DAILY = frozenset(Weekday)
FRIDAY, MONDAY = frozenset({Weekday.FRI}), frozenset({Weekday.MON})


def read(text: str) -> Request:
    """Return the request of a text that somebody in Vienna types."""
    return parse_command(text, channel=HERE, today=date(2026, 5, 4), zone=VIENNA)


def said(**fields: Any) -> Request:
    """Return the request for a plain subscription with some fields changed."""
    return Subscribe(channel=HERE, subscription=replace(PLAIN, **fields))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "please send me the best robotics papers on Fridays at 4pm",
            said(query="robotics", weekdays=FRIDAY, times=(time(16),)),
        ),
        (
            "I want papers on protein folding from biorxiv every morning",
            said(query="protein folding", sources=("biorxiv",), weekdays=DAILY),
        ),
        ("send me 3 robotics papers every day at 9", said(query="robotics", limit=3, weekdays=DAILY)),
        ("Can you send us a weekly digest about agents?", said(query="agents", every=Every.WEEK, weekdays=FRIDAY)),
        ("give me the arXiv cs.CL papers every Monday at 9am", said(sources=("arxiv:cs.CL",), weekdays=MONDAY)),
        ("We need a daily digest of cs.CL", said(sources=("arxiv:cs.CL",), weekdays=DAILY)),
    ],
)
def test_who_says_when_papers_are_to_come_subscribes(text: str, expected: Request) -> None:
    """Papers on a subject at set times are a subscription, whatever the verb; the subject may stand before or after."""
    assert expected == read(text)


@pytest.mark.parametrize("text", ["digest from the sample day, 8 papers", "digest of the sample day, up to 8 papers"])
def test_a_source_may_have_an_article(text: str) -> None:
    """ "The" before the name of a source belongs to it."""
    assert DigestNow(channel=HERE, sources=("sample",), limit=8) == read(text)


def test_a_word_that_is_not_understood_is_repeated_without_its_comma() -> None:
    """The comma behind a word is no part of it."""
    with pytest.raises(BadCommand, match="“frobnicate” is not understood"):
        read("subscribe frobnicate, at 9am")


@pytest.mark.parametrize("text", ["subscribe daily at noon, 20 papers", "subscribe daily at noon 20 papers"])
def test_a_number_of_papers_is_no_time(text: str) -> None:
    """ "At noon, 20 papers" posts twenty papers at noon, and nothing at eight in the evening."""
    assert said(times=(time(12),), limit=20, weekdays=DAILY) == read(text)


def test_an_order_that_is_not_understood_is_asked_for_and_not_looked_up() -> None:
    """What says when is no title: the person is asked what is open, in a way that no chat takes for a title."""
    with pytest.raises(BadQuery, match="in the morning or in the afternoon"):
        read("send me papers about agents every day at 5")


@pytest.mark.parametrize(
    "text", ["papers about diffusion", "any papers on diffusion?", "do you have papers on diffusion?"]
)
def test_papers_about_something_are_searched_for(text: str) -> None:
    """Without a time it is a search."""
    assert Search(channel=HERE, words="diffusion") == read(text)


@pytest.mark.parametrize(
    "text", ["what's new on arXiv cs.CL?", "What is new today in cs.CL", "latest papers from cs.CL"]
)
def test_the_news_of_a_source_are_its_digest(text: str) -> None:
    """Who asks what is new in a source gets its digest now."""
    assert DigestNow(channel=HERE, sources=("arxiv:cs.CL",)) == read(text)


@pytest.mark.parametrize(
    "text", ["Send in the clowns", "Give me a reason at scale", "We need to talk about papers", "I want it all"]
)
def test_a_title_that_begins_like_a_wish_is_none(text: str) -> None:
    """Without papers and a time nothing is subscribed."""
    with pytest.raises(BadCommand):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "what about {title}?",
        "Have you seen {title}?",
        "do you know the paper {title}?",
        "tell me more about {title}",
        "what do you think of “{title}”?",
        "{title}",
    ],
)
def test_a_question_about_a_paper_is_about_its_title(text: str) -> None:
    """The words of the question are no words of the title."""
    title = "Attention Is All You Need"
    assert title == title_in(text.format(title=title))


@pytest.mark.parametrize(
    "text", ["What about us?", "Interests of users in conversational search", "interests of users"]
)
def test_titles_are_looked_up(text: str) -> None:
    """A title that begins with the name of a command is looked up, in capitals or not."""
    if text.startswith(("I", "i")):
        assert Lookup(channel=HERE, text=text) == read(text)
    assert title_in(text)


def test_words_after_interests_say_where_they_belong() -> None:
    """Who types a subject after `interests` reads how a subscription takes it."""
    with pytest.raises(BadCommand) as caught:
        read("interests transformers and agents")
    assert "/paper edit interests transformers and agents" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every evening", said(weekdays=DAILY, times=(time(18),))),
        ("every Monday morning", said(weekdays=MONDAY)),
        ("every Friday evening at 8pm", said(weekdays=FRIDAY, times=(time(20),))),
        ("to trending on Hugging Face", said(sources=("huggingface",))),
        ("to the best of the week from Hugging Face on Fridays", said(every=Every.WEEK, weekdays=FRIDAY)),
        ("to LLMs in this channel every day", said(query="LLMs", weekdays=DAILY)),
        ("to robotics, not drones", said(query="robotics NOT drones")),
        ("to agents or robots", said(query="agents OR robots")),
        ("to bioRxiv neuroscience at 8", said(sources=("biorxiv:neuroscience",), times=(time(8),))),
        ("to https://example.org/rss.xml daily", said(sources=("feed:https://example.org/rss.xml",), weekdays=DAILY)),
        ('to "nature"', said(query='"nature"')),
    ],
)
def test_what_people_say_of_a_subscription_is_what_it_does(text: str, expected: Request) -> None:
    """Parts of the day, orders, places, exceptions and addresses of feeds are no words of a subject."""
    assert expected == read(f"subscribe {text}")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("every two weeks", "once a week or once a month"),
        ("every hour", "weekdays at 9:00 and 17:00"),
        ("twice a day about agents", "at several"),
        ("to nature", "from feed:nature"),
        ("#general to robotics", "Type the command in that channel"),
    ],
)
def test_what_no_digest_does_is_said(text: str, hint: str) -> None:
    """A rhythm that there is not, a journal that is a subject as well, and another channel are asked about."""
    with pytest.raises(RequestError) as caught:
        read(f"subscribe {text}")
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("change to 10 papers", "", (("limit", "10"),)),
        ("make it 10 papers", "", (("limit", "10"),)),
        ("change the first one to Fridays", "1", (("on", "Fridays"),)),
        ("edit 2 at 10am", "2", (("at", "10am"),)),
    ],
)
def test_a_number_of_papers_names_no_subscription(text: str, name: str, options: tuple[tuple[str, str], ...]) -> None:
    """A change says what is to be changed, or how many papers are to come; one is not taken for the other."""
    assert Edit(channel=HERE, subscription_id=name, options=options) == read(text)


@pytest.mark.parametrize(("text", "topic"), [("how do I subscribe?", "subscribe"), ("how can we pause it", "pause")])
def test_who_asks_how_is_shown_how(text: str, topic: str) -> None:
    """A question about a command is answered with its help."""
    assert Help(channel=HERE, topic=topic) == read(text)


_WORDS = (
    "send me us the best 3 robotics papers digest about on fridays at 4pm 5 every day from arxiv I want , ?".split()
)


@given(st.lists(st.sampled_from(_WORDS), max_size=12))
def test_any_wish_is_a_request_or_a_named_error(words: list[str]) -> None:
    """Whatever follows "send me" is a request, or an error with a hint."""
    try:
        told = str(read(" ".join(("send me", *words))))
    except RequestError as error:
        told = error.hint
    assert told
