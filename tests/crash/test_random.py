"""After kills at random moments while some responses are lost, every part is posted exactly once."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash.scenes import EVERYTHING, FEW_LOST, Scene, set_scene
from tests.crash.workers import Workers
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_troubles import Switched

_KILLS = 4


async def killed(
    seed: int, mishaps: Sequence[Switched], workers: Workers, template: Path, folder: Path, *, naive: bool = False
) -> Scene:
    """Return a finished scene whose workers were killed at random."""
    async with ChatServer(seed=seed) as server:
        server.switch(*mishaps)
        scene = await set_scene(workers, server, folder / str(seed), template=template, naive=naive)
        await scene.killed_at_random(random.Random(seed), _KILLS)  # noqa: S311 - the moments are to be the same again
        return scene


@pytest.mark.parametrize("mishaps", [FEW_LOST, EVERYTHING], ids=["answers lost", "everything"])
async def test_random_kills(workers: Workers, template: Path, tmp_path: Path, mishaps: Sequence[Switched]) -> None:
    """With workers killed at random and lost responses or every kind of mishap, no part is lost and none doubled."""
    scenes = await asyncio.gather(*(killed(seed, mishaps, workers, template, tmp_path) for seed in range(3)))
    assert [()] * 3 == [(await scene.verdict()).faults for scene in scenes]
    assert 0 < sum(scene.kills for scene in scenes)


async def test_post_then_record_is_caught(workers: Workers, template: Path, tmp_path: Path) -> None:
    """Killed in the same way, a program that posts before it records doubles parts and loses none."""
    scenes = await asyncio.gather(
        *(killed(seed, FEW_LOST, workers, template, tmp_path, naive=True) for seed in range(3))
    )
    verdicts = [await scene.verdict() for scene in scenes]
    assert 0 == sum(verdict.lost for verdict in verdicts)
    assert 0 < sum(verdict.doubled for verdict in verdicts)
