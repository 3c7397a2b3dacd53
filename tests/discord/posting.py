"""An adapter that posts to a fake Discord, digests for it, and the messages seen there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bots.bootstrap.app import utc_now
from bots.discord.app import DiscordAdapter
from bots.discord.poster import DiscordPoster
from bots.discord.rest_client import rest
from bots.discord.settings import MessageFormat
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.papers import PaperId
from bots.domain.subscriptions import Look
from tests.discord.conftest import settings_for
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as Chat
from tests.support.factories import a_digest, a_paper, an_entry

#: Number of papers that fill two messages.
EIGHT = 8


@asynccontextmanager
async def room_in(
    discord: FakeDiscord, *, publish: bool = False, look: MessageFormat = MessageFormat.CARDS
) -> AsyncIterator[DiscordAdapter]:
    """Yield an adapter that can post."""
    async with rest(settings_for(discord, listening=False), RequestBudget(most=10_000)) as speaking:
        yield DiscordAdapter(DiscordPoster(speaking, look=look, publish=publish, seconds=5.0))


def place(discord: FakeDiscord, chat: Chat) -> Channel:
    """Return a channel as subscriptions name it."""
    return Channel(platform="discord", workspace=discord.guild().id, channel=chat.id)


def digest_for(channel: Channel, papers: int = 1, **changes: Any) -> Digest:
    """Return a digest with the given number of papers, each as a card."""
    papers_ = [a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}") for number in range(papers)]
    entries = tuple(an_entry(paper=paper) for paper in papers_)
    return a_digest(**{"channel": channel, "entries": entries, "look": Look.CARDS, **changes})


async def posted(adapter: DiscordAdapter, parts: tuple[Part, ...], key: str = "run") -> list[str]:
    """Post a digest's parts in order, and return their ids."""
    ids: list[str] = []
    for part in parts:
        ids.append(await adapter.post(part, f"{key}-{part.number}", root=ids[0] if ids else ""))
    return ids


async def found(adapter: DiscordAdapter, channel: Channel, key: str, root: str = "") -> str | None:
    """Find a part that was posted within the last minute."""
    return await adapter.find(channel, key, utc_now() - timedelta(minutes=1), root=root)


def shown(discord: FakeDiscord, chat: Chat | None) -> list[Seen]:
    """Return the messages seen in a channel."""
    assert chat is not None
    return discord.messages(chat)
