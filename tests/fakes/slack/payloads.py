"""The bodies of events, commands and interactions in Slack's format. Pure functions."""

from typing import Any

from tests.fakes.slack.mrkdwn import Link, Ping, read
from tests.fakes.slack.problems import Json
from tests.fakes.slack.world import Channel, Installation, Message, User, Workspace


def event_body(app: Json, installation: Installation, workspace: Workspace, event: Json, ids: Json) -> Json:
    """Return the body of an event: docs.slack.dev/apis/events-api, "callback field"."""
    bot = installation.bot_users.get(workspace.id)
    authorization = {
        "enterprise_id": installation.enterprise,
        "team_id": None if installation.is_enterprise else workspace.id,
        "user_id": bot.id if bot else "",
        "is_bot": True,
        "is_enterprise_install": installation.is_enterprise,
    }
    return {
        "token": app["token"],
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": workspace.enterprise,
        **({"enterprise_id": workspace.enterprise} if workspace.enterprise else {}),
        "api_app_id": app["id"],
        "event": event,
        "type": "event_callback",
        **ids,
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{ids['event_id']}",
    }


def typed_blocks(text: str) -> list[Json]:
    """Return the rich_text block that Slack creates from a person's text."""
    leaves: list[Json] = []
    for leaf in read(text):
        if isinstance(leaf, Link):
            leaves.append({"type": "link", "url": leaf.url, "text": leaf.label})
        elif isinstance(leaf, Ping) and leaf.kind == "broadcast":
            leaves.append({"type": "broadcast", "range": leaf.target})
        elif isinstance(leaf, Ping):
            leaves.append({"type": leaf.kind, f"{leaf.kind}_id": leaf.target})
        else:
            style = {"style": dict.fromkeys(sorted(leaf.style), True)} if leaf.style else {}
            leaves.append({"type": "text", "text": leaf.text, **style})
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}]


def message_event(message: Message, channel: Channel, kind: str = "message") -> Json:
    """Return the event of a message, or of a mention in it."""
    event: Json = {
        "type": kind,
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": channel.team,
        "channel": channel.id,
        "event_ts": message.ts,
    }
    optional = {
        "blocks": message.blocks,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "thread_ts": message.thread_ts,
        "files": message.files,
        "subtype": "file_share" if message.files and not message.bot_id else message.subtype,
        "client_msg_id": None if message.bot_id else f"fake-{message.ts}",
    }
    event |= {name: value for name, value in optional.items() if value}
    if kind == "message":
        event["channel_type"] = {"im": "im", "groups": "group", "channels": "channel"}[channel.kind]
    return event


def person_json(user: User) -> Json:
    """Return a person as interactions describe them."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def place_json(workspace: Workspace) -> Json:
    """Return a workspace as interactions describe it."""
    said: Json = {"id": workspace.id, "domain": workspace.domain}
    if workspace.enterprise:
        said |= {"enterprise_id": workspace.enterprise, "enterprise_name": "Enterprise"}
    return said


def channel_json(channel: Channel) -> Json:
    """Return a conversation as interactions describe it."""
    name = "directmessage" if channel.im_with else "privategroup" if channel.is_private else channel.name
    return {"id": channel.id, "name": name}


def interaction(app: Json, workspace: Workspace, user: User, kind: str, **more: Any) -> Json:
    """Return the body of an interaction; docs.slack.dev/reference/interaction-payloads."""
    body: Json = {
        "type": kind,
        "user": person_json(user),
        "api_app_id": app["id"],
        "token": app["token"],
        "team": place_json(workspace),
        "enterprise": {"id": workspace.enterprise, "name": "Enterprise"} if workspace.enterprise else None,
        "is_enterprise_install": bool(app.get("is_enterprise_install")),
    }
    return body | {name: value for name, value in more.items() if value is not None}


def command_body(app: Json, workspace: Workspace, user: User, channel: Channel, **more: str) -> Json:
    """Return the fields of a slash command; docs.slack.dev/interactivity/implementing-slash-commands."""
    body: Json = {
        "token": app["token"],
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_json(channel)["name"],
        "user_id": user.id,
        "user_name": user.name,
        "api_app_id": app["id"],
        "is_enterprise_install": "true" if app.get("is_enterprise_install") else "false",
        **more,
    }
    if workspace.enterprise:
        body |= {"enterprise_id": workspace.enterprise, "enterprise_name": "Enterprise"}
    return body
