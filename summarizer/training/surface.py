"""Learns the table of `summarizer/engines/weights.py` from summaries people wrote.

    python -m summarizer.training.surface --summaries scitldr/train.jsonl openreview-tldr/train.jsonl \
        --roles csabstruct/train.jsonl --out summarizer/engines/weights.py

Salience is a softmax over the sentences of one abstract, taught to spread its trust as ROUGE-1 with
the human summary does. Roles are a softmax over the labels of one sentence. Both are linear in the
features, so that every weight can be read. There is no randomness: the same data give the same file.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json import loads
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.blurb import Role
from summarizer.compress import tighten
from summarizer.engines import features
from summarizer.evaluate import Row, read_rows, rouge, score_blurb
from summarizer.sentences import split_sentences
from summarizer.text import to_plain

Floats = NDArray[np.float64]
Described = list[dict[str, float]]

#: A word counts as one of abstracts in general, not of one field, if one abstract in ten has it.
_COMMON_WORD = 0.1
#: A cue seen in fewer abstracts teaches nothing.
_FEWEST = 5
#: How sharply trust follows ROUGE-1; 0.05 to 0.15 gave the same quality in five-fold validation.
_TEMPERATURE = 0.1
#: Ridge penalties, chosen by five-fold validation on the training files.
_CUE_PENALTY, _WORD_PENALTY = 3.0, 10.0
#: Enough for the second digit of every weight to stand still.
_STEPS = 2000
#: A weight smaller than this changes no choice worth a line in the table.
_LEAST = 0.01

_HEAD = '''"""How much each feature of a sentence speaks for it: a table learnt from human summaries.

Written by `python -m summarizer.training.surface`; change that, not this. Learnt from the training
parts of SciTLDR (arXiv:2004.15011) and of the authors' TLDRs on OpenReview (salience), and of
CSAbstruct (arXiv:1909.04054) (roles). `word x` means that a word with the stem x occurs.
"""

#: Goes into every blurb; changes whenever the table or the features do.
VERSION = "{version}"
'''


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What a linear model learns from: one row a sentence, and where each group of rows starts."""

    names: list[str]
    matrix: Floats
    goal: Floats
    starts: NDArray[np.int64]


def learn_salience(rows: Sequence[Row]) -> dict[str, float]:
    """Return a weight for each feature that helps to find the sentence people would keep."""
    described, goals, scorer = [], [], rouge()
    for row in rows:
        texts = [to_plain(row.abstract.text[s.start : s.end]) for s in split_sentences(row.abstract.text)]
        described.append(features.describe(texts, to_plain(row.abstract.title)))
        goals.append([score_blurb(tighten(text), row.targets, scorer)[0] / 100 for text in texts])
    problem = _problem(described, goals)
    weights = _fit(_listwise(problem), problem, 1)
    return _table(problem.names, weights[0])


def learn_roles(abstracts: Sequence[tuple[list[str], list[str]]]) -> dict[str, tuple[float, ...]]:
    """Return for each feature one weight a role, in the order of `Role`."""
    described = [features.describe(texts, "") for texts, _ in abstracts]
    order = [role.value for role in Role]
    goals = [[float(order.index(label)) for label in labels] for _, labels in abstracts]
    problem = _problem(described, goals)
    weights = _fit(_labelwise(problem, len(order)), problem, len(order))
    kept = {}
    for column, name in enumerate(problem.names):
        row = tuple(round(float(weight), 2) for weight in weights[:, column])
        if max(map(abs, row)) >= 5 * _LEAST:
            kept[name] = row
    return kept


def read_roles(path: Path) -> list[tuple[list[str], list[str]]]:
    """Return the sentences and labels of each abstract of a CSAbstruct file."""
    rows = map(loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["sentences"], row["labels"]) for row in rows]


def _problem(described: Sequence[Described], goals: Sequence[Sequence[float]]) -> Problem:
    names = _worth_learning(described)
    column = {name: index for index, name in enumerate(names)}
    sentences = [sentence for abstract in described for sentence in abstract]
    matrix = np.zeros((len(sentences), len(names)))
    for row, sentence in enumerate(sentences):
        for name, value in sentence.items():
            if name in column:
                matrix[row, column[name]] = value
    return Problem(
        names=names,
        matrix=matrix,
        goal=np.array([goal for group in goals for goal in group]),
        starts=np.cumsum([0] + [len(group) for group in goals])[:-1],
    )


def _worth_learning(described: Sequence[Described]) -> list[str]:
    """Return the features frequent enough, in a fixed order."""
    seen: Counter[str] = Counter()
    for abstract in described:
        seen.update({name for sentence in abstract for name in sentence})
    fewest = {True: _COMMON_WORD * len(described), False: _FEWEST}
    return sorted(name for name, count in seen.items() if count >= fewest[name.startswith("word ")])


def _fit(slope: Callable[[Floats], Floats], problem: Problem, outputs: int) -> Floats:
    """Descend with Nesterov's momentum, under a ridge over the cues and a steeper one over words.

    Args:
        slope: of the loss, which must be a softmax of `problem.matrix` times the weights.
    """
    ridge = np.array([_WORD_PENALTY if n.startswith("word ") else _CUE_PENALTY for n in problem.names])
    # Half the largest eigenvalue of X'X bounds how fast the slope of a softmax can change.
    step = 1 / (np.linalg.norm(problem.matrix, 2) ** 2 / 2 + 2 * _WORD_PENALTY)
    weights = ahead = np.zeros((outputs, len(problem.names)))
    for turn in range(_STEPS):
        after = ahead - step * (slope(ahead) + 2 * ridge * ahead)
        ahead = after + turn / (turn + 3) * (after - weights)
        weights = after
    return weights


def _listwise(problem: Problem) -> Callable[[Floats], Floats]:
    """Return the slope of the cross entropy between trust in and ROUGE of an abstract's sentences."""
    wanted = _softmax(problem, problem.goal / _TEMPERATURE)
    return lambda weights: ((_softmax(problem, problem.matrix @ weights[0]) - wanted) @ problem.matrix)[None]


def _labelwise(problem: Problem, outputs: int) -> Callable[[Floats], Floats]:
    """Return the slope of the cross entropy between guessed and given labels."""
    wanted = np.eye(outputs)[problem.goal.astype(int)]

    def slope(weights: Floats) -> Floats:
        scores = problem.matrix @ weights.T
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        guessed = powers / powers.sum(axis=1, keepdims=True)
        return np.asarray((guessed - wanted).T @ problem.matrix)

    return slope


def _softmax(problem: Problem, scores: Floats) -> Floats:
    """Return the softmax of the scores within each abstract."""
    sizes = np.diff(np.append(problem.starts, len(scores)))
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, problem.starts), sizes))
    return np.asarray(powers / np.repeat(np.add.reduceat(powers, problem.starts), sizes))


def _table(names: Sequence[str], weights: Floats) -> dict[str, float]:
    pairs = zip(names, (round(float(weight), 2) for weight in weights), strict=True)
    return {name: weight for name, weight in pairs if abs(weight) >= _LEAST}


def write_weights(path: Path, version: str, salience: dict[str, float], roles: dict[str, tuple[float, ...]]) -> None:
    """Write the tables as a module; the strongest weights come first."""
    lines = [_HEAD.format(version=version), "SALIENCE: dict[str, float] = {"]
    lines += [f'    "{n}": {w},' for n, w in sorted(salience.items(), key=lambda p: (-p[1], p[0]))]
    lines += ["}", "", f"#: One column a role: {', '.join(role.value for role in Role)}."]
    lines += ["ROLES: dict[str, tuple[float, ...]] = {"]
    lines += [f'    "{name}": {row},' for name, row in sorted(roles.items())]
    path.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


def main() -> None:
    """Read the data named on the command line and write the module of weights."""
    parser = argparse.ArgumentParser(prog="python -m summarizer.training.surface")
    parser.add_argument("--summaries", type=Path, nargs="+", required=True)
    parser.add_argument("--roles", type=Path, required=True)
    parser.add_argument("--version", default="cue-1")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = [row for path in options.summaries for row in read_rows(path)]
    roles = learn_roles(read_roles(options.roles))
    write_weights(options.out, options.version, learn_salience(rows), roles)


if __name__ == "__main__":
    main()
