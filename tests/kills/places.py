"""What the processes share: a Postgres of their own, a Slack and a Discord that fail, and lists of papers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bots.domain.channels import Channel
from bots.domain.subscriptions import Look, Subscription, Weekday
from bots.store.sql import open_store
from tests.crash.discord_server import DiscordServer
from tests.crash.slack_server import SlackServer
from tests.fakes.chat_troubles import Kind, Mishap, Switched
from tests.soak.places import Lists
from tests.support.own_postgres import OwnPostgres

#: Enough for two messages of each chat.
_PAPERS = {"slack": 13, "discord": 8}
#: Papers in the list: more than any channel gets in six digests.
LISTED = 80
#: What goes wrong: about one post in five. What never answers holds a post for half a minute, so it is rare.
TROUBLES = (
    Switched(mishap=Mishap.ANSWER_LOST, chance=0.06),
    Switched(mishap=Mishap.REFUSED, chance=0.05),
    Switched(mishap=Mishap.DOWN_BEFORE, chance=0.04),
    Switched(mishap=Mishap.DOWN_AFTER, chance=0.04),
    Switched(mishap=Mishap.RESET, chance=0.03),
    Switched(mishap=Mishap.REFUSED, kind=Kind.HISTORY, chance=0.05),
)
HANGING = (Switched(mishap=Mishap.HALF_OPEN, chance=0.005), Switched(mishap=Mishap.HANGS, chance=0.005))


@dataclass(kw_only=True)
class Places:
    """The places, open."""

    folder: Path
    postgres: OwnPostgres
    slack: SlackServer
    discord: DiscordServer
    subscriptions: list[Subscription] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """The settings of each process."""
        return {
            "PAPERWIRE_DATABASE": self.postgres.url,
            "PAPERWIRE_SCHEDULE_WORKERS": "yes",
            "PAPERWIRE_SLACK_BOT_TOKEN": self.slack.token,
            "PAPERWIRE_SLACK_APP_TOKEN": self.slack.slack.hub.app_token,
            "PAPERWIRE_SLACK_API_URL": self.slack.url,
            "PAPERWIRE_DISCORD_TOKEN": self.discord.token,
            "PAPERWIRE_DISCORD_API_URL": self.discord.url,
        }

    async def subscribe(self, count: int, times: Sequence[time], created: datetime) -> None:
        """Keep subscriptions of fresh channels, half of them in each chat, all due at the same times."""
        fresh = [self._subscription(times, created) for _ in range(count)]
        async with open_store(self.postgres.url) as store:
            for subscription in fresh:
                await store.keep_subscription(subscription)

    def _subscription(self, times: Sequence[time], created: datetime) -> Subscription:
        number = len(self.subscriptions)
        platform = "slack" if number % 2 else "discord"
        server = self.slack if number % 2 else self.discord
        made = Subscription(
            id=f"order{number}",
            channel=server.channel(f"room{number}"),
            sources=(f"file:{self.folder / 'papers.json'}",),
            limit=_PAPERS[platform],
            look=Look.CARDS,
            times=tuple(times),
            weekdays=frozenset(Weekday),
            threaded=number % 4 > 1,
            created=created,
        )
        self.subscriptions.append(made)
        return made

    def channel_of(self, key: str) -> Channel:
        """Return the channel of a subscription."""
        return next(each.channel for each in self.subscriptions if each.id == key)


def every(minutes: int, offset: int) -> tuple[time, ...]:
    """Return the times of day that are so many minutes apart, the first after `offset` minutes."""
    return tuple(time(*divmod(minute, 60)) for minute in range(offset % minutes, 24 * 60, minutes))


def this_minute() -> tuple[tuple[time, ...], datetime]:
    """Return the time of day that was due a moment ago, and an instant before it for the creation."""
    now = datetime.now(UTC)
    return (time(now.hour, now.minute),), now - timedelta(minutes=2)


@asynccontextmanager
async def open_places(
    postgres: OwnPostgres, folder: Path, seed: int, listed: int, troubles: Sequence[Switched] = TROUBLES
) -> AsyncIterator[Places]:
    """Open both chats with their troubles, and write the list of papers."""
    lists = await Lists.of((folder / "papers.json",), listed)
    await asyncio.to_thread(lists.write)
    async with SlackServer(seed=seed) as slack, DiscordServer(seed=seed) as discord:
        for server in (slack, discord):
            server.switch(*troubles)
        yield Places(folder=folder, postgres=postgres, slack=slack, discord=discord)
