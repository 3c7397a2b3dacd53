"""Web API: the caller, people, reactions, and the bot's status."""

from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.problems import Json, SlackRefusal


def auth_test(call: Call) -> Json:
    """Return the caller's identity."""
    installation = call.caller
    workspace = call.hub.world.workspaces[installation.teams[0]]
    bot = installation.bot_in(workspace.id)
    said: Json = {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": bot.name,
        "team_id": workspace.id,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": installation.is_enterprise,
    }
    if installation.enterprise:
        said["enterprise_id"] = installation.enterprise
    if installation.is_enterprise:
        said |= {"team": None, "team_id": installation.enterprise}
    return said


def auth_revoke(call: Call) -> Json:
    """Revoke the caller's token."""
    if call.flag("test"):
        return {"revoked": False}
    call.hub.uninstall(call.caller)
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """Uninstall the app from the caller's workspace."""
    given = (call.text("client_id"), call.text("client_secret"))
    if given[0] != call.hub.client_id:
        raise SlackRefusal("invalid_client_id")
    if given[1] != call.hub.client_secret:
        raise SlackRefusal("bad_client_secret")
    call.hub.uninstall(call.caller)
    return {}


def users_info(call: Call) -> Json:
    """Return a user with their time zone."""
    _, user = call.user()
    return {"user": user.as_json(call.hub.clock(), with_locale=call.flag("include_locale"))}


def users_list(call: Call) -> Json:
    """Return the users of the workspace."""
    asked, now = call.flag("include_locale"), call.hub.clock()
    page, more = call.page([each.as_json(now, with_locale=asked) for each in call.workspace.users.values()], 100, 1000)
    return {"members": page, **more}


def team_info(call: Call) -> Json:
    """Return the workspace."""
    if call.text("team") and call.text("team") in call.caller.teams:
        return {"team": call.hub.world.workspaces[call.text("team")].as_json()}
    return {"team": call.workspace.as_json()}


def bots_info(call: Call) -> Json:
    """Return a bot."""
    for bot in call.caller.bot_users.values():
        if bot.bot_id == call.text("bot"):
            return {"bot": {"id": bot.bot_id, "name": bot.real_name, "app_id": call.hub.app_id, "user_id": bot.id}}
    raise SlackRefusal("bot_not_found")


def reactions_add(call: Call) -> Json:
    """Add a reaction to a message."""
    channel = call.channel()
    bot = call.bot(channel.team).id
    if bot not in channel.members:
        raise SlackRefusal("not_in_channel")
    name = call.needed("name", "no_item_specified").strip(":")
    given = call.message(channel, "timestamp").reactions.setdefault(name, [])
    if bot in given:
        raise SlackRefusal("already_reacted")
    given.append(bot)
    call.hub.happenings.add("reacted", team=channel.team, who=bot, channel=channel.id, text=f":{name}:")
    return {}


def reactions_get(call: Call) -> Json:
    """Return a message with its reactions."""
    channel = call.channel()
    return {"type": "message", "channel": channel.id, "message": call.message(channel, "timestamp").as_json()}


def set_status(call: Call) -> Json:
    """Set the bot's status in a thread: docs.slack.dev/reference/methods/assistant.threads.setStatus."""
    channel = call.channel("channel_id")
    call.message(channel, "thread_ts", "invalid_thread_ts")
    call.hub.happenings.add(
        "status", team=channel.team, channel=channel.id, text=call.text("status"), more={"ts": call.text("thread_ts")}
    )
    return {}


def api_test(call: Call) -> Json:
    """Return the arguments of the call."""
    if call.text("error"):
        raise SlackRefusal(call.text("error"))
    return {"args": call.arguments}


METHODS = {
    "api.test": Method(run=api_test, tier=4, token="none"),
    "apps.uninstall": Method(run=uninstall, tier=1),
    "assistant.threads.setStatus": Method(run=set_status, tier=0, scopes=("chat:write", "assistant:write")),
    "auth.revoke": Method(run=auth_revoke, tier=3),
    "auth.test": Method(run=auth_test, tier=0),
    "bots.info": Method(run=bots_info, tier=3, scopes=("users:read",)),
    "reactions.add": Method(run=reactions_add, tier=3, scopes=("reactions:write",)),
    "reactions.get": Method(run=reactions_get, tier=3, scopes=("reactions:read",)),
    "team.info": Method(run=team_info, tier=3, scopes=("team:read",)),
    "users.info": Method(run=users_info, tier=4, scopes=("users:read",)),
    "users.list": Method(run=users_list, tier=2, scopes=("users:read",)),
}
