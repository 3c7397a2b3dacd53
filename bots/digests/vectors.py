"""The vectors of papers: from memory, from the store, or from the encoder; each text is embedded once."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from bots.domain.errors import StoreError
from bots.domain.papers import Paper
from bots.ports import Clock, VectorCache
from summarizer import Abstract, Embedder

_log = logging.getLogger(__name__)

#: Texts that a thread embeds before those of another digest get their turn: about a second of work.
_AT_ONCE = 32
#: Vectors kept in memory: those of two busy days, 768 bytes each.
_MOST_REMEMBERED = 4096

#: Vectors by key; None for a text that has no word to read.
_Vectors = dict[str, bytes | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorService:
    """Embeds papers; those of public papers only once, whatever channel needs them.

    The text of a private paper, and a text that a person typed, leave nothing in the store: a vector tells what its
    text is about. They are kept in memory for as long as newer ones leave room.
    """

    cache: VectorCache
    clock: Clock
    embedder: Embedder = field(default_factory=Embedder)
    #: Embedding takes seconds of processor time: many subscriptions due at once must leave threads to the store.
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    _kept: _Vectors = field(default_factory=dict)
    #: Texts that are being embedded, so that a hundred channels due at once wait for one task.
    _made: "dict[str, asyncio.Task[_Vectors]]" = field(default_factory=dict)

    async def of(self, papers: Sequence[Paper]) -> tuple[bytes | None, ...]:
        """Return the vector of each paper; None for a paper that has no word to read.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        model = await self.embedder.model()
        keys = [_key(paper.title, paper.abstract, str(paper.dollar_math), model) for paper in papers]
        asked = dict(zip(keys, map(abstract_of, papers), strict=True))
        public = {key for key, paper in zip(keys, papers, strict=True) if not paper.private}
        found = await self._found(asked, public)
        return tuple(found[key] for key in keys)

    async def of_texts(self, texts: Sequence[str]) -> tuple[bytes | None, ...]:
        """Return the vector of each text that a person typed; None for one that has no word to read.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        model = await self.embedder.model()
        keys = [_key("", text, str(False), model) for text in texts]
        typed = (Abstract(text=text, dollar_math=False) for text in texts)
        found = await self._found(dict(zip(keys, typed, strict=True)), frozenset())
        return tuple(found[key] for key in keys)

    async def _found(self, asked: Mapping[str, Abstract], public: AbstractSet[str]) -> _Vectors:
        found = {key: self._kept[key] for key in asked if key in self._kept}
        stored = await self._stored(public - found.keys())
        self._keep(stored)
        found.update(stored)
        missing = [key for key in asked if key not in found]
        for some in _groups(key for key in missing if key not in self._made):
            self._start({key: asked[key] for key in some}, public)
        tasks = {self._made[key] for key in missing}
        # The first caller may be cancelled; the others that wait for the same vectors must still get them.
        for made in await asyncio.gather(*map(asyncio.shield, tasks)):
            found.update(made)
        return found

    def _start(self, texts: Mapping[str, Abstract], public: AbstractSet[str]) -> None:
        task = asyncio.create_task(self._embed(texts, public))
        self._made.update(dict.fromkeys(texts, task))
        task.add_done_callback(partial(self._ended, tuple(texts)))

    def _ended(self, keys: Sequence[str], task: "asyncio.Task[_Vectors]") -> None:
        for key in keys:
            del self._made[key]
        if not task.cancelled() and not task.exception():
            self._keep(task.result())

    async def _embed(self, texts: Mapping[str, Abstract], public: AbstractSet[str]) -> _Vectors:
        async with self.gate:
            made = dict(zip(texts, await self.embedder.embed(tuple(texts.values())), strict=True))
        kept = {key: vector for key, vector in made.items() if vector is not None and key in public}
        try:
            await self.cache.keep_vectors(kept, now=self.clock())
        except StoreError as error:
            _log.error(
                "vectors could not be stored; they are made again when they are needed", extra={"error": str(error)}
            )
        return made

    async def _stored(self, keys: AbstractSet[str]) -> Mapping[str, bytes]:
        try:
            return await self.cache.vectors(keys) if keys else {}
        except StoreError as error:
            _log.error("the stored vectors cannot be read; they are made again", extra={"error": str(error)})
            return {}

    def _keep(self, vectors: Mapping[str, bytes | None]) -> None:
        self._kept.update(vectors)
        for old in list(islice(self._kept, max(0, len(self._kept) - _MOST_REMEMBERED))):
            del self._kept[old]


def abstract_of(paper: Paper) -> Abstract:
    """Return the text of a paper as the summarizer takes it."""
    return Abstract(text=paper.abstract, title=paper.title, dollar_math=paper.dollar_math)


def _key(*texts: str) -> str:
    return hashlib.sha256("\x00".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def _groups(keys: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(keys, _AT_ONCE)):
        yield some
