"""The real program, killed hundreds of times while answers are lost, beside one that posts first and records later.

Rounds of orders that are due are carried out by workers that SIGKILL ends at moments nobody chose; the same again at
every point of a run that has a name. What readers saw is then held against the ledger.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.rows import Row
from tests.crash.points import MORE_POINTS, POINTS, killed_at_each
from tests.crash.scenes import EVERYTHING, FEW_LOST, LIBRARYS, Server, make_template, set_scene
from tests.crash.slack_server import SlackServer
from tests.crash.verdict import Verdict
from tests.crash.workers import Workers, open_workers
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_troubles import Switched

_KILLS = 200
#: Where all goes wrong that can, and for the peer, whose faults show early.
_FEWER = 60
#: Over Slack, and its library as it comes, which waits before it repeats a call.
_OVER_SLACK = 100
_LIBRARYS = 12
_CHANNELS = 4
_KILLS_A_ROUND = 12
#: Seconds.
_LONGEST_LIFE = 0.7
_LIBRARYS_LIFE = 4.0
_AT_ONCE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Toll:
    """What many rounds came to."""

    kills: int
    starts: int
    #: All together.
    seconds: float
    verdicts: tuple[Verdict, ...]

    @property
    def lost(self) -> int:
        """Parts that nobody saw."""
        return sum(verdict.lost for verdict in self.verdicts)

    @property
    def doubled(self) -> int:
        """Messages that were seen before."""
        return sum(verdict.doubled for verdict in self.verdicts)

    @property
    def faults(self) -> list[str]:
        """Everything that is not as it should be."""
        return [fault for verdict in self.verdicts for fault in verdict.faults]

    @property
    def pace(self) -> float:
        """Seconds that a kill and what it left took."""
        return self.seconds / max(1, self.kills)

    @property
    def once(self) -> float:
        """Messages shown of which each was planned and shown once, in per cent."""
        parts = sum(verdict.parts for verdict in self.verdicts)
        return 100 * (parts - self.lost) / (parts - self.lost + self.doubled)


def measure(_data: Path) -> Iterator[Row]:
    """Yield kills, restarts, and what was lost and doubled by them, beside a program that posts, then records."""
    with TemporaryDirectory() as folder:
        tolls = asyncio.run(_all(Path(folder)))
    late, library = "post, then record", "slack_sdk as it comes"
    yield from rows("killed at random, 15 % of answers lost", tolls["ours"], late, tolls["theirs"])
    yield from rows("killed at random, everything goes wrong", tolls["wild"], late, tolls["theirs"])
    yield from rows("killed at named points", tolls["named"], late, tolls["naive"])
    yield from rows("Slack, random kills, 15 % of answers lost", tolls["slack"], library, tolls["library"])
    yield from rows("Slack, killed at named points", tolls["slack named"], late, tolls["slack naive"])


def rows(what: str, ours: Toll, peer: str, theirs: Toll) -> Iterator[Row]:
    """Yield what rounds came to, beside a peer's."""
    yield Row(what=what, ours=ours.kills, unit="", peer=peer, theirs=theirs.kills, more_is_better=True)
    yield Row(what="  restarts", ours=ours.starts, unit="", peer=peer, theirs=theirs.starts, more_is_better=True)
    yield Row(what="  parts lost", ours=ours.lost, unit="", peer=peer, theirs=theirs.lost)
    yield Row(what="  parts doubled", ours=ours.doubled, unit="", peer=peer, theirs=theirs.doubled)
    yield Row(what="  anything else wrong", ours=_else(ours), unit="", peer=peer, theirs=_else(theirs))
    yield Row(what="  shown exactly once", ours=ours.once, unit="%", peer=peer, theirs=theirs.once, more_is_better=True)
    yield Row(what="  time, a kill", ours=ours.pace, unit="s", peer=peer, theirs=theirs.pace)


def _else(toll: Toll) -> int:
    return sum(not fault.startswith(("lost: ", "shown ")) for fault in toll.faults)


async def _all(folder: Path) -> Mapping[str, Toll]:
    template = await make_template(folder / "template.sqlite3")
    async with open_workers() as workers:
        bench = Bench(workers=workers, template=template, folder=folder)
        return {
            "ours": await bench.at_random("ours", FEW_LOST, _KILLS),
            "wild": await bench.at_random("wild", EVERYTHING, _FEWER),
            "theirs": await bench.at_random("theirs", FEW_LOST, _FEWER, naive=True),
            "named": await bench.at_points("named"),
            "naive": await bench.at_points("naive", naive=True),
            "slack": await bench.at_random("slack", FEW_LOST, _OVER_SLACK, serving=SlackServer),
            "library": await bench.at_random(
                "library",
                FEW_LOST,
                _LIBRARYS,
                serving=SlackServer,
                # It must live to repeat a call.
                longest=_LIBRARYS_LIFE,
                repeats=True,
                **LIBRARYS,
            ),
            "slack named": await bench.at_points("slack named", serving=SlackServer),
            "slack naive": await bench.at_points("slack naive", serving=SlackServer, naive=True),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """Where workers come from, what each begins with, and where all is kept."""

    workers: Workers
    template: Path
    folder: Path

    async def at_random(
        self,
        name: str,
        mishaps: Sequence[Switched],
        kills: int,
        *,
        serving: Callable[..., Server] = ChatServer,
        longest: float = _LONGEST_LIFE,
        **changes: Any,
    ) -> Toll:
        """Go on with rounds, a few side by side, until so many workers were killed."""
        began = time.monotonic()
        tolls: list[tuple[int, int, Verdict]] = []
        seeds = iter(range(10_000))

        async def go_on() -> None:
            while sum(killed for killed, _, _ in tolls) < kills:
                seed = next(seeds)
                async with serving(seed=seed) as server:
                    server.switch(*mishaps)
                    tolls.append(await self._round(seed, server, self.folder / name / str(seed), longest, changes))

        await asyncio.gather(*(go_on() for _ in range(_AT_ONCE)))
        return Toll(
            kills=sum(killed for killed, _, _ in tolls),
            starts=sum(started for _, started, _ in tolls),
            seconds=time.monotonic() - began,
            verdicts=tuple(verdict for _, _, verdict in tolls),
        )

    async def _round(
        self, seed: int, server: Server, folder: Path, longest: float, changes: Mapping[str, Any]
    ) -> tuple[int, int, Verdict]:
        # One round in four makes its blurbs itself.
        kept = self.template if seed % 4 else None
        scene = await set_scene(self.workers, server, folder, channels=_CHANNELS, template=kept, **changes)
        draw = random.Random(seed)  # noqa: S311 - the moments are to be the same again
        await scene.killed_at_random(draw, _KILLS_A_ROUND, longest)
        return scene.kills, scene.starts, await scene.verdict()

    async def at_points(self, name: str, *, serving: Callable[[], Server] = ChatServer, **changes: Any) -> Toll:
        """Kill a worker at each point."""
        began = time.monotonic()
        points = {**POINTS, **MORE_POINTS}
        ends = await killed_at_each(points, self.workers, self.folder / name, self.template, serving=serving, **changes)
        return Toll(
            kills=sum(kills for kills, _ in ends.values()),
            # Each was killed, and another went on.
            starts=2 * len(ends),
            seconds=time.monotonic() - began,
            verdicts=tuple(verdict for _, verdict in ends.values()),
        )
