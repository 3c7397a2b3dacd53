"""A fake Discord in a process of its own, with servers, channels, and a person who uses commands meanwhile."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.far import serve
from tests.bench.far_chat import Log
from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as Chat
from tests.fakes.discord.world import ChannelType, Guild

#: Interval between a person's commands during the delivery. Seconds.
_ASKS_EVERY = 0.25
#: Seconds until the app has connected and registered its commands.
_TO_CONNECT = 120.0


class FarDiscord:
    """A fake Discord, and the questions about it."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._log = Log()
        self._asking: asyncio.Task[None] | None = None

    async def open(self, *, channels: int, guilds: int = 1, limited: bool = True) -> dict[str, Any]:
        """Open a fake with so many channels in each of some servers; return its address, its token and the channels."""
        discord = FakeDiscord(pace=STRICT if limited else None, check=False)
        self._discord = await self._stack.enter_async_context(discord)
        self._discord.hub.happenings.all = self._log
        rooms: list[Chat] = []
        for number in range(guilds):
            guild = discord.guild(f"Lab {number}")
            discord.invite(guild)
            rooms += [discord.hub.world.add_channel(guild, f"room{each}", ChannelType.TEXT) for each in range(channels)]
        places = [[room.guild, room.id] for room in rooms]
        return {"api": discord.api, "token": discord.hub.token, "places": places}

    async def until_connected(self) -> None:
        """Return when the app is connected and has registered its commands."""
        await self._discord.hub.gateway.connected(within=_TO_CONNECT)
        await self._discord.until(lambda: self._discord.hub.commands.of(None), within=_TO_CONNECT, what="the commands")

    async def until_posted(self, count: int, within: float) -> bool:
        """Wait until so many messages were posted; return False if they were not within so many seconds."""
        try:
            await self._discord.until(lambda: len(self._log.posts) >= count, within=within, what=f"{count} messages")
        except AssertionError:
            return False
        return True

    async def person_asks(self) -> None:
        """Let a person use a command four times a second from now on."""
        guild: Guild = next(iter(self._discord.hub.world.guilds.values()))
        ada, talk = self._discord.person("ada", guild), self._discord.channel("talk", guild)
        self._asking = asyncio.create_task(self._asks(ada, talk))

    async def _asks(self, ada: Person, talk: Chat) -> None:
        while True:
            await ada.uses("/paper help", talk)
            await asyncio.sleep(_ASKS_EVERY)

    async def flight(self) -> dict[str, Any]:
        """Return when each message was posted, in seconds since the epoch, with its channel, and other results."""
        if self._asking is not None:
            self._asking.cancel()
        return {
            "posts": self._log.posts,
            "refused": self._log.refused,
            "acked": [1000 * each for each in self._discord.hub.office.latencies()],
            "cpu": time.process_time(),
        }


async def _main() -> None:
    async with AsyncExitStack() as stack:
        it = FarDiscord(stack)
        await serve(
            {
                "open": it.open,
                "until_connected": it.until_connected,
                "until_posted": it.until_posted,
                "person_asks": it.person_asks,
                "flight": it.flight,
            }
        )


if __name__ == "__main__":
    asyncio.run(_main())
