"""Reads the address of a database, and names the database in messages, without its password."""

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bots.domain.errors import SettingsError

#: Seconds to wait for another program that has the database locked.
PATIENCE = 5.0
#: The supported drivers, by the scheme that people write before the colon.
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
#: An address without its slashes, and the words that Postgres's own programs take.
_MISTYPED = re.compile(
    r"(?:sqlite|postgres|postgresql|mysql|mariadb)(?:\+\w+)?:|(?:.*\s)?(?:host|dbname|user|password)="
)
#: Postgres's own port.
_PORT = 5432
_FORMS = "Give the path of a file, or an address such as postgresql://user@host/paperwire."


def read_address(database: str | Path) -> URL:
    """Return the URL of a database that is given as a URL or as a path.

    Raises:
        SettingsError: it is neither.
    """
    if isinstance(database, Path):
        return _file(str(database))
    if "://" not in database:
        # A file of that name would be made, with the password in it.
        if _MISTYPED.match(database):
            raise SettingsError("The database address has no `://`.", hint=_FORMS)
        return _file(database)
    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:  # a port that is no number
        raise SettingsError("The database address cannot be read.", hint=_FORMS) from error
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise SettingsError(f"Paperwire cannot use the database {url.drivername!r}.", hint=_FORMS)
    return _file(url.database or "") if driver.startswith("sqlite") else url.set(drivername=driver)


def _file(path: str) -> URL:
    if path in ("", ":memory:"):
        raise SettingsError("The database needs the path of a file.", hint=_FORMS)
    return URL.create("sqlite", database=str(Path(path).expanduser().absolute()))


def shown(url: URL) -> str:
    """Return the database's name for error messages, without its password."""
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    host = url.host or (str(url.query["host"]) if "host" in url.query else "this machine")
    return f"The database {url.database or url.username or 'postgres'} at {host}:{url.port or _PORT}"


def place_of(url: URL) -> str:
    """Return the part of the name that only the operator may see."""
    return shown(url).removeprefix("The database ")


def file_of(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for a server's."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
