"""Read the data that an engine is evaluated on, and score a blurb with the field's standard measure."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from summarizer.blurb import Abstract, Role

MEASURES = ("rouge1", "rouge2", "rougeL")


class Scorer(Protocol):
    """The part of the rouge-score package that this module uses."""

    def score(self, target: str, prediction: str) -> dict[str, "Score"]:
        """Return every measure of `prediction` against one human summary."""
        ...


class Score(Protocol):
    """One measure of a `Scorer`."""

    @property
    def fmeasure(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One abstract and its human summaries."""

    abstract: Abstract
    #: Empty if the row has no summary.
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleRow:
    """The sentences of one abstract and the role that people assigned to each."""

    sentences: tuple[str, ...]
    labels: tuple[Role, ...]
    #: How sure people were of each label, 0 to 1; empty if the data do not say.
    confidences: tuple[float, ...] = ()

    def sure(self, least: float) -> tuple[bool, ...]:
        """Return for each sentence whether its label has at least this confidence; one of unknown confidence has."""
        return tuple(trust >= least for trust in self.trust())

    def trust(self) -> tuple[float, ...]:
        """Return the confidence of each label, 1 if the data do not say."""
        return self.confidences or (1.0,) * len(self.labels)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON-lines file, gzipped if its name ends in `.gz`.

    Raises:
        ValueError: a line is not such a row; the message names the line.
    """
    for line, place in _lines(path):
        yield _row(line, place)


def read_role_rows(path: Path) -> Iterator[RoleRow]:
    """Yield the labelled abstracts of a JSON-lines file, gzipped if its name ends in `.gz`.

    Raises:
        ValueError: a line is not such a row; the message names the line.
    """
    for line, place in _lines(path):
        try:
            fields = json.loads(line)
            labels = tuple(map(Role, fields["labels"]))
            confidences = tuple(map(float, fields.get("confs", ())))
            row = RoleRow(sentences=tuple(map(str, fields["sentences"])), labels=labels, confidences=confidences)
        except (KeyError, TypeError, ValueError) as exc:
            raise ValueError(f"{place} is not a row with sentences and labels: {exc}") from exc
        if len(row.sentences) != len(labels):
            raise ValueError(f"{place} has {len(row.sentences)} sentences and {len(labels)} labels")
        if len(confidences) not in {0, len(labels)}:
            raise ValueError(f"{place} has {len(labels)} labels and {len(confidences)} confidences")
        yield row


def score_blurb(blurb: str, targets: Sequence[str], scorer: Scorer) -> tuple[float, ...]:
    """Return ROUGE-1, -2 and -L F1 in percent against the target with the highest ROUGE-1."""
    best = max(
        (scorer.score(target, blurb) for target in targets),
        key=lambda measures: measures["rouge1"].fmeasure,
    )
    return tuple(100 * best[measure].fmeasure for measure in MEASURES)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with its file name and number for messages."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield line, f"{path.name}, line {number}"


def _row(line: str, place: str) -> Row:
    try:
        fields = json.loads(line)
        text = fields["abstract"] if "abstract" in fields else " ".join(fields["source"])
        target = fields.get("tldr", fields.get("target", ()))
        targets = (target,) if isinstance(target, str) else tuple(target)
        abstract = Abstract(text=text, title=fields.get("title") or "")
        if not isinstance(text, str):
            raise TypeError("the abstract is not a text")  # noqa: TRY301  # one message for every misshape
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise ValueError(f"{place} is not a row with an abstract and an optional summary: {exc}") from exc
    if targets and not any(targets):
        raise ValueError(f"{place} has no summary to compare with")
    return Row(abstract=abstract, targets=targets)
