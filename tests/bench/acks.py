"""Time until Slack receives the acknowledgement of a command: fifty at once, while digests are built and posted."""

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from bots.bootstrap.app import App
from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription, Weekday
from bots.slack.manifest import manifest
from bots.store._secrets import new_key
from summarizer import Secret
from tests.bench.rows import Row
from tests.fakes.slack.deliveries import COMMANDS, Delivery
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel as Chat
from tests.slack.conftest import at_work

#: Slack's limit; after three seconds it reports a failure of the app to the person.
ALLOWED = 3000.0
#: Our target for the 99th percentile.
_WANTED = 150.0
_AT_ONCE = 50
#: The next fifty start when the last fifty are acknowledged and still being answered.
_WAVES = 3
_DIGESTS = 5
_WORDS = ("1706.03762", "search attention", "digest source=sample limit=3", "saved", "transformers", "help")


def measure(_data: Path) -> Iterator[Row]:
    """Yield milliseconds from a command to its acknowledgement."""
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(latencies(Path(folder)))
    slowest = quantiles(taken, n=100)[-1]
    for what, ours in (("acknowledged, the slowest in a hundred", slowest), ("acknowledged, median", median(taken))):
        yield Row(what=what, ours=ours, unit="ms", peer="wanted of the slowest", theirs=_WANTED)


async def latencies(folder: Path, *, waves: int = _WAVES) -> list[float]:
    """Return the milliseconds until each command of some waves was acknowledged, while digests are built and posted."""
    async with FakeSlack(manifest("socket"), pace=None) as slack:
        ada = slack.person("ada", tz="Europe/Vienna")
        installation = slack.hub.install(slack.workspace())
        papers = slack.channel("papers", ada)
        channels = [slack.channel(f"digest-{number}", ada).id for number in range(_DIGESTS)]
        keys = (Secret(new_key()),)
        async with at_work(slack, folder, installation.token, token_keys=keys) as application:
            await ada.types("/paper help", papers)
            runs = [
                await opened(application, Channel(platform="slack", workspace=installation.teams[0], channel=each))
                for each in channels
            ]
            posting = [asyncio.create_task(application.executor.execute(run)) for run in runs]
            typed = [each for _ in range(waves) for each in await _wave(ada, papers)]
            await asyncio.gather(*posting)
            answers = len(typed) + 1
            await slack.until(lambda: len(ada.sees(papers, only_me=True)) >= answers, within=60, what="all answers")
        if not all(each.acked for each in typed):
            raise TimeoutError("a command was not acknowledged")
        return slack.hub.office.latencies(COMMANDS)[1:]


async def _wave(ada: Person, papers: Chat) -> list[Delivery]:
    words = (f"/paper {_WORDS[number % len(_WORDS)]}" for number in range(_AT_ONCE))
    return await asyncio.gather(*(ada.types(each, papers) for each in words))


async def opened(application: App, place: Channel) -> str:
    """Create a subscription that is due this minute, and open its run."""
    now = application.service.clock()
    subscription = Subscription(
        id=f"bench-{place.channel}",
        channel=place,
        sources=("sample",),
        limit=10,
        times=(now.time().replace(second=0, microsecond=0),),
        weekdays=frozenset(Weekday),
        created=now - timedelta(minutes=2),
    )
    await application.store.keep_subscription(subscription)
    return await application.due_runs.open_due(subscription) or ""
