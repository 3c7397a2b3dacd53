"""Web API, chat.*: posting, editing and deleting messages, and unfurling links."""

import json
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.block_check import check_message, text_length
from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.windows import with_ids
from tests.fakes.slack.world import Channel, Message


def _content(call: Call) -> Json:
    """Return the text, blocks and attachments of a message, after checking their limits."""
    text, blocks, attachments = call.text("text"), call.nested("blocks"), call.nested("attachments")
    markdown = call.text("markdown_text")
    if markdown and (text or blocks):
        raise SlackRefusal("markdown_text_conflict")
    if len(markdown) > limits.MARKDOWN_TOTAL:
        raise SlackRefusal("msg_too_long")
    if markdown:
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if blocks:
        check_message(blocks)
    if attachments:
        _check_attachments(attachments)
    return {"text": text[: limits.TEXT_CUT], "blocks": blocks, "attachments": attachments}


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackRefusal("invalid_attachments")
    # docs.slack.dev/reference/methods/chat.postMessage: too_many_attachments.
    if len(attachments) > 100:
        raise SlackRefusal("too_many_attachments")
    for each in attachments:
        if "blocks" in each:
            check_message(each["blocks"])


def check_metadata(metadata: Any) -> Json | None:
    """Check the form and size of metadata and return it: docs.slack.dev/messaging/message-metadata."""
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackRefusal("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_format")
    for value in payload.values():
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in inner):
            raise SlackRefusal("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > limits.METADATA_BYTES:
        raise SlackRefusal("metadata_too_large")
    return metadata


def _open_to(call: Call, channel: Channel) -> None:
    bot = call.bot(channel.team)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if bot.id not in channel.members and "chat:write.public" not in call.caller.scopes:
        raise SlackRefusal("not_in_channel")


def _thread(call: Call, channel: Channel) -> str | None:
    """Return the thread to reply in; if `thread_ts` names a reply, that reply's thread."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.find(ts)
    if parent is None:
        raise SlackRefusal("thread_not_found")
    return parent.thread_ts or parent.ts


def _new(call: Call, channel: Channel) -> Message:
    content, bot = _content(call), call.bot(channel.team)
    if not (content["text"] or content["blocks"] or content["attachments"]):
        raise SlackRefusal("no_text")
    return Message(
        ts=call.hub.stamp(),
        user=bot.id,
        bot_id=bot.bot_id,
        app_id=call.hub.app_id,
        text=content["text"],
        blocks=with_ids(content["blocks"] or [], call.hub.world.ids),
        attachments=content["attachments"] or [],
        metadata=check_metadata(call.nested("metadata")),
        thread_ts=_thread(call, channel),
        broadcast=call.flag("reply_broadcast"),
        unfurl_links=call.flag("unfurl_links"),
        parse=call.text("parse"),
        link_names=call.flag("link_names"),
    )


def post_message(call: Call) -> Json:
    """Post a message."""
    channel = call.channel(by_name=True)
    _open_to(call, channel)
    message = _new(call, channel)
    wait = call.hub.pacing.post(channel.team, channel.id, call.hub.clock())
    if wait:
        raise too_fast(wait)
    call.hub.post(channel, message)
    said: Json = {"channel": channel.id, "ts": message.ts, "message": message.as_json(with_metadata=True)}
    if len(call.text("text")) > limits.TEXT_CUT:
        said |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return said


def too_fast(wait: float) -> SlackRefusal:
    """Return the refusal of a call above a rate limit; Retry-After is in whole seconds."""
    seconds = max(1, int(wait + 0.999_999))
    return SlackRefusal("ratelimited", status=429, headers={"Retry-After": str(seconds)})


def post_ephemeral(call: Call) -> Json:
    """Post an ephemeral message."""
    channel = call.channel(by_name=True)
    _, user = call.user()
    _open_to(call, channel)
    if user.id not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = _new(call, channel)
    message.only_for = user.id
    call.hub.post(channel, message, "ephemeral")
    return {"message_ts": message.ts}


def _own(call: Call, channel: Channel, error: str) -> Message:
    message = call.message(channel)
    if message.user != call.bot(channel.team).id:
        raise SlackRefusal(error)
    return message


def update(call: Call) -> Json:
    """Edit a message; fields that are not given are kept: docs.slack.dev/reference/methods/chat.update."""
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    if len(call.text("text")) > limits.UPDATE_TEXT:
        raise SlackRefusal("msg_too_long")
    content = _content(call)
    if not content["text"] and content["blocks"] is None and content["attachments"] is None:
        raise SlackRefusal("no_text")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if "metadata" in call.arguments:
        message.metadata = check_metadata(call.nested("metadata"))
    change(call.hub.stamp(), message, content, call)
    call.hub.note("updated", channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_json()}


def change(stamp: str, message: Message, content: Json, call: Call) -> None:
    """Replace the content of a message."""
    message.text = content["text"] or message.text
    if content["blocks"] is not None:
        message.blocks = with_ids(content["blocks"], call.hub.world.ids)
    if content["attachments"] is not None:
        message.attachments = content["attachments"]
    message.edited = stamp


def delete(call: Call) -> Json:
    """Delete a message."""
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    channel.messages.remove(message)
    call.hub.note("deleted", channel, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Json:
    """Return the permalink of a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    domain = call.hub.world.workspaces[channel.team].domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def unfurl(call: Call) -> Json:
    """Unfurl the links in a message; docs.slack.dev/reference/methods/chat.unfurl."""
    unfurls = call.nested("unfurls")
    if not isinstance(unfurls, dict) or not unfurls:
        raise SlackRefusal("missing_unfurls" if not unfurls else "invalid_unfurls_format")
    if call.text("unfurl_id") and call.text("source") not in ("composer", "conversations_history"):
        raise SlackRefusal("invalid_source")
    if call.text("source") == "composer":
        return _unfurl_draft(call, unfurls)
    channel, message = _posted_with_links(call)
    _hold_to({each["url"] for each in call.hub.events.links(message.text)}, unfurls)
    for url, shown in unfurls.items():
        message.unfurls[url] = {**shown, "blocks": with_ids(shown.get("blocks", []), call.hub.world.ids)}
    call.hub.note("unfurled", channel, message)
    return {}


def _unfurl_draft(call: Call, unfurls: Json) -> Json:
    draft = call.hub.drafts.get(call.text("unfurl_id"))
    if draft is None:
        raise SlackRefusal("cannot_find_message")
    _hold_to(set(draft), unfurls)
    draft |= unfurls
    call.hub.happenings.add("drafted", text=", ".join(unfurls))
    return {}


def _hold_to(known: set[str], unfurls: Json) -> None:
    for url, shown in unfurls.items():
        if url not in known:
            raise SlackRefusal("cannot_unfurl_url")
        if "blocks" in shown:
            check_message(shown["blocks"])


def _posted_with_links(call: Call) -> tuple[Channel, Message]:
    channel_id, _, ts = call.text("unfurl_id").partition(".")
    if not channel_id:
        channel_id, ts = call.needed("channel", "channel_not_found"), call.needed("ts", "cannot_find_message")
    for team in call.caller.teams:
        channel = call.hub.world.workspaces[team].channels.get(channel_id)
        if channel is not None:
            message = channel.find(ts)
            if message is None:
                raise SlackRefusal("cannot_find_message")
            return channel, message
    raise SlackRefusal("cannot_find_channel")


def validate(call: Call) -> Json:
    """Return the errors in blocks without posting: docs.slack.dev/reference/methods/blocks.validate."""
    try:
        check_message(call.nested("blocks"))
    except SlackRefusal as refusal:
        return {"errors": refusal.more.get("errors", [refusal.error])}
    return {"errors": [], "text_length": text_length(call.nested("blocks"))}


METHODS = {
    "blocks.validate": Method(run=validate, tier=4),
    "chat.postMessage": Method(run=post_message, tier=0, scopes=("chat:write",)),
    "chat.postEphemeral": Method(run=post_ephemeral, tier=4, scopes=("chat:write",)),
    "chat.update": Method(run=update, tier=3, scopes=("chat:write",)),
    "chat.delete": Method(run=delete, tier=3, scopes=("chat:write",)),
    "chat.getPermalink": Method(run=permalink, tier=0),
    "chat.unfurl": Method(run=unfurl, tier=3, scopes=("links:write",)),
}
