"""Reads an abstract for a model that writes: what it may see, and which sentences a text rests on: pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.blurb import Abstract, Span
from summarizer.engines.writing.injection import is_command, is_prose
from summarizer.errors import EngineDown
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences
from summarizer.text.words import stem

#: Words with content; shorter ones are mostly grammar.
_WORD = re.compile(r"[^\W\d_]{4,}")
#: Of these, words that are grammar all the same, or that any sentence about any paper has.
_ANYWHERE = frozenset(
    """
    about also been both each from have into more most only other over paper such than that their them then there these
    they this those through using very were what when where which while will with within without work would your
    """.split()
)
#: Sentences of which one that shares no word with the others is a stranger.
_ENOUGH = 4
#: Two forms of a word that no stemmer joins ("optimal", "optimization") share their first six letters.
_ROOT = 6
#: A second sentence is evidence too if it has this share of the words that the first has not.
_MORE = 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An abstract as a model sees it: plain text, without what is addressed to models."""

    title: str
    sentences: tuple[str, ...]
    #: Where each sentence stands in the abstract as given.
    spans: tuple[Span, ...]
    #: Whether something was held back because it gives orders.
    withheld: bool

    @property
    def text(self) -> str:
        """The sentences in one line."""
        return " ".join(self.sentences)

    @property
    def abstract(self) -> Abstract:
        """What a blurb is held to."""
        return Abstract(text=self.text, title=self.title, dollar_math=False)


def read_source(abstract: Abstract) -> Source:
    """Return what of an abstract a model may see.

    Raises:
        EngineDown: nothing is left of it.
    """
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    plain = [(to_plain(text[span.start : span.end], dollar_math=dollars), span) for span in spans]
    plain = [(sentence, span) for sentence, span in plain if count_words(sentence)]
    kept = _kept(text, plain)
    title = to_plain(abstract.title, dollar_math=dollars)
    safe_title = "" if _orders(abstract.title, title) else title
    if not kept:
        raise EngineDown("The abstract holds nothing but orders to the machine that reads it.")
    withheld = len(kept) < len(plain) or safe_title != title
    kept = _hanging_together(safe_title, kept)
    return Source(
        title=safe_title,
        sentences=tuple(sentence for sentence, _ in kept),
        spans=tuple(span for _, span in kept),
        withheld=withheld,
    )


def _kept(text: str, plain: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Return the sentences without orders, and without what follows one and is no prose of a paper."""
    kept, ordered = [], False
    for sentence, span in plain:
        given = text[span.start : span.end]
        ordered = _orders(given, sentence) or (ordered and not is_prose(sentence))
        if not ordered:
            kept.append((sentence, span))
    return kept


def _hanging_together(title: str, kept: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Return the sentences that share words with the title or with one another; what stands apart is not read.

    An order in words that no list knows speaks of something else than the paper: of twenty such, each put into forty
    real abstracts, 78 % stand apart, and of the abstracts' own sentences 1.3 %, mostly those that say where code is.
    """
    words = [frozenset(roots(title)), *(frozenset(roots(sentence)) for sentence, _ in kept)]
    # What is said sixty times counts once, or it would make strangers of all the rest.
    together = max(_islands(words), key=lambda members: len({words[member] for member in members}))
    # In an abstract of few sentences chance decides whether they share a word.
    if len(kept) < _ENOUGH or 2 * len(together - {0}) <= len(kept):
        return kept
    return [one for index, one in enumerate(kept, 1) if index in together]


def _islands(words: Sequence[frozenset[str]]) -> list[set[int]]:
    """Return the sets of texts that hang together by shared words, directly or through others."""
    islands: list[tuple[set[int], frozenset[str]]] = []
    for index, own in enumerate(words):
        joined = [island for island in islands if not island[1].isdisjoint(own)]
        islands = [island for island in islands if island[1].isdisjoint(own)]
        members = {index}.union(*(members for members, _ in joined))
        islands.append((members, own.union(*(shared for _, shared in joined))))
    return [members for members, _ in islands]


def _orders(given: str, plain: str) -> bool:
    """Tell orders in a text as given, where tags and braces still stand, and in what a reader sees of it."""
    return is_command(plain) or (given != plain and is_command(given))


# -- what a text rests on -------------------------------------------------------------------------


def roots(text: str) -> list[str]:
    """Return the roots of the words with content, in order."""
    return [stem(word)[:_ROOT] for word in _WORD.findall(text.lower()) if word not in _ANYWHERE]


def evidence(sentences: Sequence[str], source: Source) -> tuple[Span, ...]:
    """Return the sentences of the abstract that share most with each of the given ones, in reading order.

    Where nothing is shared, as with a translation, the text rests on everything that was read.
    """
    read = [frozenset(roots(sentence)) | _marks(sentence) for sentence in source.sentences]
    found = {index for sentence in sentences for index in _nearest(sentence, read)}
    return tuple(source.spans[index] for index in sorted(found or range(len(read))))


def _nearest(sentence: str, read: Sequence[frozenset[str]]) -> list[int]:
    wanted = frozenset(roots(sentence)) | _marks(sentence)
    first = max(range(len(read)), key=lambda index: len(wanted & read[index]))
    if not wanted & read[first]:
        return []
    left = wanted - read[first]
    second = max(range(len(read)), key=lambda index: len(left & read[index]))
    return [first, second] if left and len(left & read[second]) >= max(2, _MORE * len(left)) else [first]


def _marks(sentence: str) -> frozenset[str]:
    """Return what stays the same in every language: numbers and acronyms."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*|\b[A-Z][A-Z\d-]+\b", sentence))
