"""The state of one fake Discord in memory: servers, log, faults, and the delivery of events to the app."""

import base64
import hashlib
import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.fakes.discord import limits, shapes
from tests.fakes.discord.bodies import Shelf
from tests.fakes.discord.commands import Commands
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.happenings import Happenings
from tests.fakes.discord.intents import Intent
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.office import Patience, PostOffice
from tests.fakes.discord.pacing import LENIENT, Pace, Pacing
from tests.fakes.discord.permissions import LEAST, Permissions
from tests.fakes.discord.problems import Json
from tests.fakes.discord.reading import Seen, seen
from tests.fakes.discord.windows import Windows
from tests.fakes.discord.world import DIRECTS, Channel, Flag, Guild, Message, User, World
from tests.fakes.discord.wrong import Wrong

if TYPE_CHECKING:
    from tests.fakes.discord.openapi import Spec


def _description() -> "Spec":
    """Return Discord's OpenAPI spec; its validator is a development dependency, which a demo does not have."""
    from tests.fakes.discord.openapi import Spec

    return Spec.load()


class Hub:
    """One fake Discord with one app."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = LENIENT,
        patience: Patience | None = None,
        seed: int = 0,
        check: bool = True,
    ) -> None:
        self.clock = clock
        self.world = World()
        self.bot = self.world.add_user("paperwire", is_bot=True)
        self.developer = self.world.add_user("developer")
        #: Since 2016 a bot's user and its application have the same id.
        self.application_id = self.bot.id
        self.token = f"{base64.b64encode(self.bot.id.encode()).decode()}.FAKE00.fake-bot-token"
        self.key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"fake key {seed}".encode()).digest())
        self.public_key = self.key.public_key().public_bytes_raw().hex()
        self.happenings = Happenings(clock)
        self.faults = Faults(seed)
        self.pacing = Pacing(pace=pace)
        self.gateway = Gateway(self)
        self.windows = Windows()
        self.office = PostOffice(self, patience or Patience())
        self.commands = Commands(self.application_id, clock, self.new_id)
        self.interactions: dict[str, Interaction] = {}
        #: The interactions by token.
        self.tokens: dict[str, Interaction] = {}
        #: The OpenAPI spec that bodies are validated against, if `check` is set; the further rules are always enforced.
        self.spec = _description() if check else None
        #: Validation errors of the bodies of calls; a test about anything else expects none.
        self.wrongs: list[Wrong] = []
        self.files: dict[str, tuple[str, bytes, str]] = {}
        self.nonces: dict[str, tuple[str, float]] = {}
        self.nonce_seconds = limits.NONCE_SECONDS
        #: Maximum of active threads per server.
        self.active_threads = limits.ACTIVE_THREADS
        self.interactions_url: str | None = None
        #: Notices by Discord itself, by person: that an app did not respond.
        self.notices: dict[str, list[str]] = {}
        self.url = ""
        self._draw = random.Random(seed)  # noqa: S311 - tokens of a fake are no secrets

    def new_id(self) -> str:
        """Return a new unique id."""
        return self.world.ids.new(self.clock())

    def secret(self) -> str:
        """Return a token for an interaction."""
        raw = bytes(self._draw.randrange(256) for _ in range(48))
        return base64.urlsafe_b64encode(raw).decode()

    @property
    def shelf(self) -> Shelf:
        """The file store."""
        return Shelf(keep=self.keep)

    def keep(self, name: str, content: bytes, kind: str) -> Json:
        """Store a file and return it as an attachment with a signed URL that expires (Reference, "CDN")."""
        key = self.new_id()
        self.files[key] = (name, content, kind)
        until = int(self.clock()) + 86_400
        url = f"{self.url}/attachments/0/{key}/{name}?ex={until:x}&is={until - 86_400:x}&hm={key}"
        said: Json = {"id": key, "filename": name, "size": len(content), "url": url, "proxy_url": url}
        return said | ({"content_type": kind} if kind else {})

    # ── the app and its servers ──────────────────────────────────────────────────────────────────────────────────────

    def invite(self, guild: Guild, permissions: Permissions = LEAST) -> None:
        """Add the app to a server."""
        self.world.join(guild, self.bot, permissions, role=self.bot.name)
        self.happenings.add("joined", text=guild.name)
        # A server that was not in READY comes without `unavailable`; client libraries tell a new server by it.
        told = {name: value for name, value in self.guild_create(guild).items() if name != "unavailable"}
        self.gateway.dispatch("GUILD_CREATE", told, guild=guild.id, intent=Intent.GUILDS)

    def kick(self, guild: Guild) -> None:
        """Remove the app from a server; people there are no longer offered its commands."""
        guild.members.pop(self.bot.id, None)
        self.happenings.add("left", text=guild.name)
        self.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild=guild.id, intent=Intent.GUILDS)

    def is_in(self, guild: Guild | None) -> bool:
        """Return whether the app is in a server."""
        return guild is not None and self.bot.id in guild.members

    def guilds(self) -> list[Guild]:
        """Return the servers that the app is in."""
        return [each for each in self.world.guilds.values() if self.is_in(each)]

    def guild_create(self, guild: Guild) -> Json:
        """Return a server as GUILD_CREATE describes it to the app."""
        return shapes.guild_create(self.world, guild, self.bot)

    def application(self) -> Json:
        """Return the application as the bot's token may read it."""
        installed = len([each for each in self.world.users.values() if each.installed])
        return shapes.application_json(
            self.application_id,
            self.developer,
            self.bot,
            public_key=self.public_key,
            url=self.interactions_url,
            servers=len(self.guilds()),
            users=installed,
        )

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def with_pings(self, body: Json, pings: Json) -> Json:
        """Return the body with the users that it mentions."""
        known = [self.world.users[each] for each in pings["users"] if each in self.world.users]
        more = {"mention_roles": pings["mention_roles"], "mention_everyone": pings["mention_everyone"]}
        return body | {"mentions": [shapes.user_json(each) for each in known], **more}

    def post(self, message: Message, *, quiet: bool = False) -> Message:
        """Add a message to its channel and send the event, if the app has the intent."""
        channel = self.world.channels[message.channel]
        channel.messages.append(message)
        self.world.messages[message.id] = message
        # A new message reopens an archived thread; docs.discord.com, Threads.
        channel.archived = False
        self.note("ephemeral" if message.only_for else "message", message)
        if message.only_for is None and not quiet:
            self.tell_app("MESSAGE_CREATE", message)
        return message

    def note(self, kind: str, message: Message) -> None:
        """Log a change of a message, with the text as readers see it now."""
        shown = self.seen(message)
        more: Json = {
            "id": message.id,
            "only_for": message.only_for,
            "controls": [each.label or each.custom_id for each in shown.controls],
            "files": [each["filename"] for each in message.body.get("attachments", [])],
            "pings": [each.text for each in shown.pings],
            "loading": bool(message.flags & Flag.LOADING),
        }
        who = "" if message.author is self.bot else message.author.name
        self.happenings.add(kind, who=who, channel=message.channel, text=shown.text, more=more)

    def tell_app(self, event: str, message: Message) -> None:
        """Send the app a message event, with the fields that it may read without the Message Content intent."""
        channel = self.world.channels[message.channel]
        said = self.readable(message) | ({"guild_id": channel.guild} if channel.guild else {})
        intent = Intent.DIRECT_MESSAGES if channel.type in DIRECTS else Intent.GUILD_MESSAGES
        self.gateway.dispatch(event, said, guild=channel.guild, intent=intent)

    def readable(self, message: Message, *, with_nonce: bool = False) -> Json:
        """Return a message as the app may read it (Gateway, "Message Content Intent")."""
        said = shapes.message_json(self.world, message, with_nonce=with_nonce)
        named = any(each["id"] == self.bot.id for each in said["mentions"])
        direct = self.world.channels[message.channel].type in DIRECTS
        if message.author is self.bot or named or direct:
            return said
        return said | {"content": "", "embeds": [], "components": [], "attachments": []}

    def delete(self, message: Message) -> None:
        """Delete a message."""
        message.deleted = True
        self.note("deleted", message)
        channel = self.world.channels[message.channel]
        said: Json = {"id": message.id, "channel_id": channel.id}
        said |= {"guild_id": channel.guild} if channel.guild else {}
        if message.only_for is None:
            intent = Intent.DIRECT_MESSAGES if channel.type in DIRECTS else Intent.GUILD_MESSAGES
            self.gateway.dispatch("MESSAGE_DELETE", said, guild=channel.guild, intent=intent)

    def seen(self, message: Message) -> Seen:
        """Return a message as readers see it."""
        names = {each.id: each.name for each in self.world.channels.values()}
        names |= {role.id: role.name for guild in self.world.guilds.values() for role in guild.roles.values()}
        names |= {each.id: each.name if each.is_bot else each.name.title() for each in self.world.users.values()}
        return seen(shapes.message_json(self.world, message), names=names)

    def tell(self, user: User, notice: str) -> None:
        """Show a person a notice by Discord itself."""
        self.notices.setdefault(user.id, []).append(notice)
        self.happenings.add("notice", who=user.name, text=notice)

    def channel_changed(self, event: str, channel: Channel) -> None:
        """Send the app an event about a channel or a thread."""
        if self.world.may(self.bot, channel) & Permissions.VIEW_CHANNEL or event.endswith("DELETE"):
            said = shapes.channel_json(self.world, channel)
            self.gateway.dispatch(event, said, guild=channel.guild, intent=Intent.GUILDS)

    def record(self, wrongs: Sequence[Wrong], where: str, body: Any) -> None:
        """Record the validation errors of a body."""
        self.wrongs.extend(wrongs)
        for each in wrongs:
            self.happenings.add("wrong", text=f"{where}: {each}", more={"body": body})
