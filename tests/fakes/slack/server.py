"""A fake Slack on the loopback address: Web API, sockets, files, OAuth and response URLs at one base URL."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.platform_date import date_by
from tests.fakes.slack.answers import Answers
from tests.fakes.slack.api import WebApi
from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.oauth import Consent
from tests.fakes.slack.pacing import LENIENT, Pace
from tests.fakes.slack.person import Person
from tests.fakes.slack.problems import Json
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.world import Channel, Workspace

_FILE_MOST = 64 * 1024 * 1024


class FakeSlack:
    """Runs a fake Slack until the context exits; `hub` holds its state."""

    def __init__(
        self,
        manifest: Manifest | Json | None = None,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = LENIENT,
        patience: Patience | None = None,
        seed: int = 0,
    ) -> None:
        declared = Manifest.from_dict(manifest) if isinstance(manifest, dict) else manifest
        self.hub = Hub(declared, clock=clock, pace=pace, patience=patience, seed=seed)
        self.answers = Answers(self.hub)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        consent = Consent(self.hub)
        app = web.Application(client_max_size=_FILE_MOST)
        date_by(app, self.hub.clock)
        app.add_routes(
            [
                web.route("*", "/api/{method}", WebApi(self.hub).handle),
                web.get("/link/", self.hub.sockets.handle),
                web.post("/reply/{key}", self.answers.handle),
                web.get("/oauth/v2/authorize", consent.show),
                web.post("/oauth/v2/authorize", consent.decide),
                web.post("/upload/v1/{file}", self._upload),
                web.get("/files-pri/{file}/{name:.+}", self._download),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
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
            await self.hub.hooks.close()
            self.hub.sockets.drop()
            if self._runner is not None:
                await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base URL of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api(self) -> str:
        """The URL in place of https://slack.com/api/."""
        return f"{self.url}/api/"

    def declare(self, manifest: Manifest | Json) -> None:
        """Replace the manifest."""
        self.hub.declare(Manifest.from_dict(manifest) if isinstance(manifest, dict) else manifest)

    def workspace(self, name: str = "Lab", *, enterprise: str | None = None) -> Workspace:
        """Create a workspace, or return the existing one with that name."""
        known = next((each for each in self.hub.world.workspaces.values() if each.name == name), None)
        return known or self.hub.world.add_workspace(name, enterprise=enterprise)

    def person(
        self, name: str, workspace: Workspace | None = None, *, tz: str = "UTC", locale: str = "en-US"
    ) -> Person:
        """Return a simulated person; create them in the workspace if necessary."""
        where = workspace or self.workspace()
        user = next((each for each in where.users.values() if each.name == name), None)
        user = user or self.hub.world.add_user(where, name, tz=tz, locale=locale)
        return Person(self.hub, self.answers, where, user)

    def channel(
        self,
        name: str,
        *members: Person,
        workspace: Workspace | None = None,
        bot: bool = True,
        is_private: bool = False,
    ) -> Channel:
        """Create a channel, or return the existing one with that name; with `bot`, the app's bot is a member."""
        where = workspace or self.workspace()
        channel = where.channel_named(name) or self.hub.world.add_channel(where, name, is_private=is_private)
        installation = self.hub.world.installed_in(where.id)
        joining = [each.user.id for each in members]
        joining += [installation.bot_in(where.id).id] if bot and installation else []
        channel.members += [each for each in joining if each not in channel.members]
        return channel

    def messages(self, channel: Channel) -> list[Seen]:
        """Return the messages that everyone sees in a channel, without the replies in threads."""
        return [self.hub.seen(channel, m) for m in channel.shown() if m.thread_ts in (None, m.ts) or m.broadcast]

    def thread(self, channel: Channel, ts: str) -> list[Seen]:
        """Return the replies in a thread."""
        return [self.hub.seen(channel, each) for each in channel.replies(ts)]

    async def until(self, look: Callable[[], Any], *, within: float = 30.0, what: str = "what was waited for") -> Any:
        """Wait until `look` returns a true value, and return it."""
        return await self.hub.happenings.until(look, within=within, what=what)

    async def _upload(self, request: web.Request) -> web.Response:
        kept = self.hub.files.get(request.match_info["file"])
        if kept is None:
            return web.Response(status=404, text="file_not_found")
        kept["content"] = await request.read()
        kept["file"]["size"] = len(kept["content"])
        return web.Response(text=f"OK - {len(kept['content'])}")

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        caller = self.hub.world.by_token(token)
        kept = self.hub.files.get(request.match_info["file"].partition("-")[2])
        # Without a token with access, Slack answers with a sign-in page and status 200.
        allowed = caller is not None and not caller.revoked and "files:read" in caller.scopes
        if kept is None or caller is None or not allowed or kept["team"] not in caller.teams:
            return web.Response(text="<html><title>Sign in to Slack</title></html>", content_type="text/html")
        return web.Response(body=kept["content"], content_type=kept["file"]["mimetype"])
