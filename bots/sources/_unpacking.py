"""Decompresses gzip and zlib with every member, and never more than a limit. Pure functions."""

import zlib

#: The first bytes of every member of a gzip file.
GZIP = b"\x1f\x8b"
#: In bytes: what tells gzip, zlib and raw deflate apart (RFC 1950, 2.2; RFC 1952, 2.3.1). No stream is shorter.
_HEAD = 2
#: In bytes: the start of a stored block, which has its length twice, once inverted (RFC 1951, 3.2.4). Read as raw
#: deflate, the first byte of a zlib stream always begins one, and its unused bits may hold anything.
_STORED = 5
#: Accepts gzip and zlib headers; zlib distinguishes them.
_ANY_HEADER = zlib.MAX_WBITS | 32
#: `deflate` without a header, as some servers send it (RFC 9110, 8.4.1.2).
_NO_HEADER = -zlib.MAX_WBITS
#: More members than a year of daily files joined by `cat`. An empty member takes 20 bytes, so a small file could hold
#: millions, each of which costs a new decompressor.
MOST_MEMBERS = 10_000


class TooLarge(Exception):
    """The content is larger than allowed."""


class Broken(Exception):
    """The content cannot be decompressed; the message says what it does: "was cut short"."""


class Unpacker:
    """Decompresses content that arrives in pieces: every member of a gzip, or one zlib or raw deflate stream."""

    def __init__(self, limit: int) -> None:
        """Begin; no more than `limit` bytes are ever decompressed."""
        self._limit = limit
        self._stream = zlib.decompressobj(_ANY_HEADER)
        self._body = bytearray()
        self._members = 1
        #: The first two bytes of the content, which say whether it is gzip.
        self._head = b""
        #: What arrived so far, while it may be raw deflate that begins as a zlib stream does; None once it is certain.
        self._early: bytearray | None = bytearray()

    def feed(self, piece: bytes) -> None:
        """Decompress the next piece.

        Raises:
            TooLarge: it holds more than the limit, or more than `MOST_MEMBERS` members.
            Broken: it is not valid, or something else follows its end.
        """
        while piece:
            if self._stream.eof:
                # Zeros behind a member are padding, as on tapes (gzip manual, "Using gzip on tapes").
                piece = piece.lstrip(b"\0")
                if piece:
                    self._next_member(piece)
            piece = self._fed(piece) if piece else b""

    def _fed(self, piece: bytes) -> bytes:
        """Decompress a member's part of a piece; return what follows the member."""
        # A header has two bytes: a raw stream's first byte alone may be refused, and could not be read again.
        if len(self._head) < _HEAD:
            piece = self._head + piece
            self._head = piece[:_HEAD]
            if len(piece) < _HEAD:
                return b""
        self._remember(piece)
        room = self._limit + 1 - len(self._body)
        try:
            self._body += self._stream.decompress(piece, room)
        except zlib.error as error:
            if self._early is None:
                raise Broken(f"is not valid ({error})") from error
            return self._again_as_raw()
        if len(self._body) > self._limit:
            raise TooLarge
        return self._stream.unused_data

    def _remember(self, piece: bytes) -> None:
        if self._early is not None:
            self._early += piece
            if not _may_be_raw(self._early):
                self._early = None

    def _again_as_raw(self) -> bytes:
        """Begin anew with a stream without a header; return what arrived so far."""
        early, self._early = bytes(self._early or b""), None
        self._stream = zlib.decompressobj(_NO_HEADER)
        self._body.clear()
        return early

    def _next_member(self, piece: bytes) -> None:
        if self._head != GZIP or not piece.startswith(GZIP[: len(piece)]):
            raise Broken(f"has something behind its end that is not compressed ({len(piece):,} bytes or more)")
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise TooLarge
        self._stream = zlib.decompressobj(_ANY_HEADER)

    def end(self) -> bytes:
        """Return the whole content.

        Raises:
            Broken: the content ends early.
        """
        if not self._stream.eof and self._early and len(self._head) == _HEAD:
            self.feed(self._again_as_raw())
        if not self._stream.eof:
            raise Broken("was cut short")
        return bytes(self._body)


def _may_be_raw(start: bytes | bytearray) -> bool:
    """Return whether content may be raw deflate: it has no header, or begins as a stored block does too."""
    if start.startswith(GZIP):
        return False
    if start[0] & 15 != zlib.DEFLATED or int.from_bytes(start[:_HEAD]) % 31:
        return True
    length, inverted = start[1:3], start[3:_STORED]
    return all(one ^ other == 0xFF for one, other in zip(length, inverted, strict=False))


def gunzipped(body: bytes, limit: int) -> bytes:
    """Return the content of a gzip file with one or more members, joined as `gunzip` does.

    Raises:
        TooLarge: it holds more than `limit` bytes.
        Broken: it is not valid, ends early, or something else follows its end.
    """
    unpacker = Unpacker(limit)
    unpacker.feed(body)
    return unpacker.end()
