"""How good and how fast an engine is on a file of abstracts with human summaries.

    python -m summarizer.evaluate DATA.jsonl [--style one-line] [--engine extractive] [--json]

Each line of DATA is an object with `source` (a list of sentences) or `abstract`, with `target` (one
summary or several) or `tldr`, and perhaps `title`: the shape of SciTLDR. The measure is the field's:
ROUGE F1 with stemming against every human summary, keeping the one with the highest ROUGE-1
(Cachola et al. 2020, arXiv:2004.15011), averaged over papers.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from summarizer import Abstract, Style, Summarizer, SummarizerError, load
from summarizer.text import count_words

_MEASURES = ("rouge1", "rouge2", "rougeL")


class Scorer(Protocol):
    """What this module needs of the rouge-score package."""

    def score(self, target: str, prediction: str) -> dict[str, "Score"]:
        """Return every measure of `prediction` against one human summary."""
        ...


class Score(Protocol):
    """One measure."""

    @property
    def fmeasure(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One abstract and what people said it says."""

    abstract: Abstract
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The figures of one run; ROUGE in percent."""

    engine: str
    style: str
    abstracts: int
    failures: int
    rouge1: float
    rouge2: float
    rougeL: float  # noqa: N815  # the name the field gives this measure
    words_per_blurb: float
    #: Of the engine alone, one abstract after the other.
    ms_per_abstract: float


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON-lines file.

    Raises:
        ValueError: a line is not such a row; says which.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _row(line, f"{path.name}, line {number}")


def score_blurb(blurb: str, targets: Sequence[str], scorer: Scorer) -> tuple[float, ...]:
    """Return ROUGE-1, -2 and -L F1 in percent against the target with the highest ROUGE-1."""
    best = max(
        (scorer.score(target, blurb) for target in targets),
        key=lambda measures: measures["rouge1"].fmeasure,
    )
    return tuple(100 * best[measure].fmeasure for measure in _MEASURES)


async def evaluate(
    rows: Sequence[Row],
    engine: Summarizer,
    *,
    name: str,
    style: Style,
    scorer: Scorer,
    clock: Callable[[], float],
) -> Report:
    """Return the figures of `engine` on `rows`; an abstract it refuses scores nothing.

    Args:
        clock: seconds that only grow, such as `time.perf_counter`.
    """
    scores, words, failures, spent = [], [], 0, 0.0
    for row in rows:
        started = clock()
        try:
            blurb = await engine.summarize(row.abstract, style)
        except SummarizerError:
            failures += 1
            continue
        finally:
            spent += clock() - started
        scores.append(score_blurb(blurb.text, row.targets, scorer))
        words.append(count_words(blurb.text))
    rouge1, rouge2, rouge_l = (sum(column) / len(rows) for column in _columns(scores))
    return Report(
        engine=name,
        style=style.value,
        abstracts=len(rows),
        failures=failures,
        rouge1=rouge1,
        rouge2=rouge2,
        rougeL=rouge_l,
        words_per_blurb=sum(words) / max(1, len(words)),
        ms_per_abstract=1000 * spent / len(rows),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 0, or 2 with one line on stderr if that is not possible."""
    options = _parse(arguments)
    try:
        rows = list(read_rows(options.data))
        report = asyncio.run(
            evaluate(
                rows,
                load(options.engine),
                name=options.engine,
                style=Style(options.style),
                scorer=rouge(),
                clock=time.perf_counter,
            )
        )
    except (OSError, ValueError, ZeroDivisionError, SummarizerError, ModuleNotFoundError) as exc:
        sys.stderr.write(f"Cannot evaluate: {exc}\n")
        return 2
    sys.stdout.write(f"{json.dumps(asdict(report)) if options.json else _table(report)}\n")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m summarizer.evaluate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("data", type=Path, help="a JSON-lines file of abstracts with summaries")
    parser.add_argument("--style", choices=[style.value for style in Style], default="one-line")
    parser.add_argument("--engine", default="extractive")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(arguments)


def rouge() -> Scorer:
    """Return the field's scorer, with stemming.

    Raises:
        ModuleNotFoundError: the rouge-score package is missing; says how to install it.
    """
    try:
        from rouge_score import rouge_scorer  # a development tool: nobody needs it to get blurbs
    except ModuleNotFoundError as exc:
        raise ModuleNotFoundError(
            "the rouge-score package is missing. Install it with: python3 dev.py install --extra dev"
        ) from exc
    return rouge_scorer.RougeScorer(list(_MEASURES), use_stemmer=True)  # type: ignore[no-any-return]


def _row(line: str, place: str) -> Row:
    try:
        fields = json.loads(line)
        text = fields["abstract"] if "abstract" in fields else " ".join(fields["source"])
        target = fields["tldr"] if "tldr" in fields else fields["target"]
        targets = (target,) if isinstance(target, str) else tuple(target)
        abstract = Abstract(text=text, title=fields.get("title") or "")
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise ValueError(f"{place} is not a row with an abstract and a summary: {exc}") from exc
    if not any(targets):
        raise ValueError(f"{place} has no summary to compare with")
    return Row(abstract=abstract, targets=targets)


def _columns(scores: Sequence[tuple[float, ...]]) -> Iterator[tuple[float, ...]]:
    """Turn one tuple a paper into one tuple a measure, also when no paper was scored."""
    yield from zip(*scores, strict=True) if scores else ((0.0,),) * len(_MEASURES)


def _table(report: Report) -> str:
    figures = asdict(report)
    return "\n".join(
        f"{name.replace('_', ' '):<16}{value:>12.2f}"
        if isinstance(value, float)
        else f"{name.replace('_', ' '):<16}{value:>12}"
        for name, value in figures.items()
    )


if __name__ == "__main__":
    sys.exit(main())
