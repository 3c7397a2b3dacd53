"""Calls that take effect even if whoever made them is cancelled, such as a write that a thread carries out."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Made = TypeVar("_Made")

#: Seconds that a cancelled caller waits for the end of its call. A database that is away ends it before that; for one
#: that accepts a write and never answers nobody waits longer, and then nothing can be known of the write either.
_PATIENCE = 10.0


async def to_its_end(call: Coroutine[Any, Any, _Made]) -> _Made:
    """Return what a call returns; if the caller is cancelled meanwhile, pass that on when the call has ended.

    Without it, what the caller writes as it ends may overtake what it wrote before.

    Args:
        call: the call.
    """
    task = asyncio.create_task(call)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_PATIENCE)
        if task.done() and not task.cancelled():
            task.exception()  # what it raised interests nobody any more
        raise
