"""The cost of one durable step of the ledger, compared with a bare sqlite3 commit of the same durability."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bots.domain.digests import Part
from bots.domain.runs import Delivery, Run, delivery_key
from bots.domain.slots import Slot
from bots.store.sql import open_store
from tests.bench.rows import Row
from tests.support.factories import CHANNEL

_PARTS = 200


def measure(_data: Path) -> Iterator[Row]:
    """Yield milliseconds per leased and confirmed part (two transactions) and per two bare commits."""
    with TemporaryDirectory() as folder:
        ours = asyncio.run(_ours(Path(folder) / "ours.sqlite3"))
        theirs = _bare(Path(folder) / "bare.sqlite3")
    yield Row(what="a part leased and confirmed", ours=ours, unit="ms", peer="two bare sqlite3 commits", theirs=theirs)


async def _ours(path: Path) -> float:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    run = Run(key="bench", subscription_id="bench", slot=Slot(day=now.date(), time=now.time()), created=now)
    parts = [
        Part(channel=CHANNEL, number=number, total=_PARTS, payload={"n": number}) for number in range(1, _PARTS + 1)
    ]
    async with open_store(str(path)) as store:
        await store.open_run(run)
        planned = [Delivery(key=delivery_key(run.key, part), run_key=run.key, part=part) for part in parts]
        await store.plan(run.key, planned)
        started = time.perf_counter()
        for delivery in planned:
            await store.lease(delivery.key, now=now, until=now + timedelta(seconds=90))
            await store.confirm(delivery.key, "m1", now=now)
        return (time.perf_counter() - started) / _PARTS * 1000


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, state TEXT)")
        connection.executemany("INSERT INTO t VALUES (?, 'planned')", [(number,) for number in range(_PARTS)])
        started = time.perf_counter()
        for number in range(_PARTS):
            for state in ("sending", "sent"):
                connection.execute("UPDATE t SET state = ? WHERE n = ?", (state, number))
        return (time.perf_counter() - started) / _PARTS * 1000
    finally:
        connection.close()
