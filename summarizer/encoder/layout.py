"""Lay out an abstract as tokens for the encoder, and map each piece of text to its tokens. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

#: The size of the encoder's position table (BERT, arXiv:1810.04805).
MAX_TOKENS = 512
#: A longer title would leave too little space for the abstract.
MAX_TITLE_TOKENS = 64
_WORD = re.compile(r"\w+")
#: Texts that were kept of one or more sentences, each with the index of its sentence.
Piece = Sequence[tuple[int, str]]


class Encoding(Protocol):
    """The part of a `tokenizers` encoding that this module uses."""

    @property
    def ids(self) -> list[int]:
        """The ids of the tokens."""
        ...

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """The range of characters of each token."""
        ...


class Tokenizer(Protocol):
    """The part of a `tokenizers` tokenizer that this module uses."""

    def encode_batch(
        self,
        input: Sequence[Any],  # noqa: A002  # its name in the library
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
    ) -> Sequence[Encoding]:
        """Return the tokens of each text with their ranges of characters."""
        ...

    def token_to_id(self, token: str) -> int | None:
        """Return the id of a token; None if the vocabulary does not contain it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The input of the encoder for one abstract: [CLS] title [SEP] sentence [SEP] sentence [SEP] …"""

    ids: NDArray[np.int64]
    #: For each sentence that was read: the index of its first token, and the index of the [SEP] after it.
    places: tuple[tuple[int, int], ...]
    #: For each token, its range of characters in its sentence; (0, 0) for special tokens and the title.
    offsets: tuple[tuple[int, int], ...]

    def ends(self) -> NDArray[np.float32]:
        """Return one row per sentence that covers only the [SEP] after it; the role is read from that token."""
        rows = np.zeros((len(self.places), len(self.ids)), np.float32)
        rows[np.arange(len(self.places)), [end for _, end in self.places]] = 1
        return rows

    def bodies(self) -> NDArray[np.float32]:
        """Return one row per sentence that covers its words."""
        rows = np.zeros((len(self.places), len(self.ids)), np.float32)
        for row, (start, end) in zip(rows, self.places, strict=True):
            row[start:end] = 1
        return rows

    def everything(self) -> NDArray[np.float32]:
        """Return one row that covers the title and the abstract."""
        return np.ones((1, len(self.ids)), np.float32)

    def pieces(self, pieces: Sequence[Piece], sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return one row per piece of text: 1 for each token of the piece, else 0; unread text has no token."""
        rows = np.zeros((len(pieces), len(self.ids)), np.float32)
        for row, piece in zip(rows, pieces, strict=True):
            for number, kept in piece:
                if number < len(self.places):
                    self._cover(row, number, sentences[number], kept)
        return rows

    def _cover(self, row: NDArray[np.float32], number: int, sentence: str, kept: str) -> None:
        start, end = self.places[number]
        inside = np.zeros(len(sentence) + 1, np.float32)
        for first, last in kept_ranges(sentence, kept):
            inside[first:last] = 1
        row[start:end] = inside[[first for first, _ in self.offsets[start:end]]]


def lay_out(tokenizer: Tokenizer, title: str, sentences: Sequence[str]) -> Layout:
    """Return the layout of an abstract.

    The layout has at most `MAX_TOKENS` tokens. It ends before the first sentence that does not fit; a first sentence
    that is too long by itself is truncated.
    """
    begin, stop = tokenizer.token_to_id("[CLS]") or 0, tokenizer.token_to_id("[SEP]") or 0
    first, *rest = tokenizer.encode_batch([title, *sentences], add_special_tokens=False)
    ids = [begin, *first.ids[:MAX_TITLE_TOKENS], stop]
    offsets, places = [(0, 0)] * len(ids), list[tuple[int, int]]()
    for encoded in rest:
        room = MAX_TOKENS - len(ids) - 1
        if room < len(encoded.ids) and places:
            break
        places.append((len(ids), len(ids) + min(room, len(encoded.ids))))
        ids += [*islice(encoded.ids, room), stop]
        offsets += [*islice(encoded.offsets, room), (0, 0)]
    return Layout(ids=np.array(ids, np.int64), places=tuple(places), offsets=tuple(offsets))


def kept_ranges(sentence: str, kept: str) -> list[tuple[int, int]]:
    """Return the ranges in `sentence` of the words of `kept`, in order; words not in `sentence` are skipped."""
    if sentence == kept:
        return [(0, len(sentence))]
    words = [(match.group().lower(), match.span()) for match in _WORD.finditer(sentence)]
    wanted = [match.group().lower() for match in _WORD.finditer(kept)]
    found, place = [], 0
    for word in wanted:
        for ahead in range(place, len(words)):
            if words[ahead][0] == word:
                found.append(words[ahead][1])
                place = ahead + 1
                break
    return found
