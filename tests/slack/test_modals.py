"""Modals are within every limit, and the values that a person enters are parsed as intended."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import ViewState

from bots.commands import parse_command, write_command
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.replies import Reply
from bots.domain.requests import Lookup, Preview, Subscribe, Summarize
from bots.domain.subscriptions import Every, Hours, SortBy, Subscription, Weekday, WhenEmpty
from bots.slack.actions import AnswerRequest
from bots.slack.controls import Control
from bots.slack.fields import Refused
from bots.slack.form_modal import FIELDS, form_modal
from bots.slack.modals import preview_modal, read_summarize, reply_modal, summarize_modal
from bots.slack.subscription_form import (
    form_of,
    read_preview,
    read_subscribe,
    subscribe_form,
    subscribe_modal,
    subscription_in,
)
from bots.testing.hostile import digests as hostile_digests
from bots.testing.samples import a_long_digest
from summarizer import Style
from tests.fakes.slack.windows import preset
from tests.slack import strict
from tests.slack.reading import papers_of, seen
from tests.slack.test_hostile import more_hostile_replies
from tests.support import hostile
from tests.support.factories import a_paper, a_subscription

CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")
BERLIN = ZoneInfo("Europe/Berlin")


def sent(view: dict[str, Any], **put: Any) -> dict[str, Any]:
    """Return the payload of a submitted modal: its initial values, replaced by those in `put`."""
    values = preset(view["blocks"])
    for name, held in put.items():
        ((element, state),) = values[name].items()
        kind = next(key for key in state if key != "type")
        values[name] = {element: {**state, kind: held}}
    return {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "example"},
        "user": {"id": "U1"},
        "trigger_id": "1.2.3",
        "view": {**view, "id": "V1", "hash": "1.2", "app_installed_team_id": "T1", "state": {"values": values}},
    }


def whole_form() -> dict[str, Any]:
    """Return the modal for a new subscription with all of its fields."""
    return form_modal(replace(subscribe_form(CHANNEL, zone=BERLIN), unfolded=True))


def subscription_of_value(answer: AnswerRequest | Refused) -> Subscription:
    """Return the subscription in the request."""
    assert isinstance(answer, AnswerRequest), answer
    assert isinstance(answer.request, Subscribe | Preview)
    return answer.request.subscription


def errors_of(answer: AnswerRequest | Refused) -> Mapping[str, str]:
    """Return the validation errors."""
    assert isinstance(answer, Refused), answer
    return answer.errors


# ── a standing order ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_subscription_is_what_the_command_makes() -> None:
    """A modal submitted as it opened creates the subscription of a bare "subscribe", in the person's own time zone."""
    view = whole_form()
    strict.check_shown(view)
    typed = parse_command("subscribe zone=Europe/Berlin", channel=CHANNEL, user="U1")
    answer = read_subscribe(sent(view))
    assert isinstance(answer, AnswerRequest)
    assert typed == answer.request
    assert {*FIELDS, "channel", "time", "elsewhere"} == set(fields_of(view))


def fields_of(view: dict[str, Any]) -> list[str]:
    """Return the names of a modal's fields, from top to bottom."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def test_a_few_fields_first() -> None:
    """The form opens with where, what and when; as it opened it makes the subscription of a bare "subscribe"."""
    view = subscribe_modal(CHANNEL, zone=BERLIN)
    strict.check_shown(view)
    assert ["channel", "source", "query", "time", "zone"] == fields_of(view)
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


def test_an_edit_shows_all_that_is_in_use() -> None:
    """A subscription with a finer option opens with all fields, a plain one with the few."""
    plain_one = a_subscription(channel=CHANNEL, timezone=BERLIN)
    fewer = fields_of(subscribe_modal(CHANNEL, zone=BERLIN, subscription=plain_one))
    for finer in ({"settle": 3}, {"threaded": True}, {"times": (time(9), time(17))}, {"interests": "proteins"}):
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


subscriptions: st.SearchStrategy[Subscription] = st.builds(
    a_subscription,
    channel=st.just(CHANNEL),
    sources=st.sampled_from([("huggingface",), ("arxiv:cs.CL+cs.LG", "huggingface:week")]),
    query=st.sampled_from(["", "agents -survey", 'ti:"KV cache" OR (au:vaswani <b>)']),
    interests=st.sampled_from(["", "how proteins <b>fold</b> & move"]),
    categories=st.sampled_from([(), ("cs.CL",), ("cs.*", "stat.ML")]),
    sort_by=st.sampled_from(SortBy),
    limit=st.integers(1, 20),
    style=st.sampled_from(Style),
    timezone=st.sampled_from([BERLIN, ZoneInfo("UTC"), ZoneInfo("America/Argentina/Buenos_Aires")]),
    times=st.sets(st.sampled_from([time(0, 0), time(9, 0), time(17, 30)]), min_size=1).map(
        lambda each: tuple(sorted(each))
    ),
    weekdays=st.sets(st.sampled_from(Weekday), min_size=1, max_size=1).map(frozenset),
    every=st.sampled_from([Every.DAY, Every.WEEK]),
    settle=st.integers(0, 14),
    wait=st.sampled_from([None, time(11, 0)]),
    quiet=st.sampled_from([None, Hours(start=time(22, 0), end=time(7, 0))]),
    empty=st.sampled_from(WhenEmpty),
    threaded=st.booleans(),
    enabled=st.booleans(),
    off_because=st.sampled_from(["", "no such channel"]),
)


@given(subscription=subscriptions)
def test_a_subscription_comes_back_as_it_was(subscription: Subscription) -> None:
    """A subscription opened and submitted unchanged stays the same, and equals `subscribe` with every option."""
    view = subscribe_modal(CHANNEL, zone=BERLIN, subscription=subscription)
    strict.check_shown(view)
    body = sent(view)
    assert "a1b2c3" == subscription_in(body["view"])
    assert subscription == subscription_of_value(read_subscribe(body, kept=subscription))
    typed = parse_command(write_command(Subscribe(channel=CHANNEL, subscription=subscription)), channel=CHANNEL)
    assert isinstance(typed, Subscribe)
    assert typed.subscription == subscription_of_value(read_subscribe(body))
    ViewState(**body["view"]["state"]).to_dict()


def test_a_modal_that_an_older_version_opened_keeps_its_sorting() -> None:
    """Version 0.1.0 named the block of the sorting `order`; what a person chose there is kept."""
    newest = a_subscription(sort_by=SortBy.NEWEST)
    body = json.loads(json.dumps(sent(subscribe_modal(CHANNEL, zone=BERLIN, subscription=newest))))
    values = body["view"]["state"]["values"]
    values["order"] = values.pop("sort")
    assert SortBy.NEWEST == subscription_of_value(read_subscribe(body)).sort_by


def test_what_is_changed() -> None:
    """The values that a person types, chooses and ticks are stored; an emptied field counts as not given."""
    chosen = [{"value": "mon"}, {"value": "thu"}]
    view = whole_form()
    body = sent(
        view, query=" agents ", limit="3", on=chosen, at=None, time="09:00", wait="12", entries={"value": "thread"}
    )
    subscription = subscription_of_value(read_subscribe(body))
    assert ("agents", 3, (time(9, 0),), time(12, 0), True) == (
        subscription.query,
        subscription.limit,
        subscription.times,
        subscription.wait,
        subscription.threaded,
    )
    assert {Weekday.MON, Weekday.THU} == subscription.weekdays


@pytest.mark.parametrize(
    ("put", "field", "said"),
    [
        ({"query": "agents AND"}, "query", ""),
        ({"query": '"KV cache'}, "query", ""),
        ({"source": "the web"}, "source", "is not a source"),
        ({"elsewhere": "Berln"}, "elsewhere", "Did you mean Europe/Berlin?"),
        ({"at": "25:00"}, "at", "no time of day"),
        ({"limit": "100"}, "limit", "from 1 to 20"),
        ({"quiet": "22:00"}, "quiet", "Write a start and an end"),
        ({"category": "!"}, "category", ""),
        ({"interests": "x" * 501}, "interests", "500 is the most"),
        ({"wait": "09:00"}, "wait", "the time at which the digest is due"),
        ({"every": {"value": "week"}}, "on", "posted on one day"),
        ({"every": {"value": "month"}, "settle": "3"}, "settle", "settle= has no effect"),
    ],
)
def test_errors_stand_under_their_fields(put: dict[str, Any], field: str, said: str) -> None:
    """An invalid value has its error under its field, a contradiction under the field to correct."""
    errors = errors_of(read_subscribe(sent(whole_form(), **put)))
    assert [field] == list(errors)
    assert said in errors[field]


def test_all_errors_are_told_at_once() -> None:
    """Two invalid fields are both named."""
    errors = errors_of(
        read_subscribe(sent(whole_form(), elsewhere="x", at="y", category="cs.XX", limit="99", source="?"))
    )
    assert {"elsewhere", "at", "category", "limit", "source"} == set(errors)


def test_a_preview_reads_the_same_fields() -> None:
    """A preview is of the subscription as filled in, with the same validation errors."""
    view = subscribe_modal(CHANNEL, zone=BERLIN)
    assert Control.PREVIEW in [element["action_id"] for _, element in strict.presses(view["blocks"])]
    answer = read_preview(sent(view, query="agents"))
    assert "agents" == subscription_of_value(answer).query
    assert isinstance(answer, AnswerRequest)
    assert isinstance(answer.request, Preview)
    assert ["elsewhere"] == list(errors_of(read_preview(sent(whole_form(), elsewhere="x"))))


def test_a_channel_can_be_chosen() -> None:
    """Without a channel the modal offers a choice of channels, and the subscription belongs to the chosen one."""
    view = subscribe_modal(replace(CHANNEL, channel="U1"), zone=BERLIN, choose=True)
    strict.check_shown(view)
    answer = read_subscribe(sent(view, channel="C9"))
    assert replace(CHANNEL, channel="C9") == subscription_of_value(answer).channel
    assert isinstance(answer, AnswerRequest)
    assert answer.location.channel == answer.request.channel


@hostile.patient
@given(text=hostile.texts, field=st.sampled_from("source query interests category at elsewhere wait quiet".split()))
def test_hostile_fields(text: str, field: str) -> None:
    """Any text in a field is stored as the grammar reads it or refused in a short sentence."""
    answer = read_subscribe(sent(whole_form(), **{field: text}))
    assert isinstance(answer, AnswerRequest) or all(0 < len(said) <= 300 for said in answer.errors.values())


@hostile.patient
@given(query=hostile.texts, sources=st.lists(hostile.texts, min_size=1, max_size=2).map(tuple))
def test_hostile_subscriptions_can_be_opened(query: str, sources: tuple[str, ...]) -> None:
    """A subscription with any content opens in a modal within every limit."""
    subscription = a_subscription(channel=CHANNEL, query=query, interests=query, sources=sources, categories=sources)
    view = subscribe_modal(CHANNEL, zone=BERLIN, subscription=subscription)
    strict.check_shown(view)


# ── a text ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_in_two_fields() -> None:
    """A text of 5,500 characters fills two fields and is joined again; the modal states the limit."""
    text = "word " * 1100
    view = summarize_modal(CHANNEL, text)
    strict.check_shown(view)
    assert "morethan6,000belongsinadirectmessage" in seen(view["blocks"])
    answer = read_summarize(sent(view, title="A title"))
    assert isinstance(answer, AnswerRequest)
    assert (
        Summarize(channel=CHANNEL, user="U1", text=text.strip(), title="A title", style=Style.SHORT) == answer.request
    )


@pytest.mark.parametrize("put", ["", None, " \n "])
def test_a_text_is_needed(put: str | None) -> None:
    """Without a text, its field has an error that requests one."""
    assert ["abstract"] == list(errors_of(read_summarize(sent(summarize_modal(CHANNEL), abstract=put))))


def test_an_address_is_looked_up() -> None:
    """A pasted URL of a paper is looked up and the paper shown."""
    answer = read_summarize(sent(summarize_modal(CHANNEL), abstract="https://arxiv.org/abs/2004.15011"))
    assert isinstance(answer, AnswerRequest)
    assert Lookup(channel=CHANNEL, user="U1", text="https://arxiv.org/abs/2004.15011") == answer.request


def test_a_text_that_was_cut_within_a_word() -> None:
    """A word that a full field cut in two is joined again."""
    view = summarize_modal(CHANNEL)
    answer = read_summarize(sent(view, abstract="x" * 3000, more="yz and more"))
    assert isinstance(answer, AnswerRequest)
    assert isinstance(answer.request, Summarize)
    assert f"{'x' * 3000}yz and more" == answer.request.text


@hostile.patient
@given(text=hostile.texts, title=hostile.texts)
def test_hostile_texts(text: str, title: str) -> None:
    """A text of any kind fits in the modal within every limit."""
    strict.check_shown(summarize_modal(CHANNEL, text, title))


# ── to be read ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_preview_shows_and_offers_nothing() -> None:
    """A preview of the longest digest is within the limits of a view, and has no controls."""
    digest = replace(a_long_digest(20), channel=CHANNEL)
    view = preview_modal(digest)
    strict.check_shown(view, strict.links_of(entry.paper for entry in digest.entries))
    assert [] == list(strict.presses(view["blocks"]))
    assert "20.Paper19" in seen(view["blocks"])


def test_what_does_not_fit_is_counted() -> None:
    """If the content exceeds a view, its beginning is shown and the rest counted."""
    view = preview_modal(replace(a_long_digest(60), channel=CHANNEL))
    strict.check_shown(view, strict.links_of([a_paper()]))
    assert len(view["blocks"]) <= 100
    assert "moredonotfithere." in seen(view["blocks"])


def test_a_whole_abstract() -> None:
    """An abstract of 10,000 characters is whole in its modal."""
    words = " ".join(f"word{number}" for number in range(1100))
    view = reply_modal(replies.WholeAbstract(paper=a_paper(abstract=words)), CHANNEL)
    strict.check_shown(view, strict.links_of([a_paper()]))
    assert "".join(words.split()) in seen(view["blocks"])
    assert {"channel": "C1"} == json.loads(view["private_metadata"])


def test_a_problem() -> None:
    """A problem without a field to show it under has its own modal."""
    view = reply_modal(replies.Problem(message="No such paper", hint="Try another."), CHANNEL)
    strict.check_shown(view)
    assert "Nosuchpaper." in seen(view["blocks"])


@hostile.patient
@given(reply=more_hostile_replies)
def test_hostile_replies(reply: Reply) -> None:
    """A reply of any kind and content fits in a modal and injects nothing."""
    strict.check_shown(reply_modal(reply, CHANNEL), strict.links_of(papers_of(reply)))


@hostile.patient
@given(digest=hostile_digests)
def test_hostile_previews(digest: Digest) -> None:
    """A preview of any content fits in a modal and injects nothing."""
    view = preview_modal(replace(digest, channel=CHANNEL))
    strict.check_shown(view, strict.links_of(entry.paper for entry in digest.entries))
