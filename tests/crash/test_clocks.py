"""Whatever this machine's clock shows, and whenever it is set, every part is posted exactly once."""

import asyncio
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.crash.clocks import CLOCKS, WINDOW
from tests.crash.discord_server import DiscordServer
from tests.crash.scenes import Server, set_scene
from tests.crash.slack_server import SlackServer
from tests.crash.verdict import Verdict
from tests.crash.workers import Workers
from tests.fakes.chat_troubles import Mishap, Switched

_KILLS = 2
#: Enough to show doubled parts soon; the last worker, which is not killed, always loses the first response.
_MANY_LOST = (Switched(mishap=Mishap.ANSWER_LOST, left=3), Switched(mishap=Mishap.ANSWER_LOST, chance=0.3))
_AT_ONCE = 3

Ends = Mapping[str, Verdict]


async def delivered(
    clock: str, serving: Callable[..., Server], workers: Workers, template: Path, folder: Path
) -> Verdict:
    """Return the verdict on a delivery with kills and lost responses on a machine with this clock."""
    async with serving(seed=len(clock)) as server:
        server.switch(*_MANY_LOST)
        scene = await set_scene(workers, server, folder / clock, template=template, window=WINDOW, **CLOCKS[clock])
        await scene.killed_at_random(random.Random(clock), _KILLS, longest=2.0)  # noqa: S311 - the moments are to be the same again
        return await scene.verdict()


async def delivered_with_each(serving: Callable[..., Server], workers: Workers, template: Path, folder: Path) -> Ends:
    """Return the verdicts for every clock, a few at a time."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(clock: str) -> Verdict:
        async with gate:
            return await delivered(clock, serving, workers, template, folder)

    return dict(zip(CLOCKS, await asyncio.gather(*map(one, CLOCKS)), strict=True))


@pytest.fixture(scope="module")
async def slack_ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The verdicts on deliveries to Slack."""
    return await delivered_with_each(SlackServer, workers, template, tmp_path_factory.mktemp("slack"))


@pytest.fixture(scope="module")
async def discord_ends(workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The verdicts on deliveries to Discord, which has forgotten each nonce when it is sent again."""

    def serving(seed: int) -> DiscordServer:
        return DiscordServer(seed=seed, forgets=True)

    return await delivered_with_each(serving, workers, template, tmp_path_factory.mktemp("discord"))


@pytest.mark.parametrize("clock", CLOCKS)
def test_slack_and_a_wrong_clock(slack_ends: Ends, clock: str) -> None:
    """With kills and lost responses, every part is posted to Slack once, in order, in its thread."""
    assert (4, ()) == (slack_ends[clock].parts, slack_ends[clock].faults)


@pytest.mark.parametrize("clock", CLOCKS)
def test_discord_and_a_wrong_clock(discord_ends: Ends, clock: str) -> None:
    """With kills and lost responses, every part is posted to Discord once, in order, in its thread."""
    assert (4, ()) == (discord_ends[clock].parts, discord_ends[clock].faults)
