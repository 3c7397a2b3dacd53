"""Several processes share one database, and the death of one loses and doubles nothing."""

import signal
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.crash.scenes import all_ended, set_scene
from tests.crash.workers import Workers
from tests.fakes.chat_server import ChatServer, Stage
from tests.fakes.chat_troubles import Mishap, Switched
from tests.store.stores import WITH_TABLES, address

_CHANNELS = 6
#: Longer than three processes on one core need to load the encoder and build a digest.
_PATIENT: Mapping[str, Any] = {"timeout": 1.0, "lease": 4.0, "claim": 6.0}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_three_workers_one_killed(workers: Workers, tmp_path: Path, kind: str) -> None:
    """If the busiest of three processes is killed, each slot has one run, each part one post, each digest one build."""
    with address(kind, tmp_path) as database:
        async with ChatServer() as server:
            server.switch(Switched(mishap=Mishap.ANSWER_LOST, left=2))
            scene = await set_scene(workers, server, tmp_path, channels=_CHANNELS, database=database, **_PATIENT)
            three = [await scene.start() for _ in range(3)]

            def strike(stage: Stage, _key: str) -> None:
                if stage is Stage.ACCEPTED and len(server.chat.messages) == _CHANNELS:
                    passed = scene.passed()
                    max(three, key=lambda worker: passed[worker.pid]["post:before"]).signal(signal.SIGKILL)

            server.heed = strike
            assert [-signal.SIGKILL, 0, 0] == sorted(await all_ended(three))
            assert () == (await scene.verdict()).faults
            assert 2 * _CHANNELS == len(server.chat.messages)
            assert _CHANNELS == _digests_kept(scene.passed().values())


def _digests_kept(passed: Iterable[Counter[str]]) -> int:
    """Return the number of digests built; those of a killed worker count only if it recorded their parts."""
    return sum(min(points["of_slot:after"], points["plan:after"]) for points in passed)
