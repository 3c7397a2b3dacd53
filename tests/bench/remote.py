"""The blurbs of a model on a server, compared with the built-in engine's: usable share, ROUGE and time.

The server is the one that `PAPERWIRE_ENGINE_REMOTE_URL` and `PAPERWIRE_ENGINE_REMOTE_MODEL` name. The references are
the summaries that Hugging Face shows with its daily papers, which a large language model wrote: they favour a model's
words over the abstract's.
"""

import asyncio
import gzip
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from summarizer import Abstract, Secret, Summarizer, SummarizerError
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.remote.engine import RemoteEngine, RemoteSettings
from summarizer.evaluation.measures import score_blurb
from tests.bench.rows import LeftOut, Row

#: Papers, evenly spread over the data; a small model on one processor needs some minutes for them.
_PAPERS = 20
_PLACE = "data/hf-daily/2024-05_2026-06.jsonl.gz"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Made:
    """One paper's blurb: None if there is none."""

    score: float | None
    seconds: float


def measure(data: Path) -> Iterator[Row]:
    """Yield the share of usable blurbs, the ROUGE-L of those, and the time per blurb.

    Raises:
        LeftOut: no server is named.
    """
    settings = _settings()
    papers = list(_papers(data / _PLACE))
    theirs = asyncio.run(_made(_remote(settings), papers))
    ours = asyncio.run(_made(ExtractiveEngine(), papers))
    both = [(mine, its) for mine, its in zip(ours, theirs, strict=True) if its.score is not None]
    yield _row("usable blurbs", 100.0, "%", settings, 100 * len(both) / len(theirs), more_is_better=True)
    if both:
        mine, its = (fmean(score for one in pair if (score := one.score)) for pair in zip(*both, strict=True))
        yield _row("ROUGE-L of the usable ones", mine, "", settings, its, more_is_better=True)
    seconds = [fmean(one.seconds for one in made) for made in (ours, theirs)]
    yield _row("time per blurb", seconds[0], "s", settings, seconds[1])


def _settings() -> RemoteSettings:
    named = {name: os.environ.get(f"PAPERWIRE_ENGINE_REMOTE_{name.upper()}", "") for name in ("url", "model", "key")}
    if not named["url"] or not named["model"]:
        raise LeftOut("set PAPERWIRE_ENGINE_REMOTE_URL and PAPERWIRE_ENGINE_REMOTE_MODEL to measure a model server")
    return RemoteSettings(url=named["url"], model=named["model"], key=Secret(named["key"]), timeout=120, patience=130)


def _remote(settings: RemoteSettings) -> RemoteEngine:
    return RemoteEngine(settings, clock=lambda: datetime.now(UTC), random=random.random)


def _papers(path: Path) -> Iterator[tuple[Abstract, str]]:
    """Yield abstracts with the reference summary of each."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row.get("ai_summary")]
    for row in rows[:: max(1, len(rows) // _PAPERS)][:_PAPERS]:
        yield Abstract(title=row["title"], text=row["abstract"]), row["ai_summary"]


async def _made(engine: Summarizer, papers: Sequence[tuple[Abstract, str]]) -> list[_Made]:
    """Return the engine's blurbs, made one after the other."""
    from rouge_score.rouge_scorer import RougeScorer  # for measuring only

    scorer: Any = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    made = []
    for abstract, reference in papers:
        start = time.perf_counter()
        try:
            text = (await engine.summarize(abstract)).text
        except SummarizerError:
            text = ""
        seconds = time.perf_counter() - start
        made.append(_Made(score=score_blurb(text, [reference], scorer)[-1] if text else None, seconds=seconds))
    return made


def _row(what: str, ours: float, unit: str, settings: RemoteSettings, theirs: float, **more: bool) -> Row:
    return Row(what=what, ours=ours, unit=unit, peer=Path(settings.model).name, theirs=theirs, **more)
