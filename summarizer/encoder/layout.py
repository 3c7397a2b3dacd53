"""Lays an abstract out for the encoder: which tokens it reads, and which of them each piece of text covers: pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

#: What the encoder's position table holds (BERT, arXiv:1810.04805).
MAX_TOKENS = 512
#: A title longer than this would crowd out the abstract.
MAX_TITLE_TOKENS = 64
_WORD = re.compile(r"\w+")
#: Kept texts of one sentence or more, each with the number of its sentence.
Piece = Sequence[tuple[int, str]]


class Encoding(Protocol):
    """What this module needs of an encoding of the tokenizers library."""

    @property
    def ids(self) -> list[int]:
        """The numbers of the tokens."""
        ...

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """The range of characters that each token stands for."""
        ...


class Tokenizer(Protocol):
    """What this module needs of a tokenizer of the tokenizers library."""

    def encode_batch(
        self,
        input: Sequence[Any],  # noqa: A002  # its name in the library
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
    ) -> Sequence[Encoding]:
        """Return the tokens of each text with the ranges of characters they stand for."""
        ...

    def token_to_id(self, token: str) -> int | None:
        """Return the number of a token."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One abstract as the encoder reads it: [CLS] title [SEP] sentence [SEP] sentence [SEP] …"""

    ids: NDArray[np.int64]
    #: For each sentence that was read whole, where its tokens begin, and the place of the [SEP] behind it.
    places: tuple[tuple[int, int], ...]
    #: The range of characters of its sentence that each token stands for; (0, 0) for marks and title.
    offsets: tuple[tuple[int, int], ...]

    def ends(self) -> NDArray[np.float32]:
        """Return one row a sentence that covers only the mark behind it, from which its role is read."""
        rows = np.zeros((len(self.places), len(self.ids)), np.float32)
        rows[np.arange(len(self.places)), [end for _, end in self.places]] = 1
        return rows

    def bodies(self) -> NDArray[np.float32]:
        """Return one row a sentence that covers its words."""
        rows = np.zeros((len(self.places), len(self.ids)), np.float32)
        for row, (start, end) in zip(rows, self.places, strict=True):
            row[start:end] = 1
        return rows

    def everything(self) -> NDArray[np.float32]:
        """Return one row that covers title and abstract."""
        return np.ones((1, len(self.ids)), np.float32)

    def pieces(self, pieces: Sequence[Piece], sentences: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a piece of text, 1 where a token belongs to it; what was not read is not covered."""
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
    """Return the layout of an abstract; sentences that do not fit within `MAX_TOKENS` are not read."""
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
    """Return the ranges of `sentence` whose words `kept` has, in order; words it has not are passed over."""
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
