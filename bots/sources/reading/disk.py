"""Reads a file that a person named: only a regular file, up to a limit, as text in any usual encoding.

An error names the file without its folder, because the note on a failed source is posted to chats.
"""

import stat
import zlib
from pathlib import Path

from bots.chat.encodings import decode
from bots.domain.errors import SourceRefused
from bots.sources.reading.formats import known, refused_bytes

# A year of Hugging Face lists takes 12 MB; a larger file is not a list of papers.
FILE_LIMIT = 50 * 1024 * 1024
_GZIP = b"\x1f\x8b"


def read_text(path: Path, limit: int = FILE_LIMIT) -> str:
    """Return the text of a file, decompressed if it is gzip; blocking.

    Raises:
        SourceRefused: the file does not exist, cannot be read, is too large or empty, or is not text.
    """
    body = _bytes(path, limit)
    if body.startswith(_GZIP):
        body = _unpacked(body, path, limit)
    written = _decoded(body, path)
    if not written.strip():
        raise SourceRefused(f"{path.name} is empty.", hint="Add at least one paper.")
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
            raise SourceRefused(f"{path.name} is not a file.", hint="Name a file, not a folder or a device.")
        if status.st_size > limit:
            raise _too_large(path, limit)
        with path.open("rb") as opened:
            return opened.read(limit + 1 if most is None else most)
    except FileNotFoundError as error:
        raise SourceRefused(f"{path.name} does not exist.", hint="Check the path in `file:PATH`.") from error
    except PermissionError as error:
        raise SourceRefused(
            f"{path.name} cannot be read: permission denied.",
            hint="Give the user that runs Paperwire permission to read it.",
        ) from error
    except (OSError, ValueError) as error:  # ValueError: the path contains a NUL
        raise SourceRefused(
            f"{path.name} cannot be read: {_reason(error)}.", hint="Check the path in `file:PATH`."
        ) from error


def _reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be read, without its path, which the text of an OSError has."""
    return (error.strerror if isinstance(error, OSError) else "") or "its name cannot be used"


def _unpacked(body: bytes, path: Path, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: expect a gzip header
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise SourceRefused(f"{path.name} is a broken gzip file.", hint="Compress it again.") from error
    if len(unpacked) > limit:
        raise _too_large(path, limit)
    if not unpacker.eof:
        raise SourceRefused(f"{path.name} is a gzip file that was cut short.", hint="Compress it again.")
    return unpacked


def _decoded(body: bytes, path: Path) -> str:
    refused = refused_bytes(body, path.name)
    if refused:
        raise refused
    written = decode(body)
    if written is None and b"\0" in body:
        raise SourceRefused(f"{path.name} is not text.", hint=f"Paperwire reads {known()}, plain or gzipped.")
    if written is None:
        raise SourceRefused(f"The encoding of {path.name} cannot be told.", hint="Save the file again as UTF-8.")
    return written


def _too_large(path: Path, limit: int) -> SourceRefused:
    return SourceRefused(
        f"{path.name} holds more than {limit // (1024 * 1024)} MB.", hint="Split it by day or by topic."
    )
