"""Rows for any table: hostile and plausible values by the kinds of its columns, without the store."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, LargeBinary, Table, Time, insert

from bots.store.columns import AnyText, Instant

#: What a database could change: NUL, half a surrogate pair, our own escape, quotes, ends of lines, other scripts.
TEXTS = (
    *("", "a", "\x00", "\ud800", "\x1b0000", "'\"\\%_", " \t\r\n ", "Größe α → β", "毛巾"),
    *("\u202e", "NULL", "0", "é\u0301"),
)
_FROM = datetime(2025, 12, 1, tzinfo=UTC)
#: The records that steps read have these two texts.
_TITLED = {"title": "T", "abstract": "A"}
_JSON: tuple[Any, ...] = (
    _TITLED,
    _TITLED | {"a": [1, 2.5, None, True, "α\t'"], "": {"ü": -1}},
    _TITLED | {"n": 0.1, "big": 2**53},
)


def fill(
    connection: Connection, tables: Sequence[Table], number: int, *, known: Mapping[str, list[Any]] | None = None
) -> None:
    """Insert rows into tables, those that others refer to first; each row refers to an existing one.

    Args:
        connection: of a database whose tables these are.
        tables: the tables, in the order of their references.
        number: rows of each, beside those of a table that has one for each of another.
        known: values of columns of other tables, by the table's and the column's name.
    """
    dice, keys = Random(1), dict(known or {})  # noqa: S311 - rows of tests
    for table in tables:
        rows = list(_rows(table, number, dice, keys))
        keys.update({f"{table.name}.{column.name}": [row[column.name] for row in rows] for column in table.columns})
        for start in range(0, len(rows), 500):
            connection.execute(insert(table), rows[start : start + 500])


def a_row(table: Table, number: int, keys: Mapping[str, list[Any]], **given: Any) -> dict[str, Any]:
    """Return a row with some values, and with others of their kinds."""
    dice = Random(number)  # noqa: S311 - rows of tests
    made = {each.name: _value(each, number, dice, keys) for each in table.columns if each.name not in given}
    return {**made, **given}


def _rows(table: Table, number: int, dice: Random, keys: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    for place in range(number):
        yield {column.name: _value(column, place, dice, keys) for column in table.columns}


def _value(column: Column[Any], place: int, dice: Random, keys: Mapping[str, list[Any]]) -> Any:
    for key in column.foreign_keys:
        # In turn, so that a key that is a reference occurs once.
        known = keys[key.target_fullname]
        return known[place % len(known)]
    alone = column.primary_key or any(column.name in each for each in _unique(column.table))
    if column.nullable and dice.random() < 0.3:
        return None
    return _plain(column.type, place, dice, alone)


def _unique(table: Table) -> Iterator[set[str]]:
    for constraint in table.constraints:
        if type(constraint).__name__ == "UniqueConstraint":
            yield {each.name for each in constraint.columns}  # type: ignore[attr-defined]  # it has columns


def _plain(kind: Any, place: int, dice: Random, alone: bool) -> Any:
    """Return a value of a kind; one that is `alone` is of no other row."""
    match kind:
        case Boolean():
            return dice.random() < 0.5
        case Integer():
            return place + 1 if alone else dice.choice((0, 1, -1, 2**31 - 1))
        case Date():
            return date(2025, 12, 1) + timedelta(days=place % 365)
        case Time():
            return time(place % 24, 30)
        case DateTime() | Instant():
            moment = _FROM + timedelta(days=place % 365, microseconds=dice.randrange(10**12))
            return moment if isinstance(kind, Instant) or kind.timezone else moment.replace(tzinfo=None)
        case LargeBinary():
            return dice.randbytes(dice.choice((0, 1, 388, 388)))
        case JSON():
            return dice.choice(_JSON)
    said = dice.choice(TEXTS)
    # A column of an older step is plain text, which Postgres holds only as the store escapes it.
    said = said if isinstance(kind, AnyText) else said.encode("ascii", "ignore").decode().replace("\x00", "")
    return f"{place}:{said}" if alone else said
