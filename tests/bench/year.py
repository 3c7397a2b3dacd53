"""Ten thousand digests over a simulated year with power cuts and faults: their outcome and their cost."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.rows import Row
from tests.crash.year import Balance, Year


def measure(_data: Path) -> Iterator[Row]:
    """Yield the ledger's balance, then memory and the time of a tick at the end of the year compared with its start."""
    # Every simulated fault would be logged.
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as folder:
        balance = asyncio.run(Year(file=Path(folder) / "year.sqlite3").pass_by())
    logging.disable(logging.NOTSET)
    yield from _balanced(balance)
    yield _later("a look with nothing to do", balance.tick_last, "ms", balance.tick_first)
    yield _later("memory in use", balance.memory_last, "MiB", balance.memory_first)


def _balanced(balance: Balance) -> Iterator[Row]:
    ended = balance.sent + balance.held + balance.dead
    yield Row(what="parts sent, held and dead", ours=ended, unit="", peer="parts planned", theirs=balance.parts)
    yield Row(what="parts held", ours=balance.held, unit="", peer="and dead", theirs=balance.dead)
    yield Row(what="digests", ours=balance.digests, unit="", peer="restarts", theirs=balance.restarts)
    wrong = balance.doubled + balance.lost + balance.unexplained + balance.slots_missed
    yield Row(what="doubled, lost, unexplained or missed", ours=wrong, unit="", peer="promised", theirs=0)


def _later(what: str, last: float, unit: str, first: float) -> Row:
    return Row(what=f"{what}, last tenth", ours=last, unit=unit, peer="first tenth of the year", theirs=first)
