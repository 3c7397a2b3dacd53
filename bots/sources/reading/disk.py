"""Reads a file that a person named: only a regular file, up to a limit, as text in any usual encoding."""

import stat
import zlib
from pathlib import Path

from bots.domain.errors import SourceRefused
from bots.sources.reading.encodings import decode
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
        raise SourceRefused(f"{path} is empty.", hint="Add at least one paper.")
    return written


def _bytes(path: Path, limit: int) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or a device might never end.
            raise SourceRefused(f"{path} is not a file.", hint="Name a file, not a folder or a device.")
        if status.st_size > limit:
            raise _too_large(path, limit)
        with path.open("rb") as opened:
            return opened.read(limit + 1)
    except FileNotFoundError as error:
        raise SourceRefused(f"{path} does not exist.", hint="Check the path in `file:PATH`.") from error
    except PermissionError as error:
        raise SourceRefused(
            f"{path} cannot be read: permission denied.",
            hint="Give the user that runs Paperwire permission to read it.",
        ) from error
    except (OSError, ValueError) as error:  # ValueError: the path contains a NUL
        raise SourceRefused(f"{path} cannot be read: {error}.", hint="Check the path in `file:PATH`.") from error


def _unpacked(body: bytes, path: Path, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: expect a gzip header
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise SourceRefused(f"{path} is a broken gzip file.", hint="Compress it again.") from error
    if len(unpacked) > limit:
        raise _too_large(path, limit)
    if not unpacker.eof:
        raise SourceRefused(f"{path} is a gzip file that was cut short.", hint="Compress it again.")
    return unpacked


def _decoded(body: bytes, path: Path) -> str:
    refused = refused_bytes(body, path.name)
    if refused:
        raise refused
    written = decode(body)
    if written is None and b"\0" in body:
        raise SourceRefused(f"{path} is not text.", hint=f"Paperwire reads {known()}, plain or gzipped.")
    if written is None:
        raise SourceRefused(f"The encoding of {path} cannot be told.", hint="Save the file again as UTF-8.")
    return written


def _too_large(path: Path, limit: int) -> SourceRefused:
    return SourceRefused(f"{path} holds more than {limit // (1024 * 1024)} MB.", hint="Split it by day or by topic.")
