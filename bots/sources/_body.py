"""Response bodies: decompressed while they arrive, limited in size, and cached for conditional requests."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bots.sources._unpacking import Broken, TooLarge, Unpacker

__all__ = ["Broken", "Keep", "Kept", "Odd", "TooLarge", "collect"]


class Odd(Exception):
    """The body has an encoding that was not requested."""


async def collect(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """Return the whole body, decompressed.

    The limit applies to the bytes received and to the decompressed bytes, and no more than the limit is ever
    decompressed: 400 KB of gzip can contain 400 MB.

    Raises:
        TooLarge: the body is larger than the limit.
        Broken: the body ends early, is not in the stated encoding, or something else follows its end.
        Odd: the encoding was not requested.
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
    unpacker = Unpacker(limit)
    seen = 0
    async for chunk in chunks:
        seen += len(chunk)
        unpacker.feed(chunk)
        if seen > limit:
            raise TooLarge
    return unpacker.end() if seen else b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A body and the validators (ETag, Last-Modified) that its server sent with it."""

    etag: str
    modified: str
    url: str
    body: bytes

    @property
    def conditions(self) -> dict[str, str]:
        """The request headers that ask for the body only if it has changed (RFC 9110, 13.1)."""
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in wanted.items() if value}


class Keep:
    """A cache of the most recently used bodies, so that an unchanged list is not transferred again."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._entries: OrderedDict[str, Kept] = OrderedDict()

    def find(self, key: str) -> Kept | None:
        """Return the body stored under a key, and mark it as used."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: str, kept: Kept) -> None:
        """Store a body, and delete the least recently used ones until all fit."""
        self.drop(key)
        self._entries[key] = kept
        self._held += len(kept.body)
        while self._held > self._size:
            self.drop(next(iter(self._entries)))

    def drop(self, key: str) -> None:
        """Delete the body stored under a key, if there is one."""
        gone = self._entries.pop(key, None)
        self._held -= len(gone.body) if gone else 0
