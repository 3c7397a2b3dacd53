"""Looks up every name of a paper within a transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from bots.domain.channels import Channel
from bots.store._database import Transaction, chunks
from bots.store._racks import seen_from
from bots.store.tables import paper_name, private_name


async def every_name(connection: Transaction, names: Sequence[str], place: Channel) -> dict[str, set[str]]:
    """Return, for each name, all names of the paper that has it, as far as they may be known in a place."""
    known = {name: {name} for name in names}
    for query, name_column in (_public(), _private(place)):
        for some in chunks(list(known)):
            found: Sequence[Any] = (await connection.execute(query.where(name_column.in_(some)))).all()
            for name, also in found:
                known[name].add(also)
    return known


def _public() -> tuple[Select[Any], Any]:
    other = paper_name.alias()
    pairs = select(paper_name.c.name, other.c.name).join(other, paper_name.c.paper == other.c.paper)
    return pairs, paper_name.c.name


def _private(place: Channel) -> tuple[Select[Any], Any]:
    other = private_name.alias()
    same = and_(*(private_name.c[each] == other.c[each] for each in ("tenant_id", "channel", "paper")))
    pairs = select(private_name.c.name, other.c.name).join(other, same)
    return pairs.where(seen_from(private_name, place)), private_name.c.name
