"""Translates database errors to StoreError, each with what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from bots.domain.errors import StoreError

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
def translated(name: str) -> Iterator[None]:
    """Translate the errors of the libraries and the operating system to StoreError.

    Args:
        name: the database as error messages name it, without a password.
    """
    try:
        yield
    except NoFreeConnection as error:
        raise StoreError(f"{name} is overloaded.", hint="Try again in a moment.") from error
    except IntegrityError as error:
        # The parameters are left out: they may hold a whole digest.
        raise StoreError(f"{name} refused a row that conflicts with another: {error.orig}.") from error
    except DBAPIError as error:
        raise _driver_error(name, error) from error
    except StatementError as error:
        # An invalid value is the caller's mistake, not a database failure.
        raise (error.orig or error) from None
    except (SQLAlchemyError, CommandError) as error:
        raise StoreError(f"{name} could not be used: {error}") from error
    except OSError as error:
        raise StoreError(
            f"{name} could not be opened: {error.strerror or error}.",
            hint="Check that its folder exists and that the user that runs Paperwire may write there.",
        ) from error


def _driver_error(name: str, error: DBAPIError) -> StoreError:
    code = _sqlite_code(error)
    if code is not None and code & PRIMARY in _SQLITE:
        trouble, hint = _SQLITE[code & PRIMARY]
        return StoreError(f"{name} {trouble}.", hint=hint)
    if error.connection_invalidated:
        return StoreError(f"{name} closed the connection.", hint="Try again in a moment.")
    return StoreError(f"{name} could not be used: {error.orig}.", hint="Check that it is running and can be reached.")


def _sqlite_code(error: BaseException | None) -> int | None:
    """Return SQLite's own code from the driver's error, which another library may have wrapped."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(code, int):
            return code
        error = getattr(error, "orig", None) or error.__cause__
    return None
