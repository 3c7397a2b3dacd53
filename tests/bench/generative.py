"""The time per blurb, compared with the model behind the published TLDR systems, on one core.

The peer is BART-large (406 million parameters; CATTS, Cachola et al. 2020) with random weights: its speed does not
depend on its training. It reads as many tokens as the abstracts have and writes as many as a blurb has.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

from summarizer import Abstract
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.evaluation.evaluate import read_rows
from summarizer.text.plain import count_words
from tests.bench.rows import Row, best_of

#: BART's tokenizer splits English prose into about 1.3 tokens per word.
_TOKENS_A_WORD = 1.3
#: The mean length of SciTLDR's human summaries, about 21 words, in tokens.
_WRITTEN = 28
_BEAMS = 2
#: Papers that are timed; the peer needs seconds for each.
_PAPERS = 100
_FEW = 3


def measure(data: Path) -> Iterator[Row]:
    """Yield the time per abstract; raise ModuleNotFoundError if torch, an extra, is not installed."""
    import torch  # an extra

    papers = [row.abstract for row in islice(read_rows(data / "data/scitldr/dev.jsonl"), _PAPERS)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        theirs = _bart(papers[:_FEW])
    finally:
        torch.set_num_threads(threads)
    yield Row(
        what="time per abstract, one core", ours=_ours(papers), unit="ms", peer="BART-large, beam 2", theirs=theirs
    )


def _ours(papers: list[Abstract]) -> float:
    engine = ExtractiveEngine()
    return best_of(3, lambda: [engine.condense(abstract) for abstract in papers]) / len(papers)


def _bart(papers: list[Abstract]) -> float:
    """Return the milliseconds per paper, the best of two rounds."""
    model = _random_bart()
    lengths = [round(count_words(abstract.text) * _TOKENS_A_WORD) for abstract in papers]
    return fmean(best_of(2, lambda length=length: _write(model, length)) for length in lengths)  # type: ignore[misc]


def _random_bart() -> Any:
    from transformers import BartConfig, BartForConditionalGeneration  # needs torch

    # The configuration's defaults are BART-large.
    return BartForConditionalGeneration(BartConfig()).eval()


def _write(model: Any, length: int) -> object:
    """Read `length` tokens and write a blurb of fixed length."""
    import torch

    read = torch.full((1, length), 100)
    with torch.inference_mode():
        return model.generate(
            input_ids=read,
            attention_mask=torch.ones_like(read),
            num_beams=_BEAMS,
            do_sample=False,
            min_new_tokens=_WRITTEN,
            max_new_tokens=_WRITTEN,
        )
