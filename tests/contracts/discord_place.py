"""The Discord adapter with a shared fake Discord that runs in its own thread, so that a place is created quickly."""

import asyncio
import atexit
import json
import threading
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import aiohttp

from bots.discord.app import DiscordAdapter, DiscordSettings
from bots.discord.messages import Message as Shown
from bots.discord.outgoing import reply_messages
from bots.discord.poster import DiscordPoster
from bots.discord.responses import InteractionResponse
from bots.discord.rest_client import RestClient, rest
from bots.discord.settings import MessageFormat
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.replies import Reply
from bots.testing import Fault, Stage
from bots.testing.failing import RETRY_AFTER
from bots.testing.stage import hidden_in
from summarizer import Secret
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Message
from tests.support.doubles import Hand

#: Only for arXiv: an entry links to it besides the addresses of its paper.
_PDF = "https://arxiv.org/pdf/"


class _Served:
    """One fake Discord for all places; its clock is the `Hand` of the newest place."""

    def __init__(self) -> None:
        self.hand = Hand()
        self.discord = FakeDiscord(clock=lambda: self.hand().timestamp(), pace=None)
        self.founded = 0
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self.discord.__aenter__(), self._loop).result()
        atexit.register(self._end, thread)

    def found(self, hand: Hand) -> tuple[Channel, Channel]:
        """Return two channels in a new server."""
        self.hand = hand
        self.founded += 1
        self.discord.hub.happenings.all.clear()
        self.discord.hub.faults.heal()
        guild = self.discord.guild(f"Lab {self.founded}")
        self.discord.invite(guild)
        papers, other = (self.discord.channel(name, guild).id for name in ("papers", "other"))
        return (
            Channel(platform="discord", workspace=guild.id, channel=papers),
            Channel(platform="discord", workspace=guild.id, channel=other),
        )

    def _end(self, thread: threading.Thread) -> None:
        asyncio.run_coroutine_threadsafe(self.discord.__aexit__(None, None, None), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join()
        self._loop.close()


_served = cache(_Served)

_TROUBLES: Mapping[Fault, tuple[Trouble, Mapping[str, object]]] = {
    Fault.BUSY: (Trouble.RATE_LIMITED, {"seconds": RETRY_AFTER}),
    Fault.DOWN: (Trouble.DOWN_BEFORE, {}),
    Fault.TOO_LARGE: (Trouble.REFUSED, {"code": 40005}),
    Fault.GONE: (Trouble.REFUSED, {"code": 10003}),
    Fault.FORBIDDEN: (Trouble.REFUSED, {"code": 50013}),
    Fault.LOST_BEFORE: (Trouble.RESET, {}),
    Fault.LOST_AFTER: (Trouble.ANSWER_LOST, {}),
    Fault.GARBLED: (Trouble.CLOUDFLARE, {}),
}


class _Lone(DiscordAdapter):
    """An adapter that logs in for each call, so that it leaves no connection open."""

    def __init__(self, settings: DiscordSettings) -> None:
        self._settings = settings

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[tuple[DiscordAdapter, RestClient]]:
        """Yield the production adapter, and its client."""
        async with rest(self._settings, RequestBudget(most=10_000)) as speaking:
            yield DiscordAdapter(DiscordPoster(speaking, look=self._settings.look, publish=False)), speaking

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        async with self.speaking() as (connected, _):
            return await connected.post(part, key, root=root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        async with self.speaking() as (connected, _):
            return await connected.find(channel, key, since, root=root)

    async def platform_time(self) -> datetime | None:
        async with self.speaking() as (connected, _):
            return await connected.platform_time()

    async def check_channel(self, channel: Channel) -> None:
        async with self.speaking() as (connected, _):
            await connected.check_channel(channel)


class DiscordPlace(Stage):
    """A channel in a server."""

    knows_keys = True
    can_be_asked = True
    #: Discord's clock and ours may differ by two minutes.
    skew = timedelta(minutes=2)

    def __init__(self, *, look: MessageFormat = MessageFormat.CARDS) -> None:
        self.clock = clock = Hand()
        self._discord, self._look = _served().discord, look
        self.channel, self.elsewhere = _served().found(clock)
        token = Secret(self._discord.hub.token)
        self._headers = {
            "Authorization": f"Bot {token.reveal()}",
            "User-Agent": "DiscordBot (https://github.com/Rapptz/discord.py 2.7.1)",
        }
        self._files: list[str] = []
        self.adapter = _Lone(DiscordSettings(token=token, api_url=self._discord.api, look=look))

    async def show(self, reply: Reply) -> None:
        # A reply has the same body in the channel as in a message to one person.
        where = f"{self._discord.api}/channels/{self.channel.channel}/messages"
        async with aiohttp.ClientSession(headers=self._headers) as session:
            for message in reply_messages(reply):
                self._files += [text for _, text in message.files]
                async with session.post(where, **_sent(message, self._look)) as said:
                    assert 200 == said.status, await said.text()

    def fail(self, fault: Fault) -> None:
        trouble, more = _TROUBLES[fault]
        self._discord.hub.faults.switch(trouble, "* /channels/*/messages*", left=1, **more)

    def _messages(self) -> list[Seen]:
        world = self._discord.hub.world
        places = (each for each in world.channels.values() if self.channel.channel in (each.id, each.parent))
        found: list[Message] = [message for place in places for message in place.shown()]
        return [self._discord.hub.seen(each) for each in sorted(found, key=lambda message: int(message.id))]

    def seen(self) -> str:
        messages = self._messages()
        links = [way.url for each in messages for way in each.links]
        return "\n".join([*(each.text for each in messages), *links, *self._files])

    def injected(self, links: Iterable[str]) -> list[str]:
        found: list[str] = []
        allowed = set(map(_unquoted, links))
        for seen in self._messages():
            targets = [_unquoted(way.url) for way in seen.links]
            found += [url for url in targets if url not in allowed and not url.startswith(_PDF)]
            found += [str(ping) for ping in (*seen.pings, *seen.doubtful_pings)] + [str(each) for each in seen.previews]
        return found + hidden_in(self.seen())


def _unquoted(url: str) -> str:
    """Return an address with the percent-encoded signs decoded that would end a link, or start italics, in markdown."""
    return url.replace("%28", "(").replace("%29", ")").replace("%2A", "*")


def _sent(message: Shown, look: MessageFormat) -> dict[str, Any]:
    """Return the arguments that post a message: JSON, or a form if it has files."""
    body = InteractionResponse.body(message, look)
    if not message.files:
        return {"json": body}
    form = aiohttp.FormData(quote_fields=False)
    attached = [{"id": str(number), "filename": name} for number, (name, _) in enumerate(message.files)]
    form.add_field("payload_json", json.dumps({**body, "attachments": attached}), content_type="application/json")
    for number, (name, text) in enumerate(message.files):
        form.add_field(f"files[{number}]", text.encode(), filename=name)
    return {"data": form}
