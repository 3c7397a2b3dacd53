"""What the operator does with a whole database: opens it as it is, without an upgrade, and tells its step and size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.engine import URL

from bots.domain.errors import SettingsError, StoreError
from bots.store._addresses import PATIENCE, file_of, place_of, read_address, shown
from bots.store._engine import DEAD_LINE, open_blocking_engine
from bots.store._files import make_file
from bots.store.errors import translated
from bots.store.migrations import newest, reached, require_newest, upgrade
from bots.store.tables import metadata

#: Other files of a SQLite database, by the end of their name: the log, and the log's index.
LOGS = ("-wal", "-shm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A database that the operator names."""

    url: URL
    #: Seconds to wait for another program that has it locked.
    patience: float = PATIENCE

    @classmethod
    def of(cls, address: str | Path) -> "Place":
        """Return the place with an address or a path.

        Raises:
            SettingsError: it is neither.
        """
        return cls(url=read_address(address))

    @property
    def name(self) -> str:
        """The database as messages name it, without a password."""
        return shown(self.url)

    @property
    def file(self) -> Path | None:
        """The file; None for a server's database."""
        return file_of(self.url)

    @property
    def files(self) -> tuple[Path, ...]:
        """The existing files of a SQLite database."""
        if self.file is None:
            return ()
        return tuple(each for end in ("", *LOGS) if (each := self.file.with_name(f"{self.file.name}{end}")).is_file())

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Yield an engine of a database that must be there; it is neither created nor upgraded.

        Raises:
            SettingsError: the driver is not installed.
            StoreError: there is no such file, or the block raised an error of the database.
        """
        if self.file is not None and not self.file.is_file():
            raise StoreError(f"{self.name} does not exist.", hint="Check the path.", place=place_of(self.url))
        with self.translated():
            try:
                engine = open_blocking_engine(self.url, self.patience)
            except ModuleNotFoundError as error:
                raise SettingsError(
                    f"Postgres needs the package {error.name}, which is not installed.",
                    hint="Install it where Paperwire is installed: pip install 'psycopg[binary]'",
                ) from error
            try:
                yield engine
            finally:
                engine.dispose()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Translate the errors of the database in the block to StoreError."""
        with translated(self.name, place_of(self.url)):
            yield

    def upgrade(self) -> tuple[str, str]:
        """Migrate the database to the newest step, creating it if needed; return the step before and after.

        The step before is empty for a new database.
        """
        before = ""
        if self.file is None or (self.file.is_file() and self.file.stat().st_size):
            with self.engine() as engine, engine.connect() as connection:
                before = reached(connection)
        with self.translated():
            if self.file is not None:
                make_file(self.file, self.name)
            upgrade(self.url, self.name, self.patience)
        return before, newest()

    def require_newest(self, connection: Connection) -> None:
        """Refuse a database that is not at the newest step.

        Raises:
            StoreError: it is not.
        """
        require_newest(connection, self.name)


#: Seconds for a connection; libpq itself would wait for ever.
_CONNECT = 10


def is_server(address: str) -> bool:
    """Return whether the database is a server's, which several machines may share.

    Raises:
        SettingsError: the address is neither that of a file nor of a server.
    """
    return file_of(read_address(address)) is None


def reach(address: str) -> None:
    """Connect to a database once; blocks, so call it in a thread.

    Raises:
        SettingsError: the address is wrong, or the driver is not installed.
        StoreError: it cannot be reached; the message says why.
    """
    with Place.of(address).engine() as engine, engine.connect():
        pass


def libpq_address(address: str) -> str:
    """Return the address of a server's database as its own library reads it, with the password.

    Raises:
        SettingsError: it is a file.
    """
    url = read_address(address)
    if file_of(url) is not None:
        raise SettingsError(
            "schedule.workers needs a Postgres database, and `database` is a file.",
            hint="Set database to a Postgres address; `paperwire db copy` takes the file's content there.",
        )
    watched = {
        name: str(value) for name, value in {"connect_timeout": _CONNECT, **DEAD_LINE}.items() if name not in url.query
    }
    return url.set(drivername="postgresql").update_query_dict(watched).render_as_string(hide_password=False)


def without_password(url: URL) -> str:
    """Return an address for a command line, without its password and without our driver's name."""
    there = {"host": url.host, "port": url.port, "database": url.database, "username": url.username}
    plain = URL.create(url.get_backend_name(), **there, query=url.query)  # type: ignore[arg-type]  # as they were
    return plain.difference_update_query(["password"]).render_as_string(hide_password=False)


def tables_of(connection: Connection) -> list[str]:
    """Return the names of the tables that are there, of whatever step."""
    return sorted(inspect(connection).get_table_names())


def row_counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }


def size(place: Place) -> int:
    """Return the bytes on disk: of a file and its logs, or of our tables and their indexes on a server."""
    if place.file is not None:
        return sum(file.stat().st_size for file in place.files)
    with place.engine() as engine, engine.connect() as connection:
        of_one = text("SELECT coalesce(pg_total_relation_size(to_regclass(:name)), 0)")
        return sum(connection.scalar(of_one, {"name": f'"{table.name}"'}) for table in metadata.sorted_tables)


def compact(place: Place) -> None:
    """Return the space of deleted rows to the file system; a server keeps it for new rows, and goes on meanwhile."""
    with place.engine() as engine, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.cursor()
        if place.file is not None:
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in metadata.sorted_tables:
                raw.execute(f'VACUUM (ANALYZE) "{table.name}"')
        raw.close()


def analyze(place: Place) -> None:
    """Let a server count what its tables hold, so that it plans well from the first query on.

    It does so itself some minutes after many rows were written. Until then a batch of pruning took ten times as long.
    """
    if place.file is None:
        with place.engine() as engine, engine.begin() as connection:
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f'ANALYZE "{table.name}"')
