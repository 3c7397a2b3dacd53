"""The index of vectors in Postgres: in step with the store, the answers of a comparison in memory, and what is said."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from bots.digests.vectors import VectorService
from bots.domain.papers import Paper, PaperId, Signals
from bots.ranking.vectors import WIDTH
from bots.search.image import Image
from bots.search.packing import PACKED, pack
from bots.search.records import IndexNews
from bots.selection import parse_query
from bots.store import _index, inspection, nearness
from bots.store.copying import copy
from bots.store.inspection import inspect
from bots.store.operations import Place
from bots.store.sql import SqlStore, open_store
from bots.usecases.search_index import SearchIndex
from tests.store.stores import address, needs_postgres, see_all
from tests.support import postgres
from tests.support.factories import DAY, NOW

pytestmark = [
    needs_postgres,
    pytest.mark.skipif(bool(postgres.GIVEN), reason="the given server's extensions are its own"),
]

MODEL = "m"
PAPERS = 1500


@pytest.fixture(scope="module")
def place() -> str:
    """The address of a database of a server with the extension."""
    return postgres.make_database(extension="vector").render_as_string(hide_password=False)


@pytest.fixture
async def store(place: str) -> AsyncIterator[SqlStore]:
    """A store with the extension, which keeps what the tests before left."""
    async with open_store(place) as store:
        see_all(store)
        yield store


def vectors(number: int, seed: int = 3) -> dict[PaperId, bytes]:
    """Return vectors in clusters, as those of texts are, by their papers."""
    dice = np.random.default_rng(seed)
    centres = dice.normal(0, 1, (40, WIDTH))
    rows = centres[dice.integers(40, size=number)] + dice.normal(0, 0.7, (number, WIDTH))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {name_of(place): row.astype("<f2").tobytes() for place, row in enumerate(rows)}


def name_of(number: int) -> PaperId:
    """Return the id of a paper."""
    return PaperId.arxiv(f"2601.{number:05}")


def a_paper(number: int) -> Paper:
    """Return a paper; one in fifty has many upvotes."""
    signals = Signals(upvotes=99 if number % 50 == 0 else 1)
    return Paper(id=name_of(number), title=f"Paper {number}", abstract=f"On {number}.", published=NOW, signals=signals)


async def filled(store: SqlStore) -> dict[PaperId, bytes]:
    """Store the papers and their vectors, once; return the vectors."""
    made = vectors(PAPERS)
    if not await store.near_vectors(MODEL, made[name_of(0)], 1):
        for start in range(0, PAPERS, 500):
            await store.remember([a_paper(each) for each in range(start, start + 500)], source="arxiv:cs.CL", day=DAY)
        await store.index_vectors(MODEL, {name: pack(vector) for name, vector in made.items()})
    return made


def in_memory(made: dict[PaperId, bytes]) -> Image:
    """Return the index in memory with the same vectors."""
    image = Image()
    image.learn(IndexNews(vectors=tuple((name, pack(vector)) for name, vector in made.items())))
    return image


async def test_the_answers_are_those_of_memory(store: SqlStore) -> None:
    """Of the ten nearest by a comparison with every vector at least 95 % are found, with the same cosines, in order."""
    made = await filled(store)
    image, found_of_ten = in_memory(made), 0
    for asked in list(vectors(60, seed=4).values()):
        expected = {each.paper_id: each.by for each in image.near_vectors(asked, 10, -1)}
        found = await store.near_vectors(MODEL, asked, 10)
        assert 10 == len(found)
        assert [by for _, by in found] == sorted((by for _, by in found), reverse=True)
        found_of_ten += len(expected.keys() & dict(found).keys())
        for name, by in found:
            assert by == pytest.approx(expected.get(name, by), abs=0.005)
    assert found_of_ten >= 0.95 * 600


async def test_what_a_query_leaves_out_does_not_count(store: SqlStore) -> None:
    """With a query that one paper in fifty matches, the nearest ones that match are found, as many as wanted."""
    made = await filled(store)
    few = {name_of(number): made[name_of(number)] for number in range(0, PAPERS, 50)}
    asked = vectors(1, seed=5)[name_of(0)]
    expected = [each.paper_id for each in in_memory(few).near_vectors(asked, 20, -1)]
    found = [name for name, _ in await store.near_vectors(MODEL, asked, 20, query=parse_query("upvotes:>50"))]
    assert 20 == len(found)
    assert len(set(expected) & set(found)) >= 19


async def test_the_index_keeps_in_step(store: SqlStore) -> None:
    """A vector of another model, a new one of a paper, one that is gone, and one without a word to read."""
    made = await filled(store)
    name, other = name_of(7), name_of(8)
    asked = made[name]
    assert name == (await store.near_vectors(MODEL, asked, 1))[0][0]
    assert () == await store.near_vectors("other", asked, 5)
    await store.index_vectors(MODEL, {name: pack(made[other]), other: pack(bytes(2 * WIDTH))})
    assert name == (await store.near_vectors(MODEL, made[other], 1))[0][0]
    assert name not in dict(await store.near_vectors(MODEL, asked, 1))
    for version, title in ((1, "Paper 7"), (2, "Knots")):
        await store.remember([replace(a_paper(7), version=version, title=title)], source="arxiv:cs.CL", day=DAY)
    near = await store.near_vectors(MODEL, made[other], 200)
    assert name not in dict(near)
    assert [] == [by for each, by in near if each == other and by > 0.4]
    await store.index_vectors(MODEL, {each: pack(made[each]) for each in (name, other)})


async def test_the_index_is_used(store: SqlStore) -> None:
    """Postgres reads the nearest ones from the index, and words from the full-text index, when there are many rows."""
    made = await filled(store)
    async with store._database.writing() as connection:
        # Of 1,500 rows a scan is cheaper; the plan without one is that for many rows.
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        await connection.exec_driver_sql("SET LOCAL enable_sort = off")
        nearness.look_at(connection._connection, 10)
        near = nearness.nearest(made[name_of(0)], 10, MODEL, None)
        words = _index._hits_by_tsvector({"paper": 1.0}, False, False)
        plans = [await plan_of(connection, each) for each in (near, words)]
        (counted,) = [await plan_of(connection, _index._COUNTED.bindparams(stems=["paper"]))]
    assert "Index Scan using ix_search_near_near" in plans[0]
    assert "Bitmap Index Scan on ix_search_text_words" in plans[1]
    assert "Bitmap Index Scan on ix_search_text_words" in counted


async def plan_of(connection: object, query: object) -> str:
    """Return how Postgres would carry a query out."""
    compiled = query.compile(connection._connection.engine, compile_kwargs={"literal_binds": False})  # type: ignore[attr-defined]  # a transaction and a query
    found = await connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)  # type: ignore[attr-defined]  # as above
    return "\n".join(row[0] for row in found)


async def test_few_vectors_are_compared_in_memory(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is used from the number on at which it is quicker; then no vector is read into memory."""
    made = await filled(store)
    assert not await store.searches_vectors()
    monkeypatch.setattr(_index, "IN_MEMORY", PAPERS - 10)
    assert await store.searches_vectors()
    index = SearchIndex(index=store, vectors=VectorService(cache=store, clock=lambda: NOW))
    monkeypatch.setattr(SearchIndex, "_model", _model)
    image = await index.ready()
    assert [False] * 2 == [image.has_vector(name_of(each)) for each in (0, 1)]
    (near,) = await index.near(made[name_of(1)], 1)
    assert name_of(1) == near.paper_id
    assert near.by == pytest.approx(1, abs=0.005)
    assert () == await index.near(made[name_of(1)], 1, least=1.1)


async def _model(_index: object) -> str:
    return MODEL


def test_the_numbers_are_those_of_the_encoder() -> None:
    """The table's width, and the bytes that the trigger reads, are those of the vectors."""
    assert (WIDTH, PACKED) == (nearness.WIDTH, 388)


# ── without the extension ────────────────────────────────────────────────────────────────────────────────────────────


async def test_without_the_right_the_product_works_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who may not create the extension gets today's search, and one sentence when vectors are many."""
    with address("postgres", tmp_path) as place:
        async with open_store(place) as store:
            await store.remember([a_paper(1), a_paper(2)], source="arxiv:cs.CL", day=DAY)
            await store.index_vectors(MODEL, {each: pack(vector) for each, vector in vectors(3).items()})
            assert (False, ()) == (await store.searches_vectors(), await store.near_vectors(MODEL, bytes(768), 5))
        assert [] == [each for each in inspect(Place.of(place)).troubles if each.check == "vectors"]
        monkeypatch.setattr(inspection, "IN_MEMORY", 1)
        (trouble,) = [each for each in inspect(Place.of(place)).troubles if each.check == "vectors"]
        assert "because the server does not let this user create the extension vector" in trouble.says
        # What the operator is told to do is done, and what is stored already is in the index.
        postgres._run("CREATE EXTENSION vector", Place.of(place).url.database)
        Place.of(place).upgrade()
        assert [] == [each for each in inspect(Place.of(place)).troubles if each.check == "vectors"]
        async with open_store(place) as store:
            assert 2 == len(await store.near_vectors(MODEL, vectors(3)[name_of(0)], 5))


async def test_a_superuser_creates_it(tmp_path: Path) -> None:
    """An upgrade creates the extension where it may."""
    with address("postgres", tmp_path) as place:
        superuser = Place(url=Place.of(place).url.set(username=postgres.server().username))
        superuser.upgrade()
        with superuser.engine() as engine, engine.connect() as connection:
            assert nearness.is_made(connection)


async def test_an_index_that_a_superuser_makes_is_the_owners() -> None:
    """A superuser who opens the database, if only for the doctor, does not keep the owner from indexing papers."""
    owner = postgres.make_database()
    async with open_store(owner.render_as_string()):
        pass
    superuser = postgres.server().set(database=owner.database)
    async with open_store(superuser.render_as_string()):
        pass
    with Place.of(owner.render_as_string()).engine() as engine, engine.begin() as connection:
        assert nearness.is_made(connection)
        assert 0 == connection.scalar(text("SELECT count(*) FROM search_near"))
        connection.execute(text("DROP TABLE search_near"))


async def test_who_may_only_write_rows_makes_no_index() -> None:
    """A role without the right to make tables starts although the extension is there and the index is not made."""
    owner = postgres.make_database()
    async with open_store(owner.render_as_string()):
        pass
    superuser = postgres.server().set(database=owner.database)
    role = f"app_{owner.database}"
    with Place.of(superuser.render_as_string()).engine() as engine, engine.begin() as connection:
        for statement in (
            f"CREATE ROLE {role} LOGIN",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "CREATE EXTENSION vector",
        ):
            connection.execute(text(statement))
    async with open_store(owner.set(username=role).render_as_string()) as store:
        see_all(store)
        assert () == tuple(await store.subscriptions())
    with Place.of(superuser.render_as_string()).engine() as engine, engine.connect() as connection:
        assert not nearness.is_made(connection)


async def test_a_copy_fills_the_index(tmp_path: Path, store: SqlStore, place: str) -> None:
    """Vectors that are copied are in the index of the copy: triggers fill it, whoever writes."""
    made = await filled(store)
    target = postgres.make_database(extension="vector").render_as_string(hide_password=False)
    copy(Place.of(place), Place.of(target))
    async with open_store(target) as other:
        assert name_of(3) == (await other.near_vectors(MODEL, made[name_of(3)], 1))[0][0]
