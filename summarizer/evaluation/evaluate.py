"""Measure the quality and speed of an engine on a file of abstracts, with or without human summaries.

    python -m summarizer.evaluate DATA.jsonl[.gz] [--roles ROLES.jsonl] [--style one-line]
        [--engine extractive] [--limit 100] [--json]

Each line of DATA is an object with `source` (a list of sentences) or `abstract`, optionally with `title`,
and with `target` (one summary or several) or `tldr`: the format of SciTLDR. The measure is the field's
standard: ROUGE F1 with stemming against every human summary, of which the one with the highest ROUGE-1
counts (Cachola et al. 2020, arXiv:2004.15011), averaged over papers. If no line has a summary, ROUGE is
left out. Each line of ROLES has `sentences` and `labels`: the format of CSAbstruct (arXiv:1909.04054).
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from summarizer import Role, Style, Summarizer, SummarizerError, load
from summarizer.evaluation.intervals import Interval, bootstrap
from summarizer.evaluation.measures import MEASURES, RoleRow, Row, Scorer, read_role_rows, read_rows, score_blurb
from summarizer.grounding.check import unsupported
from summarizer.text.plain import count_words, to_plain
from summarizer.text.words import content

__all__ = ["Report", "Row", "Scorer", "evaluate", "main", "read_rows", "role_f1", "rouge", "score_blurb"]

#: The confidence from which a label of CSAbstruct is counted as reliable: half its labels have less, and people
#: who label the same sentence again often disagree with those.
RELIABLE = 0.6
_MEBIBYTE = 1 << 20
#: Bytes per unit of `ru_maxrss`: it counts kibibytes on Linux, bytes on macOS (getrusage(2) of each).
_RESIDENT_UNIT = 1 if sys.platform == "darwin" else 1024
#: The number of abstracts between two progress messages in a terminal.
_TELL_EVERY = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The figures of one run; ROUGE and shares are percentages."""

    engine: str
    style: str
    abstracts: int
    failures: int
    #: None if no abstract has a human summary.
    rouge1: float | None
    rouge2: float | None
    rougeL: float | None  # noqa: N815  # the name the field gives this measure
    #: The 95 % bootstrap intervals, by measure.
    intervals: dict[str, Interval]
    #: The share of blurbs without a claim that the abstract does not support.
    grounded: float
    #: The share of a blurb's content words that its title does not have.
    novelty: float
    words_per_blurb: float
    #: The time of the engine alone, one abstract after the other.
    ms_per_abstract: float
    #: Micro F1 of the sentence roles; None without labelled data.
    role_f1: Interval | None = None
    #: The same for labels of at least `RELIABLE` confidence.
    reliable_role_f1: Interval | None = None
    #: The peak memory of the process so far.
    peak_mebibytes: float = 0.0


class _Tally:
    """Running totals over the abstracts: a few numbers per abstract, so that a file of any size can be evaluated."""

    def __init__(self) -> None:
        self.scores: list[tuple[float, ...]] = []
        self.abstracts = self.blurbs = self.failures = self.grounded = self.words = 0
        self.novelty = self.spent = 0.0

    def add(self, row: Row, text: str, scorer: Scorer | None) -> None:
        self.blurbs += 1
        self.words += count_words(text)
        self.grounded += not unsupported(text, row.abstract)
        said, title = content(text), content(to_plain(row.abstract.title))
        self.novelty += len(said - title) / max(1, len(said))
        if row.targets and scorer:
            self.scores.append(score_blurb(text, row.targets, scorer))

    def refuse(self, row: Row, scorer: Scorer | None) -> None:
        self.failures += 1
        if row.targets and scorer:
            self.scores.append((0.0, 0.0, 0.0))


async def evaluate(
    rows: Iterable[Row],
    engine: Summarizer,
    *,
    name: str,
    style: Style,
    scorer: Scorer | None,
    clock: Callable[[], float],
    tell: Callable[[int], None] = lambda _: None,
) -> Report:
    """Return the figures of `engine` on `rows`, read one by one; an abstract that the engine refuses scores 0.

    Args:
        scorer: None leaves ROUGE out.
        clock: returns seconds that only grow, such as `time.perf_counter`.
        tell: called with the number of abstracts done.

    Raises:
        ValueError: `rows` is empty.
    """
    tally = _Tally()
    for row in rows:
        started = clock()
        try:
            blurb = await engine.summarize(row.abstract, style)
        except SummarizerError:
            tally.spent += clock() - started
            tally.refuse(row, scorer)
        else:
            tally.spent += clock() - started
            tally.add(row, blurb.text, scorer)
        tally.abstracts += 1
        tell(tally.abstracts)
    return _report(tally, name, style)


def _report(tally: _Tally, name: str, style: Style) -> Report:
    if not tally.abstracts:
        raise ValueError("the data contain no abstract")
    columns = zip(*tally.scores, strict=True) if tally.scores else ()
    found = dict(zip(MEASURES, map(bootstrap, columns), strict=False))
    intervals = {measure: interval for measure, interval in found.items() if interval}
    means: dict[str, float | None] = {measure: interval.mean for measure, interval in intervals.items()}
    made = max(1, tally.blurbs)
    return Report(
        engine=name,
        style=style.value,
        abstracts=tally.abstracts,
        failures=tally.failures,
        rouge1=means.get("rouge1"),
        rouge2=means.get("rouge2"),
        rougeL=means.get("rougeL"),
        intervals=intervals,
        grounded=100 * tally.grounded / made,
        novelty=100 * tally.novelty / made,
        words_per_blurb=tally.words / made,
        ms_per_abstract=1000 * tally.spent / tally.abstracts,
    )


def role_f1(
    rows: Iterable[RoleRow], judge: Callable[[Sequence[str]], Sequence[Role]], *, least: float = 0.0
) -> Interval | None:
    """Return the micro F1, in percent, of the roles that `judge` assigns to the sentences of each abstract.

    With one label per sentence, it equals the share of correctly labelled sentences (Cohan et al. 2019).

    Args:
        least: the confidence of a label from which it counts.
    """
    right = [
        100.0 * (given is label)
        for row in rows
        for given, label, counts in zip(judge(row.sentences), row.labels, row.sure(least), strict=True)
        if counts
    ]
    return bootstrap(right)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and return 0; on failure, print one line to stderr and return 2."""
    options = _parse(arguments)
    try:
        report = asyncio.run(_run(options))
    except (OSError, ValueError, EOFError, SummarizerError, ModuleNotFoundError) as exc:
        sys.stderr.write(f"Cannot evaluate: {exc}\n")
        return 2
    sys.stdout.write(f"{json.dumps(asdict(report)) if options.json else _table(report)}\n")
    return 0


async def _run(options: argparse.Namespace) -> Report:
    engine = load(options.engine)
    report = await evaluate(
        islice(read_rows(options.data), options.limit),
        engine,
        name=options.engine,
        style=Style(options.style),
        scorer=rouge(),
        clock=time.perf_counter,
        tell=_tell if sys.stderr.isatty() else lambda _: None,
    )
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    judged, reliable = _judged_roles(engine, options) if options.roles else (None, None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RESIDENT_UNIT / _MEBIBYTE
    return replace(report, role_f1=judged, reliable_role_f1=reliable, peak_mebibytes=peak)


def _judged_roles(engine: Summarizer, options: argparse.Namespace) -> tuple[Interval | None, Interval | None]:
    """Return the role F1 of an engine that assigns roles to sentences, for all labels and for the reliable ones.

    Raises:
        ValueError: the engine assigns no roles.
    """
    roles = getattr(engine, "roles", None)
    if roles is None:
        raise ValueError(f"the engine {options.engine!r} gives sentences no roles, so --roles has nothing to compare")
    rows = list(islice(read_role_rows(options.roles), options.limit))
    return role_f1(rows, roles), role_f1(rows, roles, least=RELIABLE)


def rouge() -> Scorer:
    """Return the field's standard scorer, with stemming.

    Raises:
        ModuleNotFoundError: the rouge-score package is missing; the message says how to install it.
    """
    try:
        from rouge_score import rouge_scorer  # a development tool, not needed to make blurbs
    except ModuleNotFoundError as exc:
        raise ModuleNotFoundError(
            "the rouge-score package is missing. Install it with: python3 dev.py install --extra dev"
        ) from exc
    return rouge_scorer.RougeScorer(list(MEASURES), use_stemmer=True)  # type: ignore[no-any-return]


def _tell(done: int) -> None:
    if not done % _TELL_EVERY:
        sys.stderr.write(f"\r\x1b[K{done:,} abstracts")
        sys.stderr.flush()


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m summarizer.evaluate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("data", type=Path, help="a JSON-lines file of abstracts, optionally gzipped")
    parser.add_argument("--roles", type=Path, help="a JSON-lines file of labelled sentences")
    parser.add_argument("--style", choices=[style.value for style in Style], default="one-line")
    parser.add_argument("--engine", default="extractive")
    parser.add_argument("--limit", type=int, help="the maximum number of abstracts to read")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    return parser.parse_args(arguments)


def _table(report: Report) -> str:
    return "\n".join(_line(name, value, report) for name, value in asdict(report).items() if name != "intervals")


def _line(name: str, value: object, report: Report) -> str:
    interval = report.intervals.get(name) or (getattr(report, name) if name.endswith("role_f1") else None)
    shown = f"{value:.2f}" if isinstance(value, float) else "-" if value is None else str(value)
    if interval:
        shown = f"{interval.mean:.2f}"
    ends = f"   [{interval.low:.2f}, {interval.high:.2f}]" if interval else ""
    return f"{name.replace('_', ' '):<20}{shown:>12}{ends}"


if __name__ == "__main__":
    sys.exit(main())
