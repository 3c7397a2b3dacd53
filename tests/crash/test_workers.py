"""Schedulers and workers share one Postgres: the death of any of them loses no slot and doubles none."""

import asyncio
import random
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bots.domain.runs import RunState
from bots.store.sql import open_store
from tests.crash.scenes import Scene, all_ended, set_scene
from tests.crash.workers import Worker, Workers
from tests.fakes.chat_server import ChatServer, Stage
from tests.store.stores import address, needs_postgres

pytestmark = [needs_postgres, pytest.mark.slow]
_CHANNELS = 6
#: A worker that is slow to load must not count as dead, and its claim must outlast a digest.
_PATIENT: Mapping[str, Any] = {"timeout": 1.0, "lease": 4.0, "claim": 60.0}


async def started(scene: Scene, schedulers: int, workers: int) -> tuple[list[Worker], list[Worker]]:
    """Start some schedulers and some workers."""
    return (
        [await scene.start(role="scheduler") for _ in range(schedulers)],
        [await scene.start(role="worker") for _ in range(workers)],
    )


async def judged(scene: Scene, server: ChatServer) -> None:
    """Check that every slot has one run that is done, and every part one message."""
    assert () == (await scene.verdict()).faults
    assert 2 * _CHANNELS == len(server.chat.messages)
    async with open_store(scene.job.database) as store:
        runs = await store.runs(limit=100)
        assert [RunState.DONE] * _CHANNELS == [run.state for run in runs], [run.note for run in runs]


async def test_two_schedulers_and_two_workers(workers: Workers, tmp_path: Path) -> None:
    """Every slot is posted once, and the schedulers post nothing themselves."""
    with address("postgres", tmp_path) as database:
        async with ChatServer() as server:
            scene = await set_scene(workers, server, tmp_path, channels=_CHANNELS, database=database, **_PATIENT)
            schedulers, labourers = await started(scene, 2, 2)
            assert [0] * 4 == await all_ended([*schedulers, *labourers])
            passed = scene.passed()
            assert {0} == {passed[each.pid]["post:before"] for each in schedulers}
            await judged(scene, server)


@pytest.mark.parametrize("when", [Stage.RECEIVED, Stage.ACCEPTED])
async def test_a_worker_is_killed_while_it_posts(workers: Workers, tmp_path: Path, when: Stage) -> None:
    """The other worker takes its runs over long before their claims expire, and asks the chat before it posts."""
    with address("postgres", tmp_path) as database:
        async with ChatServer() as server:
            scene = await set_scene(workers, server, tmp_path, channels=_CHANNELS, database=database, **_PATIENT)
            schedulers, labourers = await started(scene, 2, 2)
            killed: list[Worker] = []

            def strike(stage: Stage, _key: str) -> None:
                if stage is when and len(server.chat.messages) >= _CHANNELS // 2 and not killed:
                    passed = scene.passed()
                    killed.append(max(labourers, key=lambda each: passed[each.pid]["post:before"]))
                    killed[0].signal(signal.SIGKILL)

            server.heed = strike
            assert [-signal.SIGKILL, 0, 0, 0] == sorted(await all_ended([*schedulers, *labourers]))
            await judged(scene, server)


async def test_each_kind_is_killed_and_started_again(workers: Workers, tmp_path: Path) -> None:
    """Schedulers and workers killed at random moments, one after another: every slot once, none lost, none doubled."""
    draw = random.Random(7)  # noqa: S311 - moments, not secrets
    with address("postgres", tmp_path) as database:
        async with ChatServer() as server:
            scene = await set_scene(workers, server, tmp_path, channels=_CHANNELS, database=database, **_PATIENT)
            schedulers, labourers = await started(scene, 2, 2)
            kills = 0
            for role, group in (("worker", labourers), ("scheduler", schedulers), ("worker", labourers)):
                await asyncio.sleep(draw.uniform(0.3, 1.5))
                victim = group.pop(0)
                victim.signal(signal.SIGKILL)
                kills += await victim.ended() < 0
                group.append(await scene.start(role=role))
            assert {0} == set(await all_ended([*schedulers, *labourers]))
            assert kills > 0
            await judged(scene, server)
