"""Web API, conversations.*: conversations and their messages."""

from tests.fakes.slack import limits
from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.world import Channel, Message

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def _readable(call: Call) -> Channel:
    channel = call.channel(scope="history")
    if call.bot(channel.team).id not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Return the messages between oldest and latest; the two limits themselves only with `inclusive`."""
    oldest, latest = call.text("oldest", "0") or "0", call.text("latest") or "inf"
    try:
        low, high = float(oldest), float("inf" if latest == "now" else latest)
    except ValueError as error:
        raise SlackRefusal("invalid_ts_oldest" if "oldest" in str(error) else "invalid_ts_latest") from None
    inclusive = call.flag("inclusive")
    return [m for m in messages if low < float(m.ts) < high or (inclusive and float(m.ts) in (low, high))]


def history(call: Call) -> Json:
    """Return the messages of a conversation, latest first, without replies in threads."""
    channel = _readable(call)
    top = [each for each in channel.shown() if each.thread_ts in (None, each.ts) or each.broadcast]
    found = _between(call, list(reversed(top)))
    page, more = call.page(found, limits.HISTORY_PAGE, limits.HISTORY_MOST)
    full = call.flag("include_all_metadata")
    said = [each.as_json(with_metadata=full, replies=channel.replies(each.ts)) for each in page]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": said, "has_more": has_more, "pin_count": 0} | (more if has_more else {})


def replies(call: Call) -> Json:
    """Return a thread: its first message, then the replies in order."""
    channel = _readable(call)
    parent = channel.find(call.needed("ts", "thread_not_found"))
    if parent is None:
        raise SlackRefusal("thread_not_found")
    root = parent.thread_ts or parent.ts
    thread = [parent] if parent.thread_ts not in (None, parent.ts) else [parent, *channel.replies(root)]
    first, rest = thread[:1], _between(call, thread[1:])
    page, more = call.page([*first, *rest], 1000, 1000)
    full = call.flag("include_all_metadata")
    said = [each.as_json(with_metadata=full, replies=rest if each is parent else None) for each in page]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": said, "has_more": has_more} | (more if has_more else {})


def info(call: Call) -> Json:
    """Return a conversation."""
    channel = call.channel(scope="read")
    said = channel.as_json(call.bot(channel.team).id)
    if not call.flag("include_num_members"):
        said.pop("num_members", None)
    return {"channel": said}


def _listed(call: Call, member: str = "") -> list[Json]:
    named = [each.strip() for each in call.text("types", "public_channel").split(",")]
    if not set(named) <= set(_KINDS):
        raise SlackRefusal("invalid_types")
    kinds = {_KINDS[each] for each in named}
    for kind in sorted(kinds):
        call.require_scope(f"{kind}:read")
    bot = call.bot(call.workspace.id).id
    shown: list[Json] = []
    for channel in call.workspace.channels.values():
        visible = channel.kind == "channels" or bot in channel.members
        wanted = channel.kind in kinds and (not member or member in channel.members)
        if visible and wanted and not (channel.is_archived and call.flag("exclude_archived")):
            shown.append(channel.as_json(bot))
    return shown


def list_(call: Call) -> Json:
    """Return the conversations of a workspace."""
    page, more = call.page(_listed(call), 100, 999)
    return {"channels": page, **more}


def users_conversations(call: Call) -> Json:
    """Return the conversations of a user; by default, of the bot."""
    page, more = call.page(_listed(call, call.text("user") or call.bot(call.workspace.id).id), 100, 999)
    return {"channels": page, **more}


def members(call: Call) -> Json:
    """Return the members of a conversation."""
    page, more = call.page(call.channel(scope="read").members, 100, 1000)
    return {"members": page, **more}


def _joinable(call: Call) -> Channel:
    """Return the channel, even a private one that the bot is not in: Slack refuses it for its kind."""
    for team in call.caller.teams:
        if found := call.hub.world.workspaces[team].channels.get(call.needed("channel", "channel_not_found")):
            return found
    raise SlackRefusal("channel_not_found")


def join(call: Call) -> Json:
    """Add the bot to a channel; only public channels can be joined."""
    channel = _joinable(call)
    bot = call.bot(channel.team).id
    if channel.kind != "channels":
        raise SlackRefusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    already = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    if bot in channel.members:
        return {"channel": channel.as_json(bot), **already}
    channel.members.append(bot)
    call.hub.happenings.add("joined", team=channel.team, who=bot, channel=channel.id)
    # docs.slack.dev/reference/events/member_joined_channel: bots that join are members like others; nobody invited it.
    event: Json = {"type": "member_joined_channel", "user": bot, "channel": channel.id, "channel_type": "C"}
    event |= {"team": channel.team, "event_ts": call.hub.stamp()}
    installation = call.hub.world.installed_in(channel.team)
    if installation is not None:
        call.hub.events.send(installation, call.hub.world.workspaces[channel.team], event)
    return {"channel": channel.as_json(bot)}


def open_(call: Call) -> Json:
    """Open direct messages with a person."""
    if call.text("channel"):
        channel = call.channel()
        return {"channel": channel.as_json(), "no_op": True, "already_open": True}
    given = call.needed("users", "users_list_not_supplied").split(",")
    if len(given) > 1:
        raise SlackRefusal("method_not_supported_for_channel_type")
    call.arguments["user"] = given[0]
    workspace, user = call.user()
    if user.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    channel = call.hub.world.direct(workspace, user.id, call.bot(workspace.id).id)
    return {"channel": channel.as_json() if call.flag("return_im") else {"id": channel.id}}


METHODS = {
    "conversations.history": Method(run=history, tier=3),
    "conversations.replies": Method(run=replies, tier=3),
    "conversations.info": Method(run=info, tier=3),
    "conversations.list": Method(run=list_, tier=2, scopes=_READ),
    "conversations.members": Method(run=members, tier=4),
    "conversations.join": Method(run=join, tier=3, scopes=("channels:join", "channels:manage")),
    "conversations.open": Method(run=open_, tier=3, scopes=("im:write", "mpim:write", "channels:manage")),
    "users.conversations": Method(run=users_conversations, tier=3, scopes=_READ),
}
