"""Everything that the program meets, on this machine: both chats, the sources, a mail server, a database."""

import json
import random
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import product
from pathlib import Path

from bots.domain.channels import Channel
from bots.domain.mailboxes import Mailbox
from bots.domain.subscriptions import Subscription, Weekday
from bots.ports import SourceQuery
from bots.slack.manifest import manifest
from bots.sources.sample import SampleDay
from bots.store.sql import open_store
from tests.conftest import ROOT
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person as DiscordPerson
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as DiscordChannel
from tests.fakes.mail_server import FakeMailServer
from tests.fakes.paper_server import PaperServer
from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.person import Person as SlackPerson
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel as SlackChannel
from tests.slack.conftest import free_port
from tests.support.own_postgres import OwnPostgres

SAMPLES = ROOT / "tests/samples/sources"
#: Papers in the list at a time; each is in it until the next list.
PAPERS = 6
_DAY = 24 * 60
#: Entries that the stand-ins keep: theirs is not the memory that is measured, but they share the machine.
_KEPT = 200
_READER = "reader@example.org"


@dataclass(frozen=True, kw_only=True)
class Places:
    """The places, open."""

    folder: Path
    postgres: OwnPostgres
    slack: FakeSlack
    discord: FakeDiscord
    papers: PaperServer
    mail: FakeMailServer
    ada: SlackPerson
    #: Where people talk, and where digests are posted.
    talk: SlackChannel
    news: SlackChannel
    bob: DiscordPerson
    discord_talk: DiscordChannel
    discord_news: DiscordChannel
    slack_token: str
    #: Ports of the web page, of the pages for readers of mail, and of the metrics.
    ports: tuple[int, int, int]

    #: How many lists of papers there are, each with a subscription of every platform.
    wide: int = 1

    @property
    def lists(self) -> tuple[Path, ...]:
        """The files of papers that digests are made of."""
        return tuple(self.folder / f"papers-{number}.json" for number in range(self.wide))

    def environ(self) -> dict[str, str]:
        """Return the settings of the program."""
        web, mail, metrics = (f"127.0.0.1:{port}" for port in self.ports)
        return {
            "PAPERWIRE_DATABASE": self.postgres.url,
            "PAPERWIRE_SLACK_BOT_TOKEN": self.slack_token,
            "PAPERWIRE_SLACK_APP_TOKEN": self.slack.hub.app_token,
            "PAPERWIRE_SLACK_API_URL": self.slack.api,
            "PAPERWIRE_SLACK_UNFURL": "yes",
            "PAPERWIRE_DISCORD_TOKEN": self.discord.hub.token,
            "PAPERWIRE_DISCORD_API_URL": self.discord.api,
            "PAPERWIRE_EMAIL_SERVER": f"127.0.0.1:{self.mail.port}",
            "PAPERWIRE_EMAIL_SENDER": "Paperwire <papers@example.org>",
            "PAPERWIRE_EMAIL_LISTEN": mail,
            "PAPERWIRE_EMAIL_PUBLIC_URL": f"http://{mail}",
            "PAPERWIRE_EMAIL_SIGN_UP": "anyone",
            "PAPERWIRE_WEB_LISTEN": web,
            "PAPERWIRE_OPERATIONS_LISTEN": metrics,
            **{f"PAPERWIRE_SOURCES_{name.upper()}": url for name, url in self.papers.places.items()},
        }

    async def subscribe(self, every: int) -> None:
        """Keep a subscription of each platform to each list that is due every so many minutes."""
        team, guild = self.talk.team, self.discord_talk.guild or ""
        now = datetime.now(UTC)
        mailbox = Mailbox(
            id="reader", address=_READER, address_key=_READER, secret="secret", created=now, confirmed=now
        )  # fmt: skip
        channels = (
            Channel(platform="slack", workspace=team, channel=self.news.id),
            Channel(platform="discord", workspace=guild, channel=self.discord_news.id),
            mailbox.channel,
        )
        async with open_store(self.postgres.url) as store:
            await store.keep_mailbox(mailbox)
            for number, (channel, file) in enumerate(product(channels, self.lists)):
                await store.keep_subscription(self._subscription(f"soak-{number}", channel, file, every, now))

    def _subscription(self, name: str, channel: Channel, file: Path, every: int, now: datetime) -> Subscription:
        return Subscription(
            id=name,
            channel=channel,
            sources=(f"file:{file}",),
            times=tuple(time(*divmod(minute, 60)) for minute in range(0, _DAY, every)),
            weekdays=frozenset(Weekday),
            created=now,
        )

    def forget(self) -> None:
        """Drop what the stand-ins remember of long ago."""
        for happenings in (self.slack.hub.happenings.all, self.discord.hub.happenings.all):
            del happenings[:-_KEPT]
        for channel in (self.talk, self.news):
            del channel.messages[:-_KEPT]
        for place in (self.discord_talk, self.discord_news):
            del place.messages[:-_KEPT]
        del self.papers.calls[:-_KEPT]
        del self.mail.accepted[:-_KEPT]


class Lists:
    """Writes lists of papers that nobody has seen before; their sentences are those of the sample day."""

    def __init__(self, files: Sequence[Path], texts: tuple[str, ...], count: int) -> None:
        self._files, self._texts, self._count = files, texts, count
        self._random = random.Random(1)  # noqa: S311 - the same papers each time
        self._next = 0

    @classmethod
    async def of(cls, files: Sequence[Path], count: int = PAPERS) -> "Lists":
        """Return the writer of some files, each with so many papers."""
        sample = await SampleDay().recent(SourceQuery(day=datetime.now(UTC).date()))
        return cls(files, tuple(paper.abstract for paper in sample.papers), count)

    def write(self) -> None:
        """Replace each list by another one, in one step."""
        for file in self._files:
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(list(self._papers())), encoding="utf-8")
            fresh.replace(file)

    def _papers(self) -> Iterator[Mapping[str, object]]:
        for _ in range(self._count):
            self._next += 1
            yield {
                "id": f"https://arxiv.org/abs/2611.{self._next:05}",
                "title": f"Study {self._next} of {' '.join(self._random.choice(self._texts).split()[:6])}",
                "abstract": self._random.choice(self._texts),
                "authors": [f"Ada Author{self._random.randrange(500)}"],
            }


@asynccontextmanager
async def open_places(postgres: OwnPostgres, wide: int = 1) -> AsyncIterator[Places]:
    """Open every place, with so many lists of papers, until the context exits."""
    patient = Patience(ack_seconds=30.0, event_retries=())
    slack = FakeSlack(manifest("socket", unfurl=True), pace=None, patience=patient)
    discord = FakeDiscord(pace=None, check=False)
    papers, mail = PaperServer(SAMPLES), FakeMailServer()
    with tempfile.TemporaryDirectory() as folder:
        async with slack, discord, papers, mail:
            ada = slack.person("ada")
            guild = discord.guild("Lab")
            discord.invite(guild)
            bob = discord.person("bob", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
            installed = slack.hub.install(slack.workspace())
            yield Places(
                folder=Path(folder),
                postgres=postgres,
                slack=slack,
                discord=discord,
                papers=papers,
                mail=mail,
                ada=ada,
                talk=slack.channel("talk", ada),
                news=slack.channel("news", ada),
                bob=bob,
                discord_talk=discord.channel("talk", guild),
                discord_news=discord.channel("news", guild),
                slack_token=installed.token,
                ports=(free_port(), free_port(), free_port()),
                wide=wide,
            )
