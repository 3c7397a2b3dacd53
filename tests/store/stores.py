"""Every kind of store, opened empty for a test, and complete, plausible ledger records."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import URL

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, Run, delivery_key, run_key
from bots.domain.slots import Slot
from bots.ports import Store
from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from bots.store._scope import EVERYBODYS
from bots.store.memory import MemoryStore
from bots.store.migrations import upgrade
from bots.store.sql import SqlStore, open_store
from bots.store.tables import metadata
from tests.support import postgres
from tests.support.factories import CHANNEL, DAY, NOW

needs_postgres = pytest.mark.skipif(not postgres.IS_THERE, reason=postgres.WHY_NOT)
KINDS = ("memory", "sqlite", *(["postgres"] if postgres.IS_THERE else []))
#: The kinds of store that have tables.
WITH_TABLES = KINDS[1:]

NINE = Slot(day=DAY, time=time(9))


@asynccontextmanager
async def opened(kind: str, folder: Path, keys: Sequence[str] = ()) -> AsyncIterator[Store]:
    """Open an empty store of a kind for the duration of the block."""
    if kind == "memory":
        yield MemoryStore()
        return
    with _with_tables(kind, folder) as place:
        async with open_store(place, keys=keys) as store:
            see_all(store)
            yield store


def see_all(store: SqlStore) -> None:
    """Let this thread read all rows beside the store's methods, which say themselves whose rows they read."""
    store._database._serves.scope = EVERYBODYS


@contextmanager
def address(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, without tables: a file in the folder, or a database of the server."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'paperwire.sqlite3'}"
        return
    with postgres.database() as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def _with_tables(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, on the server with today's tables."""
    if kind == "sqlite":
        with address(kind, folder) as place:
            yield place
        return
    url = _FREE.pop() if _FREE else _made()
    yield url.render_as_string(hide_password=False)
    _empty(url)
    # Not after a failure: then a transaction of the test may still be open.
    _FREE.append(url)


#: Databases with today's tables, all of them empty, which no test uses at present: creating one takes 150 ms.
_FREE: list[URL] = []


def _made() -> URL:
    url = postgres.make_database()
    upgrade(read_address(url.render_as_string(hide_password=False)), "The database of a test", patience=5)
    return url


def _empty(url: URL) -> None:
    """Delete every row; quicker than TRUNCATE, which makes new files for each table."""
    engine = open_blocking_engine(read_address(url.render_as_string(hide_password=False)), patience=5)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    engine.dispose()


def at(minutes: float) -> datetime:
    """Return the instant this many minutes after `NOW`."""
    return NOW + timedelta(minutes=minutes)


def a_run(subscription_id: str = "a1b2c3", slot: Slot = NINE, **changes: Any) -> Run:
    """Return a queued run; `changes` are fields of `Run`."""
    run = Run(key=run_key(subscription_id, slot), subscription_id=subscription_id, slot=slot, created=NOW)
    return replace(run, **changes)


def on(day: date) -> Slot:
    """Return the nine o'clock slot of a day."""
    return Slot(day=day, time=time(9))


def some_parts(run: Run, total: int = 3, channel: Channel = CHANNEL) -> tuple[Delivery, ...]:
    """Return the parts of a run, each with two different papers."""
    parts = [
        Part(
            channel=channel,
            number=number,
            total=total,
            payload={"text": f"Part {number}", "blocks": [{"type": "section", "text": "Größe α → β"}]},
            paper_ids=tuple(PaperId.arxiv(f"26{number:02}.0000{place}") for place in (1, 2)),
        )
        for number in range(1, total + 1)
    ]
    return tuple(Delivery(key=delivery_key(run.key, part), run_key=run.key, part=part) for part in parts)


async def planned(store: Store, run: Run | None = None, total: int = 3) -> tuple[Delivery, ...]:
    """Open a run in the store, plan its parts and return them."""
    run = run or a_run()
    await store.open_run(run)
    return await store.plan(run.key, some_parts(run, total))


async def one(store: Store, key: str) -> Delivery:
    """Return the recorded part with this key."""
    return next(part for part in await store.deliveries() if part.key == key)


def is_ours(name: str | None, kind: str, _parents: object = None) -> bool:
    """Return whether a table is one of tables.py: triggers fill those of the full-text index (Alembic's filter).

    `rate_limit` is on servers only, and its rows are worth nothing a few seconds later.
    """
    return kind != "table" or not str(name).startswith(("search_text", "search_near", "rate_limit"))
