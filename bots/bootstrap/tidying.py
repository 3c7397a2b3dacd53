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

#: Seconds between two looks for young garbage, and between two for garbage of any age.
_EVERY, _ALL = 60.0, 600.0
#: Everything waits while all garbage is looked for: for at most one second in so many, where there is much to look at.
_SHARE = 10_000
#: New objects after which the garbage collector looks at them, and how often it then looks at older ones, too.
_OBJECTS = (20_000, 50, 100)
_YOUNG, _ANY = 1, 2


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
    due = perf_counter() + _ALL
    while True:
        await asyncio.sleep(every)
        due = _collect(due)
        # In a thread, because it takes some milliseconds; it does not hold Python's lock.
        await asyncio.to_thread(trim)


def _collect(due: float) -> float:
    """Free what is garbage, of any age from a time on; return when to look at all of it next."""
    began = perf_counter()
    if began < due:
        gc.collect(_YOUNG)
        return due
    gc.collect(_ANY)
    ended = perf_counter()
    return ended + max(_ALL, _SHARE * (ended - began))


def trimming() -> Callable[[], object]:
    """Return what gives the C library's free pages back to the system; it does nothing where there is no such call."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is None:  # musl has none, and needs none
        return lambda: None
    return lambda: trim(ctypes.c_size_t(0))
