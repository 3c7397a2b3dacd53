"""Keeps a platform connected in a separate task, so that a failure of its adapter does not spread.

An adapter may start tasks that cancel their parent, hang, or fail at shutdown: none of this may affect another
platform or the program.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from bots.delivery.adapter_shape import misfit
from bots.domain.errors import PaperwireError, SettingsError, StoreError
from bots.ports import Adapter
from bots.ports.bounded_calls import Crash
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

#: Seconds. A chat that cannot be connected in this time has an outage.
CONNECT = 60.0
#: Seconds. At shutdown an adapter responds to requests already received; a stuck one must not delay the shutdown.
CLOSE = 15.0

#: Seconds until a failed platform is connected again: doubled each time, up to the maximum.
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 1800.0

#: Returns the connection of a platform.
Connect = Callable[[Service], AbstractAsyncContextManager[Adapter]]


class NotConnected(Exception):
    """A platform is not connected for a reason other than its settings; the message is a clause with the reason."""


class Connection:
    """One platform's connection."""

    def __init__(self, connect: Connect, service: Service) -> None:
        #: The platform's name; empty for a connector without a name, whose adapter may have any.
        self.name = str(getattr(connect, "name", ""))
        self._connect = connect
        self._service = service
        self._closing = asyncio.Event()
        self._opened: asyncio.Future[Adapter] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None

    async def open(self, seconds: float = CONNECT) -> Adapter:
        """Connect and return the adapter.

        Raises:
            SettingsError: a setting is wrong, according to the adapter.
            StoreError: the database cannot be read.
            NotConnected: the platform refused, the timeout passed, or the adapter's own code failed.
        """
        self._task = asyncio.create_task(self._hold(), name=f"the connection of {self.name}")
        try:
            waited: set[asyncio.Future[Any]] = {self._task, self._opened}
            await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self.close()
            raise
        if self._opened.done():
            return await self._checked(self._opened.result())
        if not self._task.done():
            self._task.cancel()
            raise NotConnected(f"it did not connect within {seconds:g} seconds.")
        raise self._failure(self._task)

    async def _hold(self) -> None:
        try:
            async with self._connect(self._service) as adapter:
                self._opened.set_result(adapter)
                await self._closing.wait()
        except (Exception, asyncio.CancelledError, KeyboardInterrupt):
            raise
        except SystemExit as error:
            raise Crash("it tried to exit the program") from error
        except BaseException as error:
            raise Crash(f"it raised {type(error).__name__}") from error

    async def _checked(self, adapter: Adapter) -> Adapter:
        wrong = misfit(adapter, self.name)
        if wrong:
            await self.close()
            raise NotConnected(wrong)
        if self._task:
            self._task.add_done_callback(self._ended)
        return adapter

    def _failure(self, task: "asyncio.Task[None]") -> Exception:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, SettingsError | StoreError):
            return error
        if isinstance(error, PaperwireError):
            return NotConnected(str(error))
        _log.error("a platform could not be connected", extra={"platform": self.name}, exc_info=error)
        how = type(error).__name__ if error else "an unexpected cancellation"
        return NotConnected(f"its adapter failed with {how}; the log has details.")

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Log the end of a connection that was not closed, or that failed while it was closed."""
        error = None if task.cancelled() else task.exception()
        if not self._closing.is_set():
            _log.error("a connection ended unexpectedly", extra={"platform": self.name}, exc_info=error)
        elif error:
            _log.error("a connection failed while closing", extra={"platform": self.name}, exc_info=error)

    async def ended(self) -> None:
        """Return when the connection has ended, by itself or because it was closed."""
        if self._task:
            await asyncio.wait({self._task})

    async def close(self, seconds: float = CLOSE) -> None:
        """Close the connection within a timeout, whatever its adapter does."""
        self._closing.set()
        if self._task is None or self._task.done():
            return
        _, late = await asyncio.wait({self._task}, timeout=seconds)
        for task in late:
            _log.error("a connection did not close in time and is cancelled", extra={"platform": self.name})
            task.cancel()
            await asyncio.wait({task}, timeout=1)


class Connections:
    """The platforms of a program: a failed one is connected again, with growing pauses, while the others work."""

    def __init__(
        self, service: Service, *, joined: Callable[[Adapter], None], left: Callable[[str, str], None]
    ) -> None:
        """Store the callbacks `joined` and `left`.

        `joined` is called with each adapter that is connected, `left` with a platform that is not and a clause with the
        reason.
        """
        self._service = service
        self._joined = joined
        self._left = left
        self._open: dict[str, Connection] = {}
        self._keeping: list[asyncio.Task[None]] = []

    async def open(self, connects: Sequence[Connect]) -> None:
        """Connect all platforms concurrently, so that one that hangs does not delay the others.

        Raises:
            SettingsError: a setting of one of them is wrong.
            StoreError: the database cannot be read.
        """
        first = await asyncio.gather(*map(self._connected, connects), return_exceptions=True)
        for connect, platform in zip(connects, first, strict=True):
            if isinstance(platform, BaseException):
                raise platform
            self._keeping.append(asyncio.create_task(self._keep(connect, platform)))

    async def _keep(self, connect: Connect, platform: str) -> None:
        """Wait until a connection ends, and connect again; runs until it is cancelled."""
        pause = FIRST_PAUSE
        while True:
            if platform:
                await self._open[platform].ended()
                self._left(platform, "its connection ended unexpectedly; Paperwire reconnects soon.")
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                platform = await self._connected(connect)
            except PaperwireError as error:
                _log.error("a platform is skipped", extra={"platform": platform, "error": str(error)})
                platform = ""

    async def _connected(self, connect: Connect) -> str:
        """Return the name of the connected platform; empty if it is left out."""
        connection = Connection(connect, self._service)
        try:
            adapter = await connection.open()
        except NotConnected as error:
            _log.error("a platform is skipped", extra={"platform": connection.name, "error": str(error)})
            self._left(connection.name, str(error))
            return ""
        try:
            # Read once more: an attribute of third-party code may answer otherwise the second time.
            name = str(adapter.platform)
            self._joined(adapter)
        except Exception as error:  # noqa: BLE001 - third-party attributes may raise anything
            _log.exception("a platform is skipped", extra={"platform": connection.name})
            self._left(connection.name, f"its adapter failed with {type(error).__name__}; the log has details.")
            await connection.close()
            return ""
        self._open[name] = connection
        return name

    async def close(self) -> None:
        """Close all connections concurrently, within a timeout."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, *(each.close() for each in self._open.values()), return_exceptions=True)
