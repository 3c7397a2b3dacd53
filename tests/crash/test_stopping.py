"""On one signal the program finishes posts in progress, on a second it stops at once; nothing is lost."""

import asyncio
import signal
import time
from pathlib import Path

from bots.cli.context import Exit
from bots.domain.runs import DeliveryState
from bots.store.sql import open_store
from tests.crash.scenes import Scene, set_scene
from tests.crash.workers import Worker, Workers
from tests.fakes.chat_server import ChatServer, Stage

#: Long enough for a signal to arrive before the response does. Seconds.
_ON_ITS_WAY = 0.5
_TERM_TO_KILL = 20.0


async def told_while_posting(scene: Scene) -> Worker:
    """Start a worker, send SIGTERM when its first message is accepted and not yet answered, and return the worker."""
    accepted = asyncio.Event()
    scene.server.heed = lambda stage, _key: accepted.set() if stage is Stage.ACCEPTED else None
    worker = await scene.start()
    await asyncio.wait_for(accepted.wait(), _TERM_TO_KILL)
    worker.signal(signal.SIGTERM)
    return worker


async def test_told_to_stop_while_a_part_is_in_flight(workers: Workers, template: Path, tmp_path: Path) -> None:
    """On SIGTERM it exits in time with code 0 and every response recorded; the next start delivers the rest."""
    async with ChatServer(answer_after=_ON_ITS_WAY) as server:
        scene = await set_scene(workers, server, tmp_path, template=template, timeout=3.0, lease=5.0)
        worker = await told_while_posting(scene)
        assert 0 == await worker.ended(_TERM_TO_KILL)
        seen = [message.id for message in server.chat.messages]
        async with open_store(scene.job.database) as store:
            parts = await store.deliveries()
        assert len(seen) < len(parts)
        assert sorted(seen) == sorted(part.message_id for part in parts if part.message_id)
        assert DeliveryState.SENDING not in {part.state for part in parts}
        began = time.monotonic()
        assert await scene.survive()
        assert 5.0 > time.monotonic() - began, "the next start had to wait for a lease"
        assert () == (await scene.verdict()).faults


async def test_told_twice(workers: Workers, template: Path, tmp_path: Path) -> None:
    """On a second SIGTERM it stops before the response; the next start searches, and nothing is lost or doubled."""
    async with ChatServer(answer_after=_ON_ITS_WAY) as server:
        scene = await set_scene(workers, server, tmp_path, template=template, timeout=0.8, lease=1.2)
        worker = await told_while_posting(scene)
        await scene.hears("Stopping", _TERM_TO_KILL)
        worker.signal(signal.SIGTERM)
        assert Exit.INTERRUPTED == await worker.ended(_ON_ITS_WAY)
        assert await scene.survive()
        assert () == (await scene.verdict()).faults


async def test_a_stop_in_the_middle_of_a_look(workers: Workers, template: Path, tmp_path: Path) -> None:
    """The program exits even if the scheduler is busy with the database when the signal comes."""
    async with ChatServer() as server:
        scene = await set_scene(workers, server, tmp_path, template=template)
        await scene.survive()
        for _ in range(3):
            crowd = [await scene.start(look_every=0.0005) for _ in range(4)]
            assert [0] * 4 == [await worker.ended(_TERM_TO_KILL) for worker in crowd]
