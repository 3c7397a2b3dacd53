"""The subscription form shows a few fields first, and loses nothing that was typed when it shows the rest."""

import json
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command
from bots.domain.subscriptions import Subscription
from bots.slack.actions import AnswerRequest
from bots.slack.fields import Refused
from bots.slack.form_modal import form_modal
from bots.slack.payloads import metadata_of
from bots.slack.subscription_form import form_of, hides_error, notes_of, read_subscribe, subscribe_modal
from tests.slack import strict
from tests.slack.test_modals import BERLIN, CHANNEL, errors_of, sent, subscription_of_value, whole_form
from tests.support import hostile
from tests.support.factories import a_subscription


def fields_of(view: dict[str, Any]) -> list[str]:
    """Return the names of a modal's fields, from top to bottom."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_a_few_fields_first() -> None:
    """The form opens with where, what and when; as it opened it makes the subscription of a bare "subscribe"."""
    view = subscribe_modal(CHANNEL, zone=BERLIN)
    strict.check_shown(view)
    assert ["channel", "source", "interests", "query", "on", "time", "zone"] == fields_of(view)
    assert ["Preview", "More options"] == [each["text"]["text"] for _, each in strict.presses(view["blocks"])]
    typed = parse_command("subscribe zone=Europe/Berlin", channel=CHANNEL, user="U1")
    answer = read_subscribe(sent(view))
    assert isinstance(answer, AnswerRequest)
    assert typed == answer.request


@pytest.mark.parametrize("zone", ["Europe/Vienna", "Asia/Kathmandu", "America/Argentina/Ushuaia", "UTC"])
def test_the_own_zone_is_preset(zone: str) -> None:
    """Whatever zone a person's profile names, it is chosen in the menu, which stays within Slack's hundred options."""
    view = subscribe_modal(CHANNEL, zone=ZoneInfo(zone))
    (field,) = (block["element"] for block in view["blocks"] if block.get("block_id") == "zone")
    assert zone == field["initial_option"]["value"]
    assert 100 >= len(field["options"])
    assert all(ZoneInfo(each["value"]) for each in field["options"])
    assert zone == str(subscription_of_value(read_subscribe(sent(view))).timezone)


def test_what_was_typed_survives_more_options() -> None:
    """The whole form has the values that were entered in the short one, and those of the subscription it edits."""
    body = sent(subscribe_modal(CHANNEL, zone=BERLIN), query="agents", time="07:15", channel="C7")
    form = form_of(body)
    assert ("agents", "07:15", "C7", True) == (
        form.values["query"], form.values["time"], form.channel.channel, form.unfolded
    )  # fmt: skip
    whole = form_modal(form)
    strict.check_shown(whole)
    subscription = subscription_of_value(read_subscribe(sent(whole)))
    assert ("agents", (time(7, 15),), "C7") == (subscription.query, subscription.times, subscription.channel.channel)


def finer_of(subscription: Subscription) -> tuple[object, ...]:
    """Return what the hidden fields of the form set."""
    return (subscription.limit, subscription.categories, subscription.wait, subscription.times, subscription.settle)


def test_fewer_options_keep_what_they_hide() -> None:
    """Values entered under "More options" count while they are hidden, and are there when they are shown again."""
    body = sent(
        whole_form(), limit="7", category="cs.CL, stat.ML", wait="12:00", at="17:30", settle="2", query="agents"
    )
    folded = form_modal(form_of(body, unfolded=False))
    strict.check_shown(folded)
    assert ["channel", "source", "interests", "query", "on", "time", "zone"] == fields_of(folded)
    expected = (7, ("cs.CL", "stat.ML"), time(12), (time(9), time(17, 30)), 2)
    hidden = subscription_of_value(read_subscribe(sent(folded, query="robots")))
    assert (expected, "robots") == (finer_of(hidden), hidden.query)
    again = form_modal(form_of(sent(folded, query="robots")))
    strict.check_shown(again)
    shown = subscription_of_value(read_subscribe(sent(again)))
    assert (expected, "robots") == (finer_of(shown), shown.query)


def test_fewer_options_keep_an_emptied_field() -> None:
    """A category that was taken away before the options were hidden does not come back."""
    kept = a_subscription(channel=CHANNEL, categories=("cs.CL",), limit=7)
    body = sent(subscribe_modal(CHANNEL, zone=BERLIN, subscription=kept), category="")
    folded = form_modal(form_of(body, kept=kept, unfolded=False))
    read = subscription_of_value(read_subscribe(sent(folded), kept=kept))
    assert ((), 7) == (read.categories, read.limit)


@pytest.mark.parametrize("typed", ["cs.CL, " * 400, '"' * 800, "\\" * 800, "é" * 420, "🤖" * 220])
def test_too_much_to_hide_stays_in_sight(typed: str) -> None:
    """Where the metadata of a modal cannot hold what was typed, the form stays whole and says why.

    Signs that JSON escapes are longer there; metadata that is cut would lose the channel and the subscription.
    """
    body = sent(whole_form(), category=typed)
    view = form_modal(form_of(body, unfolded=False))
    strict.check_shown(view)
    assert CHANNEL.channel == metadata_of(view, "channel")
    assert "category" in fields_of(view)
    assert "too much text to be hidden" in json.dumps(view)


@hostile.patient
@given(text=hostile.texts, field=st.sampled_from(("category", "at", "elsewhere", "wait", "quiet", "limit", "settle")))
def test_any_text_survives_being_hidden(text: str, field: str) -> None:
    """Whatever stands in a field, hiding it and showing it again changes nothing, within every limit."""
    body = sent(whole_form(), **{field: text})
    before = form_of(body).values[field]
    folded = form_modal(form_of(body, unfolded=False))
    strict.check_shown(folded)
    again = form_of(sent(folded))
    strict.check_shown(form_modal(again))
    assert field in fields_of(folded) or before == again.values[field]


def test_an_error_in_a_hidden_field_is_found() -> None:
    """Slack shows no error for a field that the view lacks: such an error is told with the name of its field."""
    view = form_modal(form_of(sent(whole_form(), quiet="22", wait="x"), unfolded=False))
    answer = read_subscribe(sent(view))
    assert isinstance(answer, Refused)
    assert {"quiet", "wait"} == set(answer.errors)
    assert hides_error(sent(view)["view"], answer)
    assert ["Quiet hours, from – to", "Wait for late lists until"] == sorted(
        note.partition(":")[0] for note in notes_of(answer)
    )


def test_a_value_longer_than_a_field_is_not_shortened() -> None:
    """A subscription of the command line may hold more than a field of Slack's; changing the time leaves it whole."""
    many = tuple(f"arxiv:cs.A{number}+cs.B{number}" for number in range(300))
    kept = a_subscription(channel=CHANNEL, sources=many)
    view = subscribe_modal(CHANNEL, zone=BERLIN, subscription=kept)
    strict.check_shown(view)
    read = subscription_of_value(read_subscribe(sent(view, time="10:30"), kept=kept))
    assert (many, (time(10, 30),)) == (read.sources, read.times)


def test_an_edit_shows_all_that_is_in_use() -> None:
    """A subscription with a finer option opens with all fields, a plain one with the few."""
    plain_one = a_subscription(channel=CHANNEL, timezone=BERLIN)
    fewer = fields_of(subscribe_modal(CHANNEL, zone=BERLIN, subscription=plain_one))
    for finer in ({"settle": 3}, {"threaded": True}, {"times": (time(9), time(17))}, {"limit": 7}):
        more = fields_of(subscribe_modal(CHANNEL, zone=BERLIN, subscription=replace(plain_one, **finer)))
        assert len(more) > len(fewer), finer


def test_a_short_form_keeps_what_it_does_not_show() -> None:
    """A modal that shows few fields changes none of the others of the subscription it edits."""
    kept = a_subscription(channel=CHANNEL, settle=3, threaded=True, times=(time(9), time(17)), limit=7)
    short = form_modal(replace(form_of(sent(whole_form())), unfolded=False, choose=False))
    read = subscription_of_value(read_subscribe(sent(short, query="agents"), kept=kept))
    assert (3, True, 7, "agents") == (read.settle, read.threaded, read.limit, read.query)
    assert time(17) in read.times


def test_a_form_that_an_older_version_opened() -> None:
    """A form of 0.1.0 has all times in one field and the zone as text: both are read."""
    body = json.loads(json.dumps(sent(whole_form())))
    values = body["view"]["state"]["values"]
    for gone in ("time", "elsewhere", "channel"):
        values.pop(gone)
    values["at"] = {"field": {"type": "plain_text_input", "value": "08:00, 17:30"}}
    values["zone"] = {"field": {"type": "plain_text_input", "value": "Asia/Tokyo"}}
    read = subscription_of_value(read_subscribe(body))
    assert ((time(8), time(17, 30)), ZoneInfo("Asia/Tokyo")) == (read.times, read.timezone)
    values["zone"]["field"]["value"] = "Berln"
    assert ["zone"] == list(errors_of(read_subscribe(body)))
