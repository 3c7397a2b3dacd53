"""What a job fails with is in none of the tables of the queue, and in no log of the worker."""

import io
from collections.abc import Awaitable, Callable

import pytest

from bots.cli.logs import logging_to
from summarizer import EngineDown, Style
from tests.scheduling.conftest import scene
from tests.secrets.forms import SHAPES, found_in
from tests.store.stores import needs_postgres
from tests.support.queue_scenes import PAPER, Scene, until

__all__ = ["scene"]

PLANTED = "q7A1b2C3d4E5f6G7h8I9j0K1l2M3"
ALL = "\n".join(form(PLANTED) for form in SHAPES.values())
_TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"


@needs_postgres
@pytest.mark.parametrize("error", [EngineDown(ALL, hint=ALL), RuntimeError(ALL)], ids=["ours", "another"])
async def test_a_job_that_fails_leaves_no_secret(scene: Scene, error: Exception) -> None:
    """A run and a blurb fail in a worker with errors that quote everything; the jobs stay, or are put again."""
    stream, failed = io.StringIO(), list[str]()

    async def execute(key: str) -> None:
        failed.append(key)
        raise error

    with logging_to(stream, verbose=True, serving=True, as_json=True):
        bot = await scene.bot()
        scene.far.error = scene.engine.error = error
        await scene.worker(execute=execute)
        await scene.queue.defer("run-1")
        entry = await bot.entry(PAPER, Style.SHORT)
        await until(_true_of(failed))
        tables = [str(row["name"]) for row in await scene.queue.rows(_TABLES)]
        held = str([await scene.queue.rows(f"SELECT * FROM {name}") for name in tables])  # noqa: S608 - ours
    assert "procrastinate_jobs" in tables
    assert "paperwire" in held
    assert [] == found_in(held, PLANTED)
    assert [] == found_in(stream.getvalue(), PLANTED)
    assert [] == found_in(repr(entry.trouble), PLANTED)


def _true_of(things: list[str]) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether there is any."""

    async def told() -> bool:
        return bool(things)

    return told
