"""A process with channels that all read the same papers at the same moment: `python -m tests.support.blurb_readers`.

It says "ready" once its database is open, begins when a line comes, and prints the engines of the blurbs it got.
"""

import asyncio
import json
import os
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from bots.digests.blurbs import BlurbService
from bots.digests.single_flight import SingleFlight
from bots.ports import SourceQuery
from bots.sources.sample import SampleDay
from bots.store.sql import open_store
from summarizer import EngineSetup, Style, open_chain
from tests.conftest import ROOT
from tests.support.factories import DAY


@dataclass(kw_only=True)
class Readers:
    """One such process."""

    #: The address of the database, and of the model server.
    database: str
    server: str
    channels: int = 25
    papers: int = 5
    #: Seconds for which a lease holds; 0 for a process without leases.
    lease: float = 30.0
    process: asyncio.subprocess.Process = field(init=False)

    async def begun(self) -> Self:
        """Start the process, and return when its database is open."""
        given = {name: value for name, value in vars(self).items() if name != "process"}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, json.dumps(given),
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert b"ready\n" == await self._line()
        return self

    def go(self) -> None:
        """Let it read."""
        assert self.process.stdin
        self.process.stdin.write(b"\n")

    async def read(self) -> Counter[str]:
        """Return how many blurbs it got, by engine."""
        found = Counter[str](json.loads(await self._line()))
        await self.process.wait()
        return found

    async def _line(self) -> bytes:
        assert self.process.stdout
        return await asyncio.wait_for(self.process.stdout.readline(), 120)


async def _main(given: dict[str, Any]) -> None:
    papers = (await SampleDay().recent(SourceQuery(day=DAY))).papers[: given["papers"]]
    options = {"order": "remote, extractive", "remote_url": given["server"], "remote_model": "stand-in"}
    chain = open_chain(EngineSetup(options=options, clock=_now, random=random.random))
    async with open_store(given["database"], clock=_now) as store:
        flight = SingleFlight(leases=store, clock=_now, lease=timedelta(seconds=given["lease"] or 1))
        blurbs = BlurbService(summarizer=chain, cache=store, clock=_now, flight=flight if given["lease"] else None)
        print("ready", flush=True)  # noqa: T201 - a program for a test
        await asyncio.to_thread(sys.stdin.readline)
        wanted = [paper for _ in range(given["channels"]) for paper in papers]
        entries = await asyncio.gather(*(blurbs.entry(paper, Style.ONE_LINE) for paper in wanted))
    await chain.aclose()
    engines = Counter(entry.blurb.engine if entry.blurb else str(entry.trouble) for entry in entries)
    print(json.dumps(engines), flush=True)  # noqa: T201 - a program for a test
    os._exit(0)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    asyncio.run(_main(json.loads(sys.argv[1])))
