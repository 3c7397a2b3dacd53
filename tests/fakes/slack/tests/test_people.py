"""The actions of people in the fake Slack, and the payloads that the app receives; the app's side is scripted."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.fakes.slack.deliveries import Attempt, Delivery, Patience
from tests.fakes.slack.manifest import Manifest, ManifestError
from tests.fakes.slack.pacing import OUTSIDER, Pacing
from tests.fakes.slack.problems import Json, NotPossible
from tests.fakes.slack.screens import Screen
from tests.fakes.slack.tests.bot import SUBSCRIBE, section, text
from tests.fakes.slack.tests.conftest import Lab
from tests.fakes.slack.tests.test_web_api import error_of


@dataclass
class Hand:
    """Stands in for the transport to the app: records the payloads and returns scripted responses."""

    sent: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)

    async def carry(
        self,
        delivery: Delivery,
        attempt: Attempt,  # noqa: ARG002 - the port's
        patience: Patience,  # noqa: ARG002 - the port's
        *,
        drop: bool,  # noqa: ARG002 - the port's
    ) -> Json:
        """Record the payload and return the next response."""
        self.sent.append(delivery.payload)
        return self.answers.pop(0) if self.answers else {}

    def last(self, kind: str) -> Json:
        """Return the last payload of a kind."""
        return next(
            each for each in reversed(self.sent) if kind in (each.get("type"), each.get("event", {}).get("type"))
        )


@pytest.fixture
def hand(lab: Lab) -> Hand:
    """The scripted app."""
    found = Hand()
    lab.slack.hub.office.carrier = found
    return found


async def window(lab: Lab, view: Json | None = None) -> Screen:
    """Open a modal for Ada."""
    trigger = lab.slack.hub.passes.trigger(lab.papers.team, lab.ada.user.id)
    await lab.client.views_open(trigger_id=trigger.id, view=view or SUBSCRIBE)
    return await lab.ada.gets_modal()


def titled(title: str) -> Json:
    """Return the modal with another title."""
    return {**SUBSCRIBE, "title": text(title, "plain_text")}


@pytest.mark.parametrize(
    ("answer", "title", "depth"),
    [
        ({}, "First", 1),
        ({"response_action": "clear"}, "", 0),
        ({"response_action": "update", "view": titled("Third")}, "Third", 2),
        ({"response_action": "push", "view": titled("Third")}, "Third", 3),
    ],
)
async def test_a_submission_closes_clears_updates_or_pushes(
    lab: Lab, hand: Hand, answer: Json, title: str, depth: int
) -> None:
    """Each response action to a submission changes the stack of modals as Slack documents."""
    await window(lab, titled("First"))
    trigger = lab.slack.hub.passes.trigger(lab.papers.team, lab.ada.user.id)
    await lab.client.views_push(trigger_id=trigger.id, view=titled("Second"))
    await lab.ada.fills({"Words to look for": "diffusion", "Sources": ["arXiv"]})
    hand.answers = [answer]
    await lab.ada.submits()
    assert title == (lab.ada.modal.title if lab.ada.modal else "")
    assert depth == len(lab.slack.hub.windows.stacks[lab.ada.user.id])
    state = hand.last("view_submission")["view"]["state"]["values"]
    assert {"type": "plain_text_input", "value": "diffusion"} == state["query"]["words"]
    assert ["arxiv"] == [each["value"] for each in state["sources"]["picked"]["selected_options"]]


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong"}},
        {"response_action": "errors"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
    ],
)
async def test_an_answer_that_breaks_the_rules_is_told(lab: Lab, hand: Hand, answer: Json) -> None:
    """A response that Slack cannot apply leaves the modal unchanged, and the person gets a notice."""
    screen = await window(lab)
    await lab.ada.fills({"Words to look for": "x"})
    hand.answers = [answer]
    await lab.ada.submits()
    assert {} == screen.errors
    assert 1 == len(lab.ada.notices)


async def test_a_closed_window_is_told_where_asked(lab: Lab, hand: Hand) -> None:
    """view_closed is sent for a view with notify_on_close, with the values filled in."""
    await window(lab, {**SUBSCRIBE, "notify_on_close": True})
    await lab.ada.fills({"Words to look for": "x"})
    await lab.ada.cancels()
    closed = hand.last("view_closed")
    assert (False, "x") == (closed["is_cleared"], closed["view"]["state"]["values"]["query"]["words"]["value"])


async def test_a_field_that_dispatches_is_sent_as_it_is_filled(lab: Lab, hand: Hand) -> None:
    """An input with dispatch_action sends block_actions with the view's state; others send nothing."""
    live = {**SUBSCRIBE["blocks"][0], "dispatch_action": True}
    await window(lab, {**SUBSCRIBE, "blocks": [live, SUBSCRIBE["blocks"][1]]})
    await lab.ada.fills({"Words to look for": "x", "Sources": "arXiv"})
    assert ["block_actions"] == [each["type"] for each in hand.sent]
    assert {"type": "view", "view_id": hand.sent[0]["view"]["id"]} == hand.sent[0]["container"]
    assert "x" == hand.sent[0]["actions"][0]["value"]


async def test_a_menu_asks_the_app_for_its_options(lab: Lab, hand: Hand) -> None:
    """Text typed into an external menu is sent to the app, and the returned options can be chosen."""
    element = {"type": "external_select", "action_id": "paper"}
    block = {"type": "input", "block_id": "b", "label": text("Paper", "plain_text"), "element": element}
    screen = await window(lab, {**SUBSCRIBE, "blocks": [block]})
    hand.answers = [{"options": [{"text": text("BERT", "plain_text"), "value": "1810.04805"}]}]
    assert ["BERT"] == await lab.ada.looks_up("Paper", "bert")
    await lab.ada.fills({"Paper": "BERT"})
    assert ("BERT", "bert") == (screen.value("Paper"), hand.last("block_suggestion")["value"])


@pytest.mark.parametrize(("typed", "error"), [("ab", "at least 3"), ("a" * 6, "no more than 5"), ("abcd", "")])
async def test_slack_s_window_counts_characters(lab: Lab, hand: Hand, typed: str, error: str) -> None:
    """A text outside min_length and max_length is not submitted, and Slack shows an error below the field."""
    element = {"type": "plain_text_input", "action_id": "a", "min_length": 3, "max_length": 5}
    block = {"type": "input", "block_id": "b", "label": text("Name", "plain_text"), "element": element}
    screen = await window(lab, {**SUBSCRIBE, "blocks": [block]})
    await lab.ada.fills({"Name": typed})
    sent = await lab.ada.submits()
    assert (error == "") == (sent is not None)
    assert error in screen.errors.get("Name", "")


async def test_an_edit_and_a_deletion_are_messages_with_a_subtype(lab: Lab, hand: Hand) -> None:
    """The app receives message_changed and message_deleted; people can change only their own messages."""
    said = await lab.ada.says("One", lab.papers)
    await lab.ada.edits(said, "Two")
    await lab.ada.waits(lambda: len(hand.sent) == 2)
    changed = hand.last("message")["event"]
    assert ("message_changed", "Two") == (changed["subtype"], changed["message"]["text"])
    await lab.ada.deletes(said)
    await lab.ada.waits(lambda: len(hand.sent) == 3)
    assert ("message_deleted", said.ts) == (hand.sent[-1]["event"]["subtype"], hand.sent[-1]["event"]["deleted_ts"])
    with pytest.raises(NotPossible):
        await lab.slack.person("bo").edits(said, "Three")


async def test_the_bot_is_let_in_and_put_out(lab: Lab, hand: Hand) -> None:
    """An invited bot may post and gets the event that it subscribes to; a removed bot may not post."""
    events = lab.slack.hub.manifest.events | {"member_joined_channel"}
    lab.slack.hub.manifest = replace(lab.slack.hub.manifest, events=events)
    outside = lab.slack.channel("outside", lab.ada, bot=False)
    await lab.ada.invites_bot(outside)
    await lab.ada.waits(lambda: hand.sent)
    assert lab.ada.user.id == hand.last("member_joined_channel")["event"]["inviter"]
    await lab.client.chat_postMessage(channel=outside.id, text="Hi")
    await lab.ada.removes_bot(outside)
    assert "not_in_channel" == (await error_of(lab.client.chat_postMessage(channel=outside.id, text="Hi")))["error"]


async def test_names_are_ids_in_a_command_that_asks_for_it(lab: Lab, hand: Hand) -> None:
    """With should_escape, @names and #names are sent as ids; without it, as typed."""
    await lab.ada.types("/paper from @ada in #papers", lab.papers)
    assert "from @ada in #papers" == hand.sent[-1]["text"]
    command = replace(lab.slack.hub.manifest.commands[0], should_escape=True)
    lab.slack.hub.manifest = replace(lab.slack.hub.manifest, commands=(command,))
    await lab.ada.types("/paper from @ada in #papers", lab.papers)
    ada, papers = lab.ada.user.id, lab.papers.id
    assert f"from <@{ada}|ada> in <#{papers}|papers>" == hand.sent[-1]["text"]


async def test_what_slack_s_windows_do_not_allow_is_refused(lab: Lab, hand: Hand) -> None:
    """A command in a thread, a message by a non-member and a click on an unknown button are refused and not sent."""
    other = lab.slack.channel("other")
    said = await lab.ada.says("Hi", lab.papers)
    hand.sent.clear()
    with pytest.raises(NotPossible):
        await lab.ada.types("/paper help", lab.papers, thread=said.ts)
    with pytest.raises(NotPossible):
        await lab.ada.says("Hi", other)
    with pytest.raises(NotPossible, match="no button 'Save'"):
        await lab.ada.presses(said, "Save")
    with pytest.raises(NotPossible, match="no modal is open"):
        await lab.ada.submits()
    assert [] == [each for each in hand.sent if each.get("type") != "event_callback"]


async def test_a_press_carries_what_slack_sends(lab: Lab, hand: Hand) -> None:
    """A click in a thread carries the message, the thread, the value, a trigger and a response URL."""
    parent = await lab.ada.says("Digest", lab.papers)
    button = {"type": "button", "text": text("Save", "plain_text"), "action_id": "save", "value": "v"}
    blocks: list[Json] = [section("A"), {"type": "actions", "block_id": "row", "elements": [button]}]
    await lab.client.chat_postMessage(channel=lab.papers.id, text="A", blocks=blocks, thread_ts=parent.ts)
    seen = lab.slack.thread(lab.papers, parent.ts)[0]
    await lab.ada.presses(seen, "Save")
    sent = hand.last("block_actions")
    wanted = {"type": "message", "message_ts": seen.ts, "channel_id": lab.papers.id, "is_ephemeral": False}
    assert wanted | {"thread_ts": parent.ts} == sent["container"]
    action: dict[str, Any] = {name: sent["actions"][0][name] for name in ("action_id", "block_id", "value", "type")}
    assert {"action_id": "save", "block_id": "row", "value": "v", "type": "button"} == action
    assert sent["response_url"].startswith(f"{lab.slack.url}/reply/")
    assert sent["trigger_id"]


async def test_an_app_outside_the_marketplace_reads_little_and_seldom(lab: Lab) -> None:
    """An app outside the Marketplace reads fifteen messages per call, once per minute."""
    for _ in range(20):
        await lab.ada.says("x", lab.papers)
    lab.slack.hub.pacing = Pacing(OUTSIDER)
    read = await lab.client.conversations_history(channel=lab.papers.id, limit=100)
    assert (15, True) == (len(read["messages"]), read["has_more"])
    again = await error_of(lab.client.conversations_history(channel=lab.papers.id))
    assert ("ratelimited", "60") == (again["error"], again.headers["Retry-After"])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"oauth_config": {"scopes": {"bot": ["links"]}}}, "unknown scope links"),
        ({"settings": {"event_subscriptions": {"bot_events": ["messages.im"]}}}, "unknown event messages.im"),
        (
            {"settings": {"socket_mode_enabled": True, "event_subscriptions": {"bot_events": ["app_mention"]}}},
            "event app_mention needs scope app_mentions:read",
        ),
        ({"features": {"slash_commands": [{"command": "/" + "x" * 40}]}}, "command is outside its limits"),
        ({"features": {"unfurl_domains": ["arxiv.org/abs"]}}, "unfurl domain is outside its limits"),
        ({"settings": {"interactivity": {"is_enabled": True}}}, "interactivity.request_url is missing"),
        ({"display_information": {"name": "x" * 36}}, "name is outside its limits"),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_refused(change: Json, fault: str) -> None:
    """Errors for which Slack would refuse a manifest are reported."""
    with pytest.raises(ManifestError, match=fault):
        Manifest.from_dict({"display_information": {"name": "Paperwire"}} | change)
