"""On one signal the program finishes posts in progress, on a second it stops at once; nothing is lost."""

import asyncio
import signal
from pathlib import Path

from bots.cli.context import Exit
from bots.domain.runs import DeliveryState
from bots.store.sql import open_store
from tests.crash.scenes import Scene, set_scene
from tests.crash.workers import Worker, Workers
from tests.fakes.chat_server import ChatServer, Stage

#: No test waits as long as this for an answer or a lease; workers are given up before. Seconds.
_FOR_EVER = 300.0
_TERM_TO_KILL = 20.0


async def told_while_posting(scene: Scene) -> Worker:
    """Start a worker, tell it to stop when its first message is accepted but not answered, and wait until it knows."""
    accepted = asyncio.Event()
    assert isinstance(scene.server, ChatServer)
    scene.server.answering.clear()
    scene.server.heed = lambda stage, _key: accepted.set() if stage is Stage.ACCEPTED else None
    worker = await scene.start()
    await asyncio.wait_for(accepted.wait(), _TERM_TO_KILL)
    worker.signal(signal.SIGTERM)
    await scene.hears("Stopping", _TERM_TO_KILL)
    return worker


async def test_told_to_stop_while_a_part_is_in_flight(workers: Workers, template: Path, tmp_path: Path) -> None:
    """Told to stop, it ends in time with exit code 0, every answer heard and recorded; the next start does the rest.

    It has no lease to wait for: it would be given up long before one lapses.
    """
    async with ChatServer() as server:
        scene = await set_scene(workers, server, tmp_path, template=template, timeout=_FOR_EVER, lease=_FOR_EVER + 1)
        worker = await told_while_posting(scene)
        server.answering.set()
        assert 0 == await worker.ended(_TERM_TO_KILL)
        seen = [message.id for message in server.chat.messages]
        async with open_store(scene.job.database) as store:
            parts = await store.deliveries()
        assert len(seen) < len(parts)
        assert sorted(seen) == sorted(part.message_id for part in parts if part.message_id)
        assert DeliveryState.SENDING not in {part.state for part in parts}
        assert await scene.survive()
        assert () == (await scene.verdict()).faults


async def test_told_twice(workers: Workers, template: Path, tmp_path: Path) -> None:
    """On a second SIGTERM it stops before the response; the next start searches, and nothing is lost or doubled."""
    async with ChatServer() as server:
        scene = await set_scene(workers, server, tmp_path, template=template, timeout=4.0, lease=4.5)
        worker = await told_while_posting(scene)
        worker.signal(signal.SIGTERM)
        assert Exit.INTERRUPTED == await worker.ended(_TERM_TO_KILL)
        server.answering.set()
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
