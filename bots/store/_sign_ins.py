"""Sign-ins of the web page in the database: a row for each workspace of the person."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, select

from bots.domain.channels import Channel
from bots.domain.sign_ins import SignIn
from bots.store._database import Database, tenant_of, whole_for_all
from bots.store.rules import utc
from bots.store.tables import sign_in as table
from bots.store.tables import tenant

_HELD = select(table, tenant.c.platform, tenant.c.workspace).join(tenant)


class SqlSignIns:
    """Stores sign-ins; see `bots.ports.SignIns`."""

    _database: Database

    @whole_for_all
    async def keep_sign_in(self, given: SignIn) -> None:
        """Store a sign-in, replacing the one with the same key."""
        row = {
            "key": given.key, "user": given.user, "name": given.name, "operator": given.operator,
            "created": given.created, "expires": given.expires,
        }  # fmt: skip
        async with self._database.writing() as connection:
            await connection.execute(delete(table).where(table.c.key == given.key))
            for workspace in sorted(set(given.workspaces)):
                owner = await tenant_of(connection, Channel(platform=given.platform, workspace=workspace))
                await connection.execute(insert(table).values(tenant_id=owner, **row))

    @whole_for_all
    async def sign_in(self, key: str, *, now: datetime) -> SignIn | None:
        """Return the sign-in with a key, unless it has expired."""
        rows = await self._database.rows(
            _HELD.where(table.c.key == key, table.c.expires > utc(now)).order_by(tenant.c.workspace)
        )
        return _sign_in(rows) if rows else None

    @whole_for_all
    async def sign_ins(self, *, now: datetime) -> tuple[SignIn, ...]:
        """Return every sign-in that has not expired, the latest first."""
        order = (table.c.created.desc(), table.c.key, tenant.c.workspace)
        rows = await self._database.rows(_HELD.where(table.c.expires > utc(now)).order_by(*order))
        return tuple(_sign_in(list(group)) for _, group in groupby(rows, lambda row: row.key))

    @whole_for_all
    async def drop_sign_in(self, key: str) -> bool:
        """Delete a sign-in; return False if there is none."""
        async with self._database.writing() as connection:
            return bool((await connection.execute(delete(table).where(table.c.key == key))).rowcount)


def _sign_in(rows: Sequence[Any]) -> SignIn:
    row = rows[0]
    return SignIn(
        key=row.key,
        platform=row.platform,
        user=row.user,
        name=row.name,
        workspaces=tuple(each.workspace for each in rows),
        operator=row.operator,
        created=row.created,
        expires=row.expires,
    )
