"""The line that tells a channel what was done to its subscriptions."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bots.domain.replies import Change, Noted, Paused, Reply, Resumed, Subscribed, Unsubscribed
from bots.domain.subscriptions import Every, Subscription, Weekday
from bots.presentation.announcement_text import announcement
from bots.testing.hostile import answers
from bots.testing.stage import hidden_in
from tests.support.factories import a_subscription

BERLIN = a_subscription(timezone=ZoneInfo("Europe/Berlin"), times=(time(9),))
MONDAYS = frozenset({Weekday.MON, Weekday.THU})
BACK = datetime(2026, 11, 30, 23, tzinfo=UTC)


def item(subscription: Subscription = BERLIN, change: Change = Change.EDITED) -> Subscribed:
    return Subscribed(subscription=subscription, change=change)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            item(change=Change.NEW),
            (
                "subscribed this channel to Hugging Face, every weekday at 9:00, Berlin time. "
                "/paper subscriptions shows it."
            ),
        ),
        (
            item(replace(BERLIN, query="agents -survey", sources=("huggingface", "arxiv:cs.CL"))),
            (
                "changed a subscription of this channel; it is now Hugging Face and arXiv cs.CL (“agents -survey”), "
                "every weekday at 9:00, Berlin time. /paper subscriptions shows it."
            ),
        ),
        (
            Paused(item=item(replace(BERLIN, enabled=False))),
            (
                "paused this channel's subscription to Hugging Face until someone resumes it. "
                "/paper subscriptions shows it."
            ),
        ),
        (
            Paused(item=item(replace(BERLIN, resumes=BACK))),
            (
                "paused this channel's subscription to Hugging Face until Tuesday 1 December 2026. "
                "/paper subscriptions shows it."
            ),
        ),
        (
            Resumed(item=item(replace(BERLIN, timezone=ZoneInfo("America/New_York")))),
            (
                "resumed this channel's subscription to Hugging Face, every weekday at 9:00, New York time. "
                "/paper subscriptions shows it."
            ),
        ),
        (Unsubscribed(subscription=BERLIN), "ended this channel's subscription to Hugging Face."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_change_is_said_in_a_members_words(reply: Reply, said: str) -> None:
    """It says what was done, what comes and when, with the city of the time zone, and where to look it up."""
    assert said == announcement(reply)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekdays": frozenset(Weekday)}, "every day at 9:00, Berlin time"),
        ({"weekdays": MONDAYS}, "on Mondays and Thursdays at 9:00, Berlin time"),
        ({"weekdays": frozenset({Weekday.SAT, Weekday.SUN})}, "on Saturdays and Sundays at 9:00, Berlin time"),
        ({"times": (time(17, 30), time(8))}, "every weekday at 8:00 and 17:30, Berlin time"),
        ({"timezone": ZoneInfo("UTC")}, "every weekday at 9:00, UTC"),
        ({"every": Every.WEEK, "weekdays": frozenset({Weekday.FRI})}, "as the best of the week, on Fridays at 9:00"),
        ({"every": Every.MONTH}, "as the best of the month, once a month at 9:00"),
    ],
)
def test_the_time_is_said_as_people_say_it(changes: dict[str, object], said: str) -> None:
    """Every schedule is named by its days, its times and a city."""
    assert said in announcement(item(replace(BERLIN, **changes), Change.NEW))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "reply",
    [item(change=Change.NONE), Paused(item=item(change=Change.NONE)), Resumed(item=item(change=Change.NONE)),
     Noted(said="x")],
)  # fmt: skip
def test_what_changed_nothing_is_not_announced(reply: Reply) -> None:
    """A second press, and a reply that is no change, give no line."""
    assert "" == announcement(reply)


@given(answers)
def test_it_is_one_short_line_whatever_is_in_it(reply: Reply) -> None:
    """Of any subscription the announcement is one line of at most 600 characters without control characters."""
    said = announcement(reply)
    assert len(said) <= 600
    assert [] == hidden_in(said)
    assert {unicodedata.category(char) for char in said}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})


def test_a_phrase_has_no_quotes_within_quotes() -> None:
    """A filter with a phrase in quotes is shown with single ones."""
    said = announcement(item(replace(BERLIN, query='"kv cache" OR agents'), Change.NEW))
    assert "(“‘kv cache’ OR agents”)" in said
