"""The SQLite file: its connections, the isolation of readers and writers, and the tenant of each row."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from inspect import getmembers, isfunction
from pathlib import Path

import pytest
from sqlalchemy import event

from bots.store._addresses import read_address
from bots.store._engine import open_engine
from bots.store.sql import SqlStore, open_store
from tests.store.stores import a_run, planned, some_parts
from tests.support.factories import DAY, NOW, a_blurb, a_paper, a_subscription


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of a test's database."""
    return tmp_path / "paperwire.sqlite3"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqlStore]:
    """An empty database."""
    async with open_store(file) as store:
        yield store


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """Query the file directly, without the store."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


async def test_every_connection_is_set_up(file: Path) -> None:
    """Each of several connections syncs every commit, enforces foreign keys, waits, and lets readers pass a writer."""
    async with open_store(file):
        engine = open_engine(read_address(file), patience=5)
        connections = [engine.connect() for _ in range(3)]
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        for connection in connections:
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
            assert ["wal", 2, 1, 5000] == found
            connection.close()
        engine.dispose()


async def test_a_write_says_so_when_it_begins(store: SqlStore) -> None:
    """Every method that writes begins with BEGIN IMMEDIATE, every other with BEGIN."""
    await store.open_run(a_run())
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    engine = store._database._reader
    event.listen(engine, "before_cursor_execute", note)
    part = (await planned(store))[0]
    await store.keep_subscription(a_subscription())
    await store.lease(part.key, now=NOW, until=NOW)
    await store.confirm(part.key, "m", now=NOW)
    await store.remember([a_paper()], source="s", day=DAY)
    await store.keep_blurb("k", a_blurb(), now=NOW)
    await store.drop_subscription("a1b2c3")
    assert ["BEGIN IMMEDIATE"] * 8 == begun
    begun.clear()
    await store.runs()
    await store.posted(part.part.channel, part.part.paper_ids)
    await store.search_papers("attention", 5)
    assert ["BEGIN"] * 3 == begun


async def test_readers_do_not_wait_for_a_writer(store: SqlStore) -> None:
    """While a transaction writes, other connections read the previous state."""
    async with store._database.writing() as connection:
        await connection.exec_driver_sql("INSERT INTO sighting VALUES ('s', '2026-11-24', 'arxiv:1')")
        assert () == await store.runs()
        assert frozenset() == await store.known("s", DAY.replace(day=25))
    assert 1 == len(await store.known("s", DAY.replace(day=25)))


async def test_a_write_that_is_cut_short_leaves_nothing(store: SqlStore) -> None:
    """A task cancelled in the middle of a write leaves no partial write and no lock."""
    inside = asyncio.Event()

    async def write() -> None:
        async with store._database.writing() as connection:
            await connection.exec_driver_sql("INSERT INTO sighting VALUES ('s', '2026-11-24', 'arxiv:1')")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert frozenset() == await store.known("s", DAY.replace(day=25))
    assert await store.open_run(a_run())


async def test_what_was_kept_is_there_next_time(file: Path) -> None:
    """A database that is opened again has its data, at the given path, with its folders created."""
    deep = file.parent / "some" / "folder of mine" / "späth?.sqlite3"
    async with open_store(deep) as store:
        await store.keep_subscription(a_subscription())
    async with open_store(f"sqlite+aiosqlite:///{deep.as_posix().replace('?', '%3F')}") as store:
        assert (a_subscription(),) == await store.subscriptions()
    assert deep.is_file()


async def test_a_row_of_a_tenant_says_whose_it_is(store: SqlStore, file: Path) -> None:
    """A workspace is created at its first use; a run without a subscription belongs to the workspace of its parts."""
    await store.keep_subscription(a_subscription())
    await store.drop_subscription("a1b2c3")
    await planned(store)
    await store.open_run(a_run("now:fakechat:papers"))
    assert [("fakechat", 2), ("", 1)] == rows(
        file,
        "SELECT platform, count(*) FROM tenant JOIN (SELECT tenant_id FROM subscription UNION ALL SELECT tenant_id FROM"
        " digest_run) ON tenant_id = tenant.id GROUP BY platform ORDER BY 2 DESC",
    )
    await store.plan(a_run("now:fakechat:papers").key, some_parts(a_run("now:fakechat:papers")))
    owners = "SELECT DISTINCT platform FROM digest_run JOIN tenant ON tenant_id = tenant.id"
    assert [("fakechat",)] == rows(file, owners)


def test_every_method_runs_whole_in_a_thread() -> None:
    """No async method of the store blocks the event loop while it uses the database."""
    methods = [method for name, method in getmembers(SqlStore, isfunction) if not name.startswith("_")]
    assert [] == [method.__name__ for method in methods if not hasattr(method, "__wrapped__")]
    assert 30 <= len(methods)
