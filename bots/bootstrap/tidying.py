"""Gives memory back that is not needed any more: garbage in cycles, and pages that the C library holds free.

The garbage collector rests (see `rest_garbage_collector`), so at low load it finds young cycles after half an hour or
more, and old ones never. What is freed, the C library keeps, in many holes, and a process grows although it holds no
more than before.
"""

import asyncio
import ctypes
import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter, thread_time

from bots.ports.beside import beside

#: Seconds between two looks.
_EVERY = 60.0
#: Everything waits while garbage is looked for: for at most one second in so many, where there is much to look at. They
#: are of processor time: on a busy machine a look of 20 ms lasts for half a second, and there is more garbage.
_SHARE = 3_000
#: The parameter of glibc's mallopt, from its malloc.h; and heaps for all threads.
_M_ARENA_MAX, _HEAPS = -8, 2
#: New objects after which the garbage collector looks at them, and how often it then looks at older ones, too.
_OBJECTS = (20_000, 50, 100)


def share_heaps() -> None:
    """Have all threads take memory from two heaps, before the first thread is started.

    By default, glibc has eight heaps for each core, and what one thread freed is of no use to another: with the load of
    a small team, a process held 16 MB more in holes (measured), and the more the longer it ran. Python's lock lets
    hardly two threads allocate at the same time.
    """
    change = _of_libc("mallopt")
    if change is not None:
        change(_M_ARENA_MAX, _HEAPS)


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
    async with beside(_tidy(every, trimming()), "memory"):
        yield


async def _tidy(every: float, trim: Callable[[], object]) -> None:
    due = 0.0
    while True:
        await asyncio.sleep(every)
        if perf_counter() >= due:
            began = thread_time()
            # Garbage of any age: what was in use at one look is old at the next.
            gc.collect()
            due = perf_counter() + _SHARE * (thread_time() - began)
        # In a thread, because it takes some milliseconds; it does not hold Python's lock.
        await asyncio.to_thread(trim)


def trimming() -> Callable[[], object]:
    """Return what gives the C library's free pages back to the system; it does nothing where there is no such call."""
    trim = _of_libc("malloc_trim")
    return (lambda: None) if trim is None else lambda: trim(ctypes.c_size_t(0))


def _of_libc(name: str) -> Callable[..., object] | None:
    """Return a function of glibc; None with another C library, which has neither these functions nor their troubles."""
    if sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"):
        return None
    found: Callable[..., object] | None = getattr(ctypes.CDLL(None), name, None)
    return found
