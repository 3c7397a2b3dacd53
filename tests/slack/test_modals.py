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

from bots.commands import FIELDS, parse_command, write_command
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.replies import Reply
from bots.domain.requests import Preview, Subscribe
from bots.domain.subscriptions import Every, Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.slack.actions import AnswerRequest
from bots.slack.controls import Control
from bots.slack.fields import Refused
from bots.slack.form_modal import form_modal
from bots.slack.modals import preview_modal, reply_modal
from bots.slack.subscription_form import (
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
    shown = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert {*FIELDS, "channel", "time", "elsewhere"} == set(shown)


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
    look=st.sampled_from(Look),
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
        ({"wait": "09:00"}, "wait", "cannot wait until 9:00"),
        ({"every": {"value": "week"}}, "on", "posted on one day"),
        ({"every": {"value": "month"}, "settle": "3"}, "settle", "no days to settle"),
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
        read_subscribe(sent(whole_form(), elsewhere="x", at="z", category="cs.XX", limit="99", source="?"))
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


# ── to be read ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("look", Look)
def test_a_preview_shows_and_offers_nothing(look: Look) -> None:
    """A preview of the longest digest, in either look, is within the limits of a view, and has no controls."""
    digest = replace(a_long_digest(20), channel=CHANNEL, look=look)
    view = preview_modal(digest)
    strict.check_shown(view, strict.links_of(entry.paper for entry in digest.entries))
    assert [] == list(strict.presses(view["blocks"]))
    assert "20.Paper19" in seen(view["blocks"])


def test_what_does_not_fit_is_counted() -> None:
    """If the content exceeds a view, its beginning is shown and the rest counted."""
    view = preview_modal(replace(a_long_digest(60), channel=CHANNEL, look=Look.CARDS))
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
