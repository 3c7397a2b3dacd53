"""What trained networks think of many abstracts: what the shipped encoder learns before it learns from people."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from summarizer.training.batches import SIZE
from summarizer.training.examples import Example, Floats
from summarizer.training.trainer import Tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What a network thinks of one abstract."""

    #: The logarithm of the probability that a form is the one to keep: (forms,).
    forms: Floats
    #: The probability of each role of the sentences that were read: (sentences, roles).
    roles: Floats


#: Returns an opinion of each abstract of a batch.
Judge = Callable[[Sequence[Example]], list[Opinion]]


def opinions(judge: Judge, rows: Sequence[Example], *, tell: Tell) -> Iterator[Opinion]:
    """Yield what a network thinks of each example, in order; it reads those of similar length together."""
    order = sorted(range(len(rows)), key=lambda place: len(rows[place].layout.ids))
    found = dict[int, Opinion]()
    for start in range(0, len(order), SIZE):
        places = order[start : start + SIZE]
        found.update(zip(places, judge([rows[place] for place in places]), strict=True))
        tell(start // SIZE, len(order) // SIZE, 0.0)
    yield from (found[place] for place in range(len(rows)))


def mean(several: Sequence[Opinion]) -> Opinion:
    """Return the mean of what equals think of one abstract; of roles that of the sentences all of them have read."""
    read = min(len(each.roles) for each in several)
    return Opinion(
        forms=np.mean([each.forms for each in several], axis=0),
        roles=np.mean([each.roles[:read] for each in several], axis=0),
    )


def both(first: Opinion, second: Opinion) -> Opinion:
    """Return what two different networks think together: the probabilities of forms are multiplied, not averaged.

    On the development part of SciTLDR the product of a teacher and an encoder that had learnt from people alone chose
    better blurbs than either: ROUGE-1 42.3, where they had 42.0 and 41.9.
    """
    logits = first.forms + second.forms
    return Opinion(forms=logits - reduce(np.logaddexp, logits), roles=mean([first, second]).roles)
