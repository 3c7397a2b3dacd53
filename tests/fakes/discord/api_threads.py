"""Routes of threads on messages and of forum posts.

docs.discord.com, Threads, and Channel, "Start Thread …".
"""

from collections.abc import Mapping

from tests.fakes.discord import rules, shapes
from tests.fakes.discord.bodies import ALL_PARSED
from tests.fakes.discord.calls import Answer, Call, Route
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import DiscordRefusal, Json, wrong
from tests.fakes.discord.world import FORUMS, THREADS, Channel, ChannelType, Flag
from tests.fakes.discord.writing import demand, write

_MAY: Mapping[ChannelType, ChannelType] = {
    ChannelType.TEXT: ChannelType.THREAD,
    ChannelType.ANNOUNCEMENT: ChannelType.ANNOUNCEMENT_THREAD,
}


def _open(call: Call, parent: Channel, body: Json, key: str, kind: ChannelType) -> Channel:
    world = call.hub.world
    active = [each for each in world.in_guild(parent.guild or "", threads=True) if not each.archived]
    if len(active) >= call.hub.active_threads:
        raise DiscordRefusal(160006)
    thread = Channel(
        id=key,
        type=kind,
        name=body["name"],
        guild=parent.guild,
        parent=parent.id,
        owner=call.hub.bot.id,
        archive_minutes=body.get("auto_archive_duration") or 1440,
        applied=[str(each) for each in body.get("applied_tags") or ()],
        at=call.hub.clock(),
    )
    world.channels[key] = thread
    call.hub.happenings.add("thread", channel=parent.id, text=thread.name)
    call.hub.channel_changed("THREAD_CREATE", thread)
    return thread


def _at_message(call: Call) -> Answer:
    parent = call.channel()
    kind = _MAY.get(parent.type)
    if kind is None:
        raise DiscordRefusal(50024)
    call.channel(Permissions.CREATE_PUBLIC_THREADS)
    message = call.message(parent)
    if message.thread is not None:
        raise DiscordRefusal(160004)
    thread = _open(call, parent, call.json, message.id, kind)
    message.thread = thread.id
    message.body["flags"] = message.flags | Flag.HAS_THREAD
    return Answer(status=201, body=shapes.channel_json(call.hub.world, thread))


def _without(call: Call) -> Answer:
    parent = call.channel()
    if parent.type in FORUMS:
        return _post(call, parent)
    if parent.type not in _MAY:
        raise DiscordRefusal(50024)
    # The default type is a private thread; docs.discord.com, Start Thread without Message.
    kind = ChannelType(call.json.get("type") or ChannelType.PRIVATE_THREAD)
    private = kind == ChannelType.PRIVATE_THREAD
    call.channel(Permissions.CREATE_PRIVATE_THREADS if private else Permissions.CREATE_PUBLIC_THREADS)
    thread = _open(call, parent, call.json, call.hub.new_id(), kind)
    return Answer(status=201, body=shapes.channel_json(call.hub.world, thread))


def _post(call: Call, forum: Channel) -> Answer:
    body = call.json
    held = call.channel(Permissions.SEND_MESSAGES)
    found = rules.message(body, kind=rules.Kind.FORUM_POST, files=len(call.uploads))
    demand(call.hub, f"POST {call.path}", body, found)
    if call.uploads:
        call.channel(Permissions.ATTACH_FILES)
    _tags(call, held, body)
    thread = _open(call, forum, body, call.hub.new_id(), ChannelType.THREAD)
    first = write(call.hub, thread, body.get("message") or {}, call.uploads, parsed=ALL_PARSED, id=thread.id)
    said = shapes.channel_json(call.hub.world, thread)
    return Answer(status=201, body=said | {"message": shapes.message_json(call.hub.world, first)})


def _tags(call: Call, forum: Channel, body: Json) -> None:
    applied = [str(each) for each in body.get("applied_tags") or ()]
    if forum.require_tag and not applied:
        raise DiscordRefusal(40067)
    for place, each in enumerate(applied):
        if each not in forum.tags:
            raise wrong(f"applied_tags.{place}", "INVALID_TAG", "There is no such tag in this channel")
    moderates = call.hub.world.may(call.hub.bot, forum) & Permissions.MANAGE_THREADS
    if not moderates and any(forum.tags[each] in forum.moderated for each in applied):
        raise DiscordRefusal(40066)


def _change(call: Call) -> Answer:
    channel = call.channel()
    if channel.type not in THREADS:
        call.channel(Permissions.MANAGE_CHANNELS)
    elif channel.owner != call.hub.bot.id or "locked" in call.json:
        call.channel(Permissions.MANAGE_THREADS)
    body = call.json
    if channel.archived and body.get("archived") is not False:
        raise DiscordRefusal(50083)
    channel.archived = bool(body.get("archived", channel.archived))
    channel.locked = bool(body.get("locked", channel.locked))
    channel.name = body.get("name") or channel.name
    channel.archive_minutes = body.get("auto_archive_duration") or channel.archive_minutes
    channel.applied = [str(each) for each in body.get("applied_tags") or channel.applied]
    call.hub.channel_changed("THREAD_UPDATE" if channel.type in THREADS else "CHANNEL_UPDATE", channel)
    return Answer(body=shapes.channel_json(call.hub.world, channel))


def _delete(call: Call) -> Answer:
    channel = call.channel()
    thread = channel.type in THREADS
    call.channel(Permissions.MANAGE_THREADS if thread else Permissions.MANAGE_CHANNELS)
    said = shapes.channel_json(call.hub.world, channel)
    channel.deleted = True
    call.hub.channel_changed("THREAD_DELETE" if thread else "CHANNEL_DELETE", channel)
    return Answer(body=said)


ROUTES = (
    Route(method="POST", pattern="/channels/{channel}/messages/{message}/threads", run=_at_message),
    Route(method="POST", pattern="/channels/{channel}/threads", run=_without),
    Route(method="PATCH", pattern="/channels/{channel}", run=_change),
    Route(method="DELETE", pattern="/channels/{channel}", run=_delete),
)
