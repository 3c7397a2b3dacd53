"""`python -m tests.soak [--minutes 120] [--log FILE]`: a line of figures each minute, and a summary at the end.

SIGTERM ends it early; the summary is then of what was measured until then. Linux only.
"""

import argparse
import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tests.soak.running import soaking
from tests.soak.verdict import faults, summary


async def soak(minutes: float, pause: float, log: TextIO) -> int:
    """Run the program for some minutes, and return 0 if it stayed as it was."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def tell(text: str) -> None:
        log.write(f"{datetime.now(UTC):%H:%M:%S} {text}\n")
        log.flush()

    async with soaking(every=3) as running:
        # The first requests load modules and fill caches.
        await running.people.acts_all()
        tell((await running.sample()).line())
        await running.for_minutes(
            minutes, pause=pause, list_every=3, stop=stop, told=lambda sample: tell(sample.line())
        )
        tell((await running.sample()).line())
        tell(f"{len(running.people.failures)} things failed: {running.people.failures[-3:]}")
        tell(summary(running.samples))
        kept = Path(log.name).with_suffix(".program.log")
        kept.write_bytes(running.log.read_bytes()[-1_000_000:])
        return 1 if faults(running.samples) else 0


def main() -> int:
    """Run the soak that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__, allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds between two things that people do")
    parser.add_argument("--log", type=Path, default=Path("soak.log"))
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    with asked.log.open("a", encoding="utf-8") as log:
        return asyncio.run(soak(asked.minutes, asked.pause, log))


if __name__ == "__main__":
    sys.exit(main())
