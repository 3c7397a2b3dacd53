"""The index in memory, kept up to date with the store, and the vectors that are filled in while nobody waits."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bots.digests.vectors import VectorService
from bots.domain.papers import Paper, PaperId
from bots.ports import PaperIndex
from bots.selection.words import row_of, words_of
from summarizer import BadModel

if TYPE_CHECKING:
    from bots.search.image import Image, Near
    from bots.search.records import WordCounts
    from bots.search.typing_errors import Reading
    from bots.selection import Query

_log = logging.getLogger(__name__)

#: Papers that are indexed in one transaction, if they were stored before there was an index: a twentieth of a second,
#: for which a person who looks a paper up may have to wait; and the transactions at once. 50,000 papers are indexed in
#: 25 minutes.
_INDEXED, _TURNS = 50, 40
#: Papers that are embedded at once: a second of processor time each minute, 46,000 papers a day.
_EMBEDDED = 32
#: The vector of a paper that has no word to read: near to nothing.
_NO_WORD = bytes(768)


@dataclass(slots=True)
class _Held:
    """The index in memory, which is made at the first search: it needs numpy, which other requests do without."""

    image: "Image | None" = None
    model: str = ""
    #: Whether the store finds near vectors itself; then none is read into memory.
    is_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchIndex:
    """Searches titles and vectors in memory; the words are searched by the store."""

    index: PaperIndex
    vectors: VectorService
    _held: _Held = field(default_factory=_Held)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self) -> "Image":
        """Return the index in memory, with everything that was stored until now.

        Raises:
            StoreError: the database cannot be read.
        """
        from bots.search.image import Image

        async with self._turn:
            model = await self._model()
            if self._held.image is None or self._held.model != model:
                self._held.is_elsewhere = await self.index.searches_vectors()
                self._held.image, self._held.model = Image(), model
            image, read = self._held.image, "" if self._held.is_elsewhere else model
            while (news := await self.index.index_news(image.mark, model=read)).mark != image.mark:
                await asyncio.to_thread(image.learn, news)
            return image

    async def _model(self) -> str:
        """Return the encoder's version; empty if it is damaged: then titles and words are searched all the same."""
        try:
            return await self.vectors.embedder.model()
        except BadModel:
            _log.exception("papers cannot be searched by their meaning")
            return ""

    async def _image(self) -> "Image":
        """Return the index in memory as it was last; a search makes it ready once."""
        return self._held.image or await self.ready()

    async def titles_like(self, text: str) -> tuple["Near", ...]:
        """Return the papers whose titles look most like a text, by their signatures."""
        return (await self._image()).near_titles(row_of(text))

    async def near(
        self, vector: bytes | None, limit: int, *, least: float | None = None, query: "Query | None" = None
    ) -> tuple["Near", ...]:
        """Return the papers nearest to a vector of the encoder, the nearest first.

        Args:
            vector: None for a text without a word to read, which is near to nothing.
            limit: maximum number of papers.
            least: the least cosine; None is the one at which a paper counts as found.
            query: a store that finds near vectors itself leaves papers out that cannot match it.
        """
        from bots.search.image import Near
        from bots.search.weights import NEAR

        image = await self._image()
        if vector is None:
            return ()
        enough = NEAR if least is None else least
        if not self._held.is_elsewhere:
            return await asyncio.to_thread(image.near_vectors, vector, limit, enough)
        found = await self.index.near_vectors(self._held.model, vector, limit, query=query)
        return tuple(Near(paper_id=paper_id, by=by) for paper_id, by in found if by >= enough)

    async def vector_of(self, text: str) -> bytes | None:
        """Return the vector of a text that a person typed; None if it has no word to read, or without an encoder."""
        try:
            (vector,) = await self.vectors.of_texts([text])
        except BadModel:
            return None
        return vector

    async def readings(self, asked: dict[str, str], counts: "WordCounts") -> "dict[str, tuple[Reading, ...]]":
        """Return what words with typing errors are read as."""
        from bots.search.typing_errors import chosen_readings, readings

        found = readings(await self._image(), asked, counts)
        if not found:
            return {}
        from summarizer.text.words import stem

        stems = {stem(word) for each in found for word in (each.word, each.meant)}
        return chosen_readings(found, await self.index.word_counts(stems))

    async def stored(self, papers: Collection[PaperId]) -> dict[PaperId, Paper]:
        """Return the public records of papers; those that are no longer stored are forgotten."""
        found = dict(await self.index.papers(papers))
        if self._held.image is not None:
            self._held.image.forget(set(papers) - found.keys())
        return found

    async def fill(self) -> int:
        """Index some papers that are not indexed yet, and embed some that have no vector; return how many.

        The index is read into memory, so that nobody waits for it at the first search.

        Raises:
            StoreError: the database cannot be read or written.
        """
        await self.ready()
        return await self.index_some()

    async def index_some(self) -> int:
        """Do what `fill` does where nobody searches: nothing is read into memory.

        Raises:
            StoreError: the database cannot be read or written.
        """
        indexed = 0
        while indexed < _INDEXED * _TURNS and (more := await self.index.index_shelf(_INDEXED)):
            indexed += more
        if indexed:
            return indexed
        model = await self._model()
        papers = await self.index.unembedded(model, _EMBEDDED) if model else ()
        if papers:
            await self._embed(model, papers)
        return len(papers)

    async def _embed(self, model: str, papers: Sequence[Paper]) -> None:
        from bots.search.packing import pack

        vectors = await self.vectors.of(papers)
        packed = [pack(vector or _NO_WORD) for vector in vectors]
        await self.index.index_vectors(model, {paper.id: each for paper, each in zip(papers, packed, strict=True)})


def has_words(text: str) -> bool:
    """Return whether a text has a word to search for."""
    return any(map(str.isalnum, "".join(words_of(text))))
