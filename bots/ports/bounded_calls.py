"""Calls third-party code with a timeout: whatever the code does, the result is a value or a named error."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

_T = TypeVar("_T")


class Crash(Exception):
    """The code ended in an unexpected way: it tried to exit the program, or cancelled itself."""


async def bounded(call: Callable[[], Awaitable[_T]], seconds: float) -> _T:
    """Return the result of a call, which may take at most `seconds`.

    The call runs in a task of its own, so that the caller is not affected if the call cannot be cancelled or cancels
    its own task.

    Raises:
        TimeoutError: the call takes longer; its task is cancelled without waiting for it.
        Crash: the call used sys.exit, raised a BaseException of its own, or was cancelled without a cancellation by the
            caller.
        Exception: any exception of the call.
    """
    task = asyncio.ensure_future(_awaited(call))
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        # Wait a moment: the cancelled task may have to release resources.
        await asyncio.wait({task}, timeout=1)
        raise
    if not done:
        task.cancel()
        task.add_done_callback(_dropped)
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    if task.cancelled():
        raise Crash("it cancelled itself")
    try:
        return task.result()
    finally:
        # An error has this frame in its traceback, and the task has the error: in a circle, only the garbage collector
        # would free them, with all that the call held.
        del task, done


async def _awaited(call: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await call()
    except (Exception, asyncio.CancelledError, KeyboardInterrupt):
        raise
    except SystemExit as error:
        raise Crash("it tried to exit the program") from error
    except BaseException as error:
        # Such as the PanicException of libraries in Rust, which is no Exception.
        raise Crash(f"it raised {type(error).__name__}") from error


def _dropped(task: "asyncio.Task[object]") -> None:
    """Retrieve the exception of an abandoned call; otherwise the event loop would log it."""
    if not task.cancelled():
        task.exception()
