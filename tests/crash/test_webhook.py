"""After kills during delivery to webhooks no part is lost, and one that comes twice is the same message.

A receiver cannot be asked what it has. So a message whose acceptance is unknown is sent again, with the id of the
first: a receiver that drops such copies, as the specification asks, shows it once.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from bots.store.sql import open_store
from tests.crash.points import POINTS, Point
from tests.crash.scenes import EVERYTHING, FEW_LOST, Scene, set_scene
from tests.crash.verdict import _papers, _unfinished
from tests.crash.webhook_server import WebhookServer
from tests.crash.workers import Workers
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Switched

_KILLS = 4
#: Points that delivery to a webhook does not pass: its receiver cannot be asked.
_NOT_HERE = ("found", "not found")
_POINTS = {name: point for name, point in POINTS.items() if name not in _NOT_HERE}


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookVerdict:
    """What the receivers of a scene have."""

    parts: int
    #: Parts that no message brought.
    lost: int
    #: Messages that were accepted beyond one for each part.
    copies: int
    faults: tuple[str, ...]


async def judged(scene: Scene) -> WebhookVerdict:
    """Return the verdict: each part at its receiver once, in order, and each copy the same message."""
    server = scene.server
    assert isinstance(server, WebhookServer)
    async with open_store(scene.job.database) as store:
        runs, parts = await store.runs(limit=100), await store.deliveries()
        faults = [
            *_unfinished(scene.subscriptions, runs, parts),
            *[fault for each in scene.subscriptions for fault in await _papers(store, each, parts)],
            *(f"a worker ended with {status}" for status in scene.failed),
        ]
    ids, came = {part.message_id for part in parts}, Counter(got.id for got in server.fake.accepted)
    for subscription in scene.subscriptions:
        shown = server.fake.inbox(f"/{subscription.channel.workspace}")
        planned = [part for part in parts if part.part.channel == subscription.channel]
        came_here = [(got.id, _sent(got.payload)) for got in shown]
        if [(part.message_id, part.part.payload) for part in planned] != came_here:
            faults.append(f"{subscription.id} shows {len(shown)} messages of {len(planned)}, or others")
    bodies = {(got.id, got.raw) for got in server.fake.accepted}
    versions = Counter(name for name, _ in bodies)
    faults += [f"{named} came in two versions" for named, count in versions.items() if count > 1]
    return WebhookVerdict(
        parts=len(parts),
        lost=len(ids - came.keys()),
        copies=sum(count - 1 for count in came.values()),
        faults=tuple(faults),
    )


def _sent(payload: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in payload.items() if name != "id"}


async def killed_at(point: Point, workers: Workers, template: Path, folder: Path) -> tuple[int, WebhookVerdict]:
    """Kill a worker at a point, run another to the end, and return the number of kills and the verdict."""
    async with WebhookServer() as server:
        if point.after:
            server.switch(Switched(mishap=point.after, left=1))
        scene = await set_scene(workers, server, folder, template=template)
        if isinstance(point.at, Stage):
            await scene.killed_while(point.at, point.passing)
        else:
            await scene.survive(point=point.at, passing=point.passing)
        await scene.survive()
        return scene.kills, await judged(scene)


@pytest.fixture(scope="module")
async def ends(
    workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[int, WebhookVerdict]]:
    """The number of kills at each point, and the verdict."""
    folder, gate = tmp_path_factory.mktemp("webhook"), asyncio.Semaphore(4)

    async def end(name: str, point: Point) -> tuple[int, WebhookVerdict]:
        async with gate:
            return await killed_at(point, workers, template, folder / name)

    found = await asyncio.gather(*(end(name, point) for name, point in _POINTS.items()))
    return dict(zip(_POINTS, found, strict=True))


@pytest.mark.parametrize("name", _POINTS)
def test_a_kill_at_a_named_point(ends: dict[str, tuple[int, WebhookVerdict]], name: str) -> None:
    """After a kill at this point and a restart every part is there, once, in order, and every copy is the same."""
    kills, verdict = ends[name]
    assert (1, (), 0) == (kills, verdict.faults, verdict.lost)
    assert verdict.parts in ((4, 5) if name == "split" else (4,))


def test_a_kill_copies_at_most_what_was_under_way(ends: dict[str, tuple[int, WebhookVerdict]]) -> None:
    """A kill makes at most one copy for each of the two runs; between acceptance and its record it does make one."""
    assert 2 >= max(verdict.copies for _, verdict in ends.values())
    assert 1 <= ends["part posted"][1].copies
    assert 0 == ends["run claimed"][1].copies


@pytest.mark.slow
@pytest.mark.parametrize("mishaps", [FEW_LOST, EVERYTHING], ids=["answers lost", "everything"])
async def test_random_kills(workers: Workers, template: Path, tmp_path: Path, mishaps: tuple[Switched, ...]) -> None:
    """With workers killed at random and every mishap of a receiver, nothing is lost and nobody is shown two."""
    for seed in range(2):
        async with WebhookServer(seed=seed) as server:
            server.switch(*mishaps)
            scene = await set_scene(workers, server, tmp_path / str(seed), template=template)
            await scene.killed_at_random(random.Random(seed), _KILLS)  # noqa: S311 - the moments are to be the same again
            verdict = await judged(scene)
            assert ((), 0) == (verdict.faults, verdict.lost)
