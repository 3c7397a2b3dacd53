"""Opens the application once its database can be used: a server that is away when the program starts is waited for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from bots.bootstrap.app import App
from bots.bootstrap.watchers import Watch
from bots.domain.errors import StoreAway

_log = logging.getLogger(__name__)

#: Seconds between two attempts: doubled each time, up to the longest. A server restarts in some seconds; after an
#: outage of hours half a minute more does not matter.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


async def opened(
    stack: AsyncExitStack,
    opening: Callable[[], AbstractAsyncContextManager[App]],
    watch: Watch,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> App:
    """Open the application, and return it once its database's server can be used, however long that takes.

    Args:
        stack: closes the application when it is closed.
        opening: opens the application.
        watch: is told what is waited for.
        sleep: waits some seconds.

    Raises:
        StoreError: the database is there, and cannot be used: a wrong password, a missing database, a newer version.
        SettingsError: a setting is wrong.
    """
    pause, waits = FIRST_PAUSE, False
    while True:
        try:
            application = await stack.enter_async_context(opening())
        except StoreAway as error:
            said = {"error": str(error), "hint": error.hint}
            level = logging.DEBUG if waits else logging.WARNING
            _log.log(level, "the database cannot be used yet; the start waits for it", extra=said)
            watch.waits(str(error))
            waits = True
            await sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        if waits:
            _log.info("the database can be used; the start goes on")
            watch.waits("")
        return application
