"""The real program, killed hundreds of times while responses are lost, next to one that posts before it records.

In each round, workers that SIGKILL ends at random moments deliver due subscriptions; further kills are at every
named point of a run. The posted messages are then compared with the ledger.
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
#: For the scenario with every mishap, and for the peer, whose faults appear early.
_FEWER = 60
#: For Slack with our client, and below, with the library's defaults, which wait before they repeat a call.
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
    """The result of many rounds."""

    kills: int
    starts: int
    #: Of all rounds together.
    seconds: float
    verdicts: tuple[Verdict, ...]

    @property
    def lost(self) -> int:
        """Parts without a message."""
        return sum(verdict.lost for verdict in self.verdicts)

    @property
    def doubled(self) -> int:
        """Messages that repeat an earlier one."""
        return sum(verdict.doubled for verdict in self.verdicts)

    @property
    def faults(self) -> list[str]:
        """Every deviation from correct delivery."""
        return [fault for verdict in self.verdicts for fault in verdict.faults]

    @property
    def pace(self) -> float:
        """Seconds per kill, including the recovery."""
        return self.seconds / max(1, self.kills)

    @property
    def once(self) -> float:
        """Share of posted messages that are planned and posted once, in per cent."""
        parts = sum(verdict.parts for verdict in self.verdicts)
        return 100 * (parts - self.lost) / (parts - self.lost + self.doubled)


def measure(_data: Path) -> Iterator[Row]:
    """Yield kills, restarts, lost parts and doubled parts, next to a program that posts before it records."""
    with TemporaryDirectory() as folder:
        tolls = asyncio.run(_all(Path(folder)))
    late, library = "post, then record", "slack_sdk as it comes"
    yield from rows("killed at random, 15 % of answers lost", tolls["ours"], late, tolls["theirs"])
    yield from rows("killed at random, everything goes wrong", tolls["wild"], late, tolls["theirs"])
    yield from rows("killed at named points", tolls["named"], late, tolls["naive"])
    yield from rows("Slack, random kills, 15 % of answers lost", tolls["slack"], library, tolls["library"])
    yield from rows("Slack, killed at named points", tolls["slack named"], late, tolls["slack naive"])


def rows(what: str, ours: Toll, peer: str, theirs: Toll) -> Iterator[Row]:
    """Yield the result of rounds, next to a peer's."""
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
                # It must live long enough to repeat a call.
                longest=_LIBRARYS_LIFE,
                repeats=True,
                **LIBRARYS,
            ),
            "slack named": await bench.at_points("slack named", serving=SlackServer),
            "slack naive": await bench.at_points("slack naive", serving=SlackServer, naive=True),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """The source of workers, the database that each starts from, and the folder for all files."""

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
        """Play rounds, a few side by side, until that many workers were killed."""
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
        # One round in four builds its blurbs itself.
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
            # Each point has one worker that is killed and one that completes the delivery.
            starts=2 * len(ends),
            seconds=time.monotonic() - began,
            verdicts=tuple(verdict for _, verdict in ends.values()),
        )
