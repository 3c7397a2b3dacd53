"""A digest whose process was killed is continued at the next start, long before its claim expires."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bots.domain.runs import RunState
from bots.store.sql import open_store
from tests.crash.points import Point, killed_at_each
from tests.crash.scenes import Scene, set_scene
from tests.crash.test_points import Ends
from tests.crash.workers import PATIENCE, Workers
from tests.fakes.chat_server import ChatServer, Stage

#: The product's own claim: a worker that waited for it would be stuck, and its test would fail. The lease is shorter
#: than the product's: on a busy machine a call may time out, and the living process then waits for its own lease.
_PRODUCTS: dict[str, Any] = {"claim": 360.0, "lease": 20.0, "timeout": 4.0}
POINTS = {
    "run claimed": Point(at="claim:after"),
    "parts planned": Point(at="plan:after"),
    "part leased": Point(at="lease:after"),
    "under way": Point(at=Stage.RECEIVED),
    "accepted": Point(at=Stage.ACCEPTED),
    "part posted": Point(at="post:after"),
    "half posted": Point(at="confirm:after", passing=2),
}


@pytest.fixture(scope="module")
async def ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The number of kills at each point, and the verdict."""
    folder = tmp_path_factory.mktemp("points")
    return await killed_at_each(POINTS, workers, folder, template, at_once=4, **_PRODUCTS)


@pytest.mark.parametrize("name", POINTS)
def test_killed_and_started_again(ends: Ends, name: str) -> None:
    """Killed with its claim and its lease, the digest is continued at once by the next process, and posted once."""
    assert _PRODUCTS["claim"] > PATIENCE
    kills, verdict = ends[name]
    assert (1, ()) == (kills, verdict.faults)


async def test_killed_again_while_it_looks(workers: Workers, template: Path, tmp_path: Path) -> None:
    """Killed a second time before it looks a part up, it is continued at once again."""
    async with ChatServer() as server:
        scene = await set_scene(workers, server, tmp_path, template=template, **_PRODUCTS)
        await scene.killed_while(Stage.ACCEPTED)
        await scene.survive(point="find:before")
        assert await scene.survive()
        assert 2 == scene.kills
        assert () == (await scene.verdict()).faults


async def test_a_process_that_lives_keeps_its_claim(workers: Workers, template: Path, tmp_path: Path) -> None:
    """While the process that has the run waits for the chat, a second one of the same machine leaves the run alone."""
    async with ChatServer() as server:
        server.answering.clear()
        patient = _PRODUCTS | {"timeout": 300.0, "lease": 301.0}
        scene = await set_scene(workers, server, tmp_path, template=template, **patient)
        first = await scene.start()
        await scene.hears("a part is being posted", PATIENCE)
        second = await scene.start()
        await _looked(scene, second.pid, times=3)
        async with open_store(scene.job.database) as store:
            assert await store.take_over() == ()
            assert {RunState.RUNNING} == {run.state for run in await store.runs()}
        assert 0 == scene.passed()[second.pid]["find:before"]
        server.answering.set()
        assert [0, 0] == [await worker.ended() for worker in (first, second)]
        assert () == (await scene.verdict()).faults
        assert 0 == scene.passed()[second.pid]["post:before"]


async def _looked(scene: Scene, pid: int, *, times: int) -> None:
    """Wait until a worker has looked for ended processes so many times."""
    async with asyncio.timeout(PATIENCE):
        while scene.passed()[pid]["take_over:after"] < times:  # noqa: ASYNC110 - another process can set no event of ours
            await asyncio.sleep(0.02)
