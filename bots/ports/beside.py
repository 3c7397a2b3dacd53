"""Runs work in the background for as long as something else goes on."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def beside(work: Coroutine[None, None, None] | None, name: str) -> AsyncIterator[None]:
    """Run some work in a task until the context exits; then cancel it, and wait for its end.

    Args:
        work: the work; None for none.
        name: of the task.
    """
    task = asyncio.create_task(work, name=name) if work is not None else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
