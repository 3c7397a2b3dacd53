"""What is wrong with an answer of a network in training."""

from typing import Any

import torch
from torch.nn import functional

#: The logarithm of a probability that counts as zero.
_NEVER = -1e4
#: What a label of confidence 0 would leave to the other roles, evenly.
_DOUBT = 0.6


def surprise(logits: Any, wanted: Any, seen: Any) -> Any:
    """Return the mean cross entropy between the wanted and the predicted distribution of each row.

    Args:
        logits: (rows, choices).
        wanted: logits of the wanted distribution, (rows, choices).
        seen: True for a choice that exists, (rows, choices).
    """
    goal = torch.softmax(wanted.masked_fill(~seen, _NEVER), 1)
    trust = torch.log_softmax(logits.masked_fill(~seen, _NEVER), 1)
    return -(goal * trust.masked_fill(~seen, 0)).sum(1).mean()


def word_surprise(logits: Any, told: Any) -> Any:
    """Return how badly the words of the human summaries are predicted; tokens with a negative share do not count."""
    known = told >= 0
    return functional.binary_cross_entropy_with_logits(logits[known], told[known])


def role_surprise(logits: Any, labels: Any, trust: Any) -> Any:
    """Return how badly people's labels are predicted, each weighted by the square of its confidence.

    An uncertain label also leaves more of the wanted distribution to the other roles.

    Args:
        logits: (sentences, roles).
        labels: the index of the role, (sentences,).
        trust: the confidence of each label, 0 to 1, (sentences,).
    """
    roles = logits.shape[1]
    goal = (_DOUBT * (1 - trust) / roles)[:, None].expand(-1, roles).clone()
    goal[torch.arange(len(labels)), labels] += 1 - goal.sum(1)
    weight = trust**2
    return -(weight * (goal * torch.log_softmax(logits, 1)).sum(1)).sum() / weight.sum().clamp(min=1e-6)


def distance(vectors: Any, wanted: Any) -> Any:
    """Return 1 minus the mean cosine of vectors of length 1."""
    return 1 - (vectors * wanted).sum(-1).mean()


def disorder(asked: Any, found: Any, base_asked: Any, base_found: Any) -> Any:
    """Return how badly the nearness of each asked to each found vector follows that of the base's vectors.

    All vectors have length 1: (rows, width). The temperature, 0.05, is that of all-MiniLM-L6-v2's own training.
    """
    seen = torch.ones(len(asked), len(found), dtype=torch.bool)
    return surprise(asked @ found.T / 0.05, base_asked @ base_found.T / 0.05, seen)
