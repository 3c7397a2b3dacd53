"""A fake Slack in a process of its own, with workspaces that have installed the app, and channels."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.far import serve
from tests.bench.far_chat import Log
from tests.fakes.slack.pacing import STRICT
from tests.fakes.slack.server import FakeSlack


class FarSlack:
    """A fake Slack, and the questions about it."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._log = Log()

    async def open(self, *, channels: int, workspaces: int = 1, limited: bool = True) -> dict[str, Any]:
        """Open a fake with so many channels in each of some workspaces; return its address, the channels and tokens."""
        slack = await self._stack.enter_async_context(FakeSlack(pace=STRICT if limited else None))
        self._slack = slack
        tokens: dict[str, str] = {}
        places: list[list[str]] = []
        for number in range(workspaces):
            team = slack.workspace(f"Lab {number}")
            tokens[team.id] = slack.hub.install(team, scopes=frozenset({"chat:write", "channels:history"})).token
            places += [[team.id, slack.channel(f"room{each}", workspace=team).id] for each in range(channels)]
        slack.hub.happenings.all = self._log
        return {"api": slack.api, "tokens": tokens, "places": places}

    async def until_posted(self, count: int, within: float) -> bool:
        """Wait until so many messages were posted; return False if they were not within so many seconds."""
        try:
            await self._slack.until(lambda: len(self._log.posts) >= count, within=within, what=f"{count} messages")
        except AssertionError:
            return False
        return True

    async def flight(self) -> dict[str, Any]:
        """Return when each message was posted, in seconds since the epoch, with its channel, and refusals."""
        return {"posts": self._log.posts, "refused": self._log.refused, "cpu": time.process_time()}


async def _main() -> None:
    async with AsyncExitStack() as stack:
        it = FarSlack(stack)
        await serve({"open": it.open, "until_posted": it.until_posted, "flight": it.flight})


if __name__ == "__main__":
    asyncio.run(_main())
