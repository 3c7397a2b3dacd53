"""The archive of a whole database: a zip of JSON lines with checksums. Pure functions and the zip itself.

`manifest.json` names the format and, for each table, its file, the number of its rows and the SHA-256 of the file. A
row is one line, an object of its columns; instants are ISO 8601 in UTC, bytes are base64. Secrets are in `secrets.bin`,
encrypted with a passphrase, or not at all.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import Column, Date, LargeBinary, Table, Time

from bots.domain.errors import StoreError
from bots.store.columns import Instant

FORMAT, VERSION = "paperwire-archive", 1
MANIFEST, SECRETS = "manifest.json", "secrets.bin"
#: Bytes of one line: the largest rows, payloads of messages, have some 100 kB.
_LONGEST_LINE = 64 * 1024 * 1024
#: Bytes of the manifest, which names some thirty tables; and of the secrets, some 500 for each workspace.
_LARGEST_MANIFEST, _LARGEST_SECRETS = 1024 * 1024, 256 * 1024 * 1024
#: What reading a zip raises besides its own error: damaged or unknown compression, an encrypted entry, or what is not
#: JSON or too deep.
_UNREADABLE = (
    BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, KeyError, ValueError, TypeError,
    MemoryError,
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveSummary:
    """What an archive holds."""

    #: The number of rows by table.
    rows: Mapping[str, int]
    #: What was left out, in words.
    left_out: tuple[str, ...] = ()


class ArchiveWriter:
    """Writes the tables of an archive one after the other."""

    def __init__(self, archive: ZipFile) -> None:
        self.zip = archive
        self._tables: dict[str, dict[str, object]] = {}

    def write(self, name: str, rows: Iterable[Row]) -> int:
        """Write a table, row by row; return the number of rows."""
        count, digest, file = 0, hashlib.sha256(), f"tables/{name}.jsonl"
        with self.zip.open(file, "w", force_zip64=True) as entry:
            for row in rows:
                line = json.dumps(as_json(row), allow_nan=False).encode() + b"\n"
                entry.write(line)
                digest.update(line)
                count += 1
        self._tables[name] = {"file": file, "rows": count, "sha256": digest.hexdigest()}
        return count

    def finish(self, *, step: str, made: datetime, sealed: bytes | None) -> None:
        """Write the secrets, if they are in the archive, and the manifest."""
        if sealed is not None:
            self.zip.writestr(SECRETS, sealed)
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "step": step,
            "made": made.isoformat(),
            "tables": self._tables,
            "secrets": hashlib.sha256(sealed).hexdigest() if sealed is not None else None,
        }
        self.zip.writestr(MANIFEST, json.dumps(manifest, indent=2))


def new_zip(file: Any) -> ZipFile:
    """Return an empty archive that is written to an open file."""
    return ZipFile(file, "w", compression=ZIP_DEFLATED)


def read_manifest(archive: ZipFile) -> Mapping[str, Any]:
    """Return the manifest of an archive.

    Raises:
        StoreError: the file is no archive of Paperwire's, or of a version that this program does not know.
    """
    try:
        manifest = json.loads(_whole(archive, MANIFEST, _LARGEST_MANIFEST))
        tables, version = manifest["tables"], manifest["version"]
        known = manifest["format"] == FORMAT and all(isinstance(each, dict) for each in tables.values())
    except (*_UNREADABLE, AttributeError) as error:
        raise no_archive() from error
    if not known:
        raise no_archive()
    if version != VERSION:
        raise StoreError("The archive was written by a newer Paperwire.", hint="Upgrade Paperwire, then import again.")
    return dict(manifest)


def _whole(archive: ZipFile, name: str, most: int) -> bytes:
    """Return an entry; raises what reading a zip raises, and ValueError for one that is larger than any of ours."""
    with archive.open(name) as entry:
        read = entry.read(most + 1)
    if len(read) > most:
        raise ValueError("the entry is too large")
    return read


def no_archive() -> StoreError:
    """Return the error for a file that is something else."""
    return StoreError("This file is no archive of Paperwire's.", hint="Give a file that `paperwire export all` wrote.")


def lines_of(archive: ZipFile, told: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a table, and check them against the manifest when all were read.

    Raises:
        StoreError: the rows are not those that were written.
    """
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(str(told["file"])) as entry:
            while line := entry.readline(_LONGEST_LINE):
                digest.update(line)
                count += 1
                yield _row_of(line, beyond=count > told["rows"])
    except _UNREADABLE as error:
        raise _damaged() from error
    if (count, digest.hexdigest()) != (told.get("rows"), told.get("sha256")):
        raise _damaged()


def _row_of(line: bytes, *, beyond: bool) -> Row:
    row = json.loads(line)
    # What unpacks to more than it says is not read to its end.
    if beyond or not isinstance(row, dict):
        raise ValueError("no row, or one too many")
    return row


def sealed_in(archive: ZipFile, manifest: Mapping[str, Any]) -> bytes | None:
    """Return the encrypted secrets of an archive; None if it has none.

    Raises:
        StoreError: they are not those that were written.
    """
    if manifest.get("secrets") is None:
        return None
    try:
        sealed = _whole(archive, SECRETS, _LARGEST_SECRETS)
    except _UNREADABLE as error:
        raise _damaged() from error
    if hashlib.sha256(sealed).hexdigest() != manifest["secrets"]:
        raise _damaged()
    return sealed


def _damaged() -> StoreError:
    return StoreError(
        "The archive is damaged: its checksums do not match its content.",
        hint="Copy it again, or export it again where it came from. Nothing was imported.",
    )


def as_json(row: Mapping[str, Any]) -> Row:
    """Return a row as JSON values."""
    return {name: _written(value) for name, value in row.items()}


def _written(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def as_row(table: Table, values: Mapping[str, Any]) -> Row:
    """Return the row that was written as JSON values.

    Raises:
        StoreError: the table has no such column, or the value is none of its type.
    """
    try:
        return {name: _read(table.c[name], value) for name, value in values.items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            f"The archive has a row of the table {table.name} that this Paperwire cannot read.",
            hint="Import it with the version that wrote it, or with a newer one.",
        ) from error


def _read(column: "Column[Any]", value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case Instant():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Time():
            return time.fromisoformat(value)
        case LargeBinary():
            return base64.b64decode(value, validate=True)
    return value
