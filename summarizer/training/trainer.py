"""The training loop: one optimizer, a rate that falls to almost nothing, and the running average of the weights."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

_WARM_UP = 0.06
#: The share of the rate that is left at the end.
_LAST = 0.02

_Row = TypeVar("_Row")
Step = Callable[[], Any]
#: Called with the step, the number of steps and the loss.
Tell = Callable[[int, int, float], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """How fast a network learns."""

    body: float
    heads: float
    #: The decay of the running average of the weights, which is the result of training.
    memory: float


def train(network: Any, steps: Sequence[Step], rates: Rates, *, tell: Tell) -> Any:
    """Return the trained network: the running average of its weights.

    Args:
        network: its base model is the attribute `body`.
        steps: each computes the loss of one batch.
    """
    optimizer, schedule = _optimizer(network, rates, len(steps))
    average = copy.deepcopy(network)
    network.train()
    for number, loss_of in enumerate(steps, 1):
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        _follow(average, network, min(rates.memory, number / (number + 9)))
        tell(number, len(steps), float(loss.detach()))
    average.eval()
    return average


def spread(main: Sequence[_Row], aside: Sequence[_Row]) -> list[_Row]:
    """Return the steps of `main` in order, with those of `aside` spread evenly among them."""
    found = list[_Row]()
    for number, step in enumerate(main, 1):
        found += [step, *aside[len(aside) * (number - 1) // len(main) : len(aside) * number // len(main)]]
    return found


def _optimizer(network: Any, rates: Rates, steps: int) -> tuple[Any, Any]:
    body = [each for each in network.body.parameters() if each.requires_grad]
    heads = [each for name, each in network.named_parameters() if not name.startswith("body.")]
    groups = [{"params": body, "lr": rates.body}, {"params": heads, "lr": rates.heads}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rate = lambda step: min((step + 1) / (_WARM_UP * steps), max(_LAST, 1 - step / steps))  # noqa: E731
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _follow(average: Any, network: Any, memory: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), network.parameters(), strict=True):
            if new.requires_grad:
                kept.lerp_(new, 1 - memory)
