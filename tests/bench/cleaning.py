"""LaTeX to chat text on 77 real abstracts, compared with pylatexenc: words lost and time."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pylatexenc.latex2text import LatexNodes2Text

from summarizer.text.plain import to_plain
from tests.bench.rows import Row, best_of

_PEER = "pylatexenc"


def measure(data: Path) -> Iterator[Row]:
    """Yield the share of prose words lost and the time per abstract."""
    recorded = json.loads((data / "fixtures/latex/real_latex_abstracts_77.json").read_text(encoding="utf-8"))
    texts = [(text, source != "hf") for source, pairs in recorded.items() for _, text in pairs]
    yield Row(
        what="prose words lost, %",
        ours=_lost(texts, lambda text, math: to_plain(text, dollar_math=math)),
        unit="%",
        peer=_PEER,
        theirs=_lost(texts, _peer),
    )
    yield Row(
        what="time per abstract",
        ours=best_of(3, lambda: [to_plain(text, dollar_math=math) for text, math in texts]) / len(texts),
        unit="ms",
        peer=_PEER,
        theirs=best_of(3, lambda: [_peer(text, math) for text, math in texts]) / len(texts),
    )


def _peer(text: str, _math: bool) -> str:
    try:
        return str(LatexNodes2Text().latex_to_text(text))
    except (IndexError, ValueError):
        return ""  # it raises on \\href without a second argument; the reader would see nothing


def _lost(texts: list[tuple[str, bool]], clean: Callable[[str, bool], str]) -> float:
    """Return the percentage of words outside macros and mathematics that are lost."""
    words = lost = 0
    for text, math in texts:
        out = set(re.findall(r"[A-Za-z]{3,}", clean(text, math)))
        prose = re.sub(r"\$[^$]*\$|\\[A-Za-z]+|\{[^{}]*\}", " ", text)
        wanted = re.findall(r"(?<![\\A-Za-z])[A-Za-z]{3,}", prose)
        words += len(wanted)
        lost += sum(word not in out for word in wanted)
    return 100 * lost / words
