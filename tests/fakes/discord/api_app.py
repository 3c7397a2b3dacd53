"""Routes about the app and its surroundings: gateway, application, user, servers, channels, and the app's commands."""

from collections.abc import Callable
from typing import Any

from tests.fakes.discord import rules, shapes
from tests.fakes.discord.calls import Answer, Call, Route
from tests.fakes.discord.commands import localized
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import DiscordRefusal, Json
from tests.fakes.discord.writing import demand


def _gateway(call: Call) -> Answer:
    return Answer(body={"url": call.hub.gateway.url})


def _gateway_bot(call: Call) -> Answer:
    gateway = call.hub.gateway
    start: Json = {
        "total": gateway.starts.total,
        "remaining": max(0, gateway.starts.remaining),
        "reset_after": int(gateway.starts.reset_after * 1000),
        "max_concurrency": gateway.max_concurrency,
    }
    return Answer(body={"url": gateway.url, "shards": gateway.shards, "session_start_limit": start})


def _application(call: Call) -> Answer:
    return Answer(body=call.hub.application())


def _me(call: Call) -> Answer:
    return Answer(body=shapes.own_user_json(call.hub.bot))


def _user(call: Call) -> Answer:
    found = call.hub.world.users.get(call.params["user"])
    if found is None:
        raise DiscordRefusal(10013)
    return Answer(body=shapes.user_json(found))


def _my_guilds(call: Call) -> Answer:
    names = ("id", "name", "icon", "banner", "features")
    found = []
    for guild in call.hub.guilds():
        whole = shapes.guild_json(call.hub.world, guild)
        held = str(int(guild.base(call.hub.bot.id)))
        found.append({name: whole[name] for name in names} | {"owner": False, "permissions": held})
    return Answer(body=found)


def _guild(call: Call) -> Answer:
    guild = call.guild()
    more = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return Answer(body=shapes.guild_json(call.hub.world, guild) | (more if call.flag("with_counts") else {}))


def _channels(call: Call) -> Answer:
    world, guild = call.hub.world, call.guild()
    return Answer(body=[shapes.channel_json(world, each) for each in world.in_guild(guild.id)])


def _roles(call: Call) -> Answer:
    roles = call.guild().roles.values()
    return Answer(body=[shapes.role_json(role, place) for place, role in enumerate(roles)])


def _member(call: Call) -> Answer:
    guild, user = call.guild(), call.hub.world.users.get(call.params["user"])
    if user is None or user.id not in guild.members:
        raise DiscordRefusal(10007)
    return Answer(body=shapes.member_json(guild, user))


def _active(call: Call) -> Answer:
    world, guild = call.hub.world, call.guild()
    threads = [each for each in world.in_guild(guild.id, threads=True) if not each.archived]
    seen = [each for each in threads if world.may(call.hub.bot, each) & Permissions.VIEW_CHANNEL]
    own = [each for each in seen if each.owner == call.hub.bot.id]
    members = [
        {"id": each.id, "user_id": call.hub.bot.id, "join_timestamp": shapes.stamp(each.at), "flags": 1} for each in own
    ]
    shown = [shapes.channel_json(world, each) for each in reversed(seen)]
    return Answer(body={"threads": shown, "members": members, "has_more": False})


def _channel(call: Call) -> Answer:
    return Answer(body=shapes.channel_json(call.hub.world, call.channel()))


def _open_direct(call: Call) -> Answer:
    user = call.hub.world.users.get(str(call.json.get("recipient_id", "")))
    if user is None:
        raise DiscordRefusal(10013)
    return Answer(body=shapes.channel_json(call.hub.world, call.hub.world.direct(user)))


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _where(call: Call) -> str | None:
    """Return the id of the server whose commands are meant; None for global commands."""
    if call.params["application"] != call.hub.application_id:
        raise DiscordRefusal(20012)
    return call.guild().id if "guild" in call.params else None


def _shown(call: Call, command: Json) -> Json:
    if call.flag("with_localizations"):
        return command
    return localized(command, call.headers.get("X-Discord-Locale", "en-US"))


def _list(call: Call) -> Answer:
    return Answer(body=[_shown(call, each) for each in call.hub.commands.of(_where(call))])


def _overwrite(call: Call) -> Answer:
    where = _where(call)
    demand(call.hub, f"PUT {call.path}", call.body, rules.commands(call.body))
    made = call.hub.commands.overwrite(where, call.body)
    call.hub.happenings.add("registered", text=", ".join(each["name"] for each in made))
    return Answer(body=made)


def _create(call: Call) -> Answer:
    where = _where(call)
    demand(call.hub, f"POST {call.path}", call.body, rules.command(call.body))
    made, new = call.hub.commands.upsert(where, call.json)
    return Answer(status=201 if new else 200, body=made)


def _one(call: Call) -> Answer:
    return Answer(body=call.hub.commands.find(_where(call), call.params["command"]))


def _change(call: Call) -> Answer:
    where = _where(call)
    known = call.hub.commands.find(where, call.params["command"])
    demand(call.hub, f"PATCH {call.path}", call.body, rules.command({**known, **call.json}))
    return Answer(body=call.hub.commands.edit(where, call.params["command"], call.json))


def _remove(call: Call) -> Answer:
    call.hub.commands.delete(_where(call), call.params["command"])
    return Answer(status=204)


_Doing = Callable[[Call], Answer]
_EVERYBODYS = "/applications/{application}/commands"
_SERVERS = "/applications/{application}/guilds/{guild}/commands"
_READ: tuple[tuple[str, _Doing], ...] = (
    ("/gateway/bot", _gateway_bot),
    ("/applications/@me", _application),
    ("/oauth2/applications/@me", _application),
    ("/users/@me", _me),
    ("/users/{user}", _user),
    ("/users/@me/guilds", _my_guilds),
    ("/guilds/{guild}", _guild),
    ("/guilds/{guild}/channels", _channels),
    ("/guilds/{guild}/roles", _roles),
    ("/guilds/{guild}/members/{user}", _member),
    ("/guilds/{guild}/threads/active", _active),
    ("/channels/{channel}", _channel),
)
_COMMANDS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "", _list),
    ("PUT", "", _overwrite),
    ("POST", "", _create),
    ("GET", "/{command}", _one),
    ("PATCH", "/{command}", _change),
    ("DELETE", "/{command}", _remove),
)
ROUTES = (
    Route(method="GET", pattern="/gateway", run=_gateway, bot=False),
    *(Route(method="GET", pattern=pattern, run=run) for pattern, run in _READ),
    Route(method="POST", pattern="/users/@me/channels", run=_open_direct),
    *(
        Route(method=method, pattern=base + below, run=run)
        for base in (_EVERYBODYS, _SERVERS)
        for method, below, run in _COMMANDS
    ),
)
