"""What the operator does with a whole database: upgrade, examine, copy between kinds, back up. With real rows."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update

from bots.domain.errors import StoreError
from bots.store import copying
from bots.store.copying import copy
from bots.store.inspection import inspect
from bots.store.operations import Place, compact, size
from bots.store.sql import open_store
from bots.store.tables import digest_run, metadata, private_name, tenant
from tests.store.recorded import FILE, KEY, LATEST, STEP, left_by_0_1_0, run_sql, table_counts, table_rows
from tests.store.stores import WITH_TABLES, address, needs_postgres
from tests.support.factories import CHANNEL, a_subscription

needs_modes = pytest.mark.skipif(os.name != "posix", reason="this system has no modes")
#: Tests of what happens in the target: the kind of the source makes no difference.
from_a_file = pytest.mark.parametrize("full", ["sqlite"], indirect=True)


@pytest.fixture(params=WITH_TABLES)
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database with the rows that 0.1.0 left, upgraded, of each kind."""
    folder = tmp_path / "full"
    folder.mkdir()
    with left_by_0_1_0(request.param, folder) as left:
        place = Place.of(left)
        place.upgrade()
        for file in place.files:
            file.chmod(0o600)
        yield place


@pytest.fixture(params=WITH_TABLES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that is not there yet, or has no tables, of each kind."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with address(request.param, folder) as place:
        yield place


def addressed(place: Place) -> str:
    """Return a place's address with its password."""
    return place.url.render_as_string(hide_password=False)


# ── upgrade ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", WITH_TABLES)
def test_an_upgrade_says_from_where_it_came(kind: str, tmp_path: Path) -> None:
    """The step before and after is returned; a second upgrade does nothing."""
    with left_by_0_1_0(kind, tmp_path) as left:
        assert [(STEP, LATEST), (LATEST, LATEST)] == [Place.of(left).upgrade() for _ in range(2)]


def test_an_upgrade_makes_a_new_database(empty: str) -> None:
    """Where there is no database, a private one with today's tables is made."""
    place = Place.of(empty)
    assert ("", LATEST) == place.upgrade()
    assert () == inspect(place).troubles


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_database_has_no_troubles(full: Place) -> None:
    """Its step, its size and the number of its rows are told, and nothing is wrong."""
    found = inspect(full)
    assert (LATEST, LATEST, ()) == (found.step, found.newest, found.troubles)
    assert {name: count for name, count in table_counts().items() if name in found.rows} == found.rows
    assert found.size > 100_000


def test_a_database_without_tables_is_told(empty: str) -> None:
    """A check of a server's database before its first upgrade says what to do, as a check of an empty file does."""
    if empty.startswith("postgresql"):
        found = inspect(Place.of(empty))
        assert ("revision", "Run: paperwire db upgrade") in [(each.check, each.fix) for each in found.troubles]


@pytest.mark.parametrize("kind", WITH_TABLES)
def test_a_check_changes_nothing(kind: str, tmp_path: Path) -> None:
    """A database of an older version is told to be one, and is not upgraded."""
    with left_by_0_1_0(kind, tmp_path) as left:
        before = table_rows(left)
        (trouble,) = [each for each in inspect(Place.of(left)).troubles if each.check == "revision"]
        assert (f"it is at step {STEP}, not at {LATEST}", before) == (trouble.says, table_rows(left))
        assert "paperwire db upgrade" in trouble.fix


def test_a_row_without_its_owner_is_found(full: Place) -> None:
    """Rows of a private paper's name without the paper are counted, with the table's name."""
    row = {"tenant_id": 1, "channel": "C", "name": "doi:1", "paper": "doi:1"}
    run_sql(addressed(full), insert(private_name).values(row))
    assert ["1 row of private_name without a row of private_paper"] == [each.says for each in inspect(full).troubles]


def test_a_broken_reference_is_found(tmp_path: Path) -> None:
    """A child whose parent another program deleted is found in a file, which does not refuse the deletion."""
    file = tmp_path / "p.sqlite3"
    shutil.copy(FILE, file)
    Place.of(file).upgrade()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM tenant")
    says = [each.says for each in inspect(Place.of(file)).troubles if each.check == "orphans"]
    assert f"{table_counts()['digest_run']} rows of digest_run without a row of tenant" in says


def test_a_row_that_cannot_be_read_is_found(tmp_path: Path) -> None:
    """A value that no column of ours can hold is damage, though SQLite finds the file sound."""
    file = tmp_path / "p.sqlite3"
    shutil.copy(FILE, file)
    Place.of(file).upgrade()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE digest_run SET slot_day = 'tomorrow'")
    (trouble,) = [each for each in inspect(Place.of(file)).troubles if each.check == "integrity"]
    assert "rows of digest_run cannot be read" in trouble.says


@needs_modes
def test_a_file_that_others_may_read_is_told(tmp_path: Path) -> None:
    """Who may read it is told with the command that mends it; the database works all the same."""
    file = tmp_path / "p.sqlite3"
    Place.of(file).upgrade()
    file.chmod(0o644)
    (trouble,) = inspect(Place.of(file)).troubles
    assert (True, "permissions") == (trouble.works, trouble.check)
    assert f"chmod 600 {file}" in trouble.fix


@needs_postgres
def test_a_user_without_rights_is_told(tmp_path: Path) -> None:
    """A user who may only read some tables of a server is told what is missing."""
    with address("postgres", tmp_path) as place:
        Place.of(place).upgrade()
        run_sql(
            place,
            text("CREATE ROLE reader_of_tests LOGIN"),
            text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_tests"),
        )
        try:
            reader = Place(url=Place.of(place).url.set(username="reader_of_tests"))
            found = [each.says for each in inspect(reader).troubles]
        finally:
            run_sql(
                place,
                text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM reader_of_tests"),
                text("DROP ROLE reader_of_tests"),
            )
    assert [["INSERT"], ["UPDATE"], ["DELETE"]] == [
        [word for word in each.split() if word.isupper()] for each in found[:3]
    ]
    assert "this user may not create tables, so it cannot upgrade them" == found[3]


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    """Examining a missing file is an error, and makes no file."""
    with pytest.raises(StoreError, match="does not exist"):
        inspect(Place.of(tmp_path / "none.sqlite3"))
    assert [] == list(tmp_path.iterdir())


# ── copy ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_has_the_same_rows(full: Place, empty: str) -> None:
    """From each kind to each kind, the copy equals the original row by row, read without the store."""
    rows = copy(full, Place.of(empty))
    assert table_rows(addressed(full)) == table_rows(empty)
    assert {name: count for name, count in table_counts().items() if name in rows} == rows
    assert () == inspect(Place.of(empty)).troubles


async def test_a_copy_works_like_the_original(full: Place, empty: str) -> None:
    """The copy opens, decrypts its tokens, and numbers new tenants behind the old ones."""
    copy(full, Place.of(empty))
    async with open_store(addressed(full), keys=(KEY,)) as old, open_store(empty, keys=(KEY,)) as new:
        assert await old.installations("slack") == await new.installations("slack")
        assert await old.subscriptions() == await new.subscriptions()
        before = table_rows(empty)["tenant"]
        await new.keep_subscription(a_subscription(id="fresh", channel=replace(CHANNEL, workspace="T-NEW")))
    assert len(before) + 1 == len(table_rows(empty)["tenant"])


@from_a_file
def test_a_copy_never_mixes_with_other_rows(full: Place, empty: str) -> None:
    """A database with a row is refused and left as it is."""
    place = Place.of(empty)
    place.upgrade()
    run_sql(empty, insert(tenant).values(platform="slack", workspace="T1", status="active"))
    before = table_rows(empty)
    with pytest.raises(StoreError, match="is not empty: its table tenant has 1 row"):
        copy(full, place)
    assert before == table_rows(empty)


@from_a_file
def test_a_copy_that_fails_leaves_nothing(full: Place, empty: str) -> None:
    """If the copy breaks half way, the target has no row, and the next copy is complete."""

    def fails(name: str, _rows: int) -> None:
        if name == "delivery":
            raise RuntimeError(name)

    with pytest.raises(RuntimeError):
        copy(full, Place.of(empty), progress=fails)
    place = Place.of(empty)
    assert place.file is None or not place.file.exists()
    copy(full, place)
    assert table_rows(addressed(full)) == table_rows(empty)


@from_a_file
def test_a_row_that_differs_stops_the_copy(full: Place, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are compared before anything is committed: a changed one is named, and the target stays empty."""
    original = copying._compare

    def changed(read: object, write: object, target: Place) -> None:
        write.execute(update(digest_run).values(note="changed"))  # type: ignore[attr-defined]  # a connection
        original(read, write, target)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(copying, "_compare", changed)
    with pytest.raises(StoreError, match="would differ: row 1 of digest_run"):
        copy(full, Place.of(empty))
    if Place.of(empty).file is None:
        assert {0} == {len(rows) for name, rows in table_rows(empty).items() if name != "alembic_version"}


def test_an_older_database_is_not_copied(tmp_path: Path, empty: str) -> None:
    """A database of an older step is upgraded first, which the error says."""
    with left_by_0_1_0("sqlite", tmp_path) as left, pytest.raises(StoreError, match=f"at step {STEP}"):
        copy(Place.of(left), Place.of(empty))


def test_a_database_is_not_copied_to_itself(full: Place) -> None:
    """The same address twice is refused."""
    with pytest.raises(StoreError, match="itself"):
        copy(full, full)


# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_compacting_gives_space_back(full: Place) -> None:
    """After rows are deleted, a compacted file is smaller, and every other row is as it was."""
    run_sql(addressed(full), delete(metadata.tables["summary_cache"]))
    rows, before = table_rows(addressed(full)), size(full)
    compact(full)
    assert rows == table_rows(addressed(full))
    assert full.file is None or size(full) < before
