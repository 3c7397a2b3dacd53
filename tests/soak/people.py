"""What people do with the program, one thing after another: look up, search, paste, press, react, read pages."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from tests.fakes.discord.problems import NotPossible as NotOnDiscord
from tests.fakes.discord.problems import Timeout as DiscordTimeout
from tests.fakes.slack.problems import NotPossible as NotOnSlack
from tests.fakes.slack.problems import Timeout as SlackTimeout
from tests.soak.places import Places

#: What arXiv's stand-in has, and what it has not.
_IDS = ("1707.08567", "1706.03762", "2101.00001")
#: A paper of the first list.
_LISTED = "/paper/arxiv:2611.00001"
_WORDS = ("attention", "language models", "robots", "proteins", "planning")
_ABSTRACT = (
    "We propose method {number} for planning trips with agents and many tools. It keeps a plan of what is left to do, "
    "and asks only when two plans cost the same. On {number} trips it needs half as many questions as the best known "
    "method, and it fails in fewer of them."
)
#: Seconds that a person waits for an answer.
_PATIENCE = 60.0
_FAILED = (NotOnDiscord, NotOnSlack, DiscordTimeout, SlackTimeout, aiohttp.ClientError, TimeoutError)


class People:
    """Everybody who uses the program; `acts` counts what they did, `failures` what they could not do."""

    def __init__(self, places: Places, browser: aiohttp.ClientSession) -> None:
        self._places, self._browser = places, browser
        self._numbers = itertools.count(1)
        self.acts = 0
        self.failures: list[str] = []
        self._round: Iterator[Callable[[], Awaitable[object]]] = itertools.cycle(self._everything())

    def _everything(self) -> tuple[Callable[[], Awaitable[object]], ...]:
        return (
            self._slack_looks_up,
            self._reads_pages,
            self._discord_looks_up,
            self._slack_searches,
            self._discord_searches,
            self._reads_pages,
            self._slack_pastes,
            self._discord_pastes,
            self._slack_presses,
            self._reads_mail_pages,
            self._discord_presses,
            self._reacts,
            self._opens_home,
            self._watches,
        )

    async def acts_once(self) -> None:
        """Do the next thing, and wait until it is answered."""
        act = next(self._round)
        self.acts += 1
        try:
            await act()
        except _FAILED as error:
            self.failures.append(f"{act.__name__}: {error}"[:300])

    async def acts_all(self) -> None:
        """Do each thing once, one after another."""
        for _ in self._everything():
            await self.acts_once()

    async def _slack_looks_up(self) -> None:
        await self._types(f"/paper {_IDS[next(self._numbers) % len(_IDS)]}")

    async def _slack_searches(self) -> None:
        await self._types(f"/paper search {_WORDS[next(self._numbers) % len(_WORDS)]}")

    async def _types(self, line: str) -> None:
        places = self._places
        before = len(places.ada.sees(places.talk, only_me=True))
        await places.ada.types(line, places.talk)
        await places.slack.until(
            lambda: len(places.ada.sees(places.talk, only_me=True)) > before, within=_PATIENCE, what=line
        )

    async def _slack_pastes(self) -> None:
        places = self._places
        pasted = await places.ada.says(_ABSTRACT.format(number=next(self._numbers)), places.talk)
        await places.ada.uses_message_shortcut("summarize_message", pasted)

    async def _slack_presses(self) -> None:
        places = self._places
        for seen in reversed(places.slack.messages(places.news)):
            if "Save" in seen.buttons:
                await places.ada.presses(seen, "Save")
                return

    async def _opens_home(self) -> None:
        await self._places.ada.opens_home()

    async def _reacts(self) -> None:
        places = self._places
        if news := places.slack.messages(places.news):
            await places.ada.reacts(news[-1], "thumbsup")
        if shown := places.discord.messages(places.discord_news):
            await places.bob.reacts(shown[-1], "👍")

    async def _discord_looks_up(self) -> None:
        await self._uses("/paper lookup", paper=_IDS[next(self._numbers) % len(_IDS)])

    async def _discord_searches(self) -> None:
        await self._uses("/paper search", words=_WORDS[next(self._numbers) % len(_WORDS)])

    async def _discord_pastes(self) -> None:
        text = _ABSTRACT.format(number=next(self._numbers)).encode()
        await self._uses("/summarize", file=("abstract.txt", text))

    async def _uses(self, line: str, **options: Any) -> None:
        places = self._places
        before = len(places.bob.sees(places.discord_talk, only_me=True))
        await places.bob.uses(line, places.discord_talk, **options)
        await places.discord.until(
            lambda: len(places.bob.sees(places.discord_talk, only_me=True)) > before, within=_PATIENCE, what=line
        )

    async def _discord_presses(self) -> None:
        places = self._places
        for seen in reversed(places.discord.messages(places.discord_news)):
            if "Save" in seen.buttons:
                await places.bob.presses(seen, "Save")
                return

    async def _reads_pages(self) -> None:
        words = _WORDS[next(self._numbers) % len(_WORDS)].replace(" ", "+")
        port = self._places.ports[0]
        for path in ("/", f"/search?q={words}", "/channels", _LISTED, "/paste"):
            # A word that no page knows makes another address, which no cache has.
            await self._reads(port, f"{path}{'&' if '?' in path else '?'}n={next(self._numbers)}")

    async def _reads_mail_pages(self) -> None:
        await self._reads(self._places.ports[1], "/email/sign-up")

    async def _watches(self) -> None:
        for path in ("/healthz", "/readyz", "/metrics"):
            await self._reads(self._places.ports[2], path)

    async def _reads(self, port: int, path: str) -> None:
        # Each visit is another reader's, on a connection of its own.
        number = next(self._numbers)
        headers = {"X-Forwarded-For": f"198.51.{number // 250 % 250}.{number % 250}", "Connection": "close"}
        async with self._browser.get(f"http://127.0.0.1:{port}{path}", headers=headers) as answer:
            await answer.read()
            if answer.status >= 500:
                raise aiohttp.ClientError(f"{path} was answered with {answer.status}")


@asynccontextmanager
async def open_people(places: Places) -> AsyncIterator[People]:
    """Yield everybody, with a browser of theirs."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as browser:
        yield People(places, browser)


async def served(port: int, within: float = 60.0) -> None:
    """Wait until somebody listens on a port of this machine.

    Raises:
        TimeoutError: nobody does within so many seconds.
    """
    async with asyncio.timeout(within):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)
