"""After a kill at any named point of a run, the next start completes the delivery."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crash.points import MORE_POINTS, POINTS, killed_at, killed_at_each
from tests.crash.scenes import set_scene
from tests.crash.verdict import Verdict
from tests.crash.workers import Workers
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_troubles import Mishap, Switched

Ends = Mapping[str, tuple[int, Verdict]]


@pytest.fixture(scope="module")
async def ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The number of kills at each point, and the verdict."""
    return await killed_at_each(POINTS, workers, tmp_path_factory.mktemp("points"), template)


@pytest.fixture(scope="module")
async def more_ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The same for the further points."""
    return await killed_at_each(MORE_POINTS, workers, tmp_path_factory.mktemp("points"), template)


@pytest.mark.parametrize("name", POINTS)
def test_a_kill_at_a_named_point(ends: Ends, name: str) -> None:
    """After a kill at this point and a restart, every part is posted exactly once, in order, and every run is done."""
    kills, verdict = ends[name]
    assert (1, ()) == (kills, verdict.faults)
    assert (5 if name == "split" else 4) == verdict.parts


@pytest.mark.slow
@pytest.mark.parametrize("name", MORE_POINTS)
def test_a_kill_at_one_more_point(more_ends: Ends, name: str) -> None:
    """After a kill at this point and a restart, every part is posted exactly once, in order, and every run is done."""
    kills, verdict = more_ends[name]
    assert (1, ()) == (kills, verdict.faults)
    assert 4 == verdict.parts


async def test_kills_one_after_the_other(workers: Workers, template: Path, tmp_path: Path) -> None:
    """With eight workers, each killed one step after the previous one, no part is lost or doubled."""
    points = (
        "open_run:after",
        "claim:after",
        "plan:after",
        "lease:after",
        "post:after",
        "find:after",
        "confirm:before",
    )
    async with ChatServer() as server:
        server.switch(Switched(mishap=Mishap.ANSWER_LOST, left=1))
        scene = await set_scene(workers, server, tmp_path, template=template)
        for point in points:
            await scene.survive(point=point)
        await scene.survive(point="post:after")
        await scene.survive()
        assert () == (await scene.verdict()).faults
        assert 8 == scene.kills


async def test_post_then_record_doubles(workers: Workers, template: Path, tmp_path: Path) -> None:
    """A program that posts before it records, killed between the two, doubles a part, and the verdict reports it."""
    kills, verdict = await killed_at(POINTS["part posted"], workers, tmp_path, template, naive=True)
    assert 1 == kills
    assert 0 == verdict.lost
    assert 0 < verdict.doubled
    assert any("shown 2 times" in fault for fault in verdict.faults)
