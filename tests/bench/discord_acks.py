"""Time until Discord receives the acknowledgement of a command: fifty people at once, while digests are posted."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bots.discord.settings import ConnectionMode
from bots.domain.channels import Channel
from tests.bench.acks import opened
from tests.bench.rows import Row
from tests.discord.conftest import at_work, founded
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as Chat

#: Discord's limit; after three seconds it reports to the person that the app did not respond.
ALLOWED = 3000.0
#: Our target for the 99th percentile.
_WANTED = 150.0
_AT_ONCE = 50
#: The next fifty start when the last fifty are acknowledged and still being answered.
_WAVES = 3
_DIGESTS = 5
_ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/paper lookup", {"paper": "1706.03762"}),
    ("/paper search", {"words": "attention"}),
    ("/paper digest", {"source": "sample", "limit": 3}),
    ("/paper saved", {}),
    ("/paper lookup", {"paper": "transformers"}),
    ("/paper help", {}),
)


def measure(_data: Path) -> Iterator[Row]:
    """Yield milliseconds from a command to its acknowledgement, in each connection mode."""
    for way in ConnectionMode:
        with tempfile.TemporaryDirectory() as folder:
            taken = asyncio.run(latencies(Path(folder), way))
        slowest = quantiles(taken, n=100)[-1]
        for what, ours in (("the slowest in a hundred", slowest), ("median", median(taken))):
            yield Row(
                what=f"{way}: acknowledged, {what}", ours=ours, unit="ms", peer="wanted of the slowest", theirs=_WANTED
            )


async def latencies(folder: Path, way: ConnectionMode = ConnectionMode.GATEWAY, *, waves: int = _WAVES) -> list[float]:
    """Return the milliseconds until each command of some waves was acknowledged, while digests are built and posted."""
    async with FakeDiscord(pace=None, check=False) as discord:
        guild = founded(discord)
        people = [discord.person(f"person{number}", guild) for number in range(_AT_ONCE)]
        papers = discord.channel("papers", guild)
        channels = [discord.channel(f"digest-{number}", guild).id for number in range(_DIGESTS)]
        async with at_work(discord, folder, way) as application:
            await people[0].uses("/paper help", papers)
            runs = [
                await opened(application, Channel(platform="discord", workspace=guild.id, channel=each))
                for each in channels
            ]
            posting = [asyncio.create_task(application.executor.execute(run)) for run in runs]
            typed = [each for wave in range(waves) for each in await _wave(people, papers, wave)]
            await asyncio.gather(*posting)
        if not all(each.acked for each in typed):
            raise TimeoutError("a command was not acknowledged")
        return [1000 * each.acked_after for each in typed if each.acked_after is not None]


async def _wave(people: list[Person], papers: Chat, wave: int) -> list[Interaction]:
    asked = (_ASKED[(number + wave) % len(_ASKED)] for number in range(len(people)))
    return await asyncio.gather(
        *(person.uses(line, papers, **given) for person, (line, given) in zip(people, asked, strict=True))
    )
