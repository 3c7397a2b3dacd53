"""Looks up every name of a paper within a transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bots.store._database import Transaction, chunks
from bots.store.tables import paper_name


async def every_name(connection: Transaction, names: Sequence[str]) -> dict[str, set[str]]:
    """Return, for each name, all names of the paper that has it."""
    known = {name: {name} for name in names}
    other = paper_name.alias()
    pairs = select(paper_name.c.name, other.c.name).join(other, paper_name.c.paper == other.c.paper)
    for some in chunks(known):
        found: Sequence[Any] = (await connection.execute(pairs.where(paper_name.c.name.in_(some)))).all()
        for name, also in found:
            known[name].add(also)
    return known
