"""The encodings of the gateway's payloads: plain text, or one compressed stream per connection.

docs.discord.com, Gateway, "Encoding and Compression".
"""

import importlib
import json
import zlib
from typing import Any, Protocol

from tests.fakes.discord.problems import Json


class Packer(Protocol):
    """Encodes the payloads of one connection, in order."""

    def pack(self, payload: Json) -> str | bytes:
        """Return the content of a frame: str for a text frame, bytes for a binary frame."""


class Plain:
    """Encodes without compression."""

    def pack(self, payload: Json) -> str | bytes:
        """Return the JSON text."""
        return json.dumps(payload)


class Zlib:
    """Compresses with one zlib context per connection; each payload ends in a flush."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, payload: Json) -> str | bytes:
        """Return the next piece of the stream."""
        return self._stream.compress(json.dumps(payload).encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class Zstd:
    """Compresses with one zstd context per connection; each payload ends in a flushed block."""

    def __init__(self) -> None:
        module: Any = _zstd()
        if module is None:
            raise LookupError("zstd-stream")
        made = module.ZstdCompressor()
        self._stream = made.compressobj() if hasattr(made, "compressobj") else made
        #: The mode that ends a block; the two libraries name it differently.
        self._block = getattr(module, "COMPRESSOBJ_FLUSH_BLOCK", None)
        if self._block is None:
            self._block = module.ZstdCompressor.FLUSH_BLOCK

    def pack(self, payload: Json) -> str | bytes:
        """Return the next piece of the stream."""
        return bytes(self._stream.compress(json.dumps(payload).encode()) + self._stream.flush(self._block))


def _zstd() -> Any:
    """Return an installed zstd library, or None; clients request zstd only if they have such a library themselves."""
    for name in ("zstandard", "compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def packer(compress: str | None) -> Packer:
    """Return the packer for a connection's `compress` parameter.

    Raises:
        LookupError: the compression is unknown, or its library is not installed.
    """
    if not compress:
        return Plain()
    known: dict[str, type[Zlib | Zstd]] = {"zlib-stream": Zlib, "zstd-stream": Zstd}
    return known[compress]()
