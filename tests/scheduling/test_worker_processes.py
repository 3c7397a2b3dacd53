"""`paperwire worker` as a process of its own, killed or told to stop while a person waits for its blurb."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path

import pytest

from bots.bootstrap.app import App, open_app
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.queues import SUMMARIES, QueueState
from bots.domain.replies import Card
from bots.domain.requests import Lookup
from bots.scheduling.worker_signs import WorkerSigns
from tests.conftest import ROOT
from tests.fakes.completions_server import CompletionsServer
from tests.store.stores import address, needs_postgres
from tests.support.factories import DAY, a_paper

pytestmark = [needs_postgres, pytest.mark.slow]
HERE = Channel(platform="console", channel="terminal")
PAPER = a_paper()


@pytest.fixture
async def model() -> AsyncIterator[CompletionsServer]:
    """A model server that both processes use."""
    async with CompletionsServer() as server:
        yield server


@asynccontextmanager
async def a_worker(environ: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the real program."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", "worker", "--queues", SUMMARIES, cwd=ROOT, env={**os.environ, **environ},
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def summaries(application: App) -> QueueState:
    """Return how the queue of blurbs stands."""
    assert application.queue
    return (await WorkerSigns(application.queue).states())[0]


async def asked(application: App) -> str:
    """Return the blurb that a person gets who looks the paper up."""
    reply = await application.service.answer(Lookup(channel=HERE, user="somebody", text=str(PAPER.id)))
    assert isinstance(reply, Card), reply
    assert reply.entry.blurb, reply.entry.trouble
    return reply.entry.blurb.engine


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_worker_ends_in_the_middle_of_a_blurb(
    model: CompletionsServer, tmp_path: Path, how: signal.Signals
) -> None:
    """The person has the blurb, made by the bot; the next person's, too, and no job is left over."""
    with address("postgres", tmp_path) as database:
        environ = {
            "PAPERWIRE_DATABASE": database,
            "PAPERWIRE_SCHEDULE_WORKERS": "yes",
            "PAPERWIRE_ENGINE_ORDER": "remote",
            "PAPERWIRE_ENGINE_REMOTE_URL": model.url,
            "PAPERWIRE_ENGINE_REMOTE_MODEL": "stand-in",
        }
        async with (
            open_app(read_settings(environ), screen=StringIO(), libraries=(), serving=True) as application,
            a_worker(environ) as worker,
            asyncio.timeout(90),
        ):
            await application.store.remember([PAPER], source="told", day=DAY, place=HERE)
            while not (await summaries(application)).workers:  # noqa: ASYNC110 - the worker is another process
                await asyncio.sleep(0.05)
            model.open.clear()
            person = asyncio.create_task(asked(application))
            while not model.calls:  # noqa: ASYNC110 - the worker is another process
                await asyncio.sleep(0.02)
            assert 1 == (await summaries(application)).running
            worker.send_signal(how)
            if how is signal.SIGKILL:
                await worker.wait()
            model.open.set()
            assert "remote" == await person
            assert (0 if how is signal.SIGTERM else -signal.SIGKILL) == await worker.wait()
            assert 0 == (await summaries(application)).waiting
