"""Runs a program that serves for good: it waits for its database at the start, and can be told to stop meanwhile."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.config.settings import Settings

_Made = TypeVar("_Made")


async def served(
    settings: "Settings",
    opening: "Callable[..., AbstractAsyncContextManager[App]]",
    work: "Callable[[App], Awaitable[_Made]]",
) -> _Made | None:
    """Open the app, however long its database's server is away, and return what the work returns.

    It returns None if the program was told to stop before it was up.

    Args:
        settings: the settings.
        opening: opens the app, given an observer.
        work: the work of the command, given the open app.

    Raises:
        PaperwireError: something is wrong that does not pass by itself.
    """
    from bots.bootstrap.app import utc_now
    from bots.bootstrap.monitoring import observer
    from bots.bootstrap.waiting import opened
    from bots.bootstrap.watchers import open_watch

    stopped, told = asyncio.Event(), observer(settings)
    _cancel_on_stop(stopped)
    try:
        async with open_watch(settings, told, utc_now) as watch, AsyncExitStack() as stack:
            application = await opened(stack, partial(opening, observer=told), watch)
            return await work(replace(application, watch=watch))
    except asyncio.CancelledError:
        if not stopped.is_set():
            raise
        return None


def _cancel_on_stop(stopped: asyncio.Event) -> None:
    """Cancel this task at SIGTERM until the work handles it: nothing is under way that would have to be finished.

    The first process of a container is not ended by a signal that it does not handle.
    """
    task = asyncio.current_task()

    def heard() -> None:
        stopped.set()
        if task is not None:
            task.cancel()

    with suppress(NotImplementedError):  # on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, heard)
