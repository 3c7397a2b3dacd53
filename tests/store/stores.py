"""Every kind of store, opened empty for a test, and complete, plausible ledger records."""

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, Run, delivery_key, run_key
from bots.domain.slots import Slot
from bots.ports import Store
from bots.store.memory import MemoryStore
from bots.store.sql import open_store
from tests.support.factories import CHANNEL, DAY, NOW

#: Address of a Postgres database for tests, such as postgresql+psycopg://postgres@localhost/postgres. Read here,
#: because tests run without the machine's own settings.
POSTGRES = os.environ.get("PAPERWIRE_TEST_POSTGRES", "")
needs_postgres = pytest.mark.skipif(not POSTGRES, reason="no Postgres server: set PAPERWIRE_TEST_POSTGRES")
KINDS = ("memory", "sqlite", *(["postgres"] if POSTGRES else []))

NINE = Slot(day=DAY, time=time(9))


@asynccontextmanager
async def opened(kind: str, folder: Path, keys: Sequence[str] = ()) -> AsyncIterator[Store]:
    """Open an empty store of a kind for the duration of the block."""
    if kind == "memory":
        yield MemoryStore()
        return
    with address(kind, folder) as place:
        async with open_store(place, keys=keys) as store:
            yield store


@contextmanager
def address(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database: a file in the folder, or a schema that is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'paperwire.sqlite3'}"
        return
    name = f"test_{uuid4().hex}"
    engine = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
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
    """Return whether a table is one of tables.py: triggers fill those of the full-text index (Alembic's filter)."""
    return kind != "table" or not str(name).startswith("search_text")
