"""Tests of commands that are written as sentences, and of everything that such a sentence leaves open."""

import re
from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command, write_command
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, RequestError
from bots.domain.requests import (
    DigestNow,
    Edit,
    Hidden,
    ListSubscriptions,
    Lookup,
    Pause,
    Preview,
    Request,
    Resume,
    Saved,
    Search,
    Subscribe,
    Unsubscribe,
)
from bots.domain.subscriptions import DEFAULT_SOURCES, WORKDAYS, Every, Subscription, Weekday

HERE = Channel(platform="fakechat", workspace="lab", channel="papers")
TODAY = date(2026, 5, 4)
VIENNA = ZoneInfo("Europe/Vienna")
PLAIN = Subscription(id="", channel=HERE, timezone=VIENNA)
DAILY, MONDAYS = frozenset(Weekday), frozenset({Weekday.MON})
CL = ("arxiv:cs.CL",)


def read(text: str) -> Request:
    """Return the request of a text that somebody in Vienna types."""
    return parse_command(text, channel=HERE, today=TODAY, zone=VIENNA)


def said(**fields: Any) -> Subscription:
    """Return the plain subscription with some fields changed."""
    return replace(PLAIN, **fields)


SENTENCES: list[tuple[str, Subscription]] = [
    ("to arxiv cs.CL at 9am on weekdays", said(sources=CL)),
    ("arxiv:cs.CL", said(sources=CL)),
    ("cs.CL 5pm mon-fri Europe/Berlin", said(sources=CL, times=(time(17),), timezone=ZoneInfo("Europe/Berlin"))),
    ("every Monday at 9", said(weekdays=MONDAYS)),
    ("every=Monday at=9", said(weekdays=MONDAYS)),
    ("me to language models from Hugging Face daily at 9", said(query="language models", weekdays=DAILY)),
    ("us to cs.CL and cs.LG at 9am and 5pm", said(sources=("arxiv:cs.CL+cs.LG",), times=(time(9), time(17)))),
    ("this channel to machine learning papers every day", said(query="machine learning", weekdays=DAILY)),
    (
        "papers about agents but not surveys from arXiv cs.CL, at 9:30 in Berlin, top 3",
        said(query="agents NOT surveys", sources=CL, times=(time(9, 30),), timezone=ZoneInfo("Europe/Berlin"), limit=3),
    ),
    ("to papers by Geoffrey Hinton daily", said(query='au:"Geoffrey Hinton"', weekdays=DAILY)),
    ("to everything from cs.CL", said(sources=CL)),
    ("to agents OR robots please", said(query="agents OR robots")),
    ('about "search and rescue" at 9', said(query='"search and rescue"')),
    ("to style transfer at noon", said(query="style transfer", times=(time(12),))),
    ("to biology at scale at 9am New York time", said(query="biology at scale", timezone=ZoneInfo("America/New_York"))),
    ("to the sun daily", said(query="sun", weekdays=DAILY)),
    ("um 9 Uhr jeden Montag", said(weekdays=MONDAYS)),
    ("weekly on Fridays at 16:00", said(every=Every.WEEK, weekdays=frozenset({Weekday.FRI}), times=(time(16),))),
    ("to agents limit 3", said(query="agents", limit=3)),
    ("every weekday at 5 in the afternoon", said(times=(time(17),), weekdays=WORKDAYS)),
    ("zone=New York at=9 am", said(timezone=ZoneInfo("America/New_York"))),
    ("at=9 am on weekdays zone=NYC limit=3", said(timezone=ZoneInfo("America/New_York"), limit=3)),
    ("source=Hugging Face at noon", said(times=(time(12),))),
    ('about "KV cache" at 9', said(query='"KV cache"')),
    ("to the arXiv cs.CL about agents, at 9", said(sources=CL, query="agents")),
    ("to the sample day about agents, Mondays at 9am", said(sources=("sample",), query="agents", weekdays=MONDAYS)),
]


@pytest.mark.parametrize(("text", "subscription"), SENTENCES)
def test_a_sentence_is_read_as_the_options_it_stands_for(text: str, subscription: Subscription) -> None:
    """Sources, subjects, times, days, zones and numbers are read wherever they stand, with options between them."""
    for command, kind in (("subscribe", Subscribe), ("please preview", Preview), ("Can you subscribe", Subscribe)):
        asked = read(f"{command} {text}")
        assert kind is type(asked)
        assert isinstance(asked, Subscribe | Preview)
        assert subscription == asked.subscription
        assert asked == read(write_command(asked))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("subscribe agents", "“agents” is not understood here.", "“about” before them: about agents"),
        ("subscribe at 5", "“5” may be in the morning or in the afternoon.", "Write 5am or 5pm."),
        ("subscribe to huggigface", "There is no source “huggigface”.", "Did you mean huggingface?"),
        ("subscribe from huggigface at 9", "There is no source “huggigface”.", "Did you mean huggingface?"),
        ("subscribe arxv:cs.CL", "“arxv:cs.CL” is not understood here.", "Did you mean arxiv:cs.CL?"),
        ("subscribe query=arxiv:cs.CL", "“arxiv:cs.CL” is a source.", "Did you mean: from arxiv:cs.CL?"),
        ("subscribe to agents weekdys", "“weekdys” is no word for days.", "Did you mean weekdays?"),
        ("subscribe to agents and robots", "may mean papers on all of it, or on any.", "“agents OR robots” for any"),
        ("subscribe to agents, robots and vision", "may mean papers on all", "“agents AND robots AND vision” for all"),
        ("subscribe qery=agents", "has no option “qery”", "Did you mean “query”?"),
        ("subscribe query=KV with papers", "“with papers” is not understood here.", "about KV with papers"),
        ("subscribe query=language models at 9", "“models” is not understood here.", 'in quotes: "language models"'),
        ("subscribe to cs.CL at 9 at 10", "“at” is given twice.", "Give it once."),
        ("digest for tomorrow", "“tomorrow” is in the future.", "Leave the day out"),
        ("arxiv:cs.CL", "“arxiv:cs.CL” is a source of papers.", "/paper subscribe arxiv:cs.CL posts"),
        ("every Monday at 9", "“every Monday at 9” says when", "/paper subscribe every Monday at 9"),
        ("subscribe to 7", "“7” is not understood here.", "about 7"),
    ],
)
def test_what_is_not_certain_is_asked(text: str, message: str, hint: str) -> None:
    """Nothing is guessed: the error repeats what is open and says how it may be meant."""
    with pytest.raises(RequestError) as caught:
        read(text)
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_all_mistakes_of_a_command_are_told_at_once() -> None:
    """Five mistakes are five sentences, each with what to write, and the form of the command comes once."""
    with pytest.raises(RequestError) as caught:
        read("subscribe source=huggigface at=25:00 zone=Berln limt=3 on=mondy from arxv")
    assert "6 things are not right yet." == str(caught.value)
    *told, example = caught.value.hint.split("\n")
    meant = [
        "Did you mean huggingface?",
        "9am",
        "Did you mean Europe/Berlin?",
        "“limit”",
        "monday",
        "Did you mean arxiv",
    ]
    assert [] == [each for each, line in zip(meant, told, strict=True) if each not in line]
    assert example.startswith("For example: /paper subscribe")


def test_no_more_mistakes_are_told_than_are_read() -> None:
    """A long line of mistakes names six, and how many there are."""
    with pytest.raises(RequestError, match="9 things") as caught:
        read("subscribe " + " ".join(f"bad{letter}={letter}" for letter in "abcdefghi"))
    *mistakes, more, _ = caught.value.hint.split("\n")
    assert (6, "There are 3 more mistakes.") == (len(mistakes), more)


@pytest.mark.parametrize(
    ("text", "sources", "query"),
    [
        ("subscribe sample every day at 9 Uhr", ("sample",), ""),
        ("subscribe at 9am sample", ("sample",), ""),
        ("subscribe sample about sample efficiency", ("sample",), "sample efficiency"),
        ("subscribe about sample efficiency", DEFAULT_SOURCES, "sample efficiency"),
    ],
)
def test_a_source_needs_no_word_before_it(text: str, sources: tuple[str, ...], query: str) -> None:
    """The name of a source is one wherever no subject has begun; in a subject it is a word."""
    request = read(text)
    assert isinstance(request, Subscribe)
    assert (sources, query) == (request.subscription.sources, request.subscription.query)


@pytest.mark.parametrize(
    "text",
    ["find papers about diffusion", "search the latest papers on diffusion", "Show me some papers about diffusion!",
     "please find articles on diffusion", "can you recommend papers about diffusion?"],
)  # fmt: skip
def test_papers_about_something_are_searched_for(text: str) -> None:
    """The words that only say what a search is do not belong to what is searched for."""
    assert Search(channel=HERE, words="diffusion") == read(text)


def test_a_mistyped_day_is_one_mistake() -> None:
    """The word before a mistyped day is a part of the same mistake, and every day that is as near is named."""
    with pytest.raises(RequestError, match="“Mundays” is no word for days") as caught:
        read("subscribe to cs.CL at 9am on Mundays")
    assert {"Mondays", "Sundays"} == set(re.findall(r"\w+days", caught.value.hint.partition("?")[0]))


OTHERS: list[tuple[str, Request]] = [
    *(
        (text, ListSubscriptions(channel=HERE))
        for text in ("list", "status", "Settings", "show my subscriptions", "subs")
    ),
    *(
        (text, ListSubscriptions(channel=HERE))
        for text in ("what is subscribed here?", "subscriptions all", "list all")
    ),
    *((text, DigestNow(channel=HERE, day=TODAY)) for text in ("today", "today's papers", "show me today's papers")),
    ("yesterday", DigestNow(channel=HERE, day=date(2026, 5, 3))),
    ("what's new?", DigestNow(channel=HERE)),
    ("hidden papers", Hidden(channel=HERE)),
    ("bookmarks", Saved(channel=HERE)),
    *((text, Pause(channel=HERE, subscription_id="")) for text in ("stop", "pause", "mute", "please stop", "pause it")),
    *((text, Resume(channel=HERE, subscription_id="")) for text in ("resume", "start", "unpause", "go on")),
    *((text, Unsubscribe(channel=HERE, subscription_id="")) for text in ("unsubscribe", "cancel", "unsubscribe me")),
    *(
        (text, Unsubscribe(channel=HERE, subscription_id="2"))
        for text in ("unsubscribe 2", "cancel #2", "end the second one")
    ),
    ("unsubscribe from arXiv cs.CL", Unsubscribe(channel=HERE, subscription_id="arXiv cs.CL")),
    ("unsubscribe 3f9a1c02bd", Unsubscribe(channel=HERE, subscription_id="3f9a1c02bd")),
    ("pause until Monday", Pause(channel=HERE, subscription_id="", until=date(2026, 5, 11))),
    ("pause 2 until 1 Dec", Pause(channel=HERE, subscription_id="2", until=date(2026, 12, 1))),
    ("stop for a week", Pause(channel=HERE, subscription_id="", until=date(2026, 5, 11))),
    ("pause until=tomorrow", Pause(channel=HERE, subscription_id="", until=date(2026, 5, 5))),
    ("edit", Edit(channel=HERE, subscription_id="")),
    ("edit 2", Edit(channel=HERE, subscription_id="2")),
    ("edit 2 at 10am", Edit(channel=HERE, subscription_id="2", options=(("at", "10am"),))),
    ("change the time to 10am", Edit(channel=HERE, subscription_id="", options=(("at", "10am"),))),
    (
        "edit every Monday limit=3",
        Edit(channel=HERE, subscription_id="", options=(("limit", "3"), ("on", "every Monday"))),
    ),
    ("edit “a b” limit=3", Edit(channel=HERE, subscription_id="a b", options=(("limit", "3"),))),
    ("change it to cs.CL", Edit(channel=HERE, subscription_id="", options=(("source", "arxiv:cs.CL"),))),
    ("follow Hugging Face", Subscribe(channel=HERE, subscription=said())),
    ("follow arxiv cs.CL", Subscribe(channel=HERE, subscription=said(sources=CL))),
    ("Hidden Markov models for speech", Lookup(channel=HERE, text="Hidden Markov models for speech")),
    ("Edit distance is hard", Lookup(channel=HERE, text="Edit distance is hard")),
]


@pytest.mark.parametrize(("text", "request_"), OTHERS)
def test_other_words_mean_the_command(text: str, request_: Request) -> None:
    """Synonyms, polite words and ways to name a subscription; each request can be written and read again."""
    assert request_ == read(text)
    assert request_ == read(write_command(request_))


@pytest.mark.parametrize(
    "text",
    [
        "stop words in retrieval",
        "status of the Higgs search",
        "Change detection at scale",
        "add me",
        "add this paper to my list",
        "Add a paper about transformers",
        "Update from Hugging Face",
        "Move over, arXiv",
    ],
)
def test_a_title_that_begins_like_a_command_is_none(text: str) -> None:
    """Other words mean a command only if the rest of the text fits it."""
    with pytest.raises(RequestError, match="There is no command"):
        read(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (said(sources=CL, times=(time(8),)), "subscribe to arxiv:cs.CL at 8"),
        (said(sources=CL, query="agents", times=(time(8),)), "subscribe arxiv:cs.CL about agents at 8am"),
        (
            said(sources=("huggingface:week",), weekdays=frozenset({Weekday.FRI})),
            "subscribe huggingface:week on Fridays",
        ),
        (said(sources=("huggingface", "arxiv:cs.CL")), "subscribe to arxiv:cs.CL and huggingface"),
        (said(sources=("arxiv:cs.CL+cs.LG",)), "subscribe to arxiv:cs.CL, cs.LG"),
    ],
)
def test_a_spec_ends_where_its_word_does(expected: Subscription, text: str) -> None:
    """What follows a source such as arxiv:cs.CL in a sentence is read for itself, and belongs to no category's name."""
    assert Subscribe(channel=HERE, subscription=expected) == read(text)


_WORDS = (
    "to about at on every 9 9am 5 monday weekdays cs.CL arxiv hf in Berlin from agents top 3 papers limit= zone= at= "
    "daily weekly but not , and arxiv:cs.CL"
).split()


@given(st.lists(st.sampled_from(_WORDS), max_size=14))
def test_any_sentence_is_a_request_or_a_named_error(words: list[str]) -> None:
    """Clauses in any order are a subscription that can be written and read again, or an error with a hint."""
    try:
        asked = read(" ".join(("subscribe", *words)))
    except RequestError as error:
        told = error.hint
    else:
        told = "" if asked == read(write_command(asked)) else "?"
    assert told != "?"
    assert isinstance(told, str)


def test_a_part_of_a_command_is_not_looked_up() -> None:
    """A source or a time alone is no title: the error says what to write around it."""
    for text in ("cs.CL", "Hugging Face", "weekdays at 9am"):
        with pytest.raises(BadQuery):
            read(text)
