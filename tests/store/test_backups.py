"""A backup is whole, private and read back, or it is none; of a server it is restored with Postgres's programs."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bots.domain.errors import StoreError
from bots.store import backups
from bots.store.backups import back_up
from bots.store.operations import Place, without_password
from bots.store.sql import open_store
from bots.store.tables import metadata
from tests.store.recorded import FILE, KEY, LATEST, STEP, left_by_0_1_0, table_rows
from tests.store.stores import address, needs_postgres
from tests.support.postgres import server_programs

PASSWORD = "hunter2hunter2"


async def test_a_backup_while_the_program_runs(tmp_path: Path) -> None:
    """A backup of a file that the store has open, with rows in its log, has all of them and is private."""
    file, saved = tmp_path / "p.sqlite3", tmp_path / "saved.sqlite3"
    shutil.copy(FILE, file)
    async with open_store(file, keys=(KEY,)) as store:
        await store.drop_subscription((await store.subscriptions())[0].id)
        made = back_up(Place.of(file), saved)
        assert table_rows(str(file)) == table_rows(str(saved))
    assert LATEST == made.step
    # With the table of the step, and those in which SQLite keeps the full-text index.
    assert made.tables > len(metadata.sorted_tables)
    assert 0o600 == saved.stat().st_mode & 0o777
    assert [] == [name for name in os.listdir(tmp_path) if "unfinished" in name]  # noqa: PTH208 - a test may block


def test_an_old_database_is_backed_up_before_its_upgrade(tmp_path: Path) -> None:
    """A backup needs no upgrade: it has the step and the rows of the old version."""
    file, saved = tmp_path / "p.sqlite3", tmp_path / "saved.sqlite3"
    shutil.copy(FILE, file)
    assert STEP == back_up(Place.of(file), saved).step
    assert table_rows(str(file)) == table_rows(str(saved))


def test_a_backup_never_replaces_a_file(tmp_path: Path) -> None:
    """An existing file is refused and stays as it is."""
    Place.of(tmp_path / "p.sqlite3").upgrade()
    (tmp_path / "old").write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        back_up(Place.of(tmp_path / "p.sqlite3"), tmp_path / "old")
    assert "precious" == (tmp_path / "old").read_text()


def test_a_damaged_backup_is_none(tmp_path: Path) -> None:
    """A database with rows that cannot be read gives no backup: what is wrong is told, and no file is left."""
    file = tmp_path / "p.sqlite3"
    shutil.copy(FILE, file)
    Place.of(file).upgrade()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE digest_run SET slot_day = 'tomorrow'")
    with pytest.raises(StoreError, match="The backup is damaged"):
        back_up(Place.of(file), tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


@needs_postgres
def test_a_backup_of_a_server_is_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Postgres's programs a backup is written, and restoring it gives the same rows."""
    if (programs := server_programs()) is None:
        pytest.skip("the server was not started here, so its programs may be missing or older")
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    saved = tmp_path / "saved.dump"
    with left_by_0_1_0("postgres", tmp_path) as left, address("postgres", tmp_path) as other:
        place = Place.of(left)
        assert STEP == back_up(place, saved).step
        backups._run(["pg_restore", "--no-owner", f"--dbname={without_password(Place.of(other).url)}", str(saved)])
        assert table_rows(left) == table_rows(other)


@needs_postgres
def test_without_the_programs_the_command_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pg_dump is missing the error has the whole command, without the password."""
    monkeypatch.setenv("PATH", str(tmp_path))
    place = Place.of(f"postgresql://ann:{PASSWORD}@db.example:6000/papers?sslmode=require")
    with pytest.raises(StoreError) as caught:
        back_up(place, tmp_path / "saved")
    assert PASSWORD not in f"{caught.value}{caught.value.hint}"
    assert "--dbname='postgresql://ann@db.example:6000/papers?sslmode=require'" in caught.value.hint
    assert [] == list(tmp_path.iterdir())
