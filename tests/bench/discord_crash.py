"""The real program, killed while it posts to Discord and responses are lost, next to one that posts before it records.

The gateway connection is cut whenever a message was accepted. Nonces are forgotten before a lease lapses: a part is
posted once because the program searches for it, not because Discord remembers the nonce.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.crash import Bench, Toll, rows
from tests.bench.rows import Row
from tests.crash.discord_server import DiscordServer
from tests.crash.scenes import EVERYTHING, FEW_LOST, make_template
from tests.crash.workers import open_workers

_KILLS = 100
_FEWER = 50
#: A worker identifies itself twice before it posts. Seconds.
_LONGEST_LIFE = 1.2


def measure(_data: Path) -> Iterator[Row]:
    """Yield kills, restarts, lost parts and doubled parts."""
    with TemporaryDirectory() as folder:
        tolls = asyncio.run(_all(Path(folder)))
    late = "post, then record"
    yield from rows("Discord, random kills, 15 % of answers lost", tolls["few"], late, tolls["naive"])
    yield from rows("Discord, everything goes wrong, nonces known", tolls["wild"], late, tolls["naive"])
    yield from rows("Discord, killed at named points", tolls["named"], late, tolls["naive"])


async def _all(folder: Path) -> Mapping[str, Toll]:
    forgetful = partial(DiscordServer, forgets=True, cuts=True)
    template = await make_template(folder / "template.sqlite3")
    async with open_workers() as workers:
        bench = Bench(workers=workers, template=template, folder=folder)
        return {
            "few": await bench.at_random("few", FEW_LOST, _KILLS, serving=forgetful, longest=_LONGEST_LIFE),
            "wild": await bench.at_random(
                "wild", EVERYTHING, _FEWER, serving=partial(DiscordServer, cuts=True), longest=_LONGEST_LIFE
            ),
            "naive": await bench.at_random(
                "naive", FEW_LOST, _FEWER, serving=forgetful, longest=_LONGEST_LIFE, naive=True
            ),
            "named": await bench.at_points("named", serving=forgetful),
        }
