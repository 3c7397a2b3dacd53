"""Translates database errors to StoreError, each with what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bots.domain.errors import StoreAway, StoreError
from bots.store._postgres import trouble_of

#: Problem and remedy by SQLite's primary result code (sqlite.org/rescode.html).
_SQLITE = {
    sqlite3.SQLITE_PERM: ("may not be opened", "Give the user that runs Paperwire permission to read and write it."),
    sqlite3.SQLITE_BUSY: (
        "has been locked by another program for too long",
        "Close the other program that has it open.",
    ),
    sqlite3.SQLITE_READONLY: (
        "is read-only",
        "Give the user that runs Paperwire permission to write the file and its folder.",
    ),
    sqlite3.SQLITE_IOERR: ("could not be read from or written to the disk", "Check the disk; then restore a backup."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Restore a backup, or move the file away to start with an empty one."),
    sqlite3.SQLITE_FULL: ("has no disk space left", "Free some space on its disk."),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "Check that its folder exists and that the user that runs Paperwire may write there.",
    ),
    sqlite3.SQLITE_NOTADB: ("is not a database", "Name another file, or move this one away."),
}
#: Masks an extended result code to its primary code.
PRIMARY = 0xFF


@contextmanager
def translated(name: str, place: str = "") -> Iterator[None]:
    """Translate the errors of the libraries and the operating system to StoreError.

    Args:
        name: the database as error messages name it, without a password.
        place: the part of the name that only the operator may see.
    """
    try:
        yield
    except NoFreeConnection as error:
        raise StoreError(f"{name} is overloaded.", hint="Try again in a moment.", place=place) from error
    except IntegrityError as error:
        # The parameters are left out: they may hold a whole digest.
        raise StoreError(f"{name} refused a row that conflicts with another: {error.orig}.", place=place) from error
    except DBAPIError as error:
        raise _driver_error(name, place, error) from error
    except StatementError as error:
        # An invalid value is the caller's mistake, not a database failure.
        raise (error.orig or error) from None
    except (SQLAlchemyError, CommandError) as error:
        raise StoreError(f"{name} could not be used: {error}", place=place) from error
    except OSError as error:
        raise StoreError(
            f"{name} could not be opened: {error.strerror or error}.",
            hint="Check that its folder exists and that the user that runs Paperwire may write there.",
            place=place,
        ) from error


@contextmanager
def readable(name: str, place: str = "") -> Iterator[None]:
    """Translate the errors of values that no column of theirs can hold, as in a file with damaged pages."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ArithmeticError) as error:
        trouble, hint = _SQLITE[sqlite3.SQLITE_CORRUPT]
        raise StoreError(f"{name} {trouble}: a row cannot be read.", hint=hint, place=place) from error


def _driver_error(name: str, place: str, error: DBAPIError) -> StoreError:
    code = _sqlite_code(error)
    if code is not None and code & PRIMARY in _SQLITE:
        trouble, hint = _SQLITE[code & PRIMARY]
        kind = StoreAway if code & PRIMARY == sqlite3.SQLITE_BUSY else StoreError
        return kind(f"{name} {trouble}.", hint=hint, place=place)
    told = trouble_of(error)
    return (StoreAway if told.passes else StoreError)(f"{name} {told.says}.", hint=told.hint, place=place)


def _sqlite_code(error: BaseException | None) -> int | None:
    """Return SQLite's own code from the driver's error, which another library may have wrapped."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(code, int):
            return code
        error = getattr(error, "orig", None) or error.__cause__
    return None
