"""The vector of title and abstract together, which represents their subject."""

from dataclasses import replace
from itertools import islice

from summarizer.blurb import Abstract
from summarizer.encoder.session import Encoder, Floats, opened
from summarizer.engines.extractive.judging import read
from summarizer.engines.limits import MAX_CHARACTERS
from summarizer.text.plain import count_words, to_plain

#: The longest title of 50,000 machine-learning papers has 217 characters.
_MAX_TITLE = 1000
#: The encoder reads 512 tokens, and each sentence takes at least two: one of its own and a [SEP].
_MOST_SENTENCES = 256


def packed(abstract: Abstract) -> bytes | None:
    """Return the vector of an abstract as little-endian half-precision numbers; None if it has no word to read.

    Raises:
        BadModel: the encoder's files are missing or altered.
    """
    vector = _vector(abstract, opened())
    return None if vector is None else vector.astype("<f2").tobytes()


def _vector(abstract: Abstract, encoder: Encoder) -> Floats | None:
    """Return the vector of length 1 of title and abstract together; None if neither has a word."""
    title = to_plain(abstract.title[:_MAX_TITLE], dollar_math=abstract.dollar_math)
    texts = [line.text for line in read(replace(abstract, text=abstract.text[:MAX_CHARACTERS]))[0]]
    sentences = list(islice(texts, _MOST_SENTENCES)) or [title]
    return encoder.read(title, sentences, []).paper if any(map(count_words, sentences)) else None
