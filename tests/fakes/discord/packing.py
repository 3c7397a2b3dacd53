"""How the gateway packs what it sends: as text, or as one compressed stream for a connection.

docs.discord.com, Gateway, "Encoding and Compression".
"""

import importlib
import json
import zlib
from typing import Any, Protocol

from tests.fakes.discord.problems import Json


class Packer(Protocol):
    """Packs payloads, one after the other."""

    def pack(self, payload: Json) -> str | bytes:
        """Return what goes over the wire: text in a text frame, bytes in a binary one."""


class Plain:
    """Packs nothing."""

    def pack(self, payload: Json) -> str | bytes:
        """Return the text."""
        return json.dumps(payload)


class Zlib:
    """One zlib context for the connection; each payload ends in a flush."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, payload: Json) -> str | bytes:
        """Return the next piece of the stream."""
        return self._stream.compress(json.dumps(payload).encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class Zstd:
    """One zstd context for the connection; each payload ends in a flushed block."""

    def __init__(self) -> None:
        module: Any = _zstd()
        if module is None:
            raise LookupError("zstd-stream")
        made = module.ZstdCompressor()
        self._stream = made.compressobj() if hasattr(made, "compressobj") else made
        #: What the two libraries call the end of a block.
        self._block = getattr(module, "COMPRESSOBJ_FLUSH_BLOCK", None)
        if self._block is None:
            self._block = module.ZstdCompressor.FLUSH_BLOCK

    def pack(self, payload: Json) -> str | bytes:
        """Return the next piece of the stream."""
        return bytes(self._stream.compress(json.dumps(payload).encode()) + self._stream.flush(self._block))


def _zstd() -> Any:
    """Return whichever library for zstd is there; clients ask for it only where they have one, too."""
    for name in ("zstandard", "compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def packer(compress: str | None) -> Packer:
    """Return the packer that a connection asked for.

    Raises:
        LookupError: nobody here can pack so.
    """
    if not compress:
        return Plain()
    known: dict[str, type[Zlib | Zstd]] = {"zlib-stream": Zlib, "zstd-stream": Zstd}
    return known[compress]()
