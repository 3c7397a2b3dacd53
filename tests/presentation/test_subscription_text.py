"""Tests of the texts about a subscription: its schedule, content and state."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.replies import Change, Changed, Paused, Resumed, Subscribed, SubscriptionList, Unsubscribed
from bots.domain.subscriptions import WORKDAYS, Every, Hours, Weekday, WhenEmpty
from bots.presentation import subscription_text
from summarizer import Style
from tests.presentation.test_digest_text import harmless
from tests.support import hostile
from tests.support.factories import NOW, a_subscription

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("days", "times", "text"),
    [
        (WORKDAYS, (time(9),), "weekdays at 9:00, Berlin time"),
        (frozenset(Weekday), (time(17, 30), time(9)), "every day at 9:00 and 17:30, Berlin time"),
        (frozenset({Weekday.SAT, Weekday.SUN}), (time(9),), "weekends at 9:00, Berlin time"),
        (frozenset({Weekday.WED, Weekday.MON}), (time(9),), "Mondays and Wednesdays at 9:00, Berlin time"),
        (frozenset(), (time(9),), "never at 9:00, Berlin time"),
    ],
)
def test_when_text(days: frozenset[Weekday], times: tuple[time, ...], text: str) -> None:
    """A subscription's days, times and time zone are described in ordinary words."""
    assert text == subscription_text.when_text(a_subscription(weekdays=days, times=times, timezone=BERLIN))


@pytest.mark.parametrize(
    ("every", "days", "text"),
    [
        (Every.WEEK, {Weekday.FRI}, "the best of the week, Fridays"),
        (Every.MONTH, WORKDAYS, "the best of the month before, the month's first weekday"),
        (Every.MONTH, set(Weekday), "the best of the month before, the month's first day"),
        (Every.MONTH, {Weekday.MON}, "the best of the month before, the month's first Monday"),
        (Every.MONTH, {Weekday.THU, Weekday.MON}, "the best of the month before, the month's first Monday or Thursday"),
        (Every.MONTH, (), "the best of the month before, never"),
    ],
)
def test_round_ups_say_what_they_cover(every: Every, days: set[Weekday], text: str) -> None:
    """A round-up reads differently from a daily digest, and a monthly one is due on the month's first such day."""
    assert f"{text} at 9:00, UTC" == subscription_text.when_text(a_subscription(every=every, weekdays=frozenset(days)))


@pytest.mark.parametrize(
    ("terms_", "said"),
    [
        ({"settle": 1}, "of the list from 1 day before"),
        ({"settle": 3}, "of the list from 3 days before"),
        ({"settle": 3, "every": Every.WEEK}, "up to the list from 3 days before"),
        ({"wait": time(11)}, "waiting for new lists until 11:00"),
        ({"wait": time(2), "times": (time(23),)}, "waiting for new lists until 2:00 of the next day"),
        ({"quiet": Hours(start=time(22), end=time(7))}, "quiet from 22:00 to 7:00"),
        (
            {"quiet": Hours(start=time(22), end=time(7)), "times": (time(9), time(23))},
            "quiet from 22:00 to 7:00 (23:00 comes at 7:00)",
        ),
        (
            {"quiet": Hours(start=time(22), end=time(7)), "times": (time(6), time(23))},
            "quiet from 22:00 to 7:00 (6:00 and 23:00 come at 7:00)",
        ),
        ({"empty": WhenEmpty.SILENT}, "silent without papers"),
        ({"empty": WhenEmpty.TROUBLE}, "silent without papers unless a source failed"),
    ],
)
def test_conditions_are_said(terms_: dict[str, object], said: str) -> None:
    """A subscription's conditions follow its days and times; digests delayed by quiet hours are named."""
    assert said == subscription_text.when_text(a_subscription(**terms_)).partition(", UTC, ")[2]


def test_what_text() -> None:
    """A subscription is described with its number of papers, sources, sorting, style and filters."""
    sources = ("huggingface", "arxiv:cs.CL")
    subscription = a_subscription(sources=sources, query="agents", categories=("cs.CL",), style=Style.SHORT, limit=1)
    said = "up to 1 paper from Hugging Face and arXiv cs.CL, trending first, short blurbs · in cs.CL · matching: agents"
    assert said == subscription_text.what_text(subscription)
    near = replace(subscription, interests="how proteins fold")
    assert f"{said} · nearest to: how proteins fold" == subscription_text.what_text(near)


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("agents or robots (read as: agents OR robots)", "agents or robots"),
        ("agents OR robots -survey (read as: (agents OR robots) -survey)", "agents OR robots -survey"),
        ("agents OR robots", "agents OR robots"),
        ("(agents", "(agents"),
        ("", ""),
    ],
)
def test_a_filter_is_said_back_as_it_was_read(line: str, query: str) -> None:
    """Small operators and mixtures without brackets are shown with their meaning; a clear filter is shown as typed."""
    assert line == subscription_text.query_text(query)
    said = f" · matching: {line}" if line else ""
    assert subscription_text.what_text(a_subscription(query=query)).endswith(f"trending first, short blurbs{said}")


def test_subscriptions_are_confirmed() -> None:
    """A confirmation says what was done, where, and when the next digest comes in the subscription's time zone."""
    subscription = a_subscription(timezone=BERLIN)
    kept = Subscribed(subscription=subscription, next_due=datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    lines = (
        "Up to 5 papers from Hugging Face, trending first, short blurbs.",
        "Next on Wednesday 25 November 2026 at 9:00.",
    )
    said = subscription_text.changed_lines
    assert ("Subscribed: weekdays at 9:00, Berlin time.", *lines) == said(kept)
    assert ("Subscribed in #papers: weekdays at 9:00, Berlin time.", *lines) == said(kept, place="#papers")
    edited = replace(kept, change=Change.EDITED)
    assert ("Changed in #papers: weekdays at 9:00, Berlin time.", *lines) == said(edited, place="#papers")
    assert ("Resumed: weekdays at 9:00, Berlin time.", *lines) == said(Resumed(item=kept))
    ended = Unsubscribed(subscription=subscription)
    assert ("Unsubscribed. It was: weekdays at 9:00, Berlin time.", lines[0]) == said(ended)
    assert ("Unsubscribed in #papers. It was: weekdays at 9:00, Berlin time.", lines[0]) == said(ended, place="#papers")


def test_only_who_types_ids_is_shown_ids() -> None:
    """A subscription's id is shown where commands take ids, as in a terminal, and nowhere else."""
    off = Subscribed(subscription=a_subscription(enabled=False), paused=True)
    changes: list[Changed] = [off, Paused(item=off), Resumed(item=off), Unsubscribed(subscription=off.subscription)]
    for change in changes:
        assert "a1b2c3" not in " ".join(subscription_text.changed_lines(change, prefix="/paper ", place="#papers"))
        assert "(a1b2c3)" in subscription_text.changed_lines(change, ids=True)[0]
    shown = SubscriptionList(items=(off, off))
    assert all("a1b2c3" not in line for lines in subscription_text.listed_lines(shown) for line in lines)
    assert ["a1b2c3"] * 2 == [lines[0].split()[0] for lines in subscription_text.listed_lines(shown, ids=True)]


def test_a_pause_says_what_ends_it() -> None:
    """A pause without an end says that someone must end it; one with an end names the day and the next digest."""
    off = Subscribed(subscription=a_subscription(enabled=False), paused=True)
    assert (
        "Paused: weekdays at 9:00, UTC.",
        "Up to 5 papers from Hugging Face, trending first, short blurbs.",
        "It posts nothing until someone resumes it.",
    ) == subscription_text.changed_lines(Paused(item=off))
    typed = subscription_text.changed_lines(Paused(item=off), prefix="paperwire ", ids=True)
    assert "To resume it: paperwire resume a1b2c3" == typed[2]
    until = a_subscription(timezone=BERLIN, resumes=datetime(2026, 11, 30, 23, tzinfo=UTC))
    rests = Subscribed(subscription=until, next_due=datetime(2026, 12, 1, 8, tzinfo=UTC), paused=True)
    assert (
        "Paused: weekdays at 9:00, Berlin time.",
        "Up to 5 papers from Hugging Face, trending first, short blurbs.",
        "Paused until Tuesday 1 December 2026: next on Tuesday 1 December 2026 at 9:00.",
    ) == subscription_text.changed_lines(Paused(item=rests))


def test_subscriptions_that_are_not_due_say_so() -> None:
    """A disabled subscription, or one that is never due, names no next digest; a reason for disabling it is shown."""
    off = a_subscription(enabled=False)
    assert "paused" == subscription_text.due_text(Subscribed(subscription=off, paused=True))
    gone = replace(off, off_because="there is no such channel")
    assert "paused: there is no such channel" == subscription_text.due_text(Subscribed(subscription=gone, paused=True))
    assert "no digest is due" == subscription_text.due_text(Subscribed(subscription=a_subscription()))
    past = a_subscription(resumes=NOW)
    assert "next on Tuesday 24 November 2026 at 9:00" == subscription_text.due_text(
        Subscribed(subscription=past, next_due=NOW)
    )


def test_what_quiet_hours_put_off_is_announced_for_their_end() -> None:
    """The next digest is announced for the time when it will be posted, after any quiet hours."""
    subscription = a_subscription(times=(time(23),), quiet=Hours(start=time(22), end=time(7)))
    item = Subscribed(subscription=subscription, next_due=datetime(2026, 11, 24, 23, tzinfo=UTC))
    assert "next on Wednesday 25 November 2026 at 7:00, when its quiet hours end" == subscription_text.due_text(item)


def test_lists_of_subscriptions_count() -> None:
    """A list states how many subscriptions there are and where; a list of every channel also names their channels."""
    one = Subscribed(subscription=a_subscription(), next_due=NOW)
    here, everywhere = SubscriptionList(items=(one,)), SubscriptionList(items=(one, one), everywhere=True)
    headline = subscription_text.subscriptions_headline
    assert ("1 subscription", "1 subscription in #papers") == (headline(here), headline(here, place="#papers"))
    assert "2 subscriptions" == headline(everywhere)
    assert "There are no subscriptions in #papers." == headline(SubscriptionList(), place="#papers")
    assert all("fakechat:papers" not in line for lines in subscription_text.listed_lines(here) for line in lines)
    assert ["In fakechat:papers"] * 2 == [lines[1] for lines in subscription_text.listed_lines(everywhere)]


def test_several_subscriptions_are_numbered() -> None:
    """The subscriptions of a list have the numbers by which commands name them; a single one needs none."""
    one = Subscribed(subscription=a_subscription(), next_due=NOW)
    firsts = [lines[0] for lines in subscription_text.listed_lines(SubscriptionList(items=(one, one)))]
    assert ["1. Weekdays at 9:00, UTC", "2. Weekdays at 9:00, UTC"] == firsts
    (alone,) = subscription_text.listed_lines(SubscriptionList(items=(one,)))
    assert "Weekdays at 9:00, UTC" == alone[0]


@hostile.patient
@given(name=hostile.texts, query=hostile.texts, why=hostile.texts, on=st.booleans())
def test_hostile_subscriptions_are_harmless(name: str, query: str, why: str, on: bool) -> None:
    """Every line is harmless, whatever text a person or a platform supplied."""
    item = Subscribed(subscription=a_subscription(id=name, query=query, off_because=why, enabled=on), paused=not on)
    shown: list[Changed] = [item, Paused(item=item), Resumed(item=item), Unsubscribed(subscription=item.subscription)]
    assert all(map(harmless, (line for each in shown for line in subscription_text.changed_lines(each))))


def test_a_threaded_subscription_says_so() -> None:
    """The description of a threaded subscription mentions the thread."""
    assert "the papers in its thread" in subscription_text.when_text(a_subscription(threaded=True))
    assert "thread" not in subscription_text.when_text(a_subscription())


def test_a_held_digest_says_why_without_a_code() -> None:
    """Why a digest waits and who can mend it is told in words: the platform's code of the error is for the log."""
    held = "The app's token is not valid (invalid_auth). Ask whoever runs Paperwire."
    item = Subscribed(subscription=a_subscription(), next_due=datetime(2026, 11, 25, 8, tzinfo=UTC), held=held)
    assert subscription_text.due_text(item).endswith(
        "8:00. A digest waits to be posted: The app's token is not valid. Ask whoever runs Paperwire"
    )
