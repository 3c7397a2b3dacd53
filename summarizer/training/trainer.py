"""Train the network on abstracts with summaries, with titles and with labelled sentences, in turns."""

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch.nn import functional

from summarizer.training.examples import Example, Labelled
from summarizer.training.network import Network, pooled

_BATCH = 16
#: Abstracts are sorted by length within this many batches, so that a batch contains similar lengths.
_BUCKET = 20
#: The tokens of an abstract that are read in training: the few longer ones would slow down their whole batch.
_MOST_TOKENS = 384
_RATE, _HEAD_RATE = 6e-5, 1e-3
_WARM_UP = 0.06
#: The decay of the running average of the weights, which is the result of training.
_MEMORY = 0.99
#: The temperature of the softmax over ROUGE, as for the table of surface features.
_TEMPERATURE = 0.1
#: The labels of CSAbstruct contradict each other (model/MODEL.md), so none counts as certain.
_SMOOTHING = 0.1
_TOLD_SHARE = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Taught:
    """An example with the surface scores of its forms and the base model's vectors of its texts."""

    example: Example
    surface: Any
    #: Vectors of length 1: of title and abstract together; below, of each sentence, or None.
    paper: Any
    sentences: Any | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """The training data, and the number of passes over each part."""

    summaries: Sequence[Taught]
    roles: Sequence[Labelled]
    titles: Sequence[Taught] = ()
    summary_rounds: int = 1
    role_rounds: int = 3


def teach(network: Network, lessons: Lessons, *, seed: int, tell: Callable[[int, int, float], None]) -> Network:
    """Return the trained network: the running average of its weights.

    Args:
        tell: called with the step, the number of steps and the loss.
    """
    torch.manual_seed(seed)
    steps = list(_plan(network, lessons, random.Random(seed)))  # noqa: S311  # an order, no secret
    optimizer, schedule = _optimizer(network, len(steps))
    average = copy.deepcopy(network)
    network.train()
    for number, loss_of in enumerate(steps, 1):
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        _follow(average, network, min(_MEMORY, number / (number + 9)))
        tell(number, len(steps), float(loss.detach()))
    average.eval()
    return average


def _plan(network: Network, lessons: Lessons, order: random.Random) -> Iterator[Callable[[], Any]]:
    """Yield the steps: titles first, then summaries, with labelled sentences spread evenly among both."""
    rounds = [lessons.titles, *[lessons.summaries] * lessons.summary_rounds]
    main = [partial(_summary_loss, network, batch) for part in rounds for batch in _batches(part, order)]
    labelled = [batch for _ in range(lessons.role_rounds) for batch in _batches(lessons.roles, order)]
    aside = [partial(_role_loss, network, batch) for batch in labelled]
    for number, step in enumerate(main, 1):
        yield step
        yield from aside[len(aside) * (number - 1) // len(main) : len(aside) * number // len(main)]


def _batches(rows: Sequence[Any], order: random.Random) -> list[list[Any]]:
    shuffled = list(rows)
    order.shuffle(shuffled)
    batches = []
    for start in range(0, len(shuffled), _BATCH * _BUCKET):
        bucket = sorted(shuffled[start : start + _BATCH * _BUCKET], key=lambda row: len(_layout(row).ids))
        batches += [bucket[place : place + _BATCH] for place in range(0, len(bucket), _BATCH)]
    order.shuffle(batches)
    return batches


def _layout(row: Any) -> Any:
    return row.example.layout if isinstance(row, Taught) else row.layout


def _optimizer(network: Network, steps: int) -> tuple[Any, Any]:
    body = [each for each in network.body.parameters() if each.requires_grad]
    heads = [each for name, each in network.named_parameters() if not name.startswith("body.")]
    groups = [{"params": body, "lr": _RATE}, {"params": heads, "lr": _HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    rate = lambda step: min((step + 1) / (_WARM_UP * steps), max(0.02, 1 - step / steps))  # noqa: E731
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def _follow(average: Network, network: Network, memory: float) -> None:
    with torch.no_grad():
        for kept, new in zip(average.parameters(), network.parameters(), strict=True):
            if new.requires_grad:
                kept.lerp_(new, 1 - memory)


# -- what is wrong with an answer ----------------------------------------------------------------


def _summary_loss(network: Network, batch: Sequence[Taught]) -> Any:
    ids, real = padded(batch)
    states = network.read(ids, real)
    covers, worth, surface, told = forms(batch, ids.shape[1])
    seen = covers.sum(-1) > 0
    alone = network.salience(states, real, covers)
    wanted = torch.softmax((worth / _TEMPERATURE).masked_fill(~seen, -1e4), 1)
    # Alone and with the surface score: a network that only corrects the table learns too little of its own.
    choice = (_surprise(alone, wanted, seen) + _surprise(alone + network.surface * surface, wanted, seen)) / 2
    known = told >= 0
    words = functional.binary_cross_entropy_with_logits(network.told(states)[..., 0][known], told[known])
    return choice + _TOLD_SHARE * words + estrangement(network, states, real, batch).mean()


def _surprise(logits: Any, wanted: Any, seen: Any) -> Any:
    """Return the cross entropy between wanted and predicted probabilities of an abstract's forms."""
    trust = torch.log_softmax(logits.masked_fill(~seen, -1e4), 1)
    return -(wanted * trust.masked_fill(~seen, 0)).sum(1).mean()


def estrangement(network: Network, states: Any, real: Any, batch: Sequence[Taught]) -> Any:
    """Return, for each paper and sentence of the batch, 1 minus the cosine of its vector with the base model's."""
    papers = network.vectors(pooled(states, real[:, None].float())[:, 0])
    apart = [1 - (papers * torch.stack([row.paper for row in batch])).sum(-1)]
    for own, row in zip(states, batch, strict=True):
        places = [(start, end) for start, end in row.example.layout.places if end < len(own)]
        if row.sentences is not None and places:
            means = network.vectors(torch.stack([own[start:end].mean(0) for start, end in places]))
            apart.append(1 - (means * row.sentences[: len(places)]).sum(-1))
    return torch.cat(apart)


def _role_loss(network: Network, batch: Sequence[Labelled]) -> Any:
    ids, real = padded(batch)
    states = network.read(ids, real)
    found = [
        (own[end], label)
        for own, row in zip(states, batch, strict=True)
        for (_, end), label in zip(row.layout.places, row.labels, strict=True)
        if end < len(own)
    ]
    logits = network.roles(torch.stack([state for state, _ in found]))
    return functional.cross_entropy(logits, torch.tensor([label for _, label in found]), label_smoothing=_SMOOTHING)


# -- batches --------------------------------------------------------------------------------------


def padded(batch: Sequence[Any]) -> tuple[Any, Any]:
    """Return the padded tokens and a mask, 1 for a token: both (abstracts, tokens)."""
    rows = [torch.from_numpy(_layout(row).ids[:_MOST_TOKENS]) for row in batch]
    ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return ids, torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)


def forms(batch: Sequence[Taught], tokens: int) -> tuple[Any, Any, Any, Any]:
    """Return covers, scores and surface scores of the forms, (abstracts, forms, …), and `told` of the tokens."""
    covers = torch.zeros(len(batch), max(len(row.example.covers) for row in batch), tokens)
    worth, surface = torch.zeros(covers.shape[:2]), torch.zeros(covers.shape[:2])
    told = torch.full((len(batch), tokens), -1.0)
    for place, row in enumerate(batch):
        count, length = len(row.example.covers), min(tokens, len(row.example.told))
        covers[place, :count, :length] = torch.from_numpy(row.example.covers[:, :length]).float()
        worth[place, :count] = torch.from_numpy(row.example.worth[:, 0])
        surface[place, :count] = row.surface
        told[place, :length] = torch.from_numpy(row.example.told[:length])
    return covers, worth, surface, told
