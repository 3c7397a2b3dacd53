"""The database that version 0.1.0 left, for a test to open, and its records as the JSON values they were recorded in.

`tests/samples/store/README.md` says what is in it.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Executable, MetaData, func, insert, select

from bots.digests.blurbs import _cache_key
from bots.domain.papers import PaperId
from bots.store import migrations
from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from summarizer import Abstract, Style
from tests.conftest import ROOT
from tests.store.stores import address, is_ours
from tests.support.doubles import ToldSummarizer

FILE = ROOT / "tests/samples/store/paperwire-0.1.0.sqlite3"
#: What the store of 0.1.0 answered about the file.
RECORDED: dict[str, Any] = json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))
#: The key that decrypts the installations.
KEY = str(RECORDED["key"])
#: The newest migration step that 0.1.0 knew.
STEP = "0003"
#: The names that differ: of a table, of a column, and of a field in the JSON of a subscription.
_TABLES = {"schedule": "subscription"}
_COLUMNS = {"schedule_id": "subscription_id"}
_FIELDS = {"order": "sort_by"}
#: Fields that 0.1.0 did not have, with the value that a record of that time gets.
_LATER = {"day_known": False, "tldr": "", "tldr_by": "", "personal": False}
#: The columns that were added since; they are empty in old rows.
ADDED: dict[str, dict[str, None]] = {
    "digest_run": {"claimed_by": None, "making": None},
    "delivery": {"posted_after": None},
}
#: The newest migration step of today.
LATEST = "0018"

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@contextmanager
def left_by_0_1_0(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of a database as 0.1.0 left it: a copy of the file, or its rows in Postgres."""
    with address(kind, folder) as place:
        if kind == "sqlite":
            shutil.copy(FILE, read_address(place).database or "")
        else:
            original = folder / "original.sqlite3"
            shutil.copy(FILE, original)
            _fill(place, table_rows(str(original)))
        yield place


def _fill(place: str, rows: Rows) -> None:
    """Create the tables of 0.1.0 in an empty database, and insert these rows."""
    engine = open_blocking_engine(read_address(place), patience=5)
    with engine.begin() as connection:
        _climb_to_0_1_0(connection)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                connection.execute(insert(table), [_in_utc(row) for row in rows[table.name]])
        for name in ("tenant", "audit"):
            # A row that was inserted with its number does not advance the sequence of numbers.
            latest = select(func.max(tables.tables[name].c.id)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), latest)))
    engine.dispose()


def _climb_to_0_1_0(connection: Connection) -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))

    def missing(reached: Any, _context: MigrationContext) -> Any:
        return steps._upgrade_revs(STEP, reached)

    context = MigrationContext.configure(connection, opts={"fn": missing, "render_as_batch": True})
    context.run_migrations(tables=Operations(context))


def _in_utc(row: Row) -> Row:
    return {name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in row.items()}


def table_rows(place: str) -> Rows:
    """Return every row of every table, in no order of the database's own."""
    engine = open_blocking_engine(read_address(place), patience=5)
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        found = {
            table.name: [_naive(dict(row)) for row in connection.execute(select(table)).mappings()]
            for table in tables.sorted_tables
            if is_ours(table.name, "table")
        }
    engine.dispose()
    return {name: sorted(rows, key=str) for name, rows in found.items()}


def _naive(row: Row) -> Row:
    """Return a row with its instants as SQLite has them: in UTC, without a time zone."""
    aware = {name: value for name, value in row.items() if isinstance(value, datetime) and value.tzinfo}
    return row | {name: value.astimezone(UTC).replace(tzinfo=None) for name, value in aware.items()}


def today(rows: Rows) -> Rows:
    """Return the rows of 0.1.0 as they are today: other names, no private texts, and the tables added since."""
    kept = {name: [_row_today(name, row) for row in some if not _is_private(name, row)] for name, some in rows.items()}
    renamed = {_TABLES.get(name, name): sorted(some, key=str) for name, some in kept.items()}
    return renamed | {name: [] for name in NEW}


def _row_today(table: str, row: Row) -> Row:
    today = {_COLUMNS.get(name, name): value for name, value in row.items()} | ADDED.get(table, {})
    if table != "schedule":
        return today
    return today | {"body": {} if row["ended"] else with_todays_fields(row["body"])}


#: The tables for private papers, which 0.1.0 did not have: it told them apart from no others.
PRIVATE = ("private_name", "private_paper", "private_sighting")
#: Every table that 0.1.0 did not have; an upgrade leaves them empty.
NEW = (
    *PRIVATE, "feedback", "vector_cache", "mailbox", "search_entry", "search_vector", "search_word", "plan", "follow",
    "consent", "sign_in", "credential", "lease",
)  # fmt: skip


def _is_private(table: str, row: Row) -> bool:
    """Return whether a shared row holds text that may be private: a paper of a file, or a blurb of no public paper."""
    match table:
        case "paper":
            return is_private_paper(row["id"])
        case "paper_name":
            return is_private_paper(row["paper"])
        case "sighting":
            return is_private_source(row["source"])
        case "summary_cache":
            return is_private_blurb(row["key"])
    return False


def is_private_source(spec: str) -> bool:
    """Return whether a source of the recording reads a file."""
    return spec.startswith("file:")


def is_private_paper(name: str) -> bool:
    """Return whether a file listed a paper of the recording, by the id under which it is stored."""
    return is_private_source(RECORDED["papers"][name]["source"])


def is_private_blurb(key: str) -> bool:
    """Return whether a blurb of the recording is of a text that is no public paper's abstract."""
    return key not in _public_keys()


@cache
def _public_keys() -> frozenset[str]:
    made = {(each["engine"], each["model"]) for each in RECORDED["blurbs"].values()}
    return frozenset(
        _cache_key(
            Abstract(text=paper["abstract"], title=paper["title"], dollar_math=paper["dollar_math"]),
            style,
            ToldSummarizer(engine=engine, model=model),
        )
        for name, paper in RECORDED["papers"].items()
        if not is_private_paper(name)
        for style in Style
        for engine, model in made
    )


def with_todays_fields(subscription: Row) -> Row:
    """Return the JSON of a subscription of 0.1.0 under the names that its fields have today."""
    return {_FIELDS.get(name, name): value for name, value in subscription.items()}


def table_counts() -> dict[str, int]:
    """Return how many rows each table has today."""
    counts = {_TABLES.get(name, name): count for name, count in RECORDED["rows"].items()}
    private = {
        "paper": sum(map(is_private_paper, RECORDED["papers"])),
        "paper_name": sum(map(is_private_paper, RECORDED["papers by name"].values())),
        "sighting": sum(
            len(papers) for source, days in RECORDED["listed"].items() if is_private_source(source)
            for papers in days.values()
        ),
        "summary_cache": sum(map(is_private_blurb, RECORDED["blurbs"])),
    }  # fmt: skip
    return {name: count - private.get(name, 0) for name, count in counts.items()} | dict.fromkeys(NEW, 0)


def run_sql(place: str, *statements: Executable) -> None:
    """Change a database directly, without the store."""
    engine = open_blocking_engine(read_address(place), patience=5)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def plain(value: Any) -> Any:
    """Return a record as JSON values, field by field: instants in ISO 8601, sets sorted, paper ids as text.

    A later field is left out where it has the value that it gets in a record of 0.1.0.
    """
    match value:
        case PaperId() | ZoneInfo():
            return str(value)
        case Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case frozenset() | set():
            return sorted(map(plain, value))
        case dict():
            return {str(name): plain(each) for name, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        kept = {each.name: plain(getattr(value, each.name)) for each in fields(value)}
        return {name: each for name, each in kept.items() if name not in _LATER or each != _LATER[name]}
    return value
