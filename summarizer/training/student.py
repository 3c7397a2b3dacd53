"""Train the shipped network: first on what the teachers think of many abstracts, then on what people wrote."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import torch

from summarizer.encoder.layout import Layout
from summarizer.training import batches
from summarizer.training.examples import Example, Floats, Labelled
from summarizer.training.losses import disorder, distance, role_surprise, surprise, word_surprise
from summarizer.training.network import WORDS_SHARE, Network, pooled
from summarizer.training.opinions import Opinion
from summarizer.training.trainer import Rates, Step, Tell, spread, train

_RATES = Rates(body=6e-5, heads=1e-3, memory=0.99)
#: The temperature of the softmax over ROUGE, as for the table of surface features.
_TEMPERATURE = 0.1
#: How much the base's vectors count beside what a blurb is.
_VECTORS_SHARE = 4.0
#: Texts whose nearness to each other is learnt at once.
_PAIRS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Vectors:
    """What the base model makes of one paper: vectors of length 1."""

    #: Of title and abstract together: (384,).
    paper: Any
    #: Of each sentence, (sentences, 384), or None.
    sentences: Any | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An abstract with human summaries: the surface scores of its forms, and the base's vectors."""

    example: Example
    surface: Sequence[float]
    vectors: Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """An abstract with the teachers' opinion, and the base's vectors."""

    example: Example
    opinion: Opinion
    vectors: Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A title and its abstract, each laid out alone, with the base's vector of each."""

    title: Layout
    abstract: Layout
    title_vector: Floats
    abstract_vector: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Lessons:
    """The training data, in the order in which they are learnt, and beside them what is learnt throughout."""

    judged: Sequence[Judged]
    told: Sequence[Told]
    labelled: Sequence[Labelled]
    pairs: Sequence[Pair] = ()
    #: Passes over the labelled sentences.
    role_rounds: int = 2


_Row = TypeVar("_Row", Told, Judged)


def learn(network: Network, lessons: Lessons, *, seed: int, tell: Tell) -> Network:
    """Return the trained network."""
    torch.manual_seed(seed)
    steps = list(_plan(network, lessons, random.Random(seed)))  # noqa: S311  # an order, no secret
    trained: Network = train(network, steps, _RATES, tell=tell)
    return trained


def opinions(network: Network, batch: Sequence[Example]) -> list[Opinion]:
    """Return what a trained network thinks of each abstract of a batch."""
    ids, real = batches.padded([example.layout for example in batch])
    with torch.no_grad():
        states = network.read(ids, real)
        forms = network.salience(states, real, batches.covers(batch, ids.shape[1]))
        return [
            Opinion(
                forms=torch.log_softmax(form[: len(row.origins)], 0).numpy(),
                roles=torch.softmax(network.roles(_ends(own, row.layout)), 1).numpy(),
            )
            for form, own, row in zip(forms, states, batch, strict=True)
        ]


def _ends(states: Any, layout: Layout) -> Any:
    """Return the state after each sentence that was read: (sentences, WIDTH)."""
    return states[[end for _, end in layout.places if end < min(batches.MOST_TOKENS, len(states))]]


def _plan(network: Network, lessons: Lessons, order: random.Random) -> Iterator[Step]:
    """Yield the steps: opinions first, then summaries, with labelled sentences and pairs spread evenly among both."""
    main: list[Step] = [partial(_opinion_loss, network, batch) for batch in _batches(lessons.judged, order)]
    main += [partial(_summary_loss, network, batch) for batch in _batches(lessons.told, order)]
    rounds = [lessons.labelled] * lessons.role_rounds
    roles: list[Step] = [
        partial(_role_loss, network, batch)
        for rows in rounds
        for batch in batches.batches(rows, order, lambda row: len(row.layout.ids))
    ]
    pairs: list[Step] = [
        partial(_pair_loss, network, batch)
        for batch in batches.batches(lessons.pairs, order, lambda pair: len(pair.abstract.ids), _PAIRS)
    ]
    yield from spread(spread(main, roles), pairs)


def _batches(rows: Sequence[_Row], order: random.Random) -> list[list[_Row]]:
    return batches.batches(rows, order, lambda row: len(row.example.layout.ids))


def _summary_loss(network: Network, batch: Sequence[Told]) -> Any:
    examples = [row.example for row in batch]
    ids, real = batches.padded([example.layout for example in examples])
    states, groups = network.read(ids, real), batches.covers(examples, ids.shape[1])
    seen, count = groups.sum(-1) > 0, groups.shape[1]
    worth = batches.filled([example.worth[:, 0] for example in examples], count) / _TEMPERATURE
    alone, surface = network.salience(states, real, groups), batches.filled([row.surface for row in batch], count)
    # Alone and with the surface score: a network that only corrects the table learns too little of its own.
    choice = (surprise(alone, worth, seen) + surprise(alone + network.surface * surface, worth, seen)) / 2
    words = word_surprise(network.salience.words(states), batches.told(examples, ids.shape[1]))
    return choice + WORDS_SHARE * words + _VECTORS_SHARE * _estrangement(network, states, real, batch)


def _opinion_loss(network: Network, batch: Sequence[Judged]) -> Any:
    examples = [row.example for row in batch]
    ids, real = batches.padded([example.layout for example in examples])
    states, groups = network.read(ids, real), batches.covers(examples, ids.shape[1])
    wanted = batches.filled([row.opinion.forms for row in batch], groups.shape[1])
    choice = surprise(network.salience(states, real, groups), wanted, groups.sum(-1) > 0)
    return choice + _role_doubt(network, states, batch) + _VECTORS_SHARE * _estrangement(network, states, real, batch)


def _role_doubt(network: Network, states: Any, batch: Sequence[Judged]) -> Any:
    """Return how badly the teachers' roles are predicted."""
    ends, wanted = [], []
    for own, row in zip(states, batch, strict=True):
        read = row.opinion.roles[: sum(end < len(own) for _, end in row.example.layout.places)]
        ends += [own[end] for _, end in row.example.layout.places[: len(read)]]
        wanted += [torch.from_numpy(roles) for roles in read]
    trust = torch.log_softmax(network.roles(torch.stack(ends)), 1)
    return -(torch.stack(wanted) * trust).sum(1).mean()


def _estrangement(network: Network, states: Any, real: Any, batch: Sequence[Told | Judged]) -> Any:
    """Return how far the vectors of papers and sentences are from those of the base model."""
    papers = network.vectors(pooled(states, real[:, None].float())[:, 0])
    apart = [distance(papers, torch.stack([row.vectors.paper for row in batch]))]
    for own, row in zip(states, batch, strict=True):
        places = [(start, end) for start, end in row.example.layout.places if end < len(own)]
        if row.vectors.sentences is not None and places:
            means = network.vectors(torch.stack([own[start:end].mean(0) for start, end in places]))
            apart.append(distance(means, row.vectors.sentences[: len(places)]) / len(batch))
    return sum(apart)


def _role_loss(network: Network, batch: Sequence[Labelled]) -> Any:
    ids, real = batches.padded([row.layout for row in batch])
    states = network.read(ids, real)
    found = [
        (own[end], label, trust)
        for own, row in zip(states, batch, strict=True)
        for (_, end), label, trust in zip(row.layout.places, row.labels, row.trust, strict=True)
        if end < len(own)
    ]
    logits = network.roles(torch.stack([state for state, *_ in found]))
    labels, trust = torch.tensor([label for _, label, _ in found]), torch.tensor([sure for *_, sure in found])
    return role_surprise(logits, labels, trust)


def _pair_loss(network: Network, batch: Sequence[Pair]) -> Any:
    """Return how far titles and abstracts, each read alone, are from the base's vectors and their nearness."""
    asked = _alone(network, [pair.title for pair in batch])
    found = _alone(network, [pair.abstract for pair in batch])
    base_asked = torch.stack([torch.as_tensor(pair.title_vector) for pair in batch])
    base_found = torch.stack([torch.as_tensor(pair.abstract_vector) for pair in batch])
    apart = distance(asked, base_asked) + distance(found, base_found)
    return _VECTORS_SHARE * apart + disorder(asked, found, base_asked, base_found)


def _alone(network: Network, layouts: Sequence[Layout]) -> Any:
    ids, real = batches.padded(layouts)
    return network.vectors(pooled(network.read(ids, real), real[:, None].float())[:, 0])
