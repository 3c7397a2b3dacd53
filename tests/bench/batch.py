"""Fifty thousand abstracts in one run: abstracts per second, growth of memory, and the share that is grounded.

Two threads, one core each: the encoder releases the GIL while it computes.
"""

import resource
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from summarizer import Abstract, SummarizerError
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.evaluation.evaluate import read_rows
from summarizer.grounding.check import unsupported
from tests.bench.rows import Row

_THREADS = 2
#: At most this many abstracts are in memory at a time.
_AHEAD = 64
#: After this many abstracts, everything that is loaded once has been loaded.
_SETTLED = 2000
_TELL_EVERY = 500


def measure(data: Path) -> Iterator[Row]:
    """Yield abstracts per second, memory growth after the first two thousand, and the grounded share."""
    abstracts = (row.abstract for row in read_rows(data / "data/papers/papers-50k.jsonl.gz"))
    engine = ExtractiveEngine()
    started, done, grounded, settled = time.perf_counter(), 0, 0, 0.0
    for done, held in enumerate(_side_by_side(engine, abstracts), 1):
        grounded += held
        settled = _memory() if done <= _SETTLED else settled
        _tell(done, time.perf_counter() - started)
    spent = time.perf_counter() - started
    yield Row(
        what="abstracts a second, two cores", ours=done / spent, unit="", peer="-", theirs=0.0, more_is_better=True
    )
    yield Row(what="peak memory", ours=_memory(), unit="MiB", peer=f"after {_SETTLED:,} of {done:,}", theirs=settled)
    yield Row(
        what="grounded or refused by name",
        ours=100 * grounded / done,
        unit="%",
        peer="-",
        theirs=0.0,
        more_is_better=True,
    )


def _side_by_side(engine: ExtractiveEngine, abstracts: Iterable[Abstract]) -> Iterator[bool]:
    """Yield for each abstract, in order, whether all statements of its blurb are in the abstract."""
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[bool]] = deque()
        for abstract in abstracts:
            waiting.append(pool.submit(_held, engine, abstract))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _held(engine: ExtractiveEngine, abstract: Abstract) -> bool:
    try:
        blurb = engine.condense(abstract)
    except SummarizerError:
        return True
    missing = unsupported(blurb.text, abstract)
    if missing:
        sys.stdout.write(f"  not in its abstract: {missing} of {blurb.text!r}\n")
    return not missing


def _memory() -> float:
    """Return the peak memory of this process, in MiB (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tell(done: int, spent: float) -> None:
    if sys.stderr.isatty() and not done % _TELL_EVERY:
        sys.stderr.write(f"\r\x1b[K  {done:,} abstracts, {done / spent:.0f} a second")
        sys.stderr.flush()
