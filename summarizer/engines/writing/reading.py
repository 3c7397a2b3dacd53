"""Read an abstract for a model: the text it may see, and the sentences that support a text. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.blurb import Abstract, Span
from summarizer.engines.writing.injection import is_command, is_prose
from summarizer.errors import EngineDown
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences
from summarizer.text.words import stem

#: Content words; shorter ones are mostly grammar.
_WORD = re.compile(r"[^\W\d_]{4,}")
#: Longer words that are grammar as well, or occur in sentences about any paper.
_ANYWHERE = frozenset(
    """
    about also been both each from have into more most only other over paper such than that their them then there these
    they this those through using very were what when where which while will with within without work would your
    """.split()
)
#: The least number of sentences for which one that shares no word with the others is suspicious.
_ENOUGH = 4
#: In letters: forms that no stemmer joins ("optimal", "optimization") share their first six.
_ROOT = 6
#: A second sentence is evidence too if it has this share of the words that the first one lacks.
_MORE = 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The part of an abstract that a model sees: plain text, without sentences that address models."""

    title: str
    sentences: tuple[str, ...]
    #: The range of each sentence in the abstract as given.
    spans: tuple[Span, ...]
    #: Whether part of the abstract was withheld because it contains commands.
    withheld: bool

    @property
    def text(self) -> str:
        """The sentences in one line."""
        return " ".join(self.sentences)

    @property
    def abstract(self) -> Abstract:
        """The title and sentences as an abstract, which a blurb is checked against."""
        return Abstract(text=self.text, title=self.title, dollar_math=False)


def read_source(abstract: Abstract) -> Source:
    """Return the part of an abstract that a model may see.

    Raises:
        EngineDown: the abstract contains nothing but commands.
    """
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    plain = [(to_plain(text[span.start : span.end], dollar_math=dollars), span) for span in spans]
    plain = [(sentence, span) for sentence, span in plain if count_words(sentence)]
    kept = _kept(text, plain)
    title = to_plain(abstract.title, dollar_math=dollars)
    safe_title = "" if _orders(abstract.title, title) else title
    if not kept:
        raise EngineDown("The abstract contains nothing but instructions to language models.")
    withheld = len(kept) < len(plain) or safe_title != title
    kept = _hanging_together(safe_title, kept)
    return Source(
        title=safe_title,
        sentences=tuple(sentence for sentence, _ in kept),
        spans=tuple(span for _, span in kept),
        withheld=withheld,
    )


def _kept(text: str, plain: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Return the sentences without commands.

    After a command, sentences are dropped too, until one starts like a paper's prose.
    """
    kept, ordered = [], False
    for sentence, span in plain:
        given = text[span.start : span.end]
        ordered = _orders(given, sentence) or (ordered and not is_prose(sentence))
        if not ordered:
            kept.append((sentence, span))
    return kept


def _hanging_together(title: str, kept: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Return the sentences that share words with the title or with one another; isolated ones are removed.

    A command in words that are on no list is about another subject than the paper: of twenty such commands, each
    inserted into forty real abstracts, 78 % are isolated; of the abstracts' own sentences 1.3 %, mostly those that say
    where the code is.
    """
    words = [frozenset(roots(title)), *(frozenset(roots(sentence)) for sentence, _ in kept)]
    # A sentence repeated sixty times counts once; otherwise it would isolate all others.
    together = max(_islands(words), key=lambda members: len({words[member] for member in members}))
    # In an abstract of few sentences, it is chance whether they share a word.
    if len(kept) < _ENOUGH or 2 * len(together - {0}) <= len(kept):
        return kept
    return [one for index, one in enumerate(kept, 1) if index in together]


def _islands(words: Sequence[frozenset[str]]) -> list[set[int]]:
    """Return the sets of texts that are connected by shared words, directly or through others."""
    islands: list[tuple[set[int], frozenset[str]]] = []
    for index, own in enumerate(words):
        joined = [island for island in islands if not island[1].isdisjoint(own)]
        islands = [island for island in islands if island[1].isdisjoint(own)]
        members = {index}.union(*(members for members, _ in joined))
        islands.append((members, own.union(*(shared for _, shared in joined))))
    return [members for members, _ in islands]


def _orders(given: str, plain: str) -> bool:
    """Return whether a text contains commands, either as given, with tags and braces, or as a reader sees it."""
    return is_command(plain) or (given != plain and is_command(given))


# -- what a text rests on -------------------------------------------------------------------------


def roots(text: str) -> list[str]:
    """Return the roots of the content words, in order."""
    return [stem(word)[:_ROOT] for word in _WORD.findall(text.lower()) if word not in _ANYWHERE]


def evidence(sentences: Sequence[str], source: Source) -> tuple[Span, ...]:
    """Return the sentences of the abstract that share most words with each of the given ones, in reading order.

    If no words are shared, as with a translation, every sentence that was read is evidence.
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
    """Return the words that are the same in every language: numbers and acronyms."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*|\b[A-Z][A-Z\d-]+\b", sentence))
