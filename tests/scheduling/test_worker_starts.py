"""A worker does not begin on a machine whose clock is wrong, nor without its server."""

from datetime import timedelta

import pytest

from bots.bootstrap.databases import open_queue
from bots.config.settings import read_settings
from bots.domain.errors import SettingsError, StoreError
from tests.store.stores import needs_postgres
from tests.support.queue_scenes import Scene

pytestmark = needs_postgres


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-1)])
async def test_a_worker_whose_clock_is_wrong_does_not_begin(scene: Scene, wrong: timedelta) -> None:
    """By a clock that is a day ahead every digest would be too late; the message says whose clock is to be set."""
    there = await scene.queue.now()
    await scene.queue.check_clock(lambda: there + timedelta(minutes=1))
    with pytest.raises(SettingsError, match="This machine's clock differs from the database server's by 24 hours"):
        await scene.queue.check_clock(lambda: there + wrong)


async def test_a_server_that_is_down_is_told_at_once() -> None:
    """A worker that cannot connect says why, in the words of the store, and does not try for half a minute first."""
    settings = read_settings(file=None, database="postgresql://someone:word@127.0.0.1:1/nothing")
    with pytest.raises(StoreError, match="refused the connection"):
        async with open_queue(settings):
            pass
