"""What there is in a Discord: servers, people, roles, channels with their threads, and messages."""

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
#: Servers, people and channels were there before anything happens: about a minute lies between them, a prime number of
#: milliseconds, so that servers spread over however many shards.
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
    """Somebody; bots are users too."""

    id: str
    name: str
    locale: str = "en-US"
    is_bot: bool = False
    #: Whether they brought the app along for themselves.
    installed: bool = False
    #: Whether the app may write to them.
    takes_direct: bool = True


@dataclass(kw_only=True, slots=True, eq=False)
class Role:
    """What its holders may do."""

    id: str
    name: str
    permissions: Permissions
    bot: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overwrite:
    """What a channel gives to somebody or takes away."""

    #: A member's id, or a role's.
    id: str
    is_member: bool
    denied: Permissions = NOTHING
    allowed: Permissions = NOTHING


@dataclass(kw_only=True, slots=True, eq=False)
class Message:
    """A message as it is kept."""

    id: str
    channel: str
    author: User
    at: float
    #: What was sent, completed: content, embeds, components, attachments, flags, mentions.
    body: Json
    type: int = 0
    edited: float | None = None
    #: Whose eyes only; None is everybody's.
    only_for: str | None = None
    nonce: str | int | None = None
    #: What the app answered to with it.
    interaction: Json | None = None
    webhook: str | None = None
    answers: str | None = None
    #: The id of the thread that began at it.
    thread: str | None = None
    pinned: float | None = None
    deleted: bool = False
    #: Edits since it was an hour old.
    late_edits: int = 0

    @property
    def flags(self) -> int:
        """Its flags."""
        return int(self.body.get("flags", 0))


@dataclass(kw_only=True, slots=True, eq=False)
class Channel:
    """A channel, a thread, or direct messages."""

    id: str
    type: ChannelType
    name: str = ""
    #: None is direct messages.
    guild: str | None = None
    parent: str | None = None
    position: int = 0
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    #: The people in direct messages.
    people: list[User] = field(default_factory=list)
    #: Of a forum: its tags' names by their ids.
    tags: dict[str, str] = field(default_factory=dict)
    moderated: frozenset[str] = frozenset()
    require_tag: bool = False
    # Of a thread.
    owner: str = ""
    applied: list[str] = field(default_factory=list)
    archive_minutes: int = 1440
    archived: bool = False
    locked: bool = False
    at: float = 0.0
    deleted: bool = False

    def shown(self) -> list[Message]:
        """Return what everybody in it sees, in the order it was written."""
        return [each for each in self.messages if each.only_for is None and not each.deleted]

    def latest(self) -> Message | None:
        """Return the message that was written last, of those everybody sees."""
        return next((each for each in reversed(self.messages) if each.only_for is None and not each.deleted), None)


@dataclass(kw_only=True, slots=True, eq=False)
class Guild:
    """A server."""

    id: str
    name: str
    owner: str
    locale: str = "en-US"
    roles: dict[str, Role] = field(default_factory=dict)
    #: The ids of the roles of each member.
    members: dict[str, list[str]] = field(default_factory=dict)

    def base(self, user: str) -> Permissions:
        """Return what all of a member's roles give together."""
        if user == self.owner:
            return EVERYTHING
        held = [self.roles[self.id], *(self.roles[role] for role in self.members.get(user, []))]
        found = NOTHING
        for role in held:
            found |= role.permissions
        return EVERYTHING if found & Permissions.ADMINISTRATOR else found


@dataclass(kw_only=True, slots=True)
class Ids:
    """Gives out snowflakes: older ones for what was there before, the clock's for what happens."""

    founded: int = 0
    last: int = 0

    def old(self) -> str:
        """Return the id of something that was there before."""
        self.founded += 1
        return str((_FOUNDED_MS + self.founded * _APART_MS - EPOCH_MS) << 22)

    def new(self, now: float) -> str:
        """Return an id that is younger than every other, and says when it was given."""
        self.last = max(self.last + 1, (int(now * 1000) - EPOCH_MS) << 22)
        return str(self.last)


@dataclass(kw_only=True, slots=True, eq=False)
class World:
    """All servers and everybody in them."""

    guilds: dict[str, Guild] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    #: Every channel there is, with threads and direct messages.
    channels: dict[str, Channel] = field(default_factory=dict)
    #: Every message, gone or not.
    messages: dict[str, Message] = field(default_factory=dict)
    ids: Ids = field(default_factory=Ids)

    def add_user(self, name: str, *, locale: str = "en-US", is_bot: bool = False) -> User:
        """Let somebody be."""
        user = User(id=self.ids.old(), name=name, locale=locale, is_bot=is_bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, locale: str = "en-US") -> Guild:
        """Found a server that belongs to nobody who appears; its own role gives nothing, so that others show."""
        guild = Guild(id=self.ids.old(), name=name, owner=self.add_user("owner").id, locale=locale)
        guild.roles[guild.id] = Role(id=guild.id, name="@everyone", permissions=NOTHING)
        guild.members[guild.owner] = []
        self.guilds[guild.id] = guild
        return guild

    def join(self, guild: Guild, user: User, permissions: Permissions = MEMBER, *, role: str = "") -> None:
        """Let somebody into a server with some permissions."""
        name = role or ("member" if permissions == MEMBER else f"member with {int(permissions):#x}")
        known = next((each for each in guild.roles.values() if each.name == name), None)
        if known is None:
            known = Role(id=self.ids.old(), name=name, permissions=permissions, bot=user.id if user.is_bot else None)
            guild.roles[known.id] = known
        known.permissions = permissions
        guild.members[user.id] = [known.id]

    def add_channel(self, guild: Guild, name: str, kind: ChannelType) -> Channel:
        """Open a channel."""
        position = len(list(self.in_guild(guild.id)))
        channel = Channel(id=self.ids.old(), type=kind, name=name, guild=guild.id, position=position)
        self.channels[channel.id] = channel
        return channel

    def direct(self, *people: User) -> Channel:
        """Return the direct messages of a person with the bot, or of some people among themselves."""
        kind = ChannelType.DIRECT if len(people) == 1 else ChannelType.GROUP
        for channel in self.channels.values():
            if channel.type == kind and set(channel.people) == set(people):
                return channel
        channel = Channel(id=self.ids.old(), type=kind, people=list(people))
        self.channels[channel.id] = channel
        return channel

    def find(self, channel: Channel, message: str) -> Message | None:
        """Return a message of a channel by its id, unless it is gone."""
        found = self.messages.get(message)
        return None if found is None or found.deleted or found.channel != channel.id else found

    def in_guild(self, guild: str, *, threads: bool = False) -> Iterator[Channel]:
        """Yield the channels of a server, or its threads."""
        there = (each for each in self.channels.values() if each.guild == guild and not each.deleted)
        return (each for each in there if (each.type in THREADS) == threads)

    def threads(self, channel: Channel) -> list[Channel]:
        """Return the threads of a channel, the oldest first."""
        return [each for each in self.in_guild(channel.guild or "", threads=True) if each.parent == channel.id]

    def may(self, user: User, channel: Channel) -> Permissions:
        """Return what somebody may do in a channel."""
        if channel.guild is None:
            takes_part = user in channel.people or (user.is_bot and channel.type == ChannelType.DIRECT)
            return IN_DIRECT if takes_part else NOTHING
        guild = self.guilds[channel.guild]
        if user.id not in guild.members:
            return NOTHING
        place = self.channels[channel.parent] if channel.type in THREADS and channel.parent else channel
        roles = guild.members[user.id]
        subscription = [
            [each for each in place.overwrites if not each.is_member and each.id == guild.id],
            [each for each in place.overwrites if not each.is_member and each.id in roles],
            [each for each in place.overwrites if each.is_member and each.id == user.id],
        ]
        tiers = [(_all(each.denied for each in tier), _all(each.allowed for each in tier)) for tier in subscription]
        return in_channel(guild.base(user.id), *tiers, thread=channel.type in THREADS)


def _all(given: Iterator[Permissions]) -> Permissions:
    found = NOTHING
    for each in given:
        found |= each
    return found
