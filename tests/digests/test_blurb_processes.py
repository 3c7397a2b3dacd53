"""Processes of their own with one database send each abstract to the model server once, and outlive one another."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.completions_server import CompletionsServer
from tests.store.stores import WITH_TABLES, address
from tests.support.blurb_readers import Readers

PAPERS, CHANNELS = 5, 25


@pytest.mark.slow
async def test_each_paper_is_sent_once_over_all_processes(tmp_path: Path) -> None:
    """Two processes with 25 channels each begin at the same moment: five papers are five requests."""
    with address(WITH_TABLES[-1], tmp_path) as database:
        async with CompletionsServer() as server:
            readers = [Readers(database=database, server=server.url, channels=CHANNELS) for _ in range(2)]
            for each in readers:
                await each.begun()
            server.open.clear()
            for each in readers:
                each.go()
            await arrived(server, PAPERS - 1)  # four at once
            server.open.set()
            read = await asyncio.gather(*(each.read() for each in readers))
    assert [Counter(remote=PAPERS * CHANNELS)] * 2 == read
    assert PAPERS == len({call.messages[-1]["content"] for call in server.calls}) == len(server.calls)


@pytest.mark.slow
async def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    """A process that is killed while the server works for it leaves its papers to another within its lease."""
    with address(WITH_TABLES[-1], tmp_path) as database:
        async with CompletionsServer() as server:
            killed, other = [
                await Readers(database=database, server=server.url, channels=1, papers=2, lease=2).begun()
                for _ in range(2)
            ]
            server.open.clear()
            killed.go()
            await arrived(server, 2)
            killed.process.kill()
            await killed.process.wait()
            other.go()
            await arrived(server, 4)
            server.open.set()
            read = await other.read()
    assert Counter(remote=2) == read
    assert 4 == len(server.calls)


async def arrived(server: CompletionsServer, calls: int) -> None:
    """Wait until so many requests have come."""
    async with asyncio.timeout(60):
        while len(server.calls) < calls:  # noqa: ASYNC110 - a server tells nobody that it has read a request
            await asyncio.sleep(0.02)
