"""The program under a low, steady load: whether its memory, handles, threads and tasks stay as they are.

`SOAK_MINUTES` in the environment changes how long it takes. `python -m tests.soak` runs it in the background instead,
with a line of figures each minute.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import LeftOut, Row
from tests.soak.running import soaking
from tests.soak.samples import Sample
from tests.soak.verdict import COUNTS, faults, memory_of, second_half
from tests.support import postgres

_MINUTES = float(os.environ.get("SOAK_MINUTES", "120"))
#: Seconds between two things that people do.
_PAUSE = 4.0


def measure(_data: Path) -> Iterator[Row]:
    """Yield the trend of the memory in the second half, and what was held at its start and its end."""
    if not postgres.IS_THERE or not sys.platform.startswith("linux"):
        raise LeftOut("it needs Linux and a Postgres server: install the extra dev")
    samples = asyncio.run(_samples())
    late = second_half(samples)
    memory = memory_of(late)
    least = "least, with 95 %"
    yield Row(what="memory grows an hour", ours=memory.slope, unit="MiB", peer=least, theirs=memory.least)
    for name in COUNTS:
        first, last = (getattr(each, name) for each in (late[0], late[-1]))
        yield Row(what=name, ours=last, unit="", peer="at half time", theirs=first)
    yield Row(what="not flat", ours=len(faults(samples)), unit="", peer="wanted", theirs=0)


async def _samples() -> list[Sample]:
    async with soaking(every=3) as running:
        await running.people.acts_all()
        await running.sample()
        await running.for_minutes(_MINUTES, pause=_PAUSE, list_every=3, stop=asyncio.Event(), told=_tell)
        await running.sample()
        return running.samples


def _tell(sample: Sample) -> None:
    sys.stdout.write(f"  {sample.line()}\n")
