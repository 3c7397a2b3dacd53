"""The real program on machines whose clock is wrong or is set while a part is on its way, killed at random.

Three responses in ten are lost, and each platform's clock is right. The peer has the same clock and posts before it
records.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.crash import Bench, Toll, rows
from tests.bench.rows import Row
from tests.crash.clocks import CLOCKS, WINDOW
from tests.crash.discord_server import DiscordServer
from tests.crash.scenes import Server, make_template
from tests.crash.slack_server import SlackServer
from tests.crash.workers import open_workers
from tests.fakes.chat_troubles import Mishap, Switched

_MANY_LOST = (Switched(mishap=Mishap.ANSWER_LOST, chance=0.3),)
#: Kills for each clock.
_KILLS = int(os.environ.get("PAPERWIRE_BENCH_KILLS", "36"))
_SERVERS: Mapping[str, tuple[Callable[..., Server], float]] = {
    "Slack": (SlackServer, 0.7),
    # A worker identifies itself twice before it posts.
    "Discord": (partial(DiscordServer, forgets=True, cuts=True), 1.2),
}


def measure(_data: Path) -> Iterator[Row]:
    """Yield kills, restarts, lost parts and doubled parts for each chat and each clock."""
    with TemporaryDirectory() as folder:
        tolls = asyncio.run(_all(Path(folder)))
    for name, (ours, naive) in tolls.items():
        yield from rows(name, ours, "post, then record", naive)


async def _all(folder: Path) -> Mapping[str, tuple[Toll, Toll]]:
    template = await make_template(folder / "template.sqlite3")
    tolls: dict[str, tuple[Toll, Toll]] = {}
    async with open_workers() as workers:
        bench = Bench(workers=workers, template=template, folder=folder)
        for chat, (serving, longest) in _SERVERS.items():
            given: dict[str, Any] = {"serving": serving, "longest": longest, "window": WINDOW}
            naive = await bench.at_random(f"{chat} naive", _MANY_LOST, _KILLS, naive=True, **given)
            for clock, changes in CLOCKS.items():
                name = f"{chat}, {clock}"
                tolls[name] = await bench.at_random(name, _MANY_LOST, _KILLS, **given, **changes), naive
    return tolls
