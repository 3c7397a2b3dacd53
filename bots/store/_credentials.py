"""Credentials in the database; their secrets are encrypted."""

from typing import Any

from sqlalchemy import and_, delete, select, update

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.store._database import Database, Transaction, tenant_of, upsert, whole_for_all, whole_for_some
from bots.store._secrets import Sealed, Vault
from bots.store.tables import credential as table
from bots.store.tables import tenant

_HELD = select(table, tenant.c.platform, tenant.c.workspace).join(tenant)


class SqlCredentials:
    """Stores credentials; see `bots.ports.Credentials`."""

    _database: Database
    _vault: Vault

    @whole_for_all
    async def keep_credential(self, credential: Credential) -> None:
        """Store a credential, replacing the one of its kind and id."""
        sealed = self._vault.seal(credential.secrets) if credential.secrets else None
        async with self._database.writing() as connection:
            row = {
                "tenant_id": await tenant_of(connection, credential.channel),
                "channel": credential.channel.channel,
                "created": credential.created,
                "facts": dict(credential.facts),
                "sealed": sealed.blob if sealed else None,
                "key_id": sealed.key_id if sealed else "",
            }
            statement = upsert(connection, table).values(kind=credential.kind, id=credential.id, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["kind", "id"], set_=row))

    @whole_for_all
    async def credential(self, kind: CredentialKind, credential_id: str) -> Credential | None:
        """Return a credential by its id."""
        row = await self._database.first(_HELD.where(table.c.kind == kind, table.c.id == credential_id))
        return self._credential(row) if row else None

    @whole_for_some
    async def credentials(self, kind: CredentialKind, channel: Channel | None = None) -> tuple[Credential, ...]:
        """Return the credentials of a kind, of one channel or of all, oldest first."""
        query = _HELD.where(table.c.kind == kind).order_by(table.c.created, table.c.id)
        if channel is not None:
            query = query.where(
                tenant.c.platform == channel.platform,
                tenant.c.workspace == channel.workspace,
                table.c.channel == channel.channel,
            )
        return tuple(map(self._credential, await self._database.rows(query)))

    @whole_for_all
    async def drop_credential(self, kind: CredentialKind, credential_id: str) -> bool:
        """Delete a credential; return False if there was none."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(table).where(table.c.kind == kind, table.c.id == credential_id))
        await self._database.scrub()
        return gone.rowcount == 1

    def _credential(self, row: Any) -> Credential:
        sealed = Sealed(blob=row.sealed, key_id=row.key_id) if row.sealed is not None else None
        return Credential(
            kind=CredentialKind(row.kind),
            id=row.id,
            channel=Channel(platform=row.platform, workspace=row.workspace, channel=row.channel),
            created=row.created,
            facts=row.facts,
            secrets=self._vault.open(sealed, _named(row)) if sealed else {},
        )


async def reseal_credentials(connection: Transaction, vault: Vault) -> int:
    """Re-encrypt with the newest key every credential that an older key encrypted; return how many.

    Raises:
        StoreError: none of the keys decrypts one of them.
    """
    old = _HELD.where(table.c.sealed.is_not(None), table.c.key_id != vault.key_id)
    rows = (await connection.execute(old)).all()
    for row in rows:
        fresh = vault.seal(vault.open(Sealed(blob=row.sealed, key_id=row.key_id), _named(row)))
        mine = and_(table.c.kind == row.kind, table.c.id == row.id)
        await connection.execute(update(table).where(mine).values(sealed=fresh.blob, key_id=fresh.key_id))
    return len(rows)


def _named(row: Any) -> str:
    return f"The {row.kind} of {row.platform}:{row.workspace}"
