"""A subscription in steps: the fields of the windows, the draft message, and what is saved."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import clean
from bots.commands import values_of
from bots.discord.draft_state import DraftState, fits
from bots.discord.form_texts import LABELS
from bots.discord.subscription_form import (
    WINDOWS,
    changes_of,
    entered,
    errors_of,
    place_in,
    subscription_modal,
    with_changes,
)
from bots.discord.zones import zone_of, zone_options
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.subscriptions import Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from summarizer import Style
from tests.discord.interactions import Json, window
from tests.fakes.discord import rules
from tests.fakes.discord.windows import PICKERS

HERE = Channel(platform="discord", workspace="77", channel="22")
PLAIN = Subscription(id="", channel=HERE, timezone=ZoneInfo("Europe/Vienna"))
KEPT = replace(PLAIN, id="ab12", made_by="5", created=datetime(2026, 11, 1, tzinfo=UTC))
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def fields(modal: Json) -> dict[str, str]:
    """Return the values that a modal would submit unchanged."""
    found = {}
    for label in modal["components"]:
        field = label["component"]
        chosen_ = [each["value"] for each in field.get("options", ()) if each.get("default")]
        chosen_ += [each["id"] for each in field.get("default_values", ())]
        found[field["custom_id"]] = ",".join(chosen_) or field.get("value", "")
    return found


def submitted(before: Subscription, name: str = "", **put: str) -> Subscription:
    """Return the subscription after a window was sent in with some of its fields filled in anew."""
    fields_ = {**fields(subscription_modal(before, window=name)), **put}
    return with_changes(before, changes_of(entered(fields_, before), before))


def errors_in(before: Subscription, name: str = "", **put: str) -> dict[str, str]:
    """Return what is wrong with a window that was sent in."""
    return errors_of(entered({**fields(subscription_modal(before, window=name)), **put}, before), HERE)


def check_modal(modal: Json) -> None:
    """Check a window against the documented limits of Discord."""
    assert () == rules.modal(modal)
    assert len(modal["custom_id"]) <= 100
    assert len(modal["title"]) <= 45
    assert 1 <= len(modal["components"]) <= 5
    for label in modal["components"]:
        field = label["component"]
        assert 1 <= len(label["label"]) <= 45
        assert len(label.get("description", "-")) <= 100
        assert len(field.get("value", "")) <= field.get("max_length", 4000)
        values = [each["value"] for each in field.get("options", ())]
        assert len(values) == len(set(values)) <= 25
        assert all(1 <= len(each) <= 100 for each in values)
        assert all(1 <= len(each["label"]) <= 100 for each in field.get("options", ()))
        assert sum(bool(each.get("default")) for each in field.get("options", ())) <= field.get("max_values", 1)


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


@pytest.mark.parametrize("name", WINDOWS)
@given(subscription=subscriptions)
def test_a_window_that_is_sent_in_untouched_changes_nothing(name: str, subscription: Subscription) -> None:
    """A window submitted unchanged keeps every option of a subscription, including those it does not show."""
    modal = subscription_modal(subscription, window=name)
    check_modal(modal)
    assert {} == changes_of(entered(fields(modal), subscription), subscription)


def test_what_when_and_where_come_first() -> None:
    """The first window asks for sources, interests, a time and a zone by menus, and the channel; the rest is folded."""
    modal = subscription_modal(PLAIN, choose=True)
    check_modal(modal)
    asked = [(each["label"], each["component"]["type"]) for each in modal["components"]]
    assert [("Sources", 3), ("Interests, in plain words", 4), ("Time", 3), ("Time zone", 3), ("Channel", 8)] == asked
    assert {"09:00"} == {each["value"] for each in modal["components"][2]["component"]["options"] if "default" in each}
    assert "channels" == PICKERS[8]
    fixed = subscription_modal(KEPT)
    assert ["Sources", "Interests, in plain words", "Time", "Time zone", "Only papers that match"] == [
        each["label"] for each in fixed["components"]
    ]


def test_every_option_of_the_command_is_in_a_window_or_a_menu() -> None:
    """Nothing that `subscribe` can set is missing: the windows and the menu of days show all options."""
    shown = {name for names in WINDOWS.values() for name in names}
    assert set(values_of(PLAIN)) - {"every", "zone", "at"} <= shown | {"query"}
    assert {"time", "zone", "at", "elsewhere"} <= shown
    assert shown | {"channel", "every"} == set(LABELS)


def test_a_time_and_a_zone_are_picked() -> None:
    """The menus of the first window set the time and the zone, and keep everything else, even who made it."""
    before = replace(KEPT, sources=("huggingface", "arxiv:cs.CL"), limit=7, wait=time(12), threaded=True)
    after = submitted(before, time="08:00", zone="Asia/Tokyo")
    assert replace(before, times=(time(8),), timezone=ZoneInfo("Asia/Tokyo")) == after


@pytest.mark.parametrize("zone", sorted(available_timezones())[::25])
def test_any_zone_fits_into_the_menu(zone: str) -> None:
    """The zone in use is chosen, whatever it is, and no menu has more than 25 options."""
    before = replace(PLAIN, timezone=ZoneInfo(zone))
    check_modal(subscription_modal(before))
    assert zone == next(iter(zone_options(zone)))
    assert before == submitted(before)


def test_times_that_are_no_full_hour_are_kept() -> None:
    """Two times stay unless another is picked; the window "When" takes any times, as people write them."""
    before = replace(PLAIN, times=(time(9, 15), time(17, 30)))
    modal = subscription_modal(before)
    (kept, *hours) = modal["components"][2]["component"]["options"]
    assert ("As it is: 09:15 and 17:30", True, 24) == (kept["label"], kept["default"], len(hours))
    assert before == submitted(before)
    assert (time(10),) == submitted(before, time="10:00").times
    typed = submitted(before, "times", at="9 am, 17.45", elsewhere="europe/berlin", on="mon,thu")
    assert ((time(9), time(17, 45)), ZoneInfo("Europe/Berlin"), frozenset({Weekday.MON, Weekday.THU})) == (
        typed.times, typed.timezone, typed.weekdays,
    )  # fmt: skip
    assert time(18) == submitted(before, "times", at="announced").wait


def test_the_other_windows_set_the_rest() -> None:
    """Each field of "Which papers" and "How it looks" sets its option."""
    papers = submitted(
        PLAIN, "papers", query="a -b", specs="sample", category="cs.CL, stat.*", sort="newest", settle="2"
    )
    assert (("sample",), "a -b", ("cs.CL", "stat.*"), SortBy.NEWEST, 2) == (
        papers.sources, papers.query, papers.categories, papers.sort_by, papers.settle,
    )  # fmt: skip
    looks = submitted(PLAIN, "look", limit="12", style="structured", look="cards", entries="thread", empty="silent")
    assert (12, Style.STRUCTURED, Look.CARDS, True, WhenEmpty.SILENT) == (
        looks.limit, looks.style, looks.look, looks.threaded, looks.empty,
    )  # fmt: skip


@pytest.mark.parametrize("name", WINDOWS)
def test_the_window_says_whose_it_is(name: str) -> None:
    """A window names the subscription it edits and itself, and a foreign one is refused."""
    named = subscription_modal(KEPT, window=name)
    assert ("ab12", "22", name) == place_in(window(named["custom_id"]))
    assert ("-", "22", name) == place_in(window(subscription_modal(PLAIN, window=name)["custom_id"]))
    for foreign in ("something:else", "order:ab12:22:else", "order::22"):
        with pytest.raises(BadCommand):
            place_in(window(foreign))


def test_a_form_of_an_earlier_version_is_opened_again() -> None:
    """What an earlier version asked for in one text is not dropped in silence: the person reads what to do."""
    with pytest.raises(BadCommand, match="updated while this form was open"):
        place_in(window("order:-:22", sources="huggingface", when="09:00 Europe/Vienna", more="limit=3"))


def test_a_new_subscription_begins_in_a_likely_time_zone() -> None:
    """A new subscription has the server's last time zone, else that of the person's language, else the default."""
    vienna, utc = ZoneInfo("Europe/Vienna"), ZoneInfo("UTC")
    assert vienna == zone_of("ja", last=vienna, default=utc)
    assert ZoneInfo("Asia/Tokyo") == zone_of("ja", last=None, default=utc)
    assert vienna == zone_of("en-US", last=None, default=vienna)


MANY = ("arxiv:" + "+".join(f"cs.{a}{b}" for a in "ABCDEF" for b in "ABCDEF"),)
ENDLESS = tuple(f"rss:https://papers.example/{number}/{'long/' * 20}feed" for number in range(60))


@pytest.mark.parametrize("name", WINDOWS)
@pytest.mark.parametrize(
    "sources",
    [
        MANY,
        ("huggingface", f"rss:https://papers.example/{'long/' * 30}feed"),
        ("arxiv:cs.LG+cs.CL", "huggingface"),
        ("huggingface:week", "arxiv:cs.ZZ"),
        ENDLESS,
    ],
    ids=["36 categories", "150 characters", "in this order", "not in the menu", "7,000 characters"],
)
def test_a_change_of_anything_else_loses_no_source(name: str, sources: tuple[str, ...]) -> None:
    """Whatever a menu or a field cannot hold stays, and the draft can be carried, since it holds only what changed."""
    before = replace(KEPT, sources=sources)
    modal = subscription_modal(before, window=name)
    check_modal(modal)
    change = {"": ("time", "08:00"), "papers": ("query", "a"), "times": ("at", "8:00"), "look": ("limit", "9")}
    change["language"] = ("language", "fr")
    options = entered({**fields(modal), **dict([change[name]])}, before)
    changes = changes_of(options, before)
    assert 1 == len(changes)
    assert sources == with_changes(before, changes).sources
    assert fits(DraftState(changes=changes))


def test_a_source_is_added_to_those_that_the_menu_cannot_hold() -> None:
    """The option that keeps all sources can be chosen with others."""
    before = replace(PLAIN, sources=MANY)
    shown = fields(subscription_modal(before))["source"]
    assert {"huggingface", MANY[0]} == set(submitted(before, source=f"{shown},huggingface").sources)
    assert ("huggingface",) == submitted(before, source="huggingface").sources


def test_all_errors_of_a_window_are_said_at_once() -> None:
    """Each field with an error is named by its label."""
    times = errors_in(PLAIN, "times", at="99:99", elsewhere="Nowhere/Land", quiet="never", wait="x")
    assert ["Times of day: ", "Time zone: ", "Wait for late lists until: ", "Quiet hours, from – to: "] == [
        f"{said.partition(': ')[0]}: " for said in times.values()
    ]
    papers = errors_in(PLAIN, "papers", query="(a", category="!", specs="?")
    assert {"source", "query", "category"} == set(papers)
    assert {} == errors_in(PLAIN, "papers", query="a")
