"""`python -m tests.soak [--minutes 120] [--log FILE]`: a line of figures each minute, and a summary at the end.

SIGTERM ends it early; the summary is then of what was measured until then. Linux only.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tests.soak.places import PAPERS
from tests.soak.running import soaking
from tests.soak.samples import Sample
from tests.soak.verdict import faults, summary

#: A look at where the memory is takes a second, and happens at each of so many samples.
_WHERE_EVERY = 6


async def soak(asked: argparse.Namespace, log: TextIO) -> int:
    """Run the program for some minutes, and return 0 if it stayed as it was."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def tell(text: str) -> None:
        log.write(f"{datetime.now(UTC):%H:%M:%S} {text}\n")
        log.flush()

    def sampled(sample: Sample) -> None:
        tell(sample.line())
        if asked.where and len(running.samples) % _WHERE_EVERY == 0:
            running.sampler.where()

    async with soaking(every=asked.every, wide=asked.wide, papers=asked.papers) as running:
        # The first requests load modules and fill caches.
        await running.people.acts_all()
        tell((await running.sample()).line())
        await running.for_minutes(
            asked.minutes, pause=asked.pause, list_every=asked.every, stop=stop, told=sampled,
            sample_every=asked.sample_every, at_once=asked.at_once,
        )  # fmt: skip
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
    parser.add_argument("--every", type=int, default=3, help="minutes between two digests, and two lists of papers")
    parser.add_argument(
        "--wide", type=int, default=1, help="lists of papers, each with a subscription of every platform"
    )
    parser.add_argument("--papers", type=int, default=PAPERS, help="papers of a list")
    parser.add_argument("--sample-every", type=float, default=60.0, help="seconds between two samples")
    parser.add_argument("--at-once", type=int, default=1, help="how many people do something at the same time")
    parser.add_argument("--where", action="store_true", help="tell where the memory is, too, in LOG.where")
    parser.add_argument("--log", type=Path, default=Path("soak.log"))
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    if asked.where:
        # The program inherits it; a signal without it would be ignored.
        os.environ["SOAK_WHERE"] = f"{asked.log.absolute()}.where"
    with asked.log.open("a", encoding="utf-8") as log:
        return asyncio.run(soak(asked, log))


if __name__ == "__main__":
    sys.exit(main())
