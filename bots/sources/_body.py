"""Bodies of answers: unpacked as they come in and never past a limit, and kept for a conditional request."""

import zlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass

# Both headers, gzip's and zlib's, told apart by zlib itself.
_ANY_HEADER = zlib.MAX_WBITS | 32


class TooLarge(Exception):
    """The body is larger than allowed."""


class Broken(Exception):
    """The body ends early or is not what its encoding says."""


class Odd(Exception):
    """The body is in an encoding that was not asked for."""


async def collect(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """Return the whole body, unpacked.

    The limit holds for the bytes on the wire and for the unpacked ones, and never is more than the limit unpacked: 400
    KB of gzip can hold 400 MB.

    Raises:
        TooLarge, Broken, Odd: see there.
    """
    if encoding in ("", "identity"):
        return await _plain(chunks, limit)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Odd(encoding[:40])
    return await _unpacked(chunks, limit)


async def _plain(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


async def _unpacked(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    unpacker = zlib.decompressobj(_ANY_HEADER)
    body = bytearray()
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        try:
            body += unpacker.decompress(chunk, limit + 1 - len(body))
        except zlib.error as error:
            raise Broken(str(error)) from error
        if max(seen, len(body)) > limit:
            raise TooLarge
    if seen and not unpacker.eof:
        raise Broken("cut short")
    return bytes(body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A body and what its server called this version of it."""

    etag: str
    modified: str
    url: str
    body: bytes


class Keep:
    """The bodies used last, so that an unchanged list is not sent again."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._entries: OrderedDict[str, Kept] = OrderedDict()

    def find(self, key: str) -> Kept | None:
        """Return what is kept under a key, and count it as used."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: str, kept: Kept) -> None:
        """Keep a body, and drop the ones used longest ago until all fit."""
        self.drop(key)
        self._entries[key] = kept
        self._held += len(kept.body)
        while self._held > self._size:
            self.drop(next(iter(self._entries)))

    def drop(self, key: str) -> None:
        """Forget what is kept under a key, if anything."""
        gone = self._entries.pop(key, None)
        self._held -= len(gone.body) if gone else 0
