"""The file of a SQLite database: created private and whole, and refused if it is empty."""

import sqlite3
import stat
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from bots.config.private_files import make_folder, write_private
from bots.domain.errors import StoreError

#: What a file can be besides a file; opened as a database, some of them wait for ever.
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
_NO_FILE = "Name a file in a folder where Paperwire may write: `database` in the settings, or --database."
_EMPTY = "Restore a backup of it, or delete the file to start with a new database."


def make_file(file: Path, name: str) -> None:
    """Create the file of a new database and its folder, which only their owner may read.

    SQLite gives its other files, the log and the index of the log, the mode of this one.

    Raises:
        StoreError: it is no file, such as a folder or a device; or the file is empty: a database was there, or it was
            to be; a new one must not take its place unseen.
        OSError: the folder cannot be created.
    """
    if kind := _no_file(file):
        raise StoreError(f"{name} is {kind}, not a file.", hint=_NO_FILE, place=str(file))
    make_folder(file.parent)
    # Where nothing may be created SQLite says so itself. After any other error, as of a full disk, it would leave an
    # empty file.
    with suppress(FileExistsError, PermissionError, FileNotFoundError):
        if not file.exists():
            write_private(file, _new(), replace=False)
    if _is_empty(file):
        raise StoreError(f"{name} is an empty file.", hint=_EMPTY, place=str(file))


def _new() -> bytes:
    """Return a database without tables: an empty file might be one whose content was lost."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "new"
        with closing(sqlite3.connect(file)) as connection:
            # Setting the version makes SQLite write a first page.
            connection.execute("PRAGMA user_version = 1")
            connection.execute("PRAGMA user_version = 0")
        return file.read_bytes()


def _no_file(file: Path) -> str:
    """Return what stands in the place of a file; empty for a file and for nothing."""
    try:
        return _KINDS.get(stat.S_IFMT(file.stat().st_mode), "")
    except (OSError, ValueError):
        return ""


def _is_empty(file: Path) -> bool:
    try:
        return file.is_file() and file.stat().st_size == 0
    except OSError:
        return False
