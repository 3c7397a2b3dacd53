"""A database that cannot be used is rejected by name, with what to do, and stays unchanged."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bots.domain.errors import PaperwireError, SettingsError, StoreError
from bots.store.sql import open_store
from tests.store.stores import a_run, planned
from tests.support.factories import DAY, a_paper, a_subscription


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of a test's database."""
    return tmp_path / "paperwire.sqlite3"


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """Query the file directly, without the store."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def _read(file: Path) -> bytes:
    return file.read_bytes()


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


async def refusal(database: str | Path, patience: float = 5) -> PaperwireError:
    """Return the error raised when a database is opened."""
    with pytest.raises((StoreError, SettingsError)) as caught:
        async with open_store(database, patience=patience):
            pytest.fail("opened")
    return caught.value


async def test_a_file_that_is_no_database_is_refused(file: Path) -> None:
    """A file that is not a database is named, rejected and left unchanged."""
    _write(file, b"Dear diary, " * 500)
    error = await refusal(file)
    assert (f"The database {file} is not a database.", True) == (str(error), error.hint.startswith("Name another"))
    assert b"Dear diary, " * 500 == _read(file)


async def test_a_damaged_file_is_named(file: Path) -> None:
    """A database with overwritten pages raises an error that says so, and never returns an empty result."""
    async with open_store(file) as store:
        await store.remember([a_paper()], source="s", day=DAY)
    whole = _read(file)
    _write(file, whole[:4096] + b"\xff" * (len(whole) - 4096))
    error = await refusal(file)
    assert (f"The database {file} is damaged.", True) == (str(error), "backup" in error.hint)


async def test_a_place_that_cannot_be_a_folder_is_refused(file: Path) -> None:
    """A path with a file in place of a folder is rejected with what to check."""
    _write(file, b"")
    error = await refusal(file / "deeper" / "paperwire.sqlite3")
    assert ("could not be opened" in str(error), "folder" in error.hint) == (True, True)


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder without write permission; a system folder if possible, since the superuser may write anywhere else."""
    if Path("/proc/self").is_dir():
        yield Path("/proc")
    elif hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("needs a folder that the superuser may not write, such as /proc")
    else:
        tmp_path.chmod(0o500)
        yield tmp_path
        tmp_path.chmod(0o700)


async def test_a_folder_that_may_not_be_written_is_refused(locked_folder: Path) -> None:
    """A database that cannot be created at its path is rejected with what to check."""
    error = await refusal(locked_folder / "paperwire.sqlite3")
    assert (f"The database {locked_folder / 'paperwire.sqlite3'} cannot be opened.", True) == (
        str(error),
        "may write there" in error.hint,
    )


async def test_a_database_locked_for_too_long_is_an_error(file: Path) -> None:
    """A locked database is waited for as long as configured; then the error names another program as the cause."""
    async with open_store(file, patience=0.05) as store:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked by another program") as caught:
                await store.open_run(a_run())
            assert "locked" in str(await refusal(file, patience=0.05))
        assert caught.value.hint
        assert await store.open_run(a_run())


async def test_a_full_disk_is_an_error(file: Path) -> None:
    """A database that cannot grow reports it, loses no data and works again when there is space."""

    def fill(connection: object, *_: object) -> None:
        limit(connection, 1)

    def limit(connection: object, pages: int) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a driver's connection, which SQLAlchemy leaves open
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    async with open_store(file) as store:
        await planned(store)
        event.listen(Pool, "checkout", fill)
        try:
            with pytest.raises(StoreError, match="no disk space left") as caught:
                await store.remember([a_paper(abstract="x" * 5_000_000)], source="s", day=DAY)
        finally:
            event.remove(Pool, "checkout", fill)
        assert "space" in caught.value.hint
        assert (None, 3) == (await store.paper(a_paper().id), len(await store.deliveries()))


@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("mysql://localhost/paperwire", "cannot use the database 'mysql'"),
        ("sqlite+aiosqlite://", "needs the path of a file"),
        (":memory:", "needs the path of a file"),
        ("", "needs the path of a file"),
        ("://paperwire", "cannot be read"),
    ],
)
async def test_an_address_of_no_database_we_know_is_refused(database: str, said: str) -> None:
    """An address that names neither a file nor Postgres is a settings error that shows valid forms."""
    error = await refusal(database)
    assert (SettingsError, True) == (type(error), said in str(error))
    assert "postgresql://" in error.hint


async def test_a_postgres_that_cannot_be_reached_keeps_its_password() -> None:
    """Neither a missing driver nor an unreachable server reveals the password in the address."""
    error = await refusal("postgresql://paperwire:s3cret@127.0.0.1:1/papers")
    shown = f"{error} {error.hint}"
    assert "s3cret" not in shown
    assert "psycopg" in shown if isinstance(error, SettingsError) else "papers at 127.0.0.1" in shown


async def test_a_row_that_cannot_be_read_is_an_error(file: Path) -> None:
    """A time zone that this machine does not know raises a StoreError, not a third-party error."""
    async with open_store(file) as store:
        await store.keep_subscription(a_subscription())
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("UPDATE subscription SET body = replace(body, '\"UTC\"', '\"Mars/Olympus\"')")
            connection.commit()
        with pytest.raises(StoreError, match="A stored Subscription cannot be read"):
            await store.subscriptions()


async def test_a_newer_database_is_refused(file: Path) -> None:
    """A database that a later version migrated further is rejected by name and left unchanged."""
    async with open_store(file):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match=r"newer Paperwire \(step 9999\)") as caught:
        async with open_store(file):
            pytest.fail("opened")
    assert "Upgrade Paperwire" in caught.value.hint
    assert [("9999",)] == rows(file, "SELECT version_num FROM alembic_version")


async def test_a_file_of_another_program_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    """No table is added to a file that is not ours."""
    file = tmp_path / "photos.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
        connection.commit()
    with pytest.raises(StoreError, match="is not Paperwire's: it has other tables, such as photos"):
        async with open_store(str(file)):
            pass
    assert [("photos",)] == rows(file, "SELECT name FROM sqlite_master")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:/bob:hunter2hunter2@host/db",
        "postgres:host/db",
        "postgresql+psycopg:host",
        "sqlite:papers.sqlite3",
        "host=127.0.0.1 port=1 password=hunter2hunter2",
        "dbname=papers user=bob",
    ],
)
def test_an_address_without_its_slashes_makes_no_file(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped address is refused without its password, and nothing is created."""

    async def opened() -> None:
        async with open_store(address):
            pass

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="no `://`") as refused:
        asyncio.run(opened())
    assert "hunter2" not in str(refused.value)
    assert [] == list(tmp_path.iterdir())
