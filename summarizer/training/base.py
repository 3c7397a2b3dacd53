"""The model that training starts from; the shipped vectors are kept close to its vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel

from summarizer.training.network import WIDTH

#: The maximum of all-MiniLM-L6-v2; it cuts off the rest.
_MOST_TOKENS = 256
_BATCH = 64


class Base:
    """The usual form of all-MiniLM-L6-v2: the mean of its hidden states, normalised to length 1."""

    def __init__(self, folder: Path, tokenizer: Tokenizer) -> None:
        """Load the weights in `folder`."""
        self._model = AutoModel.from_pretrained(folder, attn_implementation="sdpa").eval()
        self._tokenizer = tokenizer

    def vectors(self, texts: Sequence[str]) -> Any:
        """Return a vector of length 1 for each text: (texts, 384)."""
        found = torch.zeros(len(texts), WIDTH)
        rows = [torch.tensor(encoded.ids[:_MOST_TOKENS]) for encoded in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            found[places] = self._mean([rows[place] for place in places])
        return found

    def _mean(self, rows: Sequence[Any]) -> Any:
        ids = torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
        real = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            states = self._model(input_ids=ids, attention_mask=real).last_hidden_state.float()
        return functional.normalize((states * real[..., None]).sum(1), dim=-1)
