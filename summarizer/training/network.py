"""The network that is shipped: all-MiniLM-L6-v2, with one small head for each output of the encoder."""

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoModel

#: The width of all-MiniLM-L6-v2.
WIDTH = 384
ROLES = 5
#: How much predicting the words of human summaries counts in training.
WORDS_SHARE = 0.5
_HIDDEN = 128
#: The length that a form is compared with: a blurb of SciTLDR has about 21 words, 26 tokens.
_TOLD_TOKENS = 26
_FORM_TOKENS = 40


class Salience(nn.Module):  # type: ignore[misc]  # torch ships its types, but the check does not read them
    """Judges how well groups of tokens would do as the blurb, from the hidden states of an abstract."""

    def __init__(self, width: int) -> None:
        """Make the head for states of a width; it starts by trusting nothing but the predicted words."""
        super().__init__()
        self.told = nn.Linear(width, 1)
        self.inner, self.outer = nn.Linear(2 * width + 3, _HIDDEN), nn.Linear(_HIDDEN, 1)
        self.drop = nn.Dropout(0.1)
        nn.init.zeros_(self.outer.weight)

    def words(self, states: Any) -> Any:
        """Return a logit for each token: whether its word is in the human summary."""
        return self.told(states)[..., 0]

    def forward(self, states: Any, real: Any, groups: Any) -> Any:
        """Return one logit per group: (abstracts, groups).

        Args:
            real: 1 for a token, 0 for padding: (abstracts, tokens).
            groups: 1 for a token that belongs to the group: (abstracts, groups, tokens).
        """
        here = pooled(states, groups)
        everywhere = pooled(states, real[:, None].float()).expand_as(here)
        size = groups.sum(-1)
        told = (groups @ torch.sigmoid(self.told(states)))[..., 0]
        # The expected ROUGE-1, if the predicted words were in the human summary and that had the usual length.
        likeness = 2 * told / (size + _TOLD_TOKENS)
        seen = torch.stack([likeness, size / _FORM_TOKENS, told / size.clamp(min=1)], -1)
        inner = self.inner(self.drop(torch.cat([here, everywhere, seen], -1)))
        return self.outer(functional.gelu(inner))[..., 0] + 8 * likeness


class Network(nn.Module):  # type: ignore[misc]  # as above
    """Reads tokens and returns salience, roles and a vector for any group of them."""

    def __init__(self, base: Path) -> None:
        """Load the base model from the folder `base`, and add the heads."""
        super().__init__()
        self.body = quietened(AutoModel.from_pretrained(base, attn_implementation="sdpa", add_pooling_layer=False))
        self.salience = Salience(WIDTH)
        self.role = nn.Linear(WIDTH, ROLES)
        self.vector = nn.Linear(WIDTH, WIDTH)
        self.drop = nn.Dropout(0.1)
        #: The weight of a form's surface score relative to the network's.
        self.surface = nn.Parameter(torch.ones(()))
        # So that the network starts with the base's vectors.
        nn.init.eye_(self.vector.weight)
        nn.init.zeros_(self.vector.bias)

    def read(self, ids: Any, real: Any) -> Any:
        """Return the hidden state of each token: (abstracts, tokens, WIDTH)."""
        # On a processor with bfloat16, a batch took 2.2 s instead of 3.2 s.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.body(input_ids=ids, attention_mask=real).last_hidden_state.float()

    def roles(self, states: Any) -> Any:
        """Return five logits for each of the states: (…, ROLES)."""
        return self.role(self.drop(states))

    def vectors(self, means: Any) -> Any:
        """Return a vector of length 1 for each mean of states: (…, WIDTH)."""
        return functional.normalize(self.vector(means), dim=-1)


def quietened(body: Any) -> Any:
    """Return a base model as it is trained here: without dropout, its word embeddings as they are."""
    for part in body.modules():
        if isinstance(part, nn.Dropout):
            # Averaged weights and few epochs already prevent over-fitting, and dropout costs time.
            part.p = 0.0
    # 2,700 abstracts are too few to learn words from, and search needs the embeddings unchanged.
    body.embeddings.requires_grad_(False)
    return body


class Exported(nn.Module):  # type: ignore[misc]  # as above
    """The shipped form of the network: takes one abstract and groups of its tokens, returns all outputs per group."""

    def __init__(self, network: Network) -> None:
        """Wrap a trained network."""
        super().__init__()
        self.network = network

    def forward(self, ids: Any, groups: Any) -> Any:
        """Return salience (groups), role probabilities (groups, ROLES) and vectors (groups, WIDTH)."""
        states = self.network.body.embeddings(input_ids=ids)
        for layer in self.network.body.encoder.layer:
            states = _layer(layer, states)
        means = pooled(states, groups[None])
        salience = self.network.salience(states, torch.ones_like(ids), groups[None])[0]
        return salience, torch.softmax(self.network.roles(means[0]), -1), self.network.vectors(means[0])


def _layer(layer: Any, states: Any) -> Any:
    """Return the output of a BERT layer for input without padding; masks would slow down the exported graph."""
    own = layer.attention.self

    def heads(projected: Any) -> Any:
        return projected.view(1, -1, own.num_attention_heads, own.attention_head_size).transpose(1, 2)

    query, key, value = heads(own.query(states)), heads(own.key(states)), heads(own.value(states))
    trust = torch.softmax(query @ key.transpose(2, 3) / own.attention_head_size**0.5, -1)
    mixed = (trust @ value).transpose(1, 2).reshape(1, -1, WIDTH)
    attended = layer.attention.output(mixed, states)
    return layer.output(layer.intermediate(attended), attended)


def pooled(states: Any, groups: Any) -> Any:
    """Return the mean of the states in each group: (abstracts, groups, WIDTH)."""
    return (groups @ states) / groups.sum(-1, keepdim=True).clamp(min=1)
