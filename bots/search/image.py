"""The part of the index that is searched in memory: signatures of titles and words, and vectors.

A scan of all of them takes milliseconds, needs no extension of a database, and is the same for every database.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import PaperId
from bots.ranking.vectors import WIDTH
from bots.search.likeness import signature
from bots.search.packing import PACKED, unpack
from bots.search.records import IndexNews, NewsMark
from bots.search.weights import BITS, COMPARED, NEAR, WORDS_COMPARED

#: Vectors that are converted at once: they stay in the processor's cache.
_BLOCK = 2048
_WORD_BITS = 128
_Number = TypeVar("_Number", bound=np.generic)
_SMALLEST = 1024
#: Words with one beginning that are looked at.
_MOST_BEGUN = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """A paper that is near, and its cosine or share of common bits."""

    paper_id: PaperId
    by: float


class Image:
    """Titles, vectors and words of all indexed papers; `learn` keeps it up to date.

    Memory: 64 bytes of signature, 388 of vector and some 100 of id for each paper, and some 100 for each word.
    """

    def __init__(self) -> None:
        self.mark = NewsMark()
        self._places: dict[PaperId, int] = {}
        self._papers: list[PaperId | None] = []
        self._titles: NDArray[np.uint64] = np.zeros((0, BITS // 64), np.uint64)
        self._vectors: NDArray[np.int8] = np.zeros((0, WIDTH), np.int8)
        self._scales: NDArray[np.float32] = np.zeros(0, np.float32)
        self._words: list[str] = []
        self._known: set[str] = set()
        #: The words in order, sorted when they are first needed.
        self._sorted: list[str] = []
        self._spellings = np.zeros((0, _WORD_BITS // 64), np.uint64)

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._places)

    def learn(self, news: IndexNews) -> None:
        """Add what was added to the index."""
        for paper_id, marks in news.titles:
            place = self._place(paper_id)
            self._titles[place] = np.frombuffer(marks, "<u8")
        for paper_id, packed in news.vectors:
            if len(packed) == PACKED:
                place = self._place(paper_id)
                self._scales[place], self._vectors[place] = unpack(packed)
        self._learn_words([word for word in dict.fromkeys(news.words) if word not in self._known])
        self.mark = news.mark

    def forget(self, papers: Iterable[PaperId]) -> None:
        """Remove papers that are no longer stored."""
        for paper_id in papers:
            place = self._places.pop(paper_id, None)
            if place is not None:
                self._papers[place], self._titles[place], self._scales[place] = None, 0, 0.0

    def has_vector(self, paper_id: PaperId) -> bool:
        """Return whether the vector of a paper is known."""
        place = self._places.get(paper_id)
        return place is not None and bool(self._scales[place])

    def _place(self, paper_id: PaperId) -> int:
        place = self._places.get(paper_id)
        if place is None:
            place = self._places[paper_id] = len(self._papers)
            self._papers.append(paper_id)
            if place >= len(self._titles):
                self._grow()
        return place

    def _grow(self) -> None:
        size = max(_SMALLEST, len(self._titles) * 3 // 2)
        self._titles = _enlarged(self._titles, size)
        self._vectors = _enlarged(self._vectors, size)
        self._scales = _enlarged(self._scales, size)

    def _learn_words(self, words: Sequence[str]) -> None:
        if not words:
            return
        marks = b"".join(signature(f" {word} ", _WORD_BITS) for word in words)
        fresh = np.frombuffer(marks, "<u8").reshape(-1, _WORD_BITS // 64)
        self._spellings = np.concatenate((self._spellings, fresh))
        self._words += words
        self._known.update(words)

    def near_titles(self, row: str, limit: int = COMPARED) -> tuple[Near, ...]:
        """Return the papers whose titles share the most trigrams with a row of words, by their signatures."""
        shares = _shares(self._titles[: len(self._papers)], signature(row))
        return self._best(shares, limit, least=0.2)

    def near_vectors(self, vector: bytes, limit: int, least: float = NEAR) -> tuple[Near, ...]:
        """Return the papers that are nearest in meaning, the nearest first.

        Args:
            vector: a vector as the encoder gives it.
            limit: maximum number of papers.
            least: the least cosine.
        """
        asked = np.frombuffer(vector, "<f2").astype(np.float32)
        near = np.empty(len(self._papers), np.float32)
        for start in range(0, len(near), _BLOCK):
            end = min(start + _BLOCK, len(near))
            # Not `@`: its library starts threads, which wait for one another for 100 ms on a machine that is busy.
            np.einsum("ij,j->i", self._vectors[start:end].astype(np.float32), asked, out=near[start:end])
        near *= self._scales[: len(near)]
        return self._best(near, limit, least=least)

    def _best(self, scores: NDArray[np.float32], limit: int, *, least: float) -> tuple[Near, ...]:
        return tuple(
            Near(paper_id=paper_id, by=float(scores[place]))
            for place in _highest(scores, limit)
            if scores[place] >= least and (paper_id := self._papers[place]) is not None
        )

    def near_words(self, word: str, limit: int = WORDS_COMPARED) -> tuple[str, ...]:
        """Return the known words that share the most trigrams with a word."""
        shares = _shares(self._spellings, signature(f" {word} ", _WORD_BITS))
        return tuple(self._words[place] for place in _highest(shares, limit))

    def words_beginning(self, start: str, limit: int = WORDS_COMPARED) -> tuple[str, ...]:
        """Return known words that begin with some letters, the shortest first."""
        if len(self._sorted) != len(self._words):
            self._sorted = sorted(self._words)
        first = bisect_left(self._sorted, start)
        found = islice(takewhile(lambda word: word.startswith(start), islice(self._sorted, first, None)), _MOST_BEGUN)
        return tuple(sorted(found, key=len)[:limit])

    def knows_word(self, word: str) -> bool:
        """Return whether a word occurs in a title or a name."""
        return word in self._known


def _enlarged(rows: NDArray[_Number], size: int) -> NDArray[_Number]:
    larger = np.zeros((size, *rows.shape[1:]), rows.dtype)
    larger[: len(rows)] = rows
    return larger


def _shares(rows: NDArray[np.uint64], asked: bytes) -> NDArray[np.float32]:
    """Return for each signature the share of bits that it has in common with another one (Dice)."""
    one = np.frombuffer(asked, "<u8")
    common = np.bitwise_count(rows & one).sum(axis=1, dtype=np.float32)
    every = np.bitwise_count(rows).sum(axis=1, dtype=np.float32) + np.float32(np.bitwise_count(one).sum())
    return np.asarray(2 * common / np.maximum(every, 1), np.float32)


def _highest(scores: NDArray[np.float32], limit: int) -> list[int]:
    if limit < 1 or not len(scores):
        return []
    first = np.argpartition(-scores, limit - 1)[:limit] if limit < len(scores) else np.arange(len(scores))
    return [int(place) for place in first[np.argsort(-scores[first], kind="stable")]]
