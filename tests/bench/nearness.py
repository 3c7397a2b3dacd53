"""Papers near in meaning, 50,000 and 200,000: compared with each in memory, and found by an index of Postgres."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from bots.domain.papers import PaperId
from bots.ranking.vectors import WIDTH
from bots.search.image import Image
from bots.search.packing import pack
from bots.search.records import IndexNews
from bots.store import nearness
from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from bots.store.migrations import upgrade
from tests.bench.ranking_days import read_keyworded
from tests.bench.rows import LeftOut, Row
from tests.support import postgres

_SIZES = tuple(map(int, os.environ.get("PAPERWIRE_BENCH_VECTORS", "50000 200000").split()))
_SEARCHES, _WANTED = 200, 200
_MODEL = "bench"
_Matrix = NDArray[np.float32]


def measure(data: Path) -> Iterator[Row]:
    """Yield for each size the times of both ways, how many of the nearest the index finds, and what it takes."""
    if not postgres.IS_THERE or postgres.GIVEN:
        raise LeftOut("needs a Postgres of its own with pgvector: install the extra dev")
    cache = Path(os.environ.get("PAPERWIRE_BENCH_CACHE", "/tmp/paperwire-bench"))  # noqa: S108 - vectors of public papers
    real = np.stack([np.frombuffer(each, "<f2") for each in read_keyworded(data, cache).vectors if each])
    for size in _SIZES:
        yield from _measured(_mixed(real.astype(np.float32), size), f"{size:,} papers")


def _mixed(real: _Matrix, size: int) -> _Matrix:
    """Return mixtures of two vectors of papers each, with noise: to embed so many papers would take hours."""
    dice = np.random.default_rng(3)
    one, other = (real[dice.integers(len(real), size=size)] for _ in range(2))
    share = dice.uniform(0.3, 0.7, (size, 1))
    rows = share * one + (1 - share) * other + dice.normal(0, 0.015, (size, WIDTH))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _measured(rows: _Matrix, size: str) -> Iterator[Row]:
    asked = [row.astype("<f2").tobytes() for row in _mixed(rows, _SEARCHES)]
    nearest = [np.argsort(-(rows @ np.frombuffer(each, "<f2").astype(np.float32)))[:_WANTED] for each in asked]
    packed = [pack(row.astype("<f2").tobytes()) for row in rows]
    image = Image()
    image.learn(IndexNews(vectors=tuple((_name(place), each) for place, each in enumerate(packed))))
    in_memory = _timed(asked, lambda each: [str(near.paper_id) for near in image.near_vectors(each, _WANTED, -1)])
    url = read_address(postgres.make_database(extension="vector").render_as_string(hide_password=False))
    upgrade(url, "The database of a measurement", patience=30)
    engine = open_blocking_engine(url, patience=30)
    with engine.begin() as connection:
        built = _fill(connection, packed)
        held = connection.scalar(text("SELECT pg_total_relation_size('search_near')"))
    with engine.begin() as connection:
        nearness.look_at(connection, _WANTED)
        by_index = _timed(asked, lambda each: _found(connection, each))
    engine.dispose()
    for share, what in ((0.5, "p50"), (0.95, "p95")):
        ours, theirs = (float(np.quantile([took for took, _ in each], share)) for each in (by_index, in_memory))
        yield Row(what=f"{size}: the index, {what}", ours=ours, unit="ms", peer="in memory", theirs=theirs)
    for first in (10, _WANTED):
        ours, theirs = (_share(each, nearest, first) for each in (by_index, in_memory))
        what = f"{size}: of the {first} nearest, found"
        yield Row(what=what, ours=ours, unit="%", peer="in memory", theirs=theirs, more_is_better=True)
    mine, kept = int(held or 0) / 1e6, len(packed) * len(packed[0]) / 1e6
    yield Row(what=f"{size}: in the database", ours=mine, unit="MB", peer="in each process", theirs=kept)
    yield Row(what=f"{size}: to store and index", ours=built, unit="s", peer="none", theirs=0)


def _name(place: int) -> PaperId:
    return PaperId(scheme="doi", value=f"10.5555/{place}")


def _fill(connection: Connection, packed: Sequence[bytes]) -> float:
    begun = time.perf_counter()
    connection.execute(text("ALTER TABLE search_vector DROP CONSTRAINT fk_search_vector_paper"))
    add = text("INSERT INTO search_vector (paper, model, vector) VALUES (:paper, :model, :vector)")
    for start in range(0, len(packed), 1000):
        some = enumerate(packed[start : start + 1000], start)
        connection.execute(add, [{"paper": str(_name(n)), "model": _MODEL, "vector": each} for n, each in some])
    connection.execute(text("ANALYZE search_near"))
    return time.perf_counter() - begun


def _found(connection: Connection, asked: bytes) -> list[str]:
    return [row.paper for row in connection.execute(nearness.nearest(asked, _WANTED, _MODEL, None))]


def _timed(asked: Sequence[bytes], search: Callable[[bytes], list[str]]) -> list[tuple[float, list[str]]]:
    found = []
    for each in asked:
        begun = time.perf_counter()
        names = search(each)
        found.append((1000 * (time.perf_counter() - begun), names))
    return found


def _share(found: Sequence[tuple[float, list[str]]], nearest: Sequence[NDArray[np.int64]], first: int) -> float:
    right = [
        len(set(names[:first]) & {str(_name(int(place))) for place in places[:first]})
        for (_, names), places in zip(found, nearest, strict=True)
    ]
    return 100 * sum(right) / (first * len(right))
