"""Writes a backup of a database to a new file while the program runs, and reads it back before it counts as one."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bots.chat.secret_texts import without_secrets
from bots.config.private_files import write_private
from bots.domain.errors import StoreError
from bots.store.inspection import inspect
from bots.store.migrations import reached
from bots.store.operations import Place, tables_of, without_password

#: Characters of an error of Postgres's programs that are shown.
_MOST_SAID = 300
_DUMP, _LIST = "pg_dump", "pg_restore"
_DUMPED = (_DUMP, "--format=custom", "--no-owner", "--enable-row-security")
#: The rows of all workspaces: row-level policies show a user of the database none otherwise.
_OF_ALL = "-cpaperwire.scope=all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """A backup that was written and read back."""

    file: Path
    size: int
    step: str
    #: The number of tables with their rows in it.
    tables: int


def back_up(place: Place, file: Path) -> Backup:
    """Write a backup of a database to a new file that only its owner may read; blocks, so call it in a thread.

    The backup has one state of the database, whatever is written meanwhile. It gets its name when it is complete.

    Raises:
        StoreError: the file exists or cannot be written; the backup is damaged; or the programs of Postgres that make
            it are not installed, then the hint has the command for a machine that has them.
    """
    if file.exists():
        raise StoreError(f"{file} exists already.", hint="Name a new file; a backup never replaces another.")
    with place.translated(), _unfinished(file) as made:
        found = _of_file(place, made) if place.file else _of_server(place, made)
        with made.open("rb") as written:
            os.fsync(written.fileno())
        if file.exists():
            raise StoreError(f"{file} exists already.", hint="Name a new file; a backup never replaces another.")
        made.replace(file)
    return Backup(file=file, size=file.stat().st_size, step=found.step, tables=found.tables)


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """Yield a private empty file beside the backup, and remove it if it was not renamed."""
    made = file.with_name(f".{file.name}.unfinished")
    made.unlink(missing_ok=True)
    write_private(made, b"", replace=False)
    try:
        yield made
    finally:
        for left in (made, *(made.with_name(f"{made.name}{end}") for end in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    step: str
    tables: int


def _of_file(place: Place, made: Path) -> _Found:
    with (
        place.engine(),
        closing(sqlite3.connect(str(place.file), timeout=place.patience)) as ours,
        closing(sqlite3.connect(made)) as theirs,
    ):
        # All pages in one step: a backup in several begins anew whenever another process writes.
        ours.backup(theirs)
        # Without a log beside it, the file is the whole backup.
        theirs.execute("PRAGMA journal_mode = DELETE")
    found = inspect(Place(url=place.url.set(database=str(made))))
    broken = [each for each in found.troubles if each.check in ("integrity", "orphans")]
    if broken:
        raise StoreError(f"The backup is damaged, as {place.name} is: {broken[0].says}.", hint=broken[0].fix)
    return _Found(step=found.step, tables=found.tables)


def _of_server(place: Place, made: Path) -> _Found:
    address = without_password(place.url)
    if missing := [each for each in (_DUMP, _LIST) if shutil.which(each) is None]:
        command = f'PGOPTIONS="{_OF_ALL}" {shlex.join(_DUMPED)} --file=paperwire.dump --dbname={shlex.quote(address)}'
        raise StoreError(
            f"A backup of Postgres needs its program {missing[0]}, which is not installed here.",
            hint=f"Install Postgres's client programs, or run this where they are: {command}",
        )
    with place.engine() as engine, engine.connect() as connection:
        step, names = reached(connection), set(tables_of(connection))
    with _password(place.url) as more:
        given = {**more, "options": f"{place.url.query.get('options', '')} {_OF_ALL}".strip()}
        connected = make_url(address).update_query_dict(given).render_as_string(hide_password=False)
        _run([*_DUMPED, f"--file={made}", f"--dbname={connected}"])
    there = set(re.findall(r" TABLE DATA \S+ (\S+)", _run([_LIST, "--list", str(made)])))
    if lacking := sorted(names - there):
        raise StoreError(f"The backup lacks the table {lacking[0]}.", hint="Check the rights of the database's user.")
    return _Found(step=step, tables=len(names))


@contextmanager
def _password(url: URL) -> Iterator[dict[str, str]]:
    """Yield the parameter of a connection that names a private file with its password: command lines are public."""
    if not url.password:
        yield {}
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pgpass"
        escaped = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
        write_private(file, f"*:*:*:*:{escaped}\n".encode())
        yield {"passfile": str(file)}


def _run(command: list[str]) -> str:
    """Run a program of Postgres and return its output.

    Raises:
        StoreError: it failed.
    """
    # No shell; the program is found by its name, like any other.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if done.returncode:
        said = without_secrets(" ".join(done.stderr.split()))[:_MOST_SAID]
        raise StoreError(f"{command[0]} failed: {said}", hint="Check that its version is the server's or newer.")
    return done.stdout
