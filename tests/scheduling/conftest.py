"""A job queue with a bot and workers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.queue_scenes import Scene
from tests.support.workers import a_queue


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A job queue without a bot and without a worker."""
    async with a_queue(tmp_path) as queue, AsyncExitStack() as stack:
        yield Scene(queue, stack)
