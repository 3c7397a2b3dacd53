"""The state of a fake Discord: servers, people, roles, channels with their threads, and messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from tests.fakes.discord.permissions import (
    EVERYTHING,
    IN_DIRECT,
    MEMBER,
    NOTHING,
    Permissions,
    in_channel,
)
from tests.fakes.discord.problems import Json

#: docs.discord.com, Reference, "Snowflakes": milliseconds count from the first second of 2015.
EPOCH_MS = 1_420_070_400_000
#: Servers, people and channels exist before the test starts: their ids lie about a minute apart, a prime number of
#: milliseconds, so that servers spread over any number of shards.
_FOUNDED_MS, _APART_MS = 1_609_459_200_000, 60_013


class ChannelType(IntEnum):
    """docs.discord.com, Channel object, "Channel Types"."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    GROUP = 3
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


THREADS = frozenset({ChannelType.ANNOUNCEMENT_THREAD, ChannelType.THREAD, ChannelType.PRIVATE_THREAD})
FORUMS = frozenset({ChannelType.FORUM, ChannelType.MEDIA})
DIRECTS = frozenset({ChannelType.DIRECT, ChannelType.GROUP})


class Flag:
    """docs.discord.com, Message object, "Message Flags"."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SILENT = 1 << 12
    V2 = 1 << 15


@dataclass(kw_only=True, slots=True, eq=False)
class User:
    """A person or a bot."""

    id: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    #: Whether the person has installed the app for themselves (user install).
    installed: bool = False
    #: Whether the person accepts direct messages of the app.
    takes_direct: bool = True


@dataclass(kw_only=True, slots=True, eq=False)
class Role:
    """A role with its permissions."""

    id: str
    name: str
    permissions: Permissions
    bot: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overwrite:
    """The permissions that a channel allows or denies to a member or a role."""

    #: The id of a member or a role.
    id: str
    is_member: bool
    denied: Permissions = NOTHING
    allowed: Permissions = NOTHING


@dataclass(kw_only=True, slots=True, eq=False)
class Message:
    """A stored message."""

    id: str
    channel: str
    author: User
    at: float
    #: The body as completed: content, embeds, components, attachments, flags, mentions.
    body: Json
    type: int = 0
    edited: float | None = None
    #: The id of the only person who sees the message; None: everyone.
    only_for: str | None = None
    nonce: str | int | None = None
    #: The metadata of the interaction that the message answers.
    interaction: Json | None = None
    webhook: str | None = None
    answers: str | None = None
    #: The id of the thread that was started from the message.
    thread: str | None = None
    pinned: float | None = None
    deleted: bool = False
    #: Edits made when the message was older than an hour.
    late_edits: int = 0

    @property
    def flags(self) -> int:
        """The message's flags."""
        return int(self.body.get("flags", 0))


@dataclass(kw_only=True, slots=True, eq=False)
class Channel:
    """A channel, a thread, or direct messages."""

    id: str
    type: ChannelType
    name: str = ""
    #: None: direct messages.
    guild: str | None = None
    parent: str | None = None
    position: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    #: The people in direct messages.
    people: list[User] = field(default_factory=list)
    #: For forums: names of the tags, by id.
    tags: dict[str, str] = field(default_factory=dict)
    moderated: frozenset[str] = frozenset()
    require_tag: bool = False
    # For threads.
    owner: str = ""
    applied: list[str] = field(default_factory=list)
    archive_minutes: int = 1440
    archived: bool = False
    locked: bool = False
    at: float = 0.0
    deleted: bool = False

    def shown(self) -> list[Message]:
        """Return the messages that everyone in the channel sees, in order of posting."""
        return [each for each in self.messages if each.only_for is None and not each.deleted]

    def latest(self) -> Message | None:
        """Return the last of the messages that everyone sees."""
        return next((each for each in reversed(self.messages) if each.only_for is None and not each.deleted), None)


@dataclass(kw_only=True, slots=True, eq=False)
class Guild:
    """A server."""

    id: str
    name: str
    owner: str
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    #: The role ids of each member.
    members: dict[str, list[str]] = field(default_factory=dict)

    def base(self, user: str) -> Permissions:
        """Return the permissions of all of a member's roles together."""
        if user == self.owner:
            return EVERYTHING
        held = [self.roles[self.id], *(self.roles[role] for role in self.members.get(user, []))]
        found = NOTHING
        for role in held:
            found |= role.permissions
        return EVERYTHING if found & Permissions.ADMINISTRATOR else found


@dataclass(kw_only=True, slots=True)
class Ids:
    """Generates snowflakes: past ones for the initial state, and current ones by the clock."""

    founded: int = 0
    last: int = 0

    def old(self) -> str:
        """Return the id of an object that existed before the test."""
        self.founded += 1
        return str((_FOUNDED_MS + self.founded * _APART_MS - EPOCH_MS) << 22)

    def new(self, now: float) -> str:
        """Return an id above every other one returned here, with the time of its creation."""
        self.last = max(self.last + 1, (int(now * 1000) - EPOCH_MS) << 22)
        return str(self.last)


@dataclass(kw_only=True, slots=True, eq=False)
class World:
    """All servers, people, channels and messages."""

    guilds: dict[str, Guild] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    #: All channels, including threads and direct messages.
    channels: dict[str, Channel] = field(default_factory=dict)
    #: All messages, including deleted ones.
    messages: dict[str, Message] = field(default_factory=dict)
    ids: Ids = field(default_factory=Ids)

    def add_user(self, name: str, *, locale: str = "en-US", is_bot: bool = False) -> User:
        """Create a user."""
        user = User(id=self.ids.old(), name=name, locale=locale, is_bot=is_bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str = "en-US") -> Guild:
        """Create a server whose owner is an unused account.

        The @everyone role has no permissions, so that the permissions of other roles matter.
        """
        guild = Guild(id=self.ids.old(), name=name, owner=self.add_user("owner").id, locale=locale)
        guild.roles[guild.id] = Role(id=guild.id, name="@everyone", permissions=NOTHING)
        guild.members[guild.owner] = []
        self.guilds[guild.id] = guild
        return guild

    def join(self, guild: Guild, user: User, permissions: Permissions = MEMBER, *, role: str = "") -> None:
        """Add a user to a server with the given permissions."""
        name = role or ("member" if permissions == MEMBER else f"member with {int(permissions):#x}")
        known = next((each for each in guild.roles.values() if each.name == name), None)
        if known is None:
            known = Role(id=self.ids.old(), name=name, permissions=permissions, bot=user.id if user.is_bot else None)
            guild.roles[known.id] = known
        known.permissions = permissions
        guild.members[user.id] = [known.id]

    def add_channel(self, guild: Guild, name: str, kind: ChannelType) -> Channel:
        """Create a channel."""
        position = len(list(self.in_guild(guild.id)))
        channel = Channel(id=self.ids.old(), type=kind, name=name, guild=guild.id, position=position)
        self.channels[channel.id] = channel
        return channel

    def direct(self, *people: User) -> Channel:
        """Return the direct messages of a person with the bot, or of several people with each other."""
        kind = ChannelType.DIRECT if len(people) == 1 else ChannelType.GROUP
        for channel in self.channels.values():
            if channel.type == kind and set(channel.people) == set(people):
                return channel
        channel = Channel(id=self.ids.old(), type=kind, people=list(people))
        self.channels[channel.id] = channel
        return channel

    def find(self, channel: Channel, message: str) -> Message | None:
        """Return a message of a channel by its id; None if it does not exist or is deleted."""
        found = self.messages.get(message)
        return None if found is None or found.deleted or found.channel != channel.id else found

    def in_guild(self, guild: str, *, threads: bool = False) -> Iterator[Channel]:
        """Yield the channels of a server, or with `threads` its threads."""
        there = (each for each in self.channels.values() if each.guild == guild and not each.deleted)
        return (each for each in there if (each.type in THREADS) == threads)

    def threads(self, channel: Channel) -> list[Channel]:
        """Return the threads of a channel, oldest first."""
        return [each for each in self.in_guild(channel.guild or "", threads=True) if each.parent == channel.id]

    def may(self, user: User, channel: Channel) -> Permissions:
        """Return a user's permissions in a channel."""
        if channel.guild is None:
            takes_part = user in channel.people or (user.is_bot and channel.type == ChannelType.DIRECT)
            return IN_DIRECT if takes_part else NOTHING
        guild = self.guilds[channel.guild]
        if user.id not in guild.members:
            return NOTHING
        place = self.channels[channel.parent] if channel.type in THREADS and channel.parent else channel
        roles = guild.members[user.id]
        overwrites = [
            [each for each in place.overwrites if not each.is_member and each.id == guild.id],
            [each for each in place.overwrites if not each.is_member and each.id in roles],
            [each for each in place.overwrites if each.is_member and each.id == user.id],
        ]
        tiers = [(_all(each.denied for each in tier), _all(each.allowed for each in tier)) for tier in overwrites]
        return in_channel(guild.base(user.id), *tiers, thread=channel.type in THREADS)


def _all(given: Iterator[Permissions]) -> Permissions:
    found = NOTHING
    for each in given:
        found |= each
    return found
