"""LaTeX to chat text beside pylatexenc: written cases; on 77 real abstracts words lost, marks left, time."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from pylatexenc.latex2text import LatexNodes2Text

from summarizer.text.plain import to_plain
from tests.bench.rows import Row, best_of

_PEER = "pylatexenc"
_CASES = Path(__file__).parents[1] / "samples/summarizer/cleaning_cases.jsonl"
#: What no reader should see of TeX.
_MARK = re.compile(r"\\[A-Za-z]|\$[^$\d\s]|[\^_]\{|\{\\")


def measure(data: Path) -> Iterator[Row]:
    """Yield the share of prose words lost and the time per abstract."""
    cases = [json.loads(line) for line in _CASES.read_text(encoding="utf-8").splitlines()]
    yield Row(
        what="cases that read as expected",
        ours=_right(cases, lambda text, math: to_plain(text, dollar_math=math)),
        unit="%",
        peer=_PEER,
        theirs=_right(cases, _peer),
        more_is_better=True,
    )
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
        what="abstracts with marks of TeX left",
        ours=_marked(texts, lambda text, math: to_plain(text, dollar_math=math)),
        unit="%",
        peer=_PEER,
        theirs=_marked(texts, _peer),
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


def _right(cases: list[dict[str, str]], clean: Callable[[str, bool], str]) -> float:
    """Return the percentage of cases that read as expected, however scripts are noted and spaces are set."""
    return 100 * sum(_folded(clean(case["source"], True)) == _folded(case["plain"]) for case in cases) / len(cases)


def _folded(text: str) -> str:
    """Return `text` without spaces and the notation of scripts: 10^-3, 10^(-3) and 10⁻³ are one."""
    return re.sub(r"[\s^_(){}<>−-]", "", unicodedata.normalize("NFKC", text))


def _marked(texts: list[tuple[str, bool]], clean: Callable[[str, bool], str]) -> float:
    return 100 * sum(_MARK.search(clean(text, math)) is not None for text, math in texts) / len(texts)


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
