"""Mailboxes in the database."""

from typing import Any

from sqlalchemy import select, update

from bots.domain.mailboxes import PLATFORM, Mailbox
from bots.store._database import Database, Transaction, inserted, tenant_of, upsert, whole_for_all
from bots.store.tables import mailbox as table
from bots.store.tables import tenant

_HELD = select(table, tenant.c.workspace).join(tenant).where(tenant.c.platform == PLATFORM)


class SqlMailboxes:
    """Stores mailboxes; see `bots.ports.Mailboxes`."""

    _database: Database

    @whole_for_all
    async def keep_mailbox(self, mailbox: Mailbox) -> Mailbox:
        """Store a mailbox, unless another one has its address; return the stored one."""
        async with self._database.writing() as connection:
            held = await _first(connection, mailbox.address_key)
            if held is not None and held.id != mailbox.id:
                return held
            owner = await tenant_of(connection, mailbox.channel)
            row = {
                "address": mailbox.address,
                "address_key": mailbox.address_key,
                "secret": mailbox.secret,
                "created": mailbox.created,
                "confirmed": mailbox.confirmed,
            }
            # Another process may have stored the address in the meantime.
            fresh = upsert(connection, table).values(tenant_id=owner, **row).on_conflict_do_nothing()
            if not await inserted(connection, fresh):
                await connection.execute(
                    update(table)
                    .where(table.c.tenant_id == owner, table.c.address_key == mailbox.address_key)
                    .values(row)
                )
            return await _first(connection, mailbox.address_key) or mailbox

    @whole_for_all
    async def mailbox(self, mailbox_id: str) -> Mailbox | None:
        """Return a mailbox by its id."""
        row = await self._database.first(_HELD.where(tenant.c.workspace == mailbox_id))
        return _mailbox(row) if row else None

    @whole_for_all
    async def mailbox_of(self, address_key: str) -> Mailbox | None:
        """Return the mailbox with an address."""
        row = await self._database.first(_HELD.where(table.c.address_key == address_key))
        return _mailbox(row) if row else None

    @whole_for_all
    async def mailboxes(self) -> tuple[Mailbox, ...]:
        """Return all mailboxes, oldest first."""
        rows = await self._database.rows(_HELD.order_by(table.c.created, tenant.c.workspace))
        return tuple(map(_mailbox, rows))


async def _first(connection: Transaction, address_key: str) -> Mailbox | None:
    row = (await connection.execute(_HELD.where(table.c.address_key == address_key))).first()
    return _mailbox(row) if row else None


def _mailbox(row: Any) -> Mailbox:
    return Mailbox(
        id=row.workspace,
        address=row.address,
        address_key=row.address_key,
        secret=row.secret,
        created=row.created,
        confirmed=row.confirmed,
    )
