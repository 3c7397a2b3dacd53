"""Notify a person that an answer takes a moment, if it does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_Made = TypeVar("_Made")

#: Seconds that a person waits without doubting that the request arrived (Nielsen, Usability Engineering, 1993).
PATIENCE = 1.0


async def announce_if_slow(
    work: Coroutine[Any, Any, _Made], announce: Callable[[], Awaitable[object]], *, patience: float = PATIENCE
) -> tuple[_Made, bool]:
    """Return the result of `work`, and whether `announce` was called because it took longer than `patience` seconds.

    The work goes on during the announcement, and an announcement that fails does not lose the result.
    """
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=patience)
        if not done:
            await _announce(announce)
        return await task, not done
    finally:
        task.cancel()


async def _announce(announce: Callable[[], Awaitable[object]]) -> None:
    try:
        await announce()
    except Exception:  # noqa: BLE001 - the answer matters more than its announcement
        _log.warning("a waiting notice could not be sent", exc_info=True)
