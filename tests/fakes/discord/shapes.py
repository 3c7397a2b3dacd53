"""The JSON objects of the REST interface and the gateway, built from the state."""

from datetime import UTC, datetime

from tests.fakes.discord.permissions import LEAST, NOTHING, Permissions
from tests.fakes.discord.problems import Json
from tests.fakes.discord.world import (
    DIRECTS,
    FORUMS,
    THREADS,
    Channel,
    ChannelType,
    Guild,
    Message,
    Role,
    User,
    World,
)


def stamp(at: float) -> str:
    """Return a time in Discord's format."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def user_json(user: User) -> Json:
    """Return a user."""
    said: Json = {
        "id": user.id,
        "username": user.name,
        "discriminator": "0",
        "global_name": None if user.is_bot else user.name.title(),
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }
    return said | {"bot": True} if user.is_bot else said


def own_user_json(user: User) -> Json:
    """Return the bot's own user object."""
    return user_json(user) | {"mfa_enabled": False, "locale": user.locale, "verified": True, "email": None}


def member_json(guild: Guild, user: User, permissions: Permissions | None = None) -> Json:
    """Return a member of a server; interactions add `permissions`."""
    said: Json = {
        "user": user_json(user),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": list(guild.members.get(user.id, [])),
        "joined_at": "2021-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return said if permissions is None else said | {"permissions": str(int(permissions))}


def role_json(role: Role, position: int = 0) -> Json:
    """Return a role."""
    said: Json = {
        "id": role.id,
        "name": role.name,
        "permissions": str(int(role.permissions)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.bot is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return said | {"tags": {"bot_id": role.bot}} if role.bot else said


def channel_json(world: World, channel: Channel) -> Json:
    """Return a channel, a thread or direct messages."""
    common: Json = {"id": channel.id, "type": int(channel.type), "flags": 0}
    latest = channel.latest()
    common["last_message_id"] = latest.id if latest else None
    if channel.type in DIRECTS:
        common["recipients"] = [user_json(each) for each in channel.people]
        group = {"name": None, "icon": None, "owner_id": channel.people[0].id}
        return common | group if channel.type == ChannelType.GROUP else common
    common |= {"guild_id": channel.guild, "name": channel.name, "parent_id": channel.parent, "rate_limit_per_user": 0}
    if channel.type in THREADS:
        return common | _thread(world, channel)
    common |= {
        "position": channel.position,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [
            {"id": o.id, "type": int(o.is_member), "allow": str(int(o.allowed)), "deny": str(int(o.denied))}
            for o in channel.overwrites
        ],
    }
    if channel.type == ChannelType.VOICE:
        common |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return common | _forum(world, channel) if channel.type in FORUMS else common


def _forum(world: World, channel: Channel) -> Json:
    posts = world.threads(channel)
    return {
        # In a forum this is the latest post; docs.discord.com, Channel object.
        "last_message_id": posts[-1].id if posts else None,
        # docs.discord.com, Channel object, "Channel Flags": REQUIRE_TAG.
        "flags": 1 << 4 if channel.require_tag else 0,
        "available_tags": [
            {"id": key, "name": name, "moderated": name in channel.moderated, "emoji_id": None, "emoji_name": None}
            for key, name in channel.tags.items()
        ],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }


def _thread(world: World, channel: Channel) -> Json:
    shown = channel.shown()
    # A thread's starter message is not counted; docs.discord.com, Threads.
    replies = len([each for each in shown if each.id != channel.id])
    return {
        "owner_id": channel.owner,
        "thread_metadata": {
            "archived": channel.archived,
            "archive_timestamp": stamp(channel.at),
            "auto_archive_duration": channel.archive_minutes,
            "locked": channel.locked,
            "create_timestamp": stamp(channel.at),
        },
        "message_count": replies,
        "member_count": 1,
        "total_message_sent": replies,
        "applied_tags": list(channel.applied),
    }


def guild_json(world: World, guild: Guild) -> Json:
    """Return a server as the REST interface does."""
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": guild.owner,
        "application_id": None,
        "region": "us-west",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role_json(role, place) for place, role in enumerate(guild.roles.values())],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(world: World, guild: Guild, bot: User) -> Json:
    """Return a server as in GUILD_CREATE: with channels and threads, and only the bot as a member."""
    visible = [each for each in world.in_guild(guild.id) if world.may(bot, each) & Permissions.VIEW_CHANNEL]
    threads = [each for each in world.in_guild(guild.id, threads=True) if not each.archived]
    return guild_json(world, guild) | {
        "joined_at": "2021-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_json(guild, bot)],
        "channels": [channel_json(world, each) for each in visible],
        "threads": [channel_json(world, each) for each in threads if world.may(bot, each) & Permissions.VIEW_CHANNEL],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message_json(world: World, message: Message, *, with_nonce: bool = False) -> Json:
    """Return a message; the nonce is only in the immediate response to its sender, not in histories."""
    said: Json = {
        "id": message.id,
        "type": message.type,
        "channel_id": message.channel,
        "author": user_json(message.author),
        "timestamp": stamp(message.at),
        "edited_timestamp": stamp(message.edited) if message.edited else None,
        "tts": False,
        "pinned": message.pinned is not None,
        **message.body,
    }
    if message.webhook:
        said |= {"webhook_id": message.webhook, "application_id": message.webhook}
    if message.interaction:
        said["interaction_metadata"] = message.interaction
    if message.answers:
        said |= _answered(world, message.answers, message.channel)
    if message.thread and message.thread in world.channels:
        said["thread"] = channel_json(world, world.channels[message.thread])
    if with_nonce and message.nonce is not None:
        said["nonce"] = message.nonce
    return said


def _answered(world: World, key: str, channel: str) -> Json:
    """Return the fields about the replied-to message; that message's own reply reference is omitted."""
    known = world.messages.get(key)
    told = None if known is None or known.deleted else message_json(world, known)
    if told is not None:
        told.pop("referenced_message", None)
    return {
        "message_reference": {"type": 0, "channel_id": channel, "message_id": key},
        "referenced_message": told,
    }


def _install(scopes: list[str], permissions: Permissions) -> Json:
    return {"oauth2_install_params": {"scopes": scopes, "permissions": str(int(permissions))}}


def application_json(
    application: str, owner: User, bot: User, *, public_key: str, url: str | None, servers: int, users: int
) -> Json:
    """Return the application as the bot's token may read it."""
    return {
        "id": application,
        "name": bot.name.title(),
        "icon": None,
        "description": "",
        "type": None,
        "verify_key": public_key,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": url,
        "role_connections_verification_url": None,
        "owner": user_json(owner),
        "approximate_guild_count": servers,
        "approximate_user_install_count": users,
        "approximate_user_authorization_count": users,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "bot": user_json(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {
            "0": _install(["applications.commands", "bot"], LEAST),
            "1": _install(["applications.commands"], NOTHING),
        },
    }
