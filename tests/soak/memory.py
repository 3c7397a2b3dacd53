"""Where the memory of this process is: with the C library, with Python, in which caches, and in which objects."""

import ctypes
import functools
import gc
import json
import os
import sys
import tempfile
import time
import tracemalloc
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Containers with fewer entries are not told.
_FEWEST = 300
_MOST_TYPES, _MOST_CONTAINERS, _MOST_LINES = 300, 15, 30
_TOLD_OF_LIBC = (
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost",
)
_TOLD_OF_KERNEL = ("VmRSS", "RssAnon", "RssFile", "RssShmem", "VmHWM")


def where(file: Path) -> None:
    """Append what this process holds to a file, as a line of JSON in bytes and numbers of objects.

    A copy of the process looks, so that the looking leaves nothing in the process itself.
    """
    if child := os.fork():
        os.waitpid(child, 0)
        return
    if os.fork():
        os._exit(0)
    # A peer would wait for the end of a connection that this copy still holds.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(_all())}\n")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and this copy of the process ends
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{error!r}\n")
    finally:
        os._exit(0)


def _all() -> dict[str, Any]:
    told: dict[str, Any] = {"kernel": dict(_of_kernel()), "libc": _of_libc(), "python": _of_python()}
    told["blocks"] = sys.getallocatedblocks()
    told["smaps"] = _of_mappings()
    told["lines"] = _lines()
    gc.set_debug(gc.DEBUG_SAVEALL)
    began = time.perf_counter()
    told["garbage"] = gc.collect()
    told["collect ms"] = 1000 * (time.perf_counter() - began)
    told["of garbage"] = dict(
        Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.garbage).most_common(40)
    )
    told["tasks of garbage"] = dict(
        Counter(each.__qualname__ for each in gc.garbage if hasattr(each, "cr_code")).most_common(25)
    )
    gc.set_debug(0)
    gc.garbage.clear()
    gc.collect()
    gc.unfreeze()
    told["python collected"] = _of_python()
    told["blocks collected"] = sys.getallocatedblocks()
    told["libc collected"] = _of_libc()
    began = time.perf_counter()
    ctypes.CDLL(None).malloc_trim(0)
    told["trim ms"] = 1000 * (time.perf_counter() - began)
    told["kernel trimmed"] = dict(_of_kernel())
    objects = gc.get_objects()
    told["types"] = dict(
        Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in objects).most_common(_MOST_TYPES)
    )
    told["caches"] = dict(_caches(objects))
    told["containers"] = _containers(objects)
    return told


def _of_mappings() -> dict[str, int]:
    """Return the resident bytes of each kind of mapping."""
    found: Counter[str] = Counter()
    name, size = "", 0
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if "-" in words[0] and not words[0].endswith(":"):
            name = words[5] if len(words) > 5 else "anonymous"
        elif words[0] == "Size:":
            size = int(words[1])
        elif words[0] == "Rss:":
            kind = f"{name} {size if size >= 1024 and size % 1024 == 0 else ''}" if name == "anonymous" else name
            found[kind] += int(words[1]) * 1024
    return dict(found.most_common(30))


def _of_kernel() -> Iterator[tuple[str, int]]:
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name in _TOLD_OF_KERNEL:
            yield name, int(value.split()[0]) * 1024


def _of_libc() -> dict[str, int]:
    """Return what malloc has of the kernel (arena, hblkhd), gave away (uordblks), and holds free (fordblks)."""

    fields = {"_fields_": [(name, ctypes.c_size_t) for name in _TOLD_OF_LIBC]}
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = type("Told", (ctypes.Structure,), fields)
    told = ask()
    return {name: getattr(told, name) for name in _TOLD_OF_LIBC if getattr(told, name)}


def _of_python() -> dict[str, int]:
    """Return the arenas of Python's own allocator, and the bytes in them that are used, and free."""
    wanted = {
        "# arenas allocated current": "arenas",
        "# bytes in allocated blocks": "used",
        "# bytes in available blocks": "free_blocks",
        "unused pools": "free_pools",
    }
    found: dict[str, int] = {}
    for line in _debug_text().splitlines():
        name, _, value = line.partition("=")
        for start, short in wanted.items():
            if start in name and value.strip():
                found[short] = int(value.strip().replace(",", ""))
    return found


def _debug_text() -> str:
    # It is written to the file of standard errors by C, whatever `sys.stderr` is.
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()
            ctypes.CDLL(None).fflush(None)
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        return file.read().decode("ascii", errors="replace")


def _caches(objects: list[Any]) -> Iterator[tuple[str, str]]:
    for each in objects:
        if isinstance(each, functools._lru_cache_wrapper):
            told = each.cache_info()
            if told.currsize > 1:
                yield f"{each.__module__}.{each.__qualname__}", f"{told.currsize} of {told.maxsize}"


def _containers(objects: list[Any]) -> list[str]:
    large = [
        each for each in objects if isinstance(each, dict | list | set | deque | OrderedDict) and len(each) >= _FEWEST
    ]
    large = [each for each in large if each is not objects]
    large.sort(key=len, reverse=True)
    return [f"{type(each).__name__} {len(each)} {_owner(each)} {_sample(each)}" for each in large[:_MOST_CONTAINERS]]


def _sample(container: Any) -> str:
    try:
        return repr(type(next(iter(container))).__qualname__)
    except (StopIteration, RuntimeError):
        return ""


def _owner(container: Any) -> str:
    """Return the kind of object that holds it, and by which name."""
    for holder in gc.get_referrers(container):
        if isinstance(holder, list | tuple) or type(holder).__name__ in ("cell", "frame"):
            continue
        if isinstance(holder, dict):
            name = next((key for key, value in holder.items() if value is container), "?")
            above = next(
                (type(o).__qualname__ for o in gc.get_referrers(holder) if getattr(o, "__dict__", None) is holder), ""
            )
            return f"{above or holder.get('__name__', '')}.{name}"
        slots = getattr(type(holder), "__slots__", ())
        named = next((s for s in slots if getattr(holder, s, None) is container), "")
        return f"{type(holder).__qualname__}.{named}"
    return "?"


def _lines() -> list[str]:
    if not tracemalloc.is_tracing():
        return []
    found = tracemalloc.take_snapshot().statistics("traceback" if tracemalloc.get_traceback_limit() > 1 else "lineno")
    return [
        f"{each.size} {each.count} {' < '.join(map(str, reversed(each.traceback)))}" for each in found[:_MOST_LINES]
    ]
