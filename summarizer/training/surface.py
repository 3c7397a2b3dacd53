"""Learn the tables of `summarizer/engines/extractive/weights.py`: features of a text and their weights.

Forms: a softmax over the forms of one abstract's sentences, trained to distribute its probability like ROUGE with the
human summary. Roles: a softmax over the labels of one sentence. Both are linear in the features, so that every weight
can be read. There is no randomness: the same data give the same tables.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.blurb import Role
from summarizer.engines.extractive import features
from summarizer.engines.extractive.judging import Features, weigh
from summarizer.evaluation.measures import RoleRow
from summarizer.text.plain import to_plain
from summarizer.training.examples import Example

Floats = NDArray[np.float64]
Table = dict[str, float]
RoleTable = dict[str, tuple[float, ...]]

#: A word counts as common to all fields if one abstract in ten has it; rarer words are not learnt.
_COMMON_WORD = 0.1
#: A cue that occurs in fewer abstracts is not learnt.
_FEWEST = 5
#: The temperature of the softmax over ROUGE; 0.05 to 0.15 gave the same quality in five-fold validation.
_TEMPERATURE = 0.1
#: Ridge penalties, chosen by five-fold validation on the training files.
_CUE_PENALTY, _WORD_PENALTY = 3.0, 10.0
#: Enough steps for the second digit of every weight to be stable.
_STEPS = 800
#: The number of tables for held-out scores: each example is scored by one that was learnt without it.
_FOLDS = 5
#: A smaller weight changes no choice, so it gets no line in the table.
_LEAST = 0.01

_HEAD = '''"""What can be seen of a text, and how much that speaks for it: tables learnt from what people wrote.

Written by `python -m summarizer.training`; change that, not this. Forms of sentences: learnt from the
training parts of SciTLDR (arXiv:2004.15011) and of the authors' TLDRs on OpenReview; `in x` is x of the
sentence that the form is of. Roles of sentences: of CSAbstruct (arXiv:1909.04054). `word x` means that a
word with the stem x occurs.
"""

#: Goes into every blurb; changes whenever the encoder, the table or the features do.
VERSION = "{version}"

'''


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """The training data of a linear model: one row per form or sentence, and the first row of each abstract."""

    names: list[str]
    matrix: Floats
    goal: Floats
    starts: NDArray[np.int64]


def learn(examples: Sequence[Example]) -> Table:
    """Return the weights of the features that predict the form people would keep."""
    problem = _problem([example.seen for example in examples], [example.worth[:, 0] for example in examples])
    weights = _fit(_listwise(problem), problem, 1)[0]
    pairs = zip(problem.names, (round(float(weight), 3) for weight in weights), strict=True)
    return {name: weight for name, weight in pairs if abs(weight) >= _LEAST}


def learn_roles(abstracts: Sequence[RoleRow]) -> RoleTable:
    """Return for each feature one weight per role, in the order of `Role`.

    A label counts by the square of its confidence, as for the encoder.
    """
    described = [features.describe([to_plain(text) for text in row.sentences], "") for row in abstracts]
    order = list(Role)
    problem = _problem(described, [[float(order.index(label)) for label in row.labels] for row in abstracts])
    trust = np.concatenate([np.array(row.trust()) for row in abstracts])
    weights = _fit(_labelwise(problem, len(order), trust**2), problem, len(order))
    kept = {}
    for column, name in enumerate(problem.names):
        row = tuple(round(float(weight), 2) for weight in weights[:, column])
        if max(map(abs, row)) >= 5 * _LEAST:
            kept[name] = row
    return kept


def held_out(examples: Sequence[Example]) -> list[list[float]]:
    """Return a score for each form of each example, from a table that was learnt without that example."""
    found: list[list[float]] = [[] for _ in examples]
    for fold in range(_FOLDS):
        table = learn([example for place, example in enumerate(examples) if place % _FOLDS != fold])
        for place in range(fold, len(examples), _FOLDS):
            found[place] = scores(examples[place], table)
    return found


def scores(example: Example, table: Table) -> list[float]:
    """Return the table's score of each form."""
    return [weigh(seen, table) for seen in example.seen]


def _problem(
    described: Sequence[Sequence[Features]], goals: Sequence[Sequence[float] | NDArray[np.float32]]
) -> Problem:
    names = _worth_learning(described)
    column = {name: index for index, name in enumerate(names)}
    forms = [form for abstract in described for form in abstract]
    matrix = np.zeros((len(forms), len(names)))
    for row, form in enumerate(forms):
        for name, value in form.items():
            if name in column:
                matrix[row, column[name]] = value
    return Problem(
        names=names,
        matrix=matrix,
        goal=np.array([goal for group in goals for goal in group]),
        starts=np.cumsum([0] + [len(group) for group in goals])[:-1],
    )


def _worth_learning(described: Sequence[Sequence[Features]]) -> list[str]:
    """Return the features that are frequent enough, in a fixed order."""
    seen: Counter[str] = Counter()
    for abstract in described:
        seen.update({name for form in abstract for name in form})
    fewest = {True: _COMMON_WORD * len(described), False: _FEWEST}
    return sorted(name for name, count in seen.items() if count >= fewest[_is_word(name)])


def _is_word(name: str) -> bool:
    return name.startswith(("in word ", "word "))


def _fit(slope: Callable[[Floats], Floats], problem: Problem, outputs: int) -> Floats:
    """Return the weights that minimise the loss, by gradient descent with Nesterov's momentum.

    A ridge penalty applies to the cues, and a larger one to the words.

    Args:
        slope: of the loss, which must be a softmax of `problem.matrix` times the weights.
    """
    ridge = np.array([_WORD_PENALTY if _is_word(name) else _CUE_PENALTY for name in problem.names])
    # Half the largest eigenvalue of X'X is an upper bound on how fast the gradient of a softmax changes.
    step = 1 / (np.linalg.norm(problem.matrix.T @ problem.matrix, 2) / 2 + 2 * _WORD_PENALTY)
    weights = ahead = np.zeros((outputs, len(problem.names)))
    for turn in range(_STEPS):
        after = ahead - step * (slope(ahead) + 2 * ridge * ahead)
        ahead = after + turn / (turn + 3) * (after - weights)
        weights = after
    return weights


def _listwise(problem: Problem) -> Callable[[Floats], Floats]:
    """Return the gradient of the cross entropy between predicted and wanted probabilities of an abstract's forms."""
    wanted = _softmax(problem, problem.goal / _TEMPERATURE)
    return lambda weights: ((_softmax(problem, problem.matrix @ weights[0]) - wanted) @ problem.matrix)[None]


def _labelwise(problem: Problem, outputs: int, importance: Floats) -> Callable[[Floats], Floats]:
    """Return the gradient of the cross entropy between predicted and given labels, each with its importance."""
    wanted = np.eye(outputs)[problem.goal.astype(int)]

    def slope(weights: Floats) -> Floats:
        scores = problem.matrix @ weights.T
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        guessed = powers / powers.sum(axis=1, keepdims=True)
        return np.asarray(((guessed - wanted) * importance[:, None]).T @ problem.matrix)

    return slope


def _softmax(problem: Problem, scores: Floats) -> Floats:
    """Return the softmax of the scores within each abstract."""
    sizes = np.diff(np.append(problem.starts, len(scores)))
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, problem.starts), sizes))
    return np.asarray(powers / np.repeat(np.add.reduceat(powers, problem.starts), sizes))


def write(path: Path, version: str, forms: Table, roles: RoleTable) -> None:
    """Write the tables as a module; the features with the largest weight for a form come first."""
    lines = [_HEAD.format(version=version) + "FORMS: dict[str, float] = {"]
    lines += [f'    "{name}": {weight},' for name, weight in sorted(forms.items(), key=lambda p: (-p[1], p[0]))]
    lines += ["}", "", f"#: One column a role: {', '.join(role.value for role in Role)}."]
    lines += ["ROLES: dict[str, tuple[float, ...]] = {"]
    lines += [f'    "{name}": {row},' for name, row in sorted(roles.items())]
    path.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")
