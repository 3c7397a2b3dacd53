"""Routes of messages with the bot's token: post (once per nonce), read, edit, publish, pin."""

from collections.abc import Sequence

from tests.fakes.discord import limits, rules, shapes
from tests.fakes.discord.bodies import ALL_PARSED
from tests.fakes.discord.calls import Answer, Call, Route
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import DiscordRefusal, Json
from tests.fakes.discord.world import DIRECTS, FORUMS, THREADS, Channel, ChannelType, Flag, Message
from tests.fakes.discord.writing import demand, rewrite, write

#: docs.discord.com, Message object, "Message Types": REPLY.
_REPLY = 19


def may_write(call: Call, *, files: bool, embeds: bool) -> Channel:
    """Return the channel if the app may post there.

    Raises:
        DiscordRefusal: the app may not post there.
    """
    channel = call.channel()
    if channel.type in FORUMS:
        raise DiscordRefusal(50008)
    if channel.type == ChannelType.DIRECT and not channel.people[0].takes_direct:
        raise DiscordRefusal(50007)
    sending = Permissions.SEND_MESSAGES_IN_THREADS if channel.type in THREADS else Permissions.SEND_MESSAGES
    needed = [sending] if channel.type not in DIRECTS else []
    if files:
        needed.append(Permissions.ATTACH_FILES)
    if channel.locked and not call.hub.world.may(call.hub.bot, channel) & Permissions.MANAGE_THREADS:
        raise DiscordRefusal(50083 if channel.archived else 160005)
    # Embeds need EMBED_LINKS; Components V2 are not embeds.
    return call.channel(*needed, *([Permissions.EMBED_LINKS] if embeds else []))


def _create(call: Call) -> Answer:
    body = call.json
    channel = may_write(call, files=bool(call.uploads), embeds=bool(body.get("embeds")))
    demand(call.hub, f"POST {call.path}", body, rules.message(body, kind=rules.Kind.CREATE, files=len(call.uploads)))
    first = _first_with(call, body)
    if first is not None:
        return Answer(body=shapes.message_json(call.hub.world, first, with_nonce=True))
    answers = _answered(call, channel, body)
    message = write(
        call.hub,
        channel,
        body,
        call.uploads,
        parsed=ALL_PARSED,
        nonce=body.get("nonce"),
        type=_REPLY if answers else 0,
        answers=answers,
    )
    if body.get("nonce") is not None:
        call.hub.nonces[str(body["nonce"])] = (message.id, call.hub.clock())
    return Answer(body=shapes.message_json(call.hub.world, message, with_nonce=True))


def _first_with(call: Call, body: Json) -> Message | None:
    """Return the message that a nonce was used for, in any channel (Create Message, `enforce_nonce`)."""
    known = call.hub.nonces.get(str(body.get("nonce")))
    if not body.get("enforce_nonce") or known is None or call.hub.clock() - known[1] > call.hub.nonce_seconds:
        return None
    found = call.hub.world.messages.get(known[0])
    if found is None or found.deleted:
        raise DiscordRefusal(10008)
    call.hub.happenings.add("nonce", channel=found.channel, text=str(body["nonce"]))
    return found


def _answered(call: Call, channel: Channel, body: Json) -> str | None:
    reference = body.get("message_reference")
    if not reference:
        return None
    if not call.hub.world.may(call.hub.bot, channel) & Permissions.READ_MESSAGE_HISTORY:
        raise DiscordRefusal(160002)
    found = call.hub.world.find(channel, str(reference.get("message_id")))
    if found is None and reference.get("fail_if_not_exists", True):
        raise DiscordRefusal(10008)
    return found.id if found else None


def _history(call: Call) -> Answer:
    channel = call.channel()
    if not call.hub.world.may(call.hub.bot, channel) & Permissions.READ_MESSAGE_HISTORY:
        return Answer(body=[])
    page = _page(channel.shown(), call)
    return Answer(body=[call.hub.readable(each) for each in reversed(page)])


def _page(shown: Sequence[Message], call: Call) -> Sequence[Message]:
    """Return the messages of a page, oldest first (Get Channel Messages)."""
    most = min(limits.HISTORY_MOST, int(call.query.get("limit", limits.HISTORY_PAGE)))
    if "after" in call.query:
        return [each for each in shown if int(each.id) > int(call.query["after"])][:most]
    if "around" in call.query:
        near = sorted(shown, key=lambda each: abs(int(each.id) - int(call.query["around"])))[:most]
        return sorted(near, key=lambda each: int(each.id))
    before = call.query.get("before")
    return [each for each in shown if before is None or int(each.id) < int(before)][-most:]


def _get(call: Call) -> Answer:
    channel = call.channel(Permissions.READ_MESSAGE_HISTORY)
    return Answer(body=call.hub.readable(call.message(channel)))


def _edit(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.hub.bot:
        raise DiscordRefusal(50005)
    if channel.archived:
        raise DiscordRefusal(50083)
    kind, v2 = rules.Kind.EDIT, bool(message.flags & Flag.V2)
    demand(
        call.hub,
        f"PATCH {call.path}",
        call.body,
        rules.message(call.json, kind=kind, v2=v2, files=len(call.uploads)),
    )
    if call.hub.clock() - message.at > limits.OLD_SECONDS:
        message.late_edits += 1
        if message.late_edits > limits.OLD_EDITS:
            raise DiscordRefusal(30046, headers={"Retry-After": "60"})
    rewrite(call.hub, message, call.json, call.uploads, parsed=ALL_PARSED)
    return Answer(body=shapes.message_json(call.hub.world, message))


def _delete(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.hub.bot:
        call.channel(Permissions.MANAGE_MESSAGES)
    call.hub.delete(message)
    return Answer(status=204)


def _crosspost(call: Call) -> Answer:
    channel = call.channel()
    message = call.message(channel)
    if channel.type != ChannelType.ANNOUNCEMENT:
        raise DiscordRefusal(50024)
    own = message.author is call.hub.bot
    call.channel(Permissions.SEND_MESSAGES if own else Permissions.MANAGE_MESSAGES)
    if message.flags & Flag.CROSSPOSTED:
        raise DiscordRefusal(40033)
    message.body["flags"] = message.flags | Flag.CROSSPOSTED
    call.hub.note("published", message)
    return Answer(body=shapes.message_json(call.hub.world, message))


def _pin(call: Call) -> Answer:
    # Since 23 February 2026 only PIN_MESSAGES permits pinning; docs.discord.com, change log.
    channel = call.channel(Permissions.PIN_MESSAGES)
    message = call.message(channel)
    if len([each for each in channel.shown() if each.pinned is not None]) >= limits.PINS:
        raise DiscordRefusal(30003)
    message.pinned = call.hub.clock()
    call.hub.note("pinned", message)
    return Answer(status=204)


def _unpin(call: Call) -> Answer:
    call.message(call.channel(Permissions.PIN_MESSAGES)).pinned = None
    return Answer(status=204)


def _pinned(call: Call) -> list[Message]:
    found = [each for each in call.channel(Permissions.READ_MESSAGE_HISTORY).shown() if each.pinned is not None]
    return sorted(found, key=lambda each: each.pinned or 0, reverse=True)


def _pins(call: Call) -> Answer:
    items = [
        {"pinned_at": shapes.stamp(each.pinned or 0), "message": call.hub.readable(each)} for each in _pinned(call)
    ]
    return Answer(body={"items": items[:50], "has_more": len(items) > 50})


def _old_pins(call: Call) -> Answer:
    return Answer(body=[call.hub.readable(each) for each in _pinned(call)])


def _typing(call: Call) -> Answer:
    call.channel(Permissions.SEND_MESSAGES)
    return Answer(status=204)


_ALL = "/channels/{channel}/messages"
_ONE = f"{_ALL}/{{message}}"
ROUTES = (
    Route(method="POST", pattern=_ALL, run=_create),
    Route(method="GET", pattern=_ALL, run=_history),
    Route(method="GET", pattern=_ONE, run=_get),
    Route(method="PATCH", pattern=_ONE, run=_edit),
    Route(method="DELETE", pattern=_ONE, run=_delete),
    Route(method="POST", pattern=f"{_ONE}/crosspost", run=_crosspost),
    Route(method="GET", pattern=f"{_ALL}/pins", run=_pins),
    Route(method="PUT", pattern=f"{_ALL}/pins/{{message}}", run=_pin),
    Route(method="DELETE", pattern=f"{_ALL}/pins/{{message}}", run=_unpin),
    Route(method="GET", pattern="/channels/{channel}/pins", run=_old_pins),
    Route(method="PUT", pattern="/channels/{channel}/pins/{message}", run=_pin),
    Route(method="DELETE", pattern="/channels/{channel}/pins/{message}", run=_unpin),
    Route(method="POST", pattern="/channels/{channel}/typing", run=_typing),
)
