"""The product in a process of its own, with everything as shipped, and where its processor time goes."""

import asyncio
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from contextvars import ContextVar
from threading import Lock
from typing import Any

from bots.bootstrap.app import App, open_app
from bots.bootstrap.platforms import platforms
from bots.bootstrap.tidying import rest_garbage_collector
from bots.config.settings import read_settings
from bots.discord.listener import Listener
from bots.discord.responses import InteractionResponse
from bots.store import _database as database_module
from tests.bench.far import serve


class Calls:
    """Counts the calls of the store's methods, and their processor time."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = Lock()

    def watch(self) -> None:
        """Count from now on."""
        driven = database_module._driven

        def counted(method: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return driven(method, *arguments, **named)
            finally:
                with self._lock:
                    self.count[method.__name__] += 1
                    self.seconds[method.__name__] += time.thread_time() - began

        vars(database_module)["_driven"] = counted


class Acknowledgements:
    """Times each acknowledgement, from the arrival of the interaction to the confirmation by Discord."""

    def __init__(self) -> None:
        #: Milliseconds.
        self.taken: list[float] = []
        self._arrived: ContextVar[float] = ContextVar("arrived")

    def watch(self) -> None:
        """Time from now on."""
        take, first = Listener.take, InteractionResponse._first

        async def taken(listener: Listener, payload: Mapping[str, Any]) -> None:
            self._arrived.set(time.perf_counter())
            await take(listener, payload)

        async def acknowledged(response: InteractionResponse, body: Any) -> None:
            await first(response, body)
            self.taken.append(1000 * (time.perf_counter() - self._arrived.get()))

        setattr(Listener, "take", taken)  # noqa: B010 - a method of a class
        setattr(InteractionResponse, "_first", acknowledged)  # noqa: B010 - as above


class FarProduct:
    """A process of the product, and the questions about it."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._calls = Calls()
        self._calls.watch()
        self._acknowledgements = Acknowledgements()
        self._acknowledgements.watch()
        self._main = 0.0

    async def open(
        self, *, role: str, database: str, environ: dict[str, str], concurrency: int = 8, looks_up: bool = False
    ) -> None:
        """Open the program.

        Args:
            role: `alone` schedules and carries out; `scheduler` defers runs to workers; `worker` carries them out.
            database: a path or an address.
            environ: its settings.
            concurrency: the digests that a worker makes at the same time.
            looks_up: whether papers are looked up in libraries.
        """
        workers = {} if role == "alone" else {"PAPERWIRE_SCHEDULE_WORKERS": "yes"}
        settings = read_settings({**environ, **workers}, database=database)
        self._application: App = await self._stack.enter_async_context(
            open_app(
                settings,
                screen=sys.stderr,
                connectors=platforms(settings, listening=role != "worker"),
                libraries=None if looks_up else (),
                serving=role != "alone",
            )
        )
        self._role, self._concurrency = role, concurrency

    async def begin(self) -> float:
        """Begin to schedule, or to work; return the time."""
        self._calls.count.clear()
        self._calls.seconds.clear()
        rest_garbage_collector()
        began, self._main = time.time(), time.thread_time()
        if self._role == "worker":
            await self._stack.enter_async_context(self._application.worker(self._concurrency).running())
        else:
            await self._stack.enter_async_context(self._application.scheduler().running())
        return began

    async def drained(self) -> None:
        """Return when every run that was started here has ended."""
        await self._application.dispatcher.drain()

    async def acknowledged(self) -> list[float]:
        """Return how long each acknowledgement took, in milliseconds."""
        return self._acknowledgements.taken

    async def spent(self) -> dict[str, Any]:
        """Return the processor time of the event loop's thread and of the store's methods, in seconds, and calls."""
        return {
            "loop": time.thread_time() - self._main,
            "count": dict(self._calls.count),
            "seconds": dict(self._calls.seconds),
        }


async def _main() -> None:
    async with AsyncExitStack() as stack:
        it = FarProduct(stack)
        await serve(
            {
                "open": it.open,
                "begin": it.begin,
                "spent": it.spent,
                "drained": it.drained,
                "acknowledged": it.acknowledged,
            }
        )


if __name__ == "__main__":
    asyncio.run(_main())
