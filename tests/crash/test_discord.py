"""After kills during delivery to Discord, at named points and at random moments, every part is posted exactly once."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from tests.crash.discord_server import DiscordServer
from tests.crash.points import POINTS, killed_at_each
from tests.crash.scenes import EVERYTHING, FEW_LOST, Scene, set_scene
from tests.crash.test_points import Ends
from tests.crash.workers import Workers
from tests.fakes.chat_troubles import Mishap, Switched

_KILLS = 4
#: One response in three is lost, so that doubled parts appear soon.
_MANY_LOST = (Switched(mishap=Mishap.ANSWER_LOST, chance=0.34),)


@pytest.fixture(scope="module")
async def ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The number of kills at each point, and the verdict."""
    return await killed_at_each(
        POINTS, workers, tmp_path_factory.mktemp("points"), template, serving=DiscordServer, at_once=4
    )


@pytest.mark.parametrize("name", POINTS)
def test_a_kill_at_a_named_point(ends: Ends, name: str) -> None:
    """After a kill at this point and a restart, every part is posted once, in order, in its thread."""
    kills, verdict = ends[name]
    assert (1, ()) == (kills, verdict.faults)
    # A part that is too large is split in two or, if it is a header, shortened.
    assert verdict.parts in ((4, 5) if name == "split" else (4,))


async def killed(
    seed: int,
    mishaps: tuple[Switched, ...],
    workers: Workers,
    template: Path,
    folder: Path,
    *,
    forgets: bool = True,
    **changes: Any,
) -> Scene:
    """Return a finished scene whose workers were killed at random; `changes` are fields of its job.

    Args:
        forgets: whether Discord has forgotten each nonce when it is sent again.
    """
    async with DiscordServer(seed=seed, forgets=forgets, cuts=True) as server:
        server.switch(*mishaps)
        scene = await set_scene(workers, server, folder / str(seed), template=template, **changes)
        await scene.killed_at_random(random.Random(seed), _KILLS)  # noqa: S311 - the moments are to be the same again
        return scene


@pytest.mark.slow
@pytest.mark.parametrize("forgets", [True, False], ids=["nonces forgotten", "nonces known"])
@pytest.mark.parametrize("mishaps", [FEW_LOST, EVERYTHING], ids=["answers lost", "everything"])
async def test_random_kills(
    workers: Workers, template: Path, tmp_path: Path, mishaps: tuple[Switched, ...], forgets: bool
) -> None:
    """With workers killed at random and lost responses or every kind of mishap, no part is lost and none doubled."""
    scenes = await asyncio.gather(
        *(killed(seed, mishaps, workers, template, tmp_path, forgets=forgets) for seed in range(3))
    )
    assert [()] * 3 == [(await scene.verdict()).faults for scene in scenes]
    assert 0 < sum(scene.kills for scene in scenes)


@pytest.mark.slow
async def test_post_then_record_is_caught(workers: Workers, template: Path, tmp_path: Path) -> None:
    """A program that posts before it records doubles parts once nonces are forgotten, and none before that."""
    scenes = await asyncio.gather(
        *(killed(seed, _MANY_LOST, workers, template, tmp_path, naive=True) for seed in range(3))
    )
    verdicts = [await scene.verdict() for scene in scenes]
    assert 0 == sum(verdict.lost for verdict in verdicts)
    assert 0 < sum(verdict.doubled for verdict in verdicts)
    kept = await killed(9, _MANY_LOST, workers, template, tmp_path, naive=True, forgets=False)
    assert 0 == (await kept.verdict()).doubled
