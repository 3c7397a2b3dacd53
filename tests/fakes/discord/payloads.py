"""Builds interactions in the form that the app receives.

docs.discord.com, Receiving and Responding, "Interaction Object".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits, shapes
from tests.fakes.discord.interactions import Interaction, Kind
from tests.fakes.discord.permissions import DIRECT, WITH_BOT, Permissions
from tests.fakes.discord.problems import Json
from tests.fakes.discord.world import THREADS, Channel, ChannelType, Guild, Message, User

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

#: docs.discord.com, Interaction object, "Interaction Context Types".
IN_GUILD, WITH_APP, PRIVATE = 0, 1, 2


def context_of(channel: Channel) -> int:
    """Return the interaction context of a channel."""
    if channel.guild is not None:
        return IN_GUILD
    return WITH_APP if channel.type == ChannelType.DIRECT else PRIVATE


def app_permissions(hub: "Hub", channel: Channel) -> Permissions:
    """Return the `app_permissions` of an interaction in a channel."""
    guild = hub.world.guilds.get(channel.guild or "")
    if hub.is_in(guild):
        return hub.world.may(hub.bot, channel)
    return WITH_BOT if channel.type == ChannelType.DIRECT else DIRECT


@dataclass(kw_only=True, slots=True)
class Resolved:
    """The `resolved` data of an interaction: the objects that its ids stand for."""

    hub: "Hub"
    user: User
    guild: Guild | None
    found: dict[str, Json] = field(default_factory=dict)

    def _put(self, kind: str, key: str, said: Json) -> str:
        self.found.setdefault(kind, {})[key] = said
        return key

    def person(self, user: User) -> str:
        """Add a person; return the id."""
        if self.guild is not None and user.id in self.guild.members:
            said = shapes.member_json(self.guild, user, self.guild.base(user.id))
            for name in ("user", "deaf", "mute"):
                del said[name]
            self._put("members", user.id, said)
        return self._put("users", user.id, shapes.user_json(user))

    def channel(self, channel: Channel) -> str:
        """Add a channel with the person's permissions and, in a server with the app, the app's; return the id."""
        whole = shapes.channel_json(self.hub.world, channel)
        names = ["id", "name", "type", "flags", "guild_id", "parent_id", "last_message_id", "position", "topic", "nsfw"]
        names += ["thread_metadata", "rate_limit_per_user"] if channel.type in THREADS else []
        said = {name: whole[name] for name in names if name in whole}
        said["permissions"] = str(int(self.hub.world.may(self.user, channel)))
        if self.hub.is_in(self.guild):
            said["app_permissions"] = str(int(self.hub.world.may(self.hub.bot, channel)))
        return self._put("channels", channel.id, said)

    def message(self, message: Message) -> str:
        """Add a message with its content; return the id."""
        return self._put("messages", message.id, shapes.message_json(self.hub.world, message))

    def role(self, role: str) -> str:
        """Add a role of the server; return the id."""
        held = self.guild.roles[role] if self.guild else None
        return self._put("roles", role, shapes.role_json(held)) if held else role

    def file(self, name: str, content: bytes) -> str:
        """Add an uploaded file; return the attachment's id."""
        kind = "text/plain; charset=utf-8" if name.endswith((".txt", ".md", ".bib")) else "application/octet-stream"
        attachment = self.hub.keep(name, content, kind)
        return self._put("attachments", attachment["id"], attachment | {"ephemeral": True})

    def take(self, kind: str, thing: Any) -> str:
        """Add a value of an option; return its id.

        Args:
            kind: `users`, `channels`, `roles`, or `mentionables` for a user or a role.
            thing: the value.
        """
        if isinstance(thing, Channel):
            return self.channel(thing)
        user = getattr(thing, "user", thing)
        if isinstance(user, User):
            return self.person(user)
        return self.role(str(thing)) if kind in ("roles", "mentionables") else str(thing)


def interaction(
    hub: "Hub",
    user: User,
    channel: Channel,
    *,
    kind: Kind,
    data: Json,
    names: Iterable[str],
    message: Message | None = None,
    before: Interaction | None = None,
    owners: Json | None = None,
) -> Interaction:
    """Return the interaction of an action, ready to be sent.

    Args:
        hub: the fake Discord.
        user: the person who acts.
        channel: the channel in which they act.
        kind: the type of the interaction.
        data: its `data`.
        names: the names that faults match.
        message: the message that has the component.
        before: the interaction that opened the submitted modal.
        owners: the installation owners, by kind of installation.
    """
    guild = hub.world.guilds.get(channel.guild or "")
    there = owners if owners is not None else owners_of(hub, user, channel)
    key, token = hub.new_id(), hub.secret()
    allowed = hub.world.may(user, channel)
    payload = _place(hub, user, channel, guild, allowed) | {
        "id": key,
        "application_id": hub.application_id,
        "type": int(kind),
        "token": token,
        "version": 1,
        "data": data,
        "entitlements": [],
        "authorizing_integration_owners": there,
        "attachment_size_limit": limits.FILE_BYTES,
    }
    if message is not None and kind in (Kind.COMPONENT, Kind.MODAL):
        payload["message"] = shapes.message_json(hub.world, message)
    outsider = guild is not None and not hub.is_in(guild)
    return Interaction(
        id=key,
        token=token,
        kind=kind,
        user=user,
        channel=channel,
        guild=guild,
        payload=payload,
        names=tuple(names),
        at=hub.clock(),
        message=message if kind in (Kind.COMPONENT, Kind.MODAL) else None,
        before=before,
        outsider=outsider,
        hushed=guild is not None and "0" not in there and not allowed & Permissions.USE_EXTERNAL_APPS,
        show=hub.seen,
    )


def _place(hub: "Hub", user: User, channel: Channel, guild: Guild | None, allowed: Permissions) -> Json:
    """Return the fields of an interaction that describe its place, its author and their permissions."""
    said: Json = {
        "channel": shapes.channel_json(hub.world, channel) | {"permissions": str(int(allowed))},
        "channel_id": channel.id,
        "locale": user.locale,
        "app_permissions": str(int(app_permissions(hub, channel))),
        "context": context_of(channel),
    }
    if guild is None:
        return said | {"user": shapes.user_json(user)}
    return said | {
        "guild": {"id": guild.id, "locale": guild.locale, "features": []},
        "guild_id": guild.id,
        "guild_locale": guild.locale,
        "member": shapes.member_json(guild, user, allowed),
    }


def owners_of(hub: "Hub", user: User, channel: Channel, types: Iterable[int] = (0, 1)) -> Json:
    """Return the installation owners for a channel, by kind ("Authorizing Integration Owners Object")."""
    said: Json = {}
    guild = hub.world.guilds.get(channel.guild or "")
    if 0 in types and hub.is_in(guild) and guild is not None:
        said["0"] = guild.id
    elif 0 in types and channel.type == ChannelType.DIRECT:
        said["0"] = "0"
    if 1 in types and user.installed:
        said["1"] = user.id
    return said
