"""The index of public papers, in the database; see `bots.ports.PaperIndex`."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    delete,
    func,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bots.domain.channels import Channel
from bots.domain.digests import Posting
from bots.domain.papers import Paper, PaperId
from bots.search.records import IndexNews, NewsMark, WordCounts, WordHit
from bots.search.weights import IN_MEMORY
from bots.selection.query import Query
from bots.store import nearness
from bots.store._conditions import broad
from bots.store._database import Database, Transaction, chunks, take_turns, upsert, whole
from bots.store._index_rows import index
from bots.store._names import every_name
from bots.store._racks import seen_from
from bots.store.records import PAPER, read_name
from bots.store.tables import (
    paper,
    posted_paper,
    private_paper,
    search_entry,
    search_vector,
    search_word,
    tenant,
)

#: Rows of the index that are read at once: a megabyte of vectors.
_NEWS = 5000
_HIT = (search_entry.c.paper, search_entry.c.title, search_entry.c.body, search_entry.c.names)
_COUNTED = text(
    "SELECT asked, (SELECT count(*) FROM search_text WHERE words @@ CAST(quote_literal(asked) AS tsquery)) "
    "FROM unnest(CAST(:stems AS text[])) AS asked"
)
#: The full-text index, which the steps of migration create: FTS5 in SQLite, two tsvectors in Postgres.
_FTS5 = table("search_text", column("rowid", Integer), column("rank"))
_VOCABULARY = table("search_text_words", column("term", Text), column("doc", Integer))
_TSVECTORS = table("search_text", column("number", Integer), column("words"), column("heads"))


class SqlIndex:
    """Searches the public papers."""

    _database: Database

    @whole
    async def word_counts(self, stems: Collection[str]) -> WordCounts:
        """Return how many papers contain each stem."""
        async with self._database.reading() as connection:
            papers = await connection.scalar(select(func.count()).select_from(search_entry))
            counted = _counted_by_fts5 if connection.dialect.name == "sqlite" else _counted_by_tsvector
            found = [row for some in chunks(sorted(stems)) for row in await connection.execute(counted(some))]
        numbers = {str(stem): int(number) for stem, number in map(tuple, found)}
        return WordCounts(papers=papers, found={stem: number for stem, number in numbers.items() if number})

    @whole
    async def word_hits(
        self,
        stems: Mapping[str, float],
        limit: int,
        *,
        every: bool = False,
        in_titles: bool = False,
        query: Query | None = None,
    ) -> tuple[WordHit, ...]:
        """Return papers that contain any of the stems; those with several, and with heavier ones, come first."""
        if not stems or limit < 1:
            return ()
        async with self._database.reading() as connection:
            hits = _hits_by_fts5 if connection.dialect.name == "sqlite" else _hits_by_tsvector
            wanted = hits(stems, every, in_titles).limit(limit)
            if query is not None:
                wanted = wanted.join(paper, paper.c.id == search_entry.c.paper).where(broad(query, paper))
            rows = (await connection.execute(wanted)).all()
        return tuple(
            WordHit(paper_id=read_name(row.paper), title=row.title, body=row.body, names=row.names) for row in rows
        )

    @whole
    async def index_news(self, since: NewsMark, *, model: str = "") -> IndexNews:
        """Return some of what was added to the index since a mark."""
        async with self._database.reading() as connection:
            titles = (await connection.execute(_since(search_entry, since.entry, "paper", "marks"))).all()
            packed = _since(search_vector, since.vector, "paper", "vector", "model")
            # Without a model none is told. Where the store finds near ones itself, they are too many to be read.
            vectors = (await connection.execute(packed)).all() if model else ()
            words = (await connection.execute(_since(search_word, since.word, "word"))).all()
        return IndexNews(
            titles=tuple((read_name(row.paper), row.marks) for row in titles),
            vectors=tuple((read_name(row.paper), row.vector) for row in vectors if row.model == model),
            words=tuple(row.word for row in words),
            mark=NewsMark(
                entry=titles[-1].number if titles else since.entry,
                vector=vectors[-1].number if vectors else since.vector,
                word=words[-1].number if words else since.word,
            ),
        )

    @whole
    async def index_shelf(self, limit: int) -> int:
        """Index public papers that were stored before there was an index; return how many."""
        missing = select(paper.c.body).outerjoin(search_entry, search_entry.c.paper == paper.c.id)
        missing = missing.where(search_entry.c.paper.is_(None)).limit(max(limit, 0))
        if not await self._database.rows(missing):
            return 0
        async with self._database.writing() as connection:
            await take_turns(connection)
            papers = [PAPER.read(row.body) for row in await connection.execute(missing)]
            await index(connection, papers)
        return len(papers)

    @whole
    async def unembedded(self, model: str, limit: int) -> tuple[Paper, ...]:
        """Return indexed papers without a vector of this model, the newest first."""
        made = and_(search_vector.c.paper == search_entry.c.paper, search_vector.c.model == model)
        bare = select(search_entry.c.paper).outerjoin(search_vector, made).where(search_vector.c.paper.is_(None))
        bare = bare.order_by(search_entry.c.number.desc()).limit(max(limit, 0))
        query = select(paper.c.body).join(found := bare.subquery(), found.c.paper == paper.c.id)
        return tuple(PAPER.read(row.body) for row in await self._database.rows(query))

    @whole
    async def index_vectors(self, model: str, vectors: Mapping[PaperId, bytes]) -> None:
        """Store the packed vectors of indexed papers."""
        async with self._database.writing() as connection:
            await take_turns(connection)
            for some in chunks(sorted(map(str, vectors))):
                indexed = select(search_entry.c.paper).where(search_entry.c.paper.in_(some))
                held = (await connection.scalars(indexed)).all()
                await connection.execute(delete(search_vector).where(search_vector.c.paper.in_(held)))
                rows = [{"paper": name, "model": model, "vector": vectors[read_name(name)]} for name in held]
                if rows:
                    await connection.execute(upsert(connection, search_vector), rows)

    @whole
    async def searches_vectors(self) -> bool:
        """Return whether there is an index of vectors, and so many of them that it finds near ones sooner."""
        async with self._database.reading() as connection:
            return nearness.is_made(connection._connection) and nearness.is_worth_it(connection._connection, IN_MEMORY)

    @whole
    async def near_vectors(
        self, model: str, vector: bytes, limit: int, *, query: Query | None = None
    ) -> tuple[tuple[PaperId, float], ...]:
        """Return the papers nearest to a vector, with their cosines, the nearest first."""
        async with self._database.reading() as connection:
            if limit < 1 or not nearness.is_made(connection._connection):
                return ()
            nearness.look_at(connection._connection, limit)
            rows = (await connection.execute(nearness.nearest(vector, limit, model, query))).all()
        # The index's own arithmetic is coarser in the sixth place.
        return tuple((read_name(row.paper), float(row.by)) for row in sorted(rows, key=lambda row: -row.by))

    @whole
    async def papers(self, papers: Collection[PaperId]) -> Mapping[PaperId, Paper]:
        """Return the public records of papers by the ids they are stored under."""
        found: dict[PaperId, Paper] = {}
        async with self._database.reading() as connection:
            for some in chunks(sorted(map(str, papers))):
                for row in await connection.execute(select(paper.c.body).where(paper.c.id.in_(some))):
                    kept = PAPER.read(row.body)
                    found[kept.id] = kept
        return found

    @whole
    async def own_papers(self, stems: Collection[str], limit: int, *, place: Channel) -> tuple[Paper, ...]:
        """Return private papers that may be shown in a place and contain any of the stems, the newest first."""
        texts = (private_paper.c.title_words, private_paper.c.abstract_words, _lower(private_paper.c.body["authors"]))
        holding = [each.contains(stem, autoescape=True) for stem in stems for each in texts]
        newest = (private_paper.c.published.desc().nulls_last(), private_paper.c.id)
        query = select(private_paper.c.body).where(seen_from(private_paper, place), or_(False, *holding))
        rows = await self._database.rows(query.order_by(*newest).limit(max(limit, 0)))
        return tuple(PAPER.read(row.body) for row in rows)

    @whole
    async def postings(self, papers: Collection[PaperId], *, place: Channel) -> Mapping[PaperId, tuple[Posting, ...]]:
        """Return where and when papers were posted in the workspace of a place, the latest first."""
        async with self._database.reading() as connection:
            named = await every_name(connection, [str(each) for each in papers], place)
            posted = await _posted(connection, frozenset[str]().union(*named.values()), place)
        return {each: found for each in papers if (found := _latest(posted, named[str(each)]))}


async def _posted(connection: Transaction, names: Iterable[str], place: Channel) -> dict[str, dict[Channel, Any]]:
    """Return the instants at which papers were posted, by name and channel."""
    columns = (posted_paper.c.paper, posted_paper.c.channel, posted_paper.c.posted_at, tenant.c.workspace)
    query = select(*columns).join(tenant, tenant.c.id == posted_paper.c.tenant_id).where(_is_seen_from(place))
    found: dict[str, dict[Channel, Any]] = {}
    for some in chunks(sorted(names)):
        for row in await connection.execute(query.where(posted_paper.c.paper.in_(some))):
            channel = Channel(platform=place.platform, workspace=row.workspace, channel=row.channel)
            found.setdefault(row.paper, {})[channel] = row.posted_at
    return found


def _is_seen_from(place: Channel) -> ColumnElement[bool]:
    """Return the condition that a posting is in the workspace of a place; without one, in the place itself."""
    here = and_(tenant.c.workspace.in_(("", place.workspace)), posted_paper.c.channel == place.channel)
    there = and_(tenant.c.workspace == place.workspace, literal(bool(place.workspace)))
    return and_(tenant.c.platform == place.platform, or_(here, there))


def _latest(posted: Mapping[str, Mapping[Channel, Any]], names: Iterable[str]) -> tuple[Posting, ...]:
    latest: dict[Channel, Any] = {}
    for name in names:
        for channel, at in posted.get(name, {}).items():
            latest[channel] = max(at, latest.get(channel, at))
    made = (Posting(channel=channel, at=at) for channel, at in latest.items())
    return tuple(sorted(sorted(made, key=lambda each: each.channel), key=lambda each: each.at, reverse=True))


def _since(rows: Any, number: int, *columns: str) -> Select[Any]:
    wanted = [rows.c[name] for name in ("number", *columns)]
    return select(*wanted).where(rows.c.number > number).order_by(rows.c.number).limit(_NEWS)


def _lower(value: Any) -> ColumnElement[str]:
    return func.lower(cast(value, Text))


def _counted_by_fts5(stems: list[str]) -> Any:
    return select(_VOCABULARY.c.term, _VOCABULARY.c.doc).where(_VOCABULARY.c.term.in_(stems))


def _counted_by_tsvector(stems: list[str]) -> Any:
    return _COUNTED.bindparams(stems=stems)


def _hits_by_fts5(stems: Mapping[str, float], every: bool, in_titles: bool) -> Select[Any]:
    # Stems hold only letters and digits, so none closes the quotes.
    asked = (" AND " if every else " OR ").join(f'"{stem}"' for stem in stems)
    matching = text("search_text MATCH :asked").bindparams(asked=f"{{title names}} : ({asked})" if in_titles else asked)
    source = _FTS5.join(search_entry, search_entry.c.number == _FTS5.c.rowid)
    return select(*_HIT).select_from(source).where(matching).order_by(_FTS5.c.rank)


def _hits_by_tsvector(stems: Mapping[str, float], every: bool, in_titles: bool) -> Select[Any]:
    asked = {stem: cast(literal(f"'{stem}'"), TSQUERY) for stem in stems}
    column_ = _TSVECTORS.c.heads if in_titles else _TSVECTORS.c.words
    joined = (" & " if every else " | ").join(f"'{stem}'" for stem in stems)
    weight: Any = literal(0.0)
    for stem, heavy in stems.items():
        for place in (_TSVECTORS.c.words, _TSVECTORS.c.heads):
            weight = weight + case((place.op("@@")(asked[stem]), heavy), else_=0.0)
    source = _TSVECTORS.join(search_entry, search_entry.c.number == _TSVECTORS.c.number)
    query = select(*_HIT).select_from(source).where(column_.op("@@")(cast(literal(joined), TSQUERY)))
    return query.order_by(weight.desc(), search_entry.c.number.desc())
