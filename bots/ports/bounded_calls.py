"""Calls into code that is not ours, bounded in time: whatever it does, one named error comes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

_T = TypeVar("_T")


class Crash(Exception):
    """The code ended in a way that no caller can expect: it left the program, or was cancelled by its own hand."""


async def bounded(call: Callable[[], Awaitable[_T]], seconds: float) -> _T:
    """Return what a call gives within so many seconds.

    The call has a task of its own, so that neither its refusing to be cancelled nor its cancelling its own task harms
    the caller's.

    Raises:
        TimeoutError: it takes longer; its task is cancelled, and not waited for.
        Crash: it called sys.exit, or was cancelled though nobody here cancelled it.
        Exception: whatever the call raises.
    """
    task = asyncio.ensure_future(_awaited(call))
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        # For a moment only: what is cancelled may have something to put in order.
        await asyncio.wait({task}, timeout=1)
        raise
    if not done:
        task.cancel()
        task.add_done_callback(_dropped)
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    if task.cancelled():
        raise Crash("it cancelled itself")
    return task.result()


async def _awaited(call: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await call()
    except SystemExit as error:
        raise Crash("it tried to exit the program") from error


def _dropped(task: "asyncio.Task[object]") -> None:
    """Take note of how a call ended that nobody waits for, or the loop would complain of it."""
    if not task.cancelled():
        task.exception()
