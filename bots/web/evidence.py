"""The abstract of a paper with the sentences that support its blurb marked. Pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bots.chat.phrases import clean
from bots.domain.papers import Paper
from bots.web.cards import abstract_of
from summarizer import Blurb, Span
from summarizer.text.plain import to_plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of an abstract."""

    text: str
    is_evidence: bool = False


def marked_abstract(paper: Paper, blurb: Blurb | None) -> tuple[Piece, ...]:
    """Return the whole abstract as plain text, in pieces: together they are the abstract as it is shown elsewhere.

    A sentence that reads otherwise alone than in its abstract, as one that uses a macro defined before it, is not
    marked.
    """
    whole, found, start = abstract_of(paper), list[Piece](), 0
    for sentence in _sentences(paper, blurb.evidence if blurb else ()):
        place = whole.find(sentence, start)
        if place < 0:
            continue
        found += [Piece(text=whole[start:place])] if place > start else []
        found.append(Piece(text=sentence, is_evidence=True))
        start = place + len(sentence)
    return (*found, Piece(text=whole[start:])) if start < len(whole) else tuple(found)


def _sentences(paper: Paper, spans: Sequence[Span]) -> Iterator[str]:
    for span in spans:
        if text := clean(to_plain(paper.abstract[span.start : span.end], dollar_math=paper.dollar_math)):
            yield text
