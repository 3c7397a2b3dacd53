"""The teacher: a larger network that judges sentences and forms, for training only.

all-mpnet-base-v2 (110 million parameters) reads title and abstract in one pass, as the shipped encoder does. What it
thinks of many abstracts is what the encoder learns before it learns from people.
"""

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import AutoModel

from summarizer.encoder.layout import Encoding
from summarizer.training.batches import MOST_TOKENS, batches, bodies, covers, filled, padded, told
from summarizer.training.examples import Example, Floats, Labelled
from summarizer.training.losses import role_surprise, surprise, word_surprise
from summarizer.training.network import ROLES, WORDS_SHARE, Salience, pooled, quietened
from summarizer.training.opinions import Opinion
from summarizer.training.trainer import Rates, Step, Tell, spread, train

_RATES = Rates(body=3e-5, heads=8e-4, memory=0.98)
#: The temperature of the softmax over the ROUGE of forms, as for the table of surface features.
_TEMPERATURE = 0.1
#: The same for whole sentences, as a factor on ROUGE-1.
_SHARPNESS = 12
#: A form's sentence counts this much beside the form: the sentence is what the teacher judges better than any table.
_FORMS_SHARE = 0.5
#: Passes over the labelled sentences: after one the teacher still learns of roles, after one over summaries no more.
_ROLE_ROUNDS = 2
#: Sentences beyond the first and the last of these share one place.
_PLACES = 16
_PADDING = "<pad>"


class TeacherTokens:
    """The teacher's tokenizer, with its special tokens under the names that layouts use."""

    def __init__(self, folder: Path) -> None:
        """Load the tokenizer in `folder`."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode_batch(self, *given: Any, **named: Any) -> Sequence[Encoding]:
        """Return the tokens of each text with their ranges of characters."""
        found: Sequence[Encoding] = self._tokenizer.encode_batch(*given, **named)
        return found

    def token_to_id(self, token: str) -> int | None:
        """Return the id of a token; None if the vocabulary does not contain it."""
        found: int | None = self._tokenizer.token_to_id({"[CLS]": "<s>", "[SEP]": "</s>"}.get(token, token))
        return found


class Teacher(nn.Module):  # type: ignore[misc]  # torch ships its types, but the check does not read them
    """Reads an abstract with its title; judges its sentences, the forms of them, and their roles."""

    def __init__(self, base: Path) -> None:
        """Load the base model from the folder `base`, and add the heads."""
        super().__init__()
        self.body = quietened(AutoModel.from_pretrained(base, add_pooling_layer=False))
        width = self.body.config.hidden_size
        self.padding = int(self.body.config.pad_token_id)
        self.salience = Salience(width)
        self.role = nn.Linear(2 * width, ROLES)
        self.first, self.last = nn.Embedding(_PLACES, width), nn.Embedding(_PLACES, width)
        self.inner, self.outer = nn.Linear(2 * width, 256), nn.Linear(256, 1)
        self.drop = nn.Dropout(0.1)
        for start in (self.first.weight, self.last.weight, self.outer.weight):
            nn.init.zeros_(start)

    def read(self, ids: Any, real: Any) -> Any:
        """Return the hidden state of each token: (abstracts, tokens, width)."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.body.embeddings(input_ids=ids)
            near = self.body.encoder.compute_position_bias(states)
            bias = (near + (1 - real[:, None, None].float()) * -1e9).to(torch.bfloat16)
            for layer in self.body.encoder.layer:
                states = _layer(layer, states, bias)
            return states.float()

    def sentences(self, states: Any, groups: Any, counts: Any) -> Any:
        """Return one logit for each sentence: (abstracts, sentences).

        Args:
            groups: 1 for a token that belongs to the sentence: (abstracts, sentences, tokens).
            counts: the number of sentences of each abstract: (abstracts,).
        """
        here, number = pooled(states, groups), torch.arange(groups.shape[1])
        first = self.first(number.clamp(max=_PLACES - 1))[None]
        last = self.last((counts[:, None] - 1 - number[None]).clamp(0, _PLACES - 1))
        seen = torch.cat([here + first + last, states[:, :1].expand_as(here)], -1)
        return self.outer(functional.gelu(self.inner(self.drop(seen))))[..., 0]

    def roles(self, ends: Any, means: Any) -> Any:
        """Return the logits of the roles, from the state after each sentence and the mean of its own: (…, ROLES)."""
        return self.role(self.drop(torch.cat([ends, means], -1)))


def _layer(layer: Any, states: Any, bias: Any) -> Any:
    """Return the output of an MPNet layer; the library's own computes attention in several slower steps."""
    own, (rows, tokens, width) = layer.attention.attn, states.shape

    def heads(projected: Any) -> Any:
        return projected.view(rows, tokens, own.num_attention_heads, -1).transpose(1, 2)

    mixed = functional.scaled_dot_product_attention(
        heads(own.q(states)), heads(own.k(states)), heads(own.v(states)), attn_mask=bias
    )
    attended = layer.attention.LayerNorm(own.o(mixed.transpose(1, 2).reshape(rows, tokens, width)) + states)
    return layer.output(layer.intermediate(attended), attended)


def teach(base: Path, summaries: Sequence[Example], roles: Sequence[Labelled], *, seed: int, tell: Tell) -> Teacher:
    """Return a teacher trained for one pass over abstracts with summaries and two over labelled sentences."""
    torch.manual_seed(seed)
    order, teacher = random.Random(seed), Teacher(base)  # noqa: S311  # an order, no secret
    length = lambda row: len(row.layout.ids)  # noqa: E731
    steps: list[Step] = [partial(_summary_loss, teacher, batch) for batch in batches(summaries, order, length)]
    aside: list[Step] = [
        partial(_role_loss, teacher, batch) for _ in range(_ROLE_ROUNDS) for batch in batches(roles, order, length)
    ]
    trained: Teacher = train(teacher, spread(steps, aside), _RATES, tell=tell)
    return trained


def _summary_loss(teacher: Teacher, batch: Sequence[Example]) -> Any:
    layouts = [example.layout for example in batch]
    ids, real = padded(layouts, teacher.padding)
    states, groups = teacher.read(ids, real), covers(batch, ids.shape[1])
    worth = filled([example.worth[:, 0] for example in batch], groups.shape[1])
    forms = surprise(teacher.salience(states, real, groups), worth / _TEMPERATURE, groups.sum(-1) > 0)
    logits, seen = _sentences(teacher, states, batch)
    wanted = filled([example.sentence_worth for example in batch], logits.shape[1])
    sentences = surprise(logits, _SHARPNESS * wanted, seen)
    words = word_surprise(teacher.salience.words(states), told(batch, ids.shape[1]))
    return _FORMS_SHARE * forms + sentences + WORDS_SHARE * words


def _sentences(teacher: Teacher, states: Any, batch: Sequence[Example]) -> tuple[Any, Any]:
    """Return the logits of the sentences, and True for each that exists and was read."""
    layouts = [example.layout for example in batch]
    groups = bodies(layouts, states.shape[1])
    counts = torch.tensor([len(layout.places) for layout in layouts])
    return teacher.sentences(states, groups, counts), groups.sum(-1) > 0


def _role_loss(teacher: Teacher, batch: Sequence[Labelled]) -> Any:
    ids, real = padded([row.layout for row in batch], teacher.padding)
    states = teacher.read(ids, real)
    logits = torch.cat([_roles(teacher, own, row) for own, row in zip(states, batch, strict=True)])
    labels = torch.tensor([label for row in batch for label in row.labels[: _read(row, states)]])
    trust = torch.tensor([value for row in batch for value in row.trust[: _read(row, states)]])
    return role_surprise(logits, labels, trust)


def _read(row: Example | Labelled, states: Any) -> int:
    """Return the number of sentences whose end was read."""
    return sum(end < min(MOST_TOKENS, states.shape[-2]) for _, end in row.layout.places)


def _roles(teacher: Teacher, states: Any, row: Example | Labelled) -> Any:
    """Return the logits of the roles of the sentences of one abstract that were read: (sentences, ROLES)."""
    places = row.layout.places[: _read(row, states)]
    if not places:
        return torch.zeros(0, ROLES)
    means = torch.stack([states[start:end].mean(0) if end > start else states[end] for start, end in places])
    return teacher.roles(states[[end for _, end in places]], means)


def opinions(teacher: Teacher, batch: Sequence[Example]) -> list[Opinion]:
    """Return what a teacher thinks of each abstract of a batch."""
    ids, real = padded([example.layout for example in batch], teacher.padding)
    with torch.no_grad():
        states = teacher.read(ids, real)
        forms = teacher.salience(states, real, covers(batch, ids.shape[1]))
        sentences, seen = _sentences(teacher, states, batch)
        trust = torch.log_softmax(sentences.masked_fill(~seen, -1e4), 1)
        roles = [torch.softmax(_roles(teacher, own, row), 1) for own, row in zip(states, batch, strict=True)]
    return [
        Opinion(forms=_together(form, trust[place], row), roles=roles[place].numpy())
        for place, (form, row) in enumerate(zip(forms, batch, strict=True))
    ]


def _together(forms: Any, sentences: Any, row: Example) -> Floats:
    """Return the logarithm of the probability of each form: its own and that of its sentence, multiplied."""
    origins = torch.tensor(row.origins).clamp(max=len(sentences) - 1)
    logits = forms[: len(row.origins)] + sentences[origins]
    return np.asarray(torch.log_softmax(logits, 0).numpy(), np.float32)
