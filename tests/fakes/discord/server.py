"""A fake Discord on the loopback address: REST interface, gateway and files at one base URL."""

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord.api import RestApi
from tests.fakes.discord.hub import Hub
from tests.fakes.discord.office import Patience
from tests.fakes.discord.pacing import LENIENT, Pace
from tests.fakes.discord.permissions import LEAST, MEMBER, NOTHING, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.world import Channel, ChannelType, Guild, Message, Overwrite
from tests.fakes.platform_date import date_by

_BODY_MOST = 64 * 1024 * 1024
_KINDS: Mapping[str, ChannelType] = {
    "text": ChannelType.TEXT,
    "announcement": ChannelType.ANNOUNCEMENT,
    "forum": ChannelType.FORUM,
    "voice": ChannelType.VOICE,
}


class FakeDiscord:
    """Runs a fake Discord until the context exits; `hub` holds its state."""

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = LENIENT,
        patience: Patience | None = None,
        seed: int = 0,
        check: bool = True,
    ) -> None:
        self.hub = Hub(clock=clock, pace=pace, patience=patience, seed=seed, check=check)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        api = RestApi(self.hub)
        app = web.Application(client_max_size=_BODY_MOST)
        date_by(app, self.hub.clock)
        app.add_routes(
            [
                web.route("*", "/api/v10/{path:.*}", api.handle),
                web.get("/gw", self.hub.gateway.handle),
                web.get("/gw/", self.hub.gateway.handle),
                web.get("/attachments/{channel}/{key}/{name:.+}", self._download),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.hub.url = self.url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, cancel running tasks and close every connection."""
        try:
            await self.hub.office.close()
        finally:
            await self.hub.gateway.drop(1006)
            if self._runner is not None:
                await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base URL of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api(self) -> str:
        """The base URL in place of https://discord.com/api/v10."""
        return f"{self.url}/api/v10"

    @property
    def gateway(self) -> str:
        """The URL in place of wss://gateway.discord.gg."""
        return self.hub.gateway.url

    async def declare(self, *, interactions_url: str | None) -> None:
        """Save the interactions endpoint as in the developer portal; with None, interactions go over the gateway.

        Raises:
            NotPossible: the endpoint cannot be reached, or does not verify signatures.
        """
        if interactions_url is not None:
            await self.hub.office.hooks.examine(interactions_url)
        self.hub.interactions_url = interactions_url

    # ── contents ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def guild(self, name: str = "Lab", *, locale: str = "en-US") -> Guild:
        """Create a server, or return the existing one with that name."""
        known = next((each for each in self.hub.world.guilds.values() if each.name == name), None)
        return known or self.hub.world.add_guild(name, locale=locale)

    def invite(self, guild: Guild, permissions: Permissions = LEAST) -> None:
        """Add the app to a server."""
        self.hub.invite(guild, permissions)

    def kick(self, guild: Guild) -> None:
        """Remove the app from a server."""
        self.hub.kick(guild)

    def person(
        self,
        name: str,
        *guilds: Guild,
        locale: str = "en-US",
        permissions: Permissions = MEMBER,
        owner: bool = False,
    ) -> Person:
        """Return a simulated person; create them and add them to the servers if necessary."""
        world = self.hub.world
        user = next((each for each in world.users.values() if each.name == name and not each.is_bot), None)
        user = user or world.add_user(name, locale=locale)
        for guild in guilds:
            if user.id not in guild.members or permissions != MEMBER:
                world.join(guild, user, permissions)
            guild.owner = user.id if owner else guild.owner
        return Person(self.hub, user)

    def user_installs(self, person: Person) -> None:
        """Install the app for a person (user install)."""
        person.user.installed = True
        self.hub.happenings.add("installed", who=person.user.name)

    def channel(
        self,
        name: str,
        guild: Guild | None = None,
        *,
        kind: str = "text",
        tags: Sequence[str] = (),
        moderated: Sequence[str] = (),
        require_tag: bool = False,
        denied: Permissions = NOTHING,
    ) -> Channel:
        """Create a channel, or return the existing one with that name; `denied` are permissions denied to the app."""
        where, world = guild or self.guild(), self.hub.world
        channel = next((each for each in world.in_guild(where.id) if each.name == name), None)
        fresh = channel is None
        channel = channel or world.add_channel(where, name, _KINDS[kind])
        known = set(channel.tags.values())
        channel.tags |= {world.ids.old(): each for each in (*tags, *moderated) if each not in known}
        channel.moderated |= set(moderated)
        channel.require_tag = channel.require_tag or require_tag
        if denied:
            channel.overwrites = [o for o in channel.overwrites if o.id != self.hub.bot.id]
            channel.overwrites.append(Overwrite(id=self.hub.bot.id, is_member=True, denied=denied))
        self.hub.channel_changed("CHANNEL_CREATE" if fresh else "CHANNEL_UPDATE", channel)
        return channel

    def removes(self, channel: Channel) -> None:
        """Delete a channel, as a moderator does."""
        self.hub.channel_changed("CHANNEL_DELETE", channel)
        channel.deleted = True

    # ── views ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self, channel: Channel) -> list[Seen]:
        """Return the messages that everyone sees in a channel, in order."""
        return [self.hub.seen(each) for each in channel.shown()]

    def threads(self, channel: Channel) -> list[Channel]:
        """Return the threads of a channel, or the posts of a forum, in order."""
        return self.hub.world.threads(channel)

    def thread_of(self, message: Seen | Message) -> Channel | None:
        """Return the thread that was started from a message."""
        key = message.id if isinstance(message, Message) else str(message.message["id"])
        return self.hub.world.channels.get(key)

    async def until(self, look: Callable[[], Any], *, within: float = 30.0, what: str = "what was waited for") -> Any:
        """Wait until `look` returns a true value, and return it."""
        return await self.hub.happenings.until(look, within=within, what=what)

    async def _download(self, request: web.Request) -> web.Response:
        name, content, kind = self.hub.files.get(request.match_info["key"], ("", b"", ""))
        # The URL expires after a day and is valid only with its signature; Reference, "Signed Attachment CDN URLs".
        until = int(request.query.get("ex", "0"), 16)
        if not name or request.query.get("hm") != request.match_info["key"] or self.hub.clock() > until:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=content, content_type=kind.partition(";")[0] or "application/octet-stream")
