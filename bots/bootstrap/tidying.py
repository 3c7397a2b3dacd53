"""Gives memory back that is not needed any more: garbage in cycles, and pages that the C library holds free.

The garbage collector rests (see `rest_garbage_collector`), so at low load it would find cycles only after hours. What
it frees, the C library keeps in many holes, and the process seems to grow although it holds no more than before.
"""

import asyncio
import ctypes
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter

#: Seconds between two looks.
_EVERY = 60.0
#: Everything waits while garbage is looked for: for at most one second in so many, where there is much to look at.
_SHARE = 3_000
#: New objects after which the garbage collector looks at them, and how often it then looks at older ones, too.
_OBJECTS = (20_000, 50, 100)


def rest_garbage_collector() -> None:
    """Have the garbage collector look less often, and never again at what is loaded now, which stays.

    With 5,000 subscriptions, a full run of it would hold every answer for 180 to 320 ms (measured), to look through all
    of it again. A digest creates and frees tens of thousands of objects: with Python's thresholds the collector takes a
    fifth of its processor time, and acknowledgements wait for it (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OBJECTS)


@asynccontextmanager
async def tidied(every: float = _EVERY) -> AsyncIterator[None]:
    """Give memory back every so many seconds, until the context exits."""
    task = asyncio.create_task(_tidy(every, trimming()), name="memory")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tidy(every: float, trim: Callable[[], object]) -> None:
    due = 0.0
    while True:
        await asyncio.sleep(every)
        if (began := perf_counter()) >= due:
            # Garbage of any age: what was in use at one look is old at the next.
            gc.collect()
            due = perf_counter() + _SHARE * (perf_counter() - began)
        # In a thread, because it takes some milliseconds; it does not hold Python's lock.
        await asyncio.to_thread(trim)


def trimming() -> Callable[[], object]:
    """Return what gives the C library's free pages back to the system; it does nothing where there is no such call."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is None:  # musl has none, and needs none
        return lambda: None
    return lambda: trim(ctypes.c_size_t(0))
