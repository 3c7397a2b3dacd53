"""The state of a fake Slack: workspaces, people, conversations, messages, and the app's installations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.fakes.slack.problems import Json


@dataclass(kw_only=True, slots=True, eq=False)
class User:
    """A person or a bot in a workspace."""

    id: str
    team: str
    name: str
    real_name: str
    tz: str = "UTC"
    locale: str = "en-US"
    is_bot: bool = False
    bot_id: str = ""
    deleted: bool = False
    is_admin: bool = False

    def as_json(self, now: float, *, with_locale: bool = False) -> Json:
        """Return the user in the format of users.info; the locale only if `include_locale` asks for it."""
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            **({"locale": self.locale} if with_locale else {}),
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "is_bot": self.is_bot,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_app_user": False,
            "profile": {"real_name": self.real_name, "display_name": self.name, "team": self.team},
        }


@dataclass(kw_only=True, slots=True, eq=False)
class Message:
    """A stored message."""

    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    edited: str | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    unfurls: dict[str, Json] = field(default_factory=dict)
    #: The id of the only person who sees the message; None: everyone.
    only_for: str | None = None
    unfurl_links: bool = True
    #: Whether a reply is shown in the channel as well.
    broadcast: bool = False
    #: The sender's `parse` option: see docs.slack.dev/messaging/formatting-message-text.
    parse: str = ""
    link_names: bool = False

    def as_json(self, *, with_metadata: bool = False, replies: "list[Message] | None" = None) -> Json:
        """Return the message in the format of conversations.history."""
        said: Json = {"type": "message", "ts": self.ts, "user": self.user, "text": self.text}
        optional = {
            "thread_ts": self.thread_ts,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "subtype": self.subtype,
            "blocks": self.blocks,
            "attachments": self.attachments + [dict(unfurl, from_url=url) for url, unfurl in self.unfurls.items()],
            "files": self.files,
            "edited": {"user": self.user, "ts": self.edited} if self.edited else None,
        }
        said |= {name: value for name, value in optional.items() if value}
        if self.metadata and with_metadata:
            said["metadata"] = self.metadata
        elif self.metadata:
            said["metadata"] = {"event_type": self.metadata["event_type"]}
        if self.reactions:
            said["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in self.reactions.items()]
        if replies:
            said |= {
                "thread_ts": self.ts,
                "reply_count": len(replies),
                "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
                "latest_reply": replies[-1].ts,
            }
        return said


@dataclass(kw_only=True, slots=True, eq=False)
class Channel:
    """A conversation: a channel, or a person's direct messages with the bot."""

    id: str
    team: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    #: For direct messages: the id of the person.
    im_with: str | None = None
    topic: str = ""
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind in the names of scopes: channels, groups or im."""
        if self.im_with:
            return "im"
        return "groups" if self.is_private else "channels"

    def shown(self) -> list[Message]:
        """Return the messages that everyone in the channel sees, in order of posting."""
        return [each for each in self.messages if each.only_for is None]

    def find(self, ts: str) -> Message | None:
        """Return a message by its timestamp."""
        return next((each for each in self.messages if each.ts == ts), None)

    def replies(self, ts: str) -> list[Message]:
        """Return the replies in a thread."""
        return [each for each in self.shown() if each.thread_ts == ts and each.ts != ts]

    def as_json(self, member: str = "") -> Json:
        """Return the channel in the format of conversations.info, from a member's view."""
        common: Json = {"id": self.id, "created": 1_700_000_000, "is_archived": self.is_archived}
        if self.im_with:
            return {**common, "is_im": True, "user": self.im_with, "is_org_shared": False}
        return {
            **common,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_ext_shared": False,
            "is_member": member in self.members,
            "num_members": len(self.members),
            "context_team_id": self.team,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(kw_only=True, slots=True, eq=False)
class Workspace:
    """A workspace with its users and channels."""

    id: str
    name: str
    domain: str
    enterprise: str | None = None
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, str] = field(default_factory=dict)

    def channel_named(self, name: str) -> Channel | None:
        """Return a channel by its name or id."""
        plain = name.removeprefix("#")
        known = self.channels.get(name)
        return known or next((c for c in self.channels.values() if c.name == plain and plain), None)

    def as_json(self) -> Json:
        """Return the workspace in the format of team.info."""
        said: Json = {"id": self.id, "name": self.name, "domain": self.domain, "email_domain": ""}
        return {**said, "enterprise_id": self.enterprise} if self.enterprise else said


@dataclass(kw_only=True, slots=True, eq=False)
class Installation:
    """An installation of the app in a workspace or a whole organisation."""

    token: str
    scopes: frozenset[str]
    #: The ids of the workspaces it covers.
    teams: list[str]
    installer: str
    bot_users: dict[str, User]
    enterprise: str | None = None
    is_enterprise: bool = False
    #: Revoked tokens are kept, because their error differs from that of unknown tokens.
    revoked: bool = False

    def bot_in(self, team: str) -> User:
        """Return the bot's user in a workspace."""
        return self.bot_users[team]


@dataclass(kw_only=True, slots=True)
class Ids:
    """Generates ids in Slack's format, the same in every run."""

    given: dict[str, int] = field(default_factory=dict)

    def next(self, kind: str) -> str:
        """Return the next id of a kind: `U`, `C`, `T`, …"""
        self.given[kind] = self.given.get(kind, 0) + 1
        return f"{kind}0FAKE{self.given[kind]:05d}"


@dataclass(kw_only=True, slots=True, eq=False)
class World:
    """All workspaces and installations of one fake Slack."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    installations: list[Installation] = field(default_factory=list)
    ids: Ids = field(default_factory=Ids)

    def add_workspace(self, name: str, *, enterprise: str | None = None) -> Workspace:
        """Create a workspace with a channel #general."""
        domain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        workspace = Workspace(id=self.ids.next("T"), name=name, domain=domain, enterprise=enterprise)
        self.workspaces[workspace.id] = workspace
        self.add_channel(workspace, "general")
        return workspace

    def add_user(
        self, workspace: Workspace, name: str, *, tz: str = "UTC", locale: str = "en-US", real_name: str = ""
    ) -> User:
        """Create a user in the workspace and in #general."""
        full = real_name or name.title()
        user = User(id=self.ids.next("U"), team=workspace.id, name=name, real_name=full, tz=tz, locale=locale)
        workspace.users[user.id] = user
        general = workspace.channel_named("general")
        if general is not None:
            general.members.append(user.id)
        return user

    def add_channel(self, workspace: Workspace, name: str, *, is_private: bool = False) -> Channel:
        """Create a channel."""
        channel = Channel(id=self.ids.next("C"), team=workspace.id, name=name, is_private=is_private)
        workspace.channels[channel.id] = channel
        return channel

    def direct(self, workspace: Workspace, person: str, bot: str) -> Channel:
        """Return the direct messages of a person with the bot; create the conversation if necessary."""
        for channel in workspace.channels.values():
            if channel.im_with == person and bot in channel.members:
                return channel
        channel = Channel(id=self.ids.next("D"), team=workspace.id, name="", im_with=person, members=[person, bot])
        workspace.channels[channel.id] = channel
        return channel

    def active(self) -> Iterator[Installation]:
        """Yield the installations that are not revoked."""
        return (each for each in self.installations if not each.revoked)

    def installed_in(self, team: str) -> Installation | None:
        """Return the installation that covers a workspace."""
        return next((each for each in self.active() if team in each.teams), None)

    def by_token(self, token: str) -> Installation | None:
        """Return the installation a token belongs to, revoked or not."""
        return next((each for each in self.installations if each.token == token), None)
