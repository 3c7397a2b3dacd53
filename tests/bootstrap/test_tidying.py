"""What a process gives back while it runs: garbage that the resting collector would not find, and free memory."""

import asyncio
import ctypes
import gc
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest

from bots.bootstrap import tidying
from bots.bootstrap.tidying import rest_garbage_collector, tidied, trimming

_MIB = 2**20


class Knot:
    """Refers to itself, so that only the garbage collector frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """Leave the garbage collector as it was."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
    if frozen:
        gc.freeze()


async def freed(*knots: "ref[Knot]") -> None:
    """Wait until no knot is left."""
    async with asyncio.timeout(30):
        while any(each() is not None for each in knots):  # noqa: ASYNC110 - nothing tells that an object is gone
            await asyncio.sleep(0.01)


async def test_garbage_does_not_wait_for_more_of_it() -> None:
    """At low load the collector would not look for hours; what it would find is freed within a minute."""
    rest_garbage_collector()
    async with tidied(every=0.01):
        await freed(ref(Knot()))


async def test_old_garbage_is_found() -> None:
    """A knot that became garbage when it was old is freed, too, which needs a look at everything."""
    rest_garbage_collector()
    old = Knot()
    gc.collect()
    known = ref(old)
    del old
    gc.collect(1)
    assert known() is not None
    async with tidied(every=0.01):
        await freed(known)


async def test_looking_takes_a_bounded_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks that take a second are 3,000 seconds apart; memory is given back each time."""
    clock, enough = Ticks(), asyncio.Event()
    monkeypatch.setattr(tidying, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(tidying, "thread_time", lambda: float(clock.looks))
    monkeypatch.setattr(gc, "collect", lambda: clock.pass_by(looks=1))
    loop = asyncio.get_running_loop()

    def minute() -> None:
        clock.pass_by(minutes=1)
        if clock.minutes == 120:
            loop.call_soon_threadsafe(enough.set)

    monkeypatch.setattr(tidying, "trimming", lambda: minute)
    async with tidied(every=0.0):
        await enough.wait()
    assert 3 == clock.looks


class Ticks:
    """A clock on which a look takes a second."""

    def __init__(self) -> None:
        self.looks = self.minutes = 0

    @property
    def now(self) -> float:
        """The seconds that have passed."""
        return self.looks + 60.0 * self.minutes

    def pass_by(self, *, looks: int = 0, minutes: int = 0) -> None:
        """Let time pass."""
        self.looks += looks
        self.minutes += minutes


async def test_it_ends_with_its_context() -> None:
    """Nothing of it goes on afterwards."""
    before = asyncio.all_tasks()
    async with tidied():
        assert before < asyncio.all_tasks()
    assert before == asyncio.all_tasks()


#: Starts eight threads that allocate at the same time, and prints how many heaps glibc has made for them.
_HEAPS = """
import ctypes, sys, tempfile, threading
from bots.__main__ import few_heaps
if "few" in sys.argv: few_heaps()
together = threading.Barrier(8)
def allocate():
    together.wait()
    kept = [bytes(5000) for _ in range(20)]
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    opened = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, opened)
    libc.fclose(opened)
    print(file.read().count(b"<heap "))
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc has a heap for each thread")
async def test_threads_share_heaps() -> None:
    """Eight threads have two heaps, where they had one each; what an operator set stays."""
    own = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}

    async def heaps(*arguments: str, **more: str) -> int:
        asked = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _HEAPS, *arguments, env=own | more, stdout=asyncio.subprocess.PIPE
        )
        return int((await asked.communicate())[0])

    assert 2 == await heaps("few")
    assert 2 < await heaps()
    assert 2 < await heaps("few", MALLOC_ARENA_MAX="5")


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc, and glibc is what keeps it")
def test_free_memory_goes_back_to_the_system() -> None:
    """Much that is freed below a little that stays is not resident any more."""
    large = [bytearray(8000) for _ in range(8_000)]
    stays = bytearray(8000)
    large.clear()
    before = resident()
    trimming()()
    assert 30 * _MIB < before - resident()
    assert stays


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
