"""A year's rows are copied between kinds value by value, also after a kill; every step carries what was there."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, insert, select

from bots.domain.errors import StoreError
from bots.store import migrations
from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from bots.store.copying import copy
from bots.store.inspection import inspect
from bots.store.operations import Place
from bots.store.tables import delivery, digest_run, metadata, posted_paper, sighting, tenant
from tests.store.filling import a_row, fill
from tests.store.programs import ended, program
from tests.store.recorded import run_sql, table_rows
from tests.store.stores import WITH_TABLES, address, is_ours, needs_postgres

#: Digests of 28 subscriptions in a year.
YEAR = 28 * 365
#: Rows of the tables that a year does not fill.
OTHERS = 60
_LONG = {delivery, digest_run, posted_paper, sighting}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a week's digests."""
    return filled(tmp_path_factory.mktemp("week") / "week.sqlite3", 7 * 28)


def filled(file: Path, digests: int) -> Path:
    """Make a file with the rows of so many digests, and with rows of every kind in every other table."""
    Place.of(file).upgrade()
    engine = open_blocking_engine(read_address(file), patience=5)
    with engine.begin() as connection:
        fill_all(connection, digests)
    engine.dispose()
    return file


def fill_all(connection: Any, digests: int) -> None:
    """Fill every table, those of digests with so many rows."""
    fill(connection, [each for each in metadata.sorted_tables if each not in _LONG], OTHERS)
    runs, parts, posts = [], [], []
    for number in range(digests):
        day, owner = number // 28, number % 28 + 1
        runs.append(a_row(digest_run, number, {}, key=f"r{number}", tenant_id=owner))
        parts.append(
            a_row(delivery, number, {}, key=f"d{number}", run_key=f"r{number}", tenant_id=owner, payload={"day": day})
        )
        posts += [
            a_row(posted_paper, number, {}, tenant_id=owner, paper=f"arxiv:{day}.{each}", delivery_key=f"d{number}")
            for each in range(2)
        ]
    for table, rows in ((digest_run, runs), (delivery, parts), (posted_paper, posts)):
        for start in range(0, len(rows), 500):
            connection.execute(insert(table), rows[start : start + 500])
    fill(connection, [sighting], OTHERS)


@needs_postgres
@pytest.mark.slow
def test_a_year_is_copied_value_by_value(tmp_path: Path) -> None:
    """Every row of every table is there, and each value is the same, read without the store, on both sides."""
    year = filled(tmp_path / "year.sqlite3", YEAR)
    with address("postgres", tmp_path) as target:
        copied = copy(Place.of(year), Place.of(target))
        assert metadata.tables.keys() == copied.keys()
        assert {name for name, rows in copied.items() if not rows} == set()
        assert (YEAR, YEAR, 2 * YEAR) == tuple(copied[each.name] for each in (digest_run, delivery, posted_paper))
        before, after = table_rows(str(year)), table_rows(target)
        assert before.keys() == after.keys()
        for name in before:
            assert before[name] == after[name], name
        assert copied == {name: len(after[name]) for name in copied}


COPY = """
def killed(table, rows):
    if table == "delivery":
        os.kill(os.getpid(), signal.SIGKILL)
from bots.store.copying import copy
from bots.store.operations import Place
copy(Place.of(sys.argv[1]), Place.of(sys.argv[2]), progress=killed)
"""


@pytest.mark.skipif(os.name != "posix", reason="this system has no SIGKILL")
@pytest.mark.parametrize("kind", WITH_TABLES)
def test_a_copy_that_was_killed_is_begun_again(kind: str, week: Path, tmp_path: Path) -> None:
    """After SIGKILL in the middle the target has no row, and the same command then copies everything."""
    with address(kind, tmp_path) as target:
        status, said = ended(program(COPY, week, target))
        assert (-signal.SIGKILL, "") == (status, said)
        left = table_rows(target)
        assert {0} == {len(rows) for name, rows in left.items() if name != "alembic_version"}
        assert 7 * 28 == copy(Place.of(week), Place.of(target))["delivery"]


@needs_postgres
def test_a_target_with_rows_is_refused(week: Path, tmp_path: Path) -> None:
    """One row in the target is enough: it is named, and stays alone."""
    with address("postgres", tmp_path) as target:
        Place.of(target).upgrade()
        run_sql(target, insert(tenant).values(platform="slack", workspace="T", status="active"))
        with pytest.raises(StoreError, match="not empty: its table tenant has 1 row"):
            copy(Place.of(week), Place.of(target))
        assert {"tenant", "alembic_version"} == {name for name, rows in table_rows(target).items() if rows}


# ── every step ───────────────────────────────────────────────────────────────────────────────────────────────────────


def climb(connection: Any, step: str) -> None:
    """Migrate up to a step."""
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))

    def missing(reached: Any, _context: MigrationContext) -> Any:
        return steps._upgrade_revs(step, reached)

    context = MigrationContext.configure(connection, opts={"fn": missing, "render_as_batch": True})
    context.run_migrations(tables=Operations(context))


def steps() -> list[str]:
    """Return every step, the first first."""
    return [each.revision for each in ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()][::-1]


def tables_there(connection: Any) -> dict[str, Table]:
    """Return our tables, as the database has them now."""
    found = MetaData()
    found.reflect(connection)
    return {
        each.name: each
        for each in found.sorted_tables
        if each.name != "alembic_version" and is_ours(each.name, "table")
    }


#: Tables of older steps by the names that they have today.
RENAMED = {"schedule": "subscription"}
#: No program wrote to these tables before the third step, which makes them anew.
UNUSED = {"installation", "quota_counter"}


@pytest.mark.parametrize("kind", WITH_TABLES)
def test_every_step_carries_what_was_there(kind: str, tmp_path: Path) -> None:
    """From the first step to the last, each table gets rows at the step that makes it; at the end all are there."""
    with address(kind, tmp_path) as place:
        if kind == "sqlite":
            Path(read_address(place).database or "").touch()
        engine, counts = open_blocking_engine(read_address(place), patience=5), dict[str, int]()
        for step in steps():
            with engine.begin() as connection:
                climb(connection, step)
                there = tables_there(connection)
                ready = {*there} - (UNUSED if step < "0003" else set())
                fresh = [
                    each for name, each in there.items() if name in ready and RENAMED.get(name, name) not in counts
                ]
                if fresh:
                    fill_new(connection, fresh, there)
                counts |= {RENAMED.get(each.name, each.name): 8 for each in fresh}
        engine.dispose()
        Place.of(place).upgrade()
        after = {name: len(rows) for name, rows in table_rows(place).items()}
        assert metadata.tables.keys() == counts.keys()
        # The fifth step deletes the blurbs of texts that are no public paper's.
        assert counts | {"summary_cache": 0} == {name: after[name] for name in counts}
        assert [] == [each for each in inspect(Place.of(place)).troubles if each.check in ("revision", "integrity")]


def fill_new(connection: Any, fresh: list[Table], there: dict[str, Table]) -> None:
    """Fill the tables that a step has made; what they refer to may be older."""
    keys: dict[str, list[Any]] = {}
    for table in there.values():
        if table not in fresh:
            for column in table.columns:
                keys[f"{table.name}.{column.name}"] = [row[0] for row in connection.execute(select(column))]
    fill(connection, fresh, 8, known=keys)
