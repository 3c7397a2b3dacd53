"""A subscription in steps: the fields of the modal, the draft message, and what is saved."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import clean
from bots.discord.components import count, text_size
from bots.discord.controls import Control
from bots.discord.subscription_draft import (
    broken,
    chosen,
    confirmation,
    draft,
    line_in,
    line_of,
    subscription_in,
    typed_in,
)
from bots.discord.subscription_form import place_in, read_subscription, subscription_modal, zone_of
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadQuery, RequestError
from bots.domain.replies import Problem
from bots.domain.subscriptions import Every, Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from summarizer import Style
from tests.discord.interactions import Json, window

HERE = Channel(platform="discord", workspace="77", channel="22")
PLAIN = Subscription(id="", channel=HERE, timezone=ZoneInfo("Europe/Vienna"))
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def fields(modal: Json) -> dict[str, str]:
    """Return the values that a modal would submit unchanged."""
    found = {}
    for label in modal["components"]:
        field = label["component"]
        chosen_ = [each["value"] for each in field.get("options", ()) if each.get("default")]
        found[field["custom_id"]] = ",".join(chosen_) or field.get("value", "")
    return found


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=60).map(
    lambda text: clean(f"papers {text.replace('`', chr(39))}") if text.strip() else ""
)
subscriptions = st.builds(
    Subscription,
    id=st.just(""),
    channel=st.just(HERE),
    sources=st.sampled_from([("huggingface",), ("arxiv:cs.CL+cs.LG",), ("huggingface", "arxiv:math.AG")]),
    query=st.sampled_from(["", "a -b", '"kv cache" OR ti:attention', 'au:"Ada B"']),
    interests=words,
    categories=st.sampled_from([(), ("cs.CL", "stat.*")]),
    sort_by=st.sampled_from(SortBy),
    limit=st.integers(1, 20),
    style=st.sampled_from(Style),
    timezone=st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Europe/Vienna"), ZoneInfo("America/Argentina/Buenos_Aires")]),
    times=st.lists(
        st.times().map(lambda clock: time(clock.hour, clock.minute)), min_size=1, max_size=3, unique=True
    ).map(lambda clocks: tuple(sorted(clocks))),
    weekdays=st.frozensets(st.sampled_from(Weekday), min_size=1),
    settle=st.integers(0, 3),
    quiet=st.sampled_from([None, Hours(start=time(22), end=time(7))]),
    empty=st.sampled_from(WhenEmpty),
    look=st.sampled_from(Look),
    threaded=st.booleans(),
)


@given(subscription=subscriptions)
def test_a_window_that_is_sent_in_untouched_changes_nothing(subscription: Subscription) -> None:
    """A modal submitted unchanged keeps every option of a subscription, including those it does not show."""
    assert subscription == read_subscription(fields(subscription_modal(subscription)), subscription)


@given(subscription=subscriptions)
def test_a_message_holds_the_whole_subscription(subscription: Subscription) -> None:
    """The subscription read back from its message equals the one shown, and the message is within Discord's limits."""
    shown = draft(subscription, next_due=NOW)
    assert subscription == subscription_in(line_in(shown), HERE, "-")
    assert count(shown["components"]) <= 40
    assert text_size(shown["components"]) <= 4000


def test_the_longest_subscription_fits_into_its_message() -> None:
    """Query and interests of the maximum length fit into one message."""
    query, categories = " ".join(["transformer*"] * 38), ("cs.CL", "cs.LG", "stat.ML")
    long = replace(PLAIN, query=query, interests="ä" * 500, categories=categories)
    shown = draft(long, next_due=NOW)
    assert text_size(shown["components"]) <= 4000
    assert long == subscription_in(line_in(shown), HERE, "-")


def test_what_is_typed_is_read_by_the_grammar_of_every_chat() -> None:
    """Times and time zone share one field, and rare options are in the field "more"."""
    subscription = read_subscription(
        {
            "sources": "huggingface,arxiv:cs.CL,arxiv:cs.LG",
            "query": "agents -survey",
            "interests": "",
            "when": "9:30, 17:00  Europe/Vienna",
            "more": "every=week limit=10 quiet=22:00-07:00 entries=thread",
        },
        PLAIN,
    )
    assert ("huggingface", "arxiv:cs.CL+cs.LG") == subscription.sources
    assert ((time(9, 30), time(17)), ZoneInfo("Europe/Vienna")) == (subscription.times, subscription.timezone)
    assert (Every.WEEK, frozenset({Weekday.FRI}), 10, True) == (
        subscription.every, subscription.weekdays, subscription.limit, subscription.threaded,
    )  # fmt: skip


@pytest.mark.parametrize("when", ["09:00", "09:00 Europe/Vienna", "9am Europe/Vienna", "9 am Europe/Vienna"])
def test_a_time_zone_that_is_left_out_stays_as_it_was(when: str) -> None:
    """Hours may be written in common forms, and without a time zone the previous one is kept."""
    subscription = read_subscription({"sources": "huggingface", "when": when}, PLAIN)
    assert ((time(9),), ZoneInfo("Europe/Vienna")) == (subscription.times, subscription.timezone)


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": "25:00"},
        {"when": "09:00 Europe/Atlantis"},
        {"query": "((("},
        {"more": "fly=high"},
        {"more": "limit=99"},
    ],
)
def test_what_cannot_be_read_is_kept_and_said(wrong: dict[str, str]) -> None:
    """The error message contains the invalid input, and its modal shows the input again."""
    typed = {"sources": "huggingface", "query": "a", "interests": "b", "when": "09:00", "more": "", **wrong}
    with pytest.raises(RequestError) as refused:
        read_subscription(typed, PLAIN)
    shown = broken(typed, Problem(message=str(refused.value)), channel=HERE, subscription_id="-")
    again = typed_in(line_in(shown))
    assert typed == again
    assert subscription_in(line_in(shown), HERE, "-") is None
    assert typed == fields(subscription_modal(PLAIN, typed=again))


def test_menus_change_what_they_show() -> None:
    """The menus change days, limit and style, and a subscription's own days stay available."""
    assert 8 == chosen(PLAIN, Control.LIMIT, "8").limit
    assert Style.SHORT == chosen(PLAIN, Control.STYLE, "short").style
    monthly = chosen(replace(PLAIN, settle=3), Control.EVERY, "month")
    assert (Every.MONTH, 0) == (monthly.every, monthly.settle)
    odd = replace(PLAIN, weekdays=frozenset({Weekday.TUE}))
    assert odd == chosen(odd, Control.EVERY, "as-set")
    assert "As set" in str(draft(odd, next_due=None))
    with pytest.raises(BadQuery):
        chosen(PLAIN, Control.LIMIT, "99")


def test_the_window_says_whose_it_is() -> None:
    """The modal contains the id of the subscription it edits, and a foreign modal is refused."""
    named = subscription_modal(replace(PLAIN, id="ab12"))
    assert ("ab12", "22") == place_in(window(named["custom_id"]))
    assert ("-", "22") == place_in(window(subscription_modal(PLAIN)["custom_id"]))
    with pytest.raises(BadCommand):
        place_in(window("something:else"))


def test_a_new_subscription_begins_in_a_likely_time_zone() -> None:
    """A new subscription has the server's last time zone, else that of the person's language, else the default."""
    vienna, utc = ZoneInfo("Europe/Vienna"), ZoneInfo("UTC")
    assert vienna == zone_of("ja", last=vienna, default=utc)
    assert ZoneInfo("Asia/Tokyo") == zone_of("ja", last=None, default=utc)
    assert vienna == zone_of("en-US", last=None, default=vienna)


@pytest.mark.parametrize("typed", ["a ``` b", "`code`", "`` a", "a ````` b `", "a `"])
def test_a_line_is_never_torn_out_of_its_block(typed: str) -> None:
    """No two backticks stand side by side in a block, and each comes back as it was typed."""
    drawn = draft(replace(PLAIN, interests=typed), next_due=None)
    assert "``" not in line_of(replace(PLAIN, interests=typed))
    kept = subscription_in(line_in(drawn), HERE, "-")
    assert kept is not None
    assert typed == kept.interests


MANY = ("arxiv:" + "+".join(f"cs.{a}{b}" for a in "ABCDEF" for b in "ABCDEF"),)


@pytest.mark.parametrize(
    "sources",
    [
        MANY,
        ("huggingface", f"rss:https://papers.example/{'long/' * 30}feed"),
        ("arxiv:cs.LG+cs.CL", "huggingface"),
        ("huggingface:week", "arxiv:cs.ZZ"),
    ],
    ids=["36 categories", "150 characters", "in this order", "not in the menu"],
)
def test_a_change_of_the_time_loses_no_source(sources: tuple[str, ...]) -> None:
    """Whatever the menu cannot hold stays, and every value is within Discord's 100 characters and 25 options."""
    before = replace(PLAIN, sources=sources)
    modal = subscription_modal(before)
    options = modal["components"][0]["component"]["options"]
    assert len(options) <= 25
    assert all(0 < len(each["value"]) <= 100 for each in options)
    after = read_subscription({**fields(modal), "when": "08:30 Europe/Vienna"}, before)
    assert replace(before, times=(time(8, 30),)) == after


def test_a_source_is_added_to_those_that_the_menu_cannot_hold() -> None:
    """The option that keeps all sources can be chosen with others."""
    before = replace(PLAIN, sources=MANY)
    shown = fields(subscription_modal(before))
    after = read_subscription({**shown, "sources": f"{shown['sources']},huggingface"}, before)
    assert {"huggingface", MANY[0]} == set(after.sources)
    assert ("huggingface",) == read_subscription({**shown, "sources": "huggingface"}, before).sources


def test_all_errors_of_a_form_are_said_at_once() -> None:
    """Each field with an error is named; a single error keeps its own words."""
    wrong = {"sources": "huggingface", "query": "(a", "when": "99:99 Nowhere/Land", "more": "quiet=never"}
    with pytest.raises(BadQuery) as error:
        read_subscription(wrong, PLAIN)
    for label in ("Only papers that match: ", "Time: ", "Zone: ", "More options: "):
        assert label in str(error.value)
    with pytest.raises(RequestError) as one:
        read_subscription({**wrong, "query": "a", "when": "09:00"}, PLAIN)
    assert "More options" not in str(one.value)


def test_the_button_that_ends_a_subscription_names_it() -> None:
    """The question whether to end a subscription carries its id and its channel's."""
    assert "pw:unsubscribe_sure:ab12 22" in str(confirmation("ab12 22"))
