"""Reads a file that a person named: only a regular file, up to a limit, as text in any usual encoding.

An error has the whole path as its `place`: the operator is told it, a chat is not.
"""

import stat
from pathlib import Path

from bots.chat.encodings import decode
from bots.domain.errors import SourceRefused
from bots.sources._unpacking import GZIP, Broken, TooLarge, gunzipped
from bots.sources.reading.formats import known, refused_bytes

# A year of Hugging Face lists takes 12 MB; a larger file is not a list of papers.
FILE_LIMIT = 50 * 1024 * 1024
_CHECK = "Check the path in `file:PATH`."


def read_text(path: Path, limit: int = FILE_LIMIT) -> str:
    """Return the text of a file, decompressed if it is gzip; blocking.

    Raises:
        SourceRefused: the file does not exist, cannot be read, is too large or empty, or is not text.
    """
    body = _bytes(path, limit)
    if body.startswith(GZIP):
        body = _unpacked(body, path, limit)
    written = _decoded(body, path)
    if not written.strip():
        raise _refused(path, "is empty", "Add at least one paper.")
    return written


def check_readable(path: Path, limit: int = FILE_LIMIT) -> None:
    """Raise if a file does not exist or cannot be read; its content is not looked at; blocking.

    Raises:
        SourceRefused: it does not exist, cannot be read, is no regular file, or is too large.
    """
    _bytes(path, limit, most=0)


def _bytes(path: Path, limit: int, most: int | None = None) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or a device might never end.
            raise _refused(path, "is not a file", "Name a file, not a folder or a device.")
        if status.st_size > limit:
            raise _too_large(path, limit)
        with path.open("rb") as opened:
            return opened.read(limit + 1 if most is None else most)
    except FileNotFoundError as error:
        raise _refused(path, "does not exist", _CHECK) from error
    except PermissionError as error:
        fix = "Give the user that runs Paperwire permission to read it."
        raise _refused(path, "cannot be read: permission denied", fix) from error
    except (OSError, ValueError) as error:  # ValueError: the path contains a NUL
        said = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"cannot be read: {said}", _CHECK) from error


def _unpacked(body: bytes, path: Path, limit: int) -> bytes:
    try:
        return gunzipped(body, limit)
    except TooLarge:
        raise _too_large(path, limit) from None
    except Broken as error:
        raise _refused(path, f"is a broken gzip file: it {error}", "Compress it again.") from error


def _decoded(body: bytes, path: Path) -> str:
    refused = refused_bytes(body, path.name)
    if refused:
        raise refused
    written = decode(body)
    if written is None and b"\0" in body:
        raise _refused(path, "is not text", f"Paperwire reads {known()}, plain or gzipped.")
    if written is None:
        raise _refused(path, "has an encoding that cannot be told", "Save the file again as UTF-8.")
    return written


def _too_large(path: Path, limit: int) -> SourceRefused:
    return _refused(path, f"holds more than {limit // (1024 * 1024)} MB", "Split it by day or by topic.")


def _refused(path: Path, why: str, hint: str) -> SourceRefused:
    return SourceRefused(f"{path} {why}.", hint=hint, place=str(path))
