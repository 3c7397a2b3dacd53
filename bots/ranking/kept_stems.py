"""Keeps the stems of the latest texts, with a bound of their number in all."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from threading import Lock

#: The number of times each stem occurs in a text.
Stems = Mapping[str, int]

#: Bytes of a key: two texts of a million have the same one with a probability of 10^-27.
_KEY = 16


class StemCache:
    """The stems of texts, the last used ones; any thread may ask.

    The bound is of stems and not of texts, because an abstract may have 50 or 2,000 of them.
    """

    def __init__(self, most: int) -> None:
        """Create an empty cache.

        Args:
            most: stems that are kept; one takes some 40 bytes.
        """
        self._most = most
        self._held = 0
        self._entries: OrderedDict[bytes, Stems] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return the number of stems that are kept."""
        return self._held

    def get(self, texts: tuple[str, ...], make: Callable[[], Stems]) -> Stems:
        """Return the stems of some texts, made if they are not kept."""
        # The texts themselves would take half as much again.
        key = blake2b("\x00".join(texts).encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        # Not while others wait: it takes longer than all the rest.
        stems = make()
        with self._lock:
            self._put(key, stems)
        return stems

    def _put(self, key: bytes, stems: Stems) -> None:
        self._held += len(stems) - len(self._entries.get(key, ()))
        self._entries[key] = stems
        while self._held > self._most:
            _, gone = self._entries.popitem(last=False)
            self._held -= len(gone)
