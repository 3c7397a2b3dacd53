"""Looks up every name of a paper within a transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from bots.domain.channels import Channel
from bots.store._database import Transaction, chunks
from bots.store._places import among, tenant_at
from bots.store.tables import paper_name, private_name


async def every_name(connection: Transaction, names: Sequence[str], place: Channel) -> dict[str, set[str]]:
    """Return, for each name, all names of the paper that has it, as far as they may be known in a place."""
    known = {name: {name} for name in names}
    for query, values in ((_PUBLIC, {}), (_PRIVATE, _owners(place))):
        for some in chunks(list(known)):
            found: Sequence[Any] = (await connection.execute(query, {**values, "among": some})).all()
            for name, also in found:
                known[name].add(also)
    return known


def _public() -> Select[Any]:
    other = paper_name.alias()
    pairs = select(paper_name.c.name, other.c.name).join(other, paper_name.c.paper == other.c.paper)
    return pairs.where(among(paper_name.c.name))


def _private() -> Select[Any]:
    other = private_name.alias()
    same = and_(*(private_name.c[each] == other.c[each] for each in ("tenant_id", "channel", "paper")))
    pairs = select(private_name.c.name, other.c.name).join(other, same)
    # A place has at most two owners.
    seen = (
        and_(private_name.c.channel == bindparam(f"channel{number}"), private_name.c.tenant_id == _owner(number))
        for number in (0, 1)
    )
    return pairs.where(or_(*seen), among(private_name.c.name))


def _owner(number: int) -> Any:
    return tenant_at(f"platform{number}", f"workspace{number}")


def _owners(place: Channel) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for number, owner in enumerate((place.owners[0], place.owners[-1])):
        values |= {f"platform{number}": owner.platform, f"workspace{number}": owner.workspace}
        values[f"channel{number}"] = owner.channel
    return values


_PUBLIC, _PRIVATE = _public(), _private()
