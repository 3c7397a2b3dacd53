"""Whatever this machine's clock shows, and whenever it is set, every part is posted exactly once."""

import asyncio
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.crash.discord_server import DiscordServer
from tests.crash.scenes import Scene, Server, set_scene
from tests.crash.slack_server import SlackServer
from tests.crash.workers import Workers
from tests.fakes.chat_troubles import Mishap, Switched

_FIVE_MINUTES, _DAY = 300.0, 86_400.0
_KILLS = 3
#: One response in three is lost, so that doubled parts appear soon.
_MANY_LOST = Switched(mishap=Mishap.ANSWER_LOST, chance=0.3)
#: Later than any jump: a part that is too late is given up, which is right, but shows nothing here.
_WINDOW = 4 * _DAY

SERVERS: Mapping[str, Callable[..., Server]] = {
    "slack": SlackServer,
    "discord": lambda **given: DiscordServer(forgets=True, **given),
}
AHEAD = {"fast": _FIVE_MINUTES, "slow": -_FIVE_MINUTES, "a day ahead": _DAY, "a day behind": -_DAY}


async def killed(
    serving: Callable[..., Server], seed: int, workers: Workers, template: Path, folder: Path, **changes: Any
) -> Scene:
    """Return a finished scene whose workers were killed at random; `changes` are fields of its job."""
    async with serving(seed=seed) as server:
        server.switch(_MANY_LOST)
        scene = await set_scene(workers, server, folder / str(seed), template=template, window=_WINDOW, **changes)
        await scene.killed_at_random(random.Random(seed), _KILLS)  # noqa: S311 - the moments are to be the same again
        return scene


@pytest.mark.parametrize("ahead", AHEAD.values(), ids=AHEAD)
@pytest.mark.parametrize("serving", SERVERS.values(), ids=SERVERS)
async def test_a_wrong_clock(
    workers: Workers, template: Path, tmp_path: Path, serving: Callable[..., Server], ahead: float
) -> None:
    """With a clock that is wrong by minutes or a day, kills and lost responses, no part is lost and none doubled."""
    scenes = await asyncio.gather(
        *(killed(serving, seed, workers, template, tmp_path, ahead=ahead) for seed in range(2))
    )
    assert [()] * 2 == [(await scene.verdict()).faults for scene in scenes]
