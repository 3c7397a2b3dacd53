"""Our blurbs compared with Hugging Face's, written by a large language model, on its lists of two years."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from summarizer import Abstract
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.evaluation.evaluate import rouge, score_blurb
from summarizer.grounding.check import unsupported
from summarizer.text.plain import to_plain
from summarizer.text.sentences import first_sentence
from summarizer.text.words import content
from tests.bench.rows import Row

#: Sample of the 5,386 papers with such a summary: enough for a standard error of 0.4, in a minute.
_PAPERS = 1000


def measure(data: Path) -> Iterator[Row]:
    """Yield the similarity to their text, and for both the grounding in the abstract and the gain over the title."""
    papers = _papers(data / "data/hf-daily/2024-05_2026-06.jsonl.gz")
    engine, scorer = ExtractiveEngine(), rouge()
    abstracts = [Abstract(text=paper["abstract"], title=paper["title"], dollar_math=False) for paper in papers]
    ours = [engine.condense(abstract).text for abstract in abstracts]
    theirs = [to_plain(paper["ai_summary"], dollar_math=False) for paper in papers]
    first = [to_plain(first_sentence(each.text, dollar_math=False), dollar_math=False) for each in abstracts]
    for place, what in enumerate(("ROUGE-1", "ROUGE-2", "ROUGE-L")):
        close, lead = (
            fmean(score_blurb(said, [wanted], scorer)[place] for said, wanted in zip(texts, theirs, strict=True))
            for texts in (ours, first)
        )
        yield _row(f"{what} against their summary", close, "first sentence", lead)
    yield _row("grounded", _grounded(ours, abstracts), "their summary", _grounded(theirs, abstracts))
    yield _row("words the title lacks", _novelty(ours, abstracts), "their summary", _novelty(theirs, abstracts))


def _papers(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        papers = {row["id"]: row for row in map(json.loads, lines) if row.get("ai_summary") and row.get("abstract")}
    return random.Random(1).sample(sorted(papers.values(), key=lambda row: str(row["id"])), _PAPERS)  # noqa: S311


def _row(what: str, ours: float, peer: str, theirs: float) -> Row:
    return Row(what=what, ours=ours, unit="%", peer=peer, theirs=theirs, more_is_better=True)


def _grounded(texts: list[str], abstracts: list[Abstract]) -> float:
    return 100 * fmean(not unsupported(text, each) for text, each in zip(texts, abstracts, strict=True))


def _novelty(texts: list[str], abstracts: list[Abstract]) -> float:
    return 100 * fmean(
        len(content(text) - content(each.title)) / max(1, len(content(text)))
        for text, each in zip(texts, abstracts, strict=True)
    )
