"""The buttons and menus of messages that 0.1.0 posted are understood: each asks for what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bots.discord import actions as discord_actions
from bots.discord.incoming import read_control as read_discord_press
from bots.discord.subscription_form import with_changes
from bots.domain import requests
from bots.domain.channels import Channel
from bots.domain.runs import Delivery
from bots.domain.subscriptions import SortBy, Subscription
from bots.slack import actions as slack_actions
from bots.slack.incoming import read_control as read_slack_press
from bots.store.sql import SqlStore
from tests.store.recorded import RECORDED

IDS = RECORDED["subscription ids"]
SERVER = Channel(platform="discord", workspace="1180000000000000001", channel="1180000000000000042")
#: What the controls of one paper in a digest ask for, from left to right; the first choice of Slack's menu is a link.
OF_A_PAPER_IN_SLACK = (
    requests.Abstract, requests.Save, requests.MoreLike, requests.NotForUs, None, requests.Cite, requests.Lookup,
)  # fmt: skip
OF_A_PAPER_IN_DISCORD = (
    requests.Abstract, requests.Save, requests.MoreLike, requests.NotForUs, requests.Cite,
)  # fmt: skip


async def parts_of(store: SqlStore, platform: str) -> list[Delivery]:
    """Return the parts that 0.1.0 planned for a platform."""
    return [each for each in await store.deliveries() if each.part.channel.platform == platform]


def nested(value: object, kind: str) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a payload that has a field, in their order."""
    if isinstance(value, Mapping):
        if kind in value:
            yield value
        for each in value.values():
            yield from nested(each, kind)
    elif isinstance(value, list):
        for each in value:
            yield from nested(each, kind)


# ── Slack ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def press_in_slack(action: Mapping[str, object], channel: str = "C0PAPERS") -> dict[str, object]:
    """Return what Slack sends when a control is used."""
    return {
        "type": "block_actions",
        "team": {"id": "T0LAB1"},
        "user": {"id": "U0ADA"},
        "channel": {"id": channel},
        "message": {"ts": "1795500000.000100"},
        "trigger_id": "1.2.3",
        "actions": [action],
    }


def pressed_in_slack(payload: object) -> Iterator[slack_actions.Action]:
    """Yield the action for every button and every choice of every menu in a message."""
    for row in nested(payload, "block_id"):
        for element in row["elements"]:
            pressed = {"block_id": row["block_id"], "action_id": element["action_id"]}
            if "options" not in element:
                yield read_slack_press(press_in_slack(pressed | {"value": element["value"]}))
            for option in element.get("options", ()):
                yield read_slack_press(press_in_slack(pressed | {"selected_option": option}))


def asked_in_slack(action: slack_actions.Action) -> tuple[object, str] | None:
    """Return the kind of request, and the paper it is about; None for a link."""
    if isinstance(action, slack_actions.Nothing):
        return None
    assert isinstance(action, slack_actions.AnswerRequest)
    return type(action.request), _paper(action.request)


def _paper(request: requests.Request) -> str:
    return request.text if isinstance(request, requests.Lookup) else str(getattr(request, "paper_id", ""))


async def test_every_control_of_a_digest_in_slack_is_understood(upgraded: SqlStore) -> None:
    """Each button and choice of each paper asks for what it says, for that paper."""
    for delivery in await parts_of(upgraded, "slack"):
        expected = [
            (kind, str(paper)) if kind else None for paper in delivery.part.paper_ids for kind in OF_A_PAPER_IN_SLACK
        ]
        assert expected == [asked_in_slack(each) for each in pressed_in_slack(delivery.part.payload)]


PAPER, ORDER = "arxiv:2611.20148", f"{IDS['slack']} C0PAPERS"


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("paper.show", PAPER, requests.Lookup),
        ("paper.unsave", PAPER, requests.Unsave),
        ("paper.cite", PAPER, requests.Cite),
        ("saved.search", "sparse", requests.Saved),
        ("saved.cite", "", requests.Cite),
        ("order.pause", ORDER, requests.Pause),
        ("order.resume", ORDER, requests.Resume),
        ("order.unsubscribe", ORDER, requests.Unsubscribe),
        ("help.show", "", requests.Help),
    ],
)
def test_the_other_controls_of_0_1_0_in_slack_ask_for_the_same(name: str, value: str, kind: type) -> None:
    """A button in a reply, a list or the home tab that 0.1.0 left open asks for what it says."""
    action = read_slack_press(press_in_slack({"action_id": name, "value": value}))
    assert isinstance(action, slack_actions.AnswerRequest)
    assert kind is type(action.request)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("subscribe.open", "", slack_actions.OpenSubscribe),
        ("subscribe.preview", "", slack_actions.OpenPreview),
        ("order.edit", ORDER, slack_actions.OpenSubscribe),
        ("summarize.open", "", slack_actions.OpenSummarize),
    ],
)
def test_the_controls_of_0_1_0_in_slack_open_the_same_modals(name: str, value: str, kind: type) -> None:
    """A button that 0.1.0 left open opens its modal; that of a subscription names the subscription."""
    action = read_slack_press(press_in_slack({"action_id": name, "value": value}))
    assert kind is type(action)
    assert value.partition(" ")[0] == getattr(action, "subscription_id", "")


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def press_in_discord(custom_id: str, **more: object) -> dict[str, object]:
    """Return what Discord sends when a control is used."""
    return {
        "id": "1440000000000000100",
        "token": "interaction",
        "guild_id": SERVER.workspace,
        "channel_id": SERVER.channel,
        "member": {"user": {"id": "220000000000000007"}},
        "data": {"custom_id": custom_id},
        **more,
    }


def asked_in_discord(custom_id: str) -> tuple[object, str]:
    """Return the kind of request of a control, and the paper it is about."""
    action = read_discord_press(press_in_discord(custom_id))
    assert isinstance(action, discord_actions.AnswerRequest)
    (request,) = action.requests
    return type(request), _paper(request)


async def test_every_control_of_a_digest_in_discord_is_understood(upgraded: SqlStore) -> None:
    """Each button of each paper asks for what it says, for that paper."""
    for delivery in await parts_of(upgraded, "discord"):
        papers = delivery.part.paper_ids
        expected = [(kind, str(paper)) for paper in papers for kind in OF_A_PAPER_IN_DISCORD]
        buttons = nested(delivery.part.payload, "custom_id")
        assert expected == [asked_in_discord(button["custom_id"]) for button in buttons]


HELD = f"{IDS['discord']} {SERVER.channel}"


@pytest.mark.parametrize(
    ("custom_id", "kind"),
    [
        (f"pw:show:{PAPER}", requests.Lookup),
        (f"pw:unsave:2:{PAPER}", requests.Unsave),
        ("pw:saved_cite:", requests.Cite),
        ("pw:help:", requests.Help),
        (f"pw:pause:{HELD}", requests.Pause),
        (f"pw:resume:{HELD}", requests.Resume),
        (f"pw:unsubscribe_sure:{HELD}", requests.Unsubscribe),
    ],
)
def test_the_other_controls_of_0_1_0_in_discord_ask_for_the_same(custom_id: str, kind: type) -> None:
    """A button in a reply or a list that 0.1.0 posted asks for what it says."""
    assert kind is asked_in_discord(custom_id)[0]


@pytest.mark.parametrize(
    ("custom_id", "kind"),
    [
        ("pw:share:", discord_actions.ShareThis),
        ("pw:subscribe:", discord_actions.OpenSubscribe),
        (f"pw:edit:{HELD}", discord_actions.OpenSubscribe),
        (f"pw:unsubscribe:{HELD}", discord_actions.Confirm),
    ],
)
def test_the_controls_of_0_1_0_in_discord_open_the_same(custom_id: str, kind: type) -> None:
    """A button that 0.1.0 posted opens its modal or asks its question."""
    assert kind is type(read_discord_press(press_in_discord(custom_id)))


#: The subscription `filtered` as 0.1.0 wrote it into the message that asks whether it is to be kept.
LINE = (
    'subscribe source="arxiv:cs.CL+cs.LG" source="huggingface" query="attention OR \\"kv cache\\" OR ti:tokenizer*" '
    'category="cs.CL" category="cs.L*" order=newest limit=4 style=short at=10:00,18:30 '
    "on=mon,tue,wed,thu,fri,sat,sun zone=Europe/Berlin every=day settle=0 wait=12:30 quiet=22:00-07:00 empty=trouble "
    "entries=thread"
)


@pytest.mark.parametrize("verb", ["preview", "keep", "change", "discard", "every", "limit", "style"])
async def test_a_draft_that_0_1_0_posted_is_read_whole(upgraded: SqlStore, verb: str) -> None:
    """Each control of the message gives the subscription that its line describes, sorted by `order=newest`."""
    message = {"components": [{"type": 17, "components": [{"type": 10, "content": f"```\n{LINE}\n```"}]}]}
    action = read_discord_press(press_in_discord(f"pw:{verb}:{HELD}", message=message))
    assert isinstance(action, discord_actions.Draft)
    kept = await upgraded.subscription(IDS["filtered"])
    assert kept
    found = with_changes(Subscription(id=action.subscription_id, channel=action.channel), action.state.changes)
    assert SortBy.NEWEST is kept.sort_by
    assert replace(kept, id=IDS["discord"], channel=SERVER, created=None) == found
