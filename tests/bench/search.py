"""How fast, how large and how good the search is: 5,000 to 50,000 real papers in SQLite, and titles with typing errors.

The texts of all papers are real and different. Vectors are: those of the 4,162 papers that name keywords are the
encoder's, kept in the folder `PAPERWIRE_BENCH_CACHE`; to embed the others would take half an hour, so theirs are
mixtures of two of these with noise, which changes neither the time of a scan nor its memory. A search includes the
embedding of its text. Quality is measured on the 4,162 papers with topics held by their authors' keywords.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from bots.digests.vectors import VectorService
from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.requests import Search
from bots.ports import Store
from bots.search.packing import pack
from bots.store.sql import open_store
from bots.usecases.lookup import PaperLookup
from bots.usecases.paper_search import PaperSearch
from bots.usecases.search_index import SearchIndex
from tests.bench.ranking_days import Corpus, read_keyworded, rows_of
from tests.bench.ranking_topics import ALL, MEASURED_ON
from tests.bench.rows import Row

_SIZES = tuple(map(int, os.environ.get("PAPERWIRE_BENCH_PAPERS", "5000 16000 50000").split()))
_SEARCHES = 200
_HERE = Channel(platform="console", channel="terminal")
_AT = datetime(2026, 11, 30, tzinfo=UTC)
#: The aims for 50,000 papers, in milliseconds.
_P50, _P99 = 30.0, 80.0
_MB = 1e6


def measure(data: Path) -> Iterator[Row]:
    """Yield the figures for each size, then how good the answers are."""
    papers = tuple(_papers(data))
    cache = Path(os.environ.get("PAPERWIRE_BENCH_CACHE", Path(tempfile.gettempdir()) / "paperwire-bench"))
    keyworded = read_keyworded(data, cache)
    real = {paper.id.value: vector for paper, vector in zip(keyworded.papers, keyworded.vectors, strict=True)}
    for size in _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(_measured(papers[:size], real, Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_quality(keyworded, Path(folder)))


def _papers(data: Path) -> Iterator[Paper]:
    """Yield papers with figures that filters can compare, which the data lacks."""
    dice = random.Random(5)  # noqa: S311 - figures to filter by
    for number, row in enumerate(rows_of(data / "data/papers/papers-50k.jsonl.gz")):
        yield Paper(
            id=PaperId(scheme="doi", value=f"10.5555/{number}"),
            title=row["title"],
            abstract=row["abstract"] or "",
            authors=tuple(row["authors"] or ()),
            venue=row["venue"] or "",
            keywords=tuple(row["keywords"] or ()),
            published=datetime(int(row["year"]), 1 + number % 12, 1, tzinfo=UTC),
            url=f"https://doi.org/10.5555/{number}",
            source="bench",
            code="https://example.org/code" if number % 3 == 0 else "",
            signals=Signals(upvotes=int(dice.expovariate(0.1)), citations=int(dice.expovariate(0.02))),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Timed:
    """The milliseconds of searches of one kind."""

    kind: str
    took: tuple[float, ...]
    #: Processor time of all threads: what a search takes on a machine that has nothing else to do.
    worked: tuple[float, ...]


async def _measured(papers: Sequence[Paper], real: dict[str, bytes | None], folder: Path) -> Iterator[Row]:
    size, rows, file = f"{len(papers):,} papers", list[Row](), folder / "bench.sqlite3"
    async with open_store(file) as store:
        begun = time.process_time()
        for start in range(0, len(papers), 500):
            await store.remember(papers[start : start + 500], source="bench", day=date(2026, 11, 30))
        rows.append(_row(f"{size}: store and index", time.process_time() - begun, "s of CPU"))
        await _embed(store, papers, real)
        rows.append(_row(f"{size}: the database's file", _size(folder) / _MB, "MB"))
        index = await _index_bytes(store)
        rows.append(_row(f"{size}: of it, the index", index / _MB, "MB"))
        search = _search_of(store)
        await search.index.vectors.of_texts(["what loads the encoder"])
        before, begun = _resident(), time.perf_counter()
        await search.index.ready()
        rows.append(_row(f"{size}: the first search loads the index", time.perf_counter() - begun, "s"))
        rows.append(_row(f"{size}: memory of the index", (_resident() - before) / _MB, "MB"))
        timed = [await _timed(search, kind, texts) for kind, texts in _texts(papers).items()]
    for each in (*timed, _together(timed)):
        for what, took in (("wall", each.took), ("processor", each.worked)):
            rows.append(_row(f"{size}: {each.kind}, {what} p50", float(np.quantile(took, 0.5)), "ms", _P50))
            rows.append(_row(f"{size}: {each.kind}, {what} p99", float(np.quantile(took, 0.99)), "ms", _P99))
    return iter(rows)


def _together(timed: Sequence[_Timed]) -> _Timed:
    return _Timed(
        kind="all searches",
        took=tuple(each for kind in timed for each in kind.took),
        worked=tuple(each for kind in timed for each in kind.worked),
    )


async def _timed(search: PaperSearch, kind: str, texts: Sequence[str]) -> _Timed:
    took, worked = list[float](), list[float]()
    for text in texts:
        begun, before = time.perf_counter(), time.process_time()
        await search.find(Search(channel=_HERE, words=text, live=False))
        took.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.process_time() - before))
    return _Timed(kind=kind, took=tuple(took), worked=tuple(worked))


def _texts(papers: Sequence[Paper]) -> dict[str, list[str]]:
    dice = random.Random(7)  # noqa: S311 - reproducible searches
    some = dice.sample(list(papers), _SEARCHES)
    topics = [text for topic in ALL for text in (topic.plain, topic.terms)]
    filters = ("year:>2020", "has:code", "upvotes:>10", "-survey", "cited:>50 -benchmark")
    return {
        "topics": topics,
        "titles with a typing error": [mistyped(paper.title, dice) for paper in some],
        "authors": [dice.choice(paper.authors) for paper in some if paper.authors],
        "common words": ["learning", "neural networks", "deep learning model", "language models", "data"] * 8,
        "queries": [f"{topic.terms} {dice.choice(filters)}" for topic in ALL],
    }


def mistyped(title: str, dice: random.Random) -> str:
    """Return a title with a letter left out of one of its longest words, and two adjacent ones swapped in another."""
    words = title.split()
    places = sorted(range(len(words)), key=lambda place: -len(words[place]))[:2]
    for turn, place in enumerate(places):
        word = words[place]
        if len(word) < 4:
            continue
        at = dice.randrange(1, len(word) - 1)
        words[place] = (
            word[:at] + word[at + 1 :] if turn == 0 else f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
        )
    return " ".join(words)


async def _embed(store: Store, papers: Sequence[Paper], real: dict[str, bytes | None]) -> None:
    model, dice = await _search_of(store).index.vectors.embedder.model(), np.random.default_rng(3)
    known = np.stack([np.frombuffer(vector, "<f2") for vector in real.values() if vector]).astype(np.float32)
    for start in range(0, len(papers), 2000):
        some = papers[start : start + 2000]
        one, other = (known[dice.integers(len(known), size=len(some))] for _ in range(2))
        mixed = one + other + dice.normal(0, 0.03, one.shape)
        mixed = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype("<f2")
        await store.index_vectors(
            model, {paper.id: pack(row.tobytes()) for paper, row in zip(some, mixed, strict=True)}
        )


def _search_of(store: Store) -> PaperSearch:
    index = SearchIndex(index=store, vectors=VectorService(cache=store, clock=lambda: _AT))
    return PaperSearch(shelf=store, index=index, paper_lookup=PaperLookup(shelf=store, libraries=[]))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("bench.sqlite3*"))


async def _index_bytes(store: Store) -> int:
    """Return the bytes of the index: its texts, signatures and vectors, and the full-text index."""
    from sqlalchemy import text

    sizes = (
        "SELECT (SELECT sum(length(title) + length(body) + length(names) + length(marks)) FROM search_entry)"
        " + (SELECT coalesce(sum(length(vector)), 0) FROM search_vector)"
        " + (SELECT sum(length(block)) FROM search_text_data)"
    )
    async with store._database.reading() as connection:  # type: ignore[attr-defined]  # a SQLite store
        return int(await connection.scalar(text(sizes)))


def _resident() -> int:
    """Return the bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _row(what: str, ours: float, unit: str, aim: float | None = None) -> Row:
    return Row(what=what, ours=ours, unit=unit, peer="the aim" if aim else "no aim", theirs=aim or 0.0)


async def _quality(corpus: Corpus, folder: Path) -> Iterator[Row]:
    rows = list[Row]()
    async with open_store(folder / "quality.sqlite3") as store:
        stored = [_stored(paper, number) for number, paper in enumerate(corpus.papers)]
        for start in range(0, len(stored), 500):
            await store.remember(stored[start : start + 500], source="bench", day=date(2026, 11, 30))
        search = _search_of(store)
        model = await search.index.vectors.embedder.model()
        whole = {paper.id: pack(vector) for paper, vector in zip(stored, corpus.vectors, strict=True) if vector}
        places = {paper.id: number for number, paper in enumerate(stored)}
        for kept in (dict[PaperId, bytes](), whole):
            if kept:
                await store.index_vectors(model, kept)
            name = "words and meaning" if kept else "words alone"
            for wording in ("plain", "terms"):
                found = [
                    await _ndcg(search, getattr(topic, wording), set(map(int, corpus.fitting(topic.keywords))), places)
                    for topic in MEASURED_ON
                ]
                rows.append(_row(f"nDCG@10, topics in {wording} words: {name}", 100 * float(np.mean(found)), "%"))
        dice = random.Random(11)  # noqa: S311 - reproducible searches
        first = 0
        for paper in (some := dice.sample(stored, 300)):
            typed = Search(channel=_HERE, words=mistyped(paper.title, dice), live=False)
            first += [paper.id] == [each.id for each in (await search.find(typed)).papers[:1]]
        rows.append(_row("titles with two typing errors that are found first", 100 * first / len(some), "%"))
    return iter(rows)


def _stored(paper: Paper, number: int) -> Paper:
    return Paper(id=PaperId(scheme="doi", value=f"10.5555/{number}"), title=paper.title, abstract=paper.abstract)


async def _ndcg(search: PaperSearch, text: str, fits: set[int], places: dict[PaperId, int]) -> float:
    found = await search.find(Search(channel=_HERE, words=text, limit=10, live=False))
    gains = 1 / np.log2(np.arange(2, 12))
    hits = np.array([places[paper.id] in fits for paper in found.papers] + [False] * (10 - len(found.papers)))
    return float((hits * gains).sum() / gains[: min(10, len(fits))].sum())
