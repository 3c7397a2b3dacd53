"""Sample payloads from docs.slack.dev, with the fields that a test sets."""

from typing import Any

from bots.domain.channels import Channel
from bots.domain.papers import PaperId

CHANNEL = Channel(platform="slack", workspace="T1DC2JH3J", channel="C2147483705")
WHERE: dict[str, Any] = {"channel": CHANNEL, "user": "U2147483697"}
TLDR = PaperId.arxiv("2004.15011")


def command(text: str, **more: Any) -> dict[str, Any]:
    """Return a slash command; docs.slack.dev/interactivity/implementing-slash-commands."""
    return {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": "T1DC2JH3J",
        "team_domain": "example",
        "channel_id": "C2147483705",
        "channel_name": "papers",
        "user_id": "U2147483697",
        "user_name": "steve",
        "command": "/paper",
        "text": text,
        "api_app_id": "A123456",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/1234/5678",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        **more,
    }


def event(text: Any, kind: str = "app_mention", **more: Any) -> dict[str, Any]:
    """Return an event; docs.slack.dev/reference/events/app_mention and …/message.im."""
    inner = {
        "type": kind,
        "user": "U2147483697",
        "text": text,
        "ts": "1515449522.000016",
        "channel": "C2147483705",
        "event_ts": "1515449522000016",
        **more,
    }
    return {
        "type": "event_callback",
        "team_id": "T1DC2JH3J",
        "api_app_id": "A123456",
        "event": inner,
        "event_id": "Ev123ABC456",
        "event_time": 1515449522,
        "authorizations": [{"enterprise_id": None, "team_id": "T1DC2JH3J", "user_id": "UBOT", "is_bot": True}],
    }


def pressed(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a click in a message; docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
    return {
        "type": "block_actions",
        "team": {"id": "T1DC2JH3J", "domain": "example"},
        "user": {"id": "U2147483697", "username": "steve", "team_id": "T1DC2JH3J"},
        "api_app_id": "A123456",
        "container": {"type": "message", "message_ts": "1548261231.000200", "channel_id": "C2147483705"},
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "channel": {"id": "C2147483705", "name": "papers"},
        "message": {"type": "message", "ts": "1548261231.000200", "thread_ts": "1548261230.000100"},
        "response_url": "https://hooks.slack.com/actions/1234/5678",
        "actions": [{"type": "button", "action_ts": "1548426417.840180", **action}],
        **more,
    }


def at_home(action: dict[str, Any]) -> dict[str, Any]:
    """Return a click in the home tab, which has no channel and no message."""
    body = pressed(action, view={"id": "V1", "type": "home", "hash": "1.2", "app_installed_team_id": "T1DC2JH3J"})
    return {name: value for name, value in body.items() if name not in ("channel", "message", "container")}


def chosen(**message: Any) -> dict[str, Any]:
    """Return a message shortcut; docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload."""
    return {
        "type": "message_action",
        "callback_id": "summarize_message",
        "trigger_id": "1.2.3",
        "team": {"id": "T1DC2JH3J"},
        "channel": {"id": "C2147483705"},
        "user": {"id": "U2147483697"},
        "message_ts": "1.2",
        "message": {"type": "message", "ts": "1.2", **message},
        "response_url": "https://hooks.slack.com/app/1/2",
    }
