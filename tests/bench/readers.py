"""How often the blurb is the sentence that a reader would have kept, outside computer science.

The peer is the simple rule for such abstracts: keep the end, where authors conclude.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer import Abstract, Span, Style
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.text.plain import to_plain
from summarizer.text.sentences import split_sentences
from tests.bench.reader_papers import FRESH_LABELS, LABELS, Label, labelled
from tests.bench.rows import Row

#: How many sentences of the end the peer keeps for each style.
_STYLES = {Style.ONE_LINE: 1, Style.SHORT: 2}
#: A section label of an abstract at the start of a sentence: in capitals, before ":" or ";", or before a new sentence.
_HEADING = re.compile(
    r"(?:^|(?<=[.;:!?]\s))(?:(?:abstract|background|introduction|goal|aims?|objectives?|purpose|materials?|methods?|"
    r"study design|setting|search strategy|main results|results?|findings|discussion|conclusions?|key points|question|"
    r"significance|clinical relevance)(?:\s*(?:and|&|/)\s*(?:aims?|purpose|methods?|materials?|setting))?)"
    r"(?=\s*[:;]|\s+(?-i:[A-Z0-9]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A labelled abstract with the blurb of one style and the sentences that the peer's rule keeps."""

    label: Label
    abstract: Abstract
    style: Style
    text: str
    evidence: tuple[Span, ...]
    end: tuple[Span, ...]

    @property
    def hit(self) -> bool:
        """Whether any sentence of the blurb is among the labelled ones."""
        return hits(self.evidence, self.label)

    @property
    def end_hits(self) -> bool:
        """Whether any sentence of the peer's is among the labelled ones."""
        return hits(self.end, self.label)


def hits(spans: Sequence[Span], label: Label) -> bool:
    """Return whether any of the sentences lies by more than half of its characters in a labelled sentence."""
    return any(2 * _shared(span, kept.start, kept.end) > span.end - span.start for span in spans for kept in label.kept)


def has_heading(text: str) -> bool:
    """Return whether a section label such as "Results:" stands before a sentence of the text."""
    return _HEADING.search(text) is not None


def measure(data: Path) -> Iterator[Row]:
    """Yield the share of hits per style: of all papers, each set and each kind; with a heading; the second reader's.

    The engine was set while looking at some of the papers, so only the share of the held-out ones is a fair measure.
    """
    for style in _STYLES:
        reads = list(read(data, style))
        yield _share(f"{style}, kept by the reader", reads)
        for name in dict.fromkeys(one.label.set for one in reads):
            yield _share(f"{style}, {name}", [one for one in reads if one.label.set == name])
        for kind in dict.fromkeys(one.label.kind for one in reads):
            yield _share(f"{style}, kind {kind}", [one for one in reads if one.label.kind == kind])
        yield Row(
            what=f"{style}, with a heading",
            ours=_percent([has_heading(one.text) for one in reads]),
            unit="%",
            peer="the end",
            theirs=_percent([has_heading(_plain(one.abstract, one.end)) for one in reads]),
        )
        yield _share(f"{style}, second reader", list(read(data, style, FRESH_LABELS)))


def misses(data: Path, labels: Path = LABELS) -> Iterator[str]:
    """Yield each abstract whose blurb of one line is not among the labels: its id, the chosen and the labelled text."""
    for one in read(data, Style.ONE_LINE, labels):
        if not one.hit:
            kept = [one.abstract.text[span.start : span.end] for span in one.label.kept]
            chosen = [one.abstract.text[span.start : span.end] for span in one.evidence]
            yield f"{one.label.set} {one.label.id} ({one.label.kind})"
            yield from (f"  chosen:   {' '.join(text.split())}" for text in chosen)
            yield from (f"  labelled: {' '.join(text.split())}" for text in kept)


def read(data: Path, style: Style, labels: Path = LABELS) -> Iterator[Read]:
    """Yield every labelled abstract with its blurb of the given style."""
    engine = ExtractiveEngine()
    for label, abstract in labelled(data, labels):
        blurb = engine.condense(abstract, style)
        end = tuple(Span(start=span.start, end=span.end) for span in split_sentences(abstract.text)[-_STYLES[style] :])
        yield Read(label=label, abstract=abstract, style=style, text=blurb.text, evidence=blurb.evidence, end=end)


def _shared(span: Span, start: int, end: int) -> int:
    return max(0, min(span.end, end) - max(span.start, start))


def _share(what: str, reads: Sequence[Read]) -> Row:
    return Row(
        what=f"{what} ({len(reads)})",
        ours=_percent([one.hit for one in reads]),
        unit="%",
        peer="the end",
        theirs=_percent([one.end_hits for one in reads]),
        more_is_better=True,
    )


def _percent(found: Sequence[bool]) -> float:
    return 100 * sum(found) / len(found)


def _plain(abstract: Abstract, spans: Sequence[Span]) -> str:
    return " ".join(to_plain(abstract.text[span.start : span.end]) for span in spans)
