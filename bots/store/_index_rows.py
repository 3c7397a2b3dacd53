"""Keeps the index of public papers in step with the shelf, within the shelf's own transactions."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select

from bots.domain.papers import Paper, PaperId
from bots.search.entries import SearchEntry, entry_of
from bots.store._database import Transaction, chunks, upsert
from bots.store.tables import search_entry, search_vector, search_word


async def index(connection: Transaction, papers: Sequence[Paper]) -> None:
    """Index papers; one whose texts are as before stays as it is, with its vector."""
    entries = {str(paper.id): entry_of(paper) for paper in papers}
    known: dict[str, str] = {}
    for some in chunks(entries):
        query = select(search_entry.c.paper, search_entry.c.key).where(search_entry.c.paper.in_(some))
        known.update((row.paper, row.key) for row in await connection.execute(query))
    fresh = {name: entry for name, entry in entries.items() if known.get(name) != entry.key}
    await _drop(connection, fresh.keys() & known.keys())
    for many in chunks(fresh.items()):
        await connection.execute(upsert(connection, search_entry), [_row(name, entry) for name, entry in many])
    words = sorted(frozenset[str]().union(*(entry.vocabulary for entry in fresh.values())))
    for written in chunks(words):
        held = select(search_word.c.word).where(search_word.c.word.in_(written))
        new = set(written) - set(await connection.scalars(held))
        # A row that conflicts would use up a number of Postgres all the same, so words that are known are not sent.
        if new:
            rows = [{"word": word} for word in sorted(new)]
            await connection.execute(upsert(connection, search_word).on_conflict_do_nothing(), rows)


async def unindex(connection: Transaction, gone: Iterable[PaperId]) -> None:
    """Remove papers from the index."""
    await _drop(connection, map(str, gone))


async def _drop(connection: Transaction, names: Iterable[str]) -> None:
    for some in chunks(names):
        for table in (search_entry, search_vector):
            await connection.execute(delete(table).where(table.c.paper.in_(some)))


def _row(name: str, entry: SearchEntry) -> dict[str, object]:
    return {
        "paper": name,
        "key": entry.key,
        "title": entry.title,
        "body": entry.body,
        "names": entry.names,
        "marks": entry.marks,
    }
