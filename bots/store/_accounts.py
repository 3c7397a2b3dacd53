"""One-time events, quota counts and installations, in the database."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, or_, select, update

from bots.domain.channels import Channel, Reader
from bots.domain.installations import Installation
from bots.store._credentials import reseal_credentials
from bots.store._database import Database, Transaction, inserted, tenant_of, upsert, whole, whole_for_all
from bots.store._secrets import Sealed, Vault
from bots.store.rules import COUNTED_DAYS, REMEMBERED, by_hand_of, check_spending
from bots.store.tables import delivery, digest_run, event, installation, metadata, quota_counter, tenant

_INSTALLED = select(installation, tenant.c.platform, tenant.c.workspace).join(tenant)


class SqlCounters:
    """Stores events and counts; see `bots.ports.Counters`."""

    _database: Database

    @whole
    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Record an event; return True for exactly one caller per kind and key."""
        async with self._database.writing() as connection:
            await connection.execute(delete(event).where(event.c.at < now - REMEMBERED))
            statement = upsert(connection, event).values(kind=kind, key=key, at=now)
            return await inserted(connection, statement.on_conflict_do_nothing())

    @whole
    async def undo_once(self, kind: str, key: str) -> None:
        """Forget an event."""
        async with self._database.writing() as connection:
            await connection.execute(delete(event).where(event.c.kind == kind, event.c.key == key))

    @whole
    async def spend(self, reader: Reader, kind: str, *, day: date, amount: int = 1, limit: int) -> bool:
        """Add to a person's count for a day; the database checks the limit and counts in one step."""
        check_spending(amount)
        if amount > limit:
            return False
        used = quota_counter.c.used + amount
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, Channel(platform=reader.platform, workspace=reader.workspace))
            old = quota_counter.c.day < day - timedelta(days=COUNTED_DAYS)
            await connection.execute(delete(quota_counter).where(quota_counter.c.tenant_id == owner, old))
            row = {"tenant_id": owner, "user": reader.user, "day": day, "kind": kind}
            statement = upsert(connection, quota_counter).values(used=amount, **row)
            keys = list(row)
            statement = statement.on_conflict_do_update(index_elements=keys, set_={"used": used}, where=used <= limit)
            return await inserted(connection, statement)


class SqlWorkspaces:
    """Stores installations and purges workspaces; see `bots.ports.Workspaces`."""

    _database: Database
    _vault: Vault

    @whole
    async def keep_installation(self, given: Installation) -> None:
        """Store an installation, replacing the one of the same workspace."""
        sealed = self._vault.seal({"token": given.token, "extra": dict(given.extra)})
        row = {
            "sealed": sealed.blob,
            "key_id": sealed.key_id,
            "enterprise": given.enterprise,
            "bot_user": given.bot_user,
            "scopes": list(given.scopes),
            "installed_by": given.installed_by,
            "installed_at": given.installed_at,
        }
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, Channel(platform=given.platform, workspace=given.workspace))
            statement = upsert(connection, installation).values(tenant_id=owner, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=row))

    @whole
    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation of a workspace."""
        row = await self._database.first(_INSTALLED.where(_is(platform, workspace)))
        return self._read(row) if row else None

    @whole_for_all
    async def installations(self, platform: str) -> tuple[Installation, ...]:
        """Return every installation on a platform, ordered by workspace."""
        query = _INSTALLED.where(tenant.c.platform == platform).order_by(tenant.c.workspace)
        return tuple(map(self._read, await self._database.rows(query)))

    @whole
    async def drop_installation(self, platform: str, workspace: str) -> bool:
        """Delete the installation of a workspace and nothing else; return False if there was none."""
        async with self._database.writing() as connection:
            owner = select(tenant.c.id).where(_is(platform, workspace)).scalar_subquery()
            gone = await connection.execute(delete(installation).where(installation.c.tenant_id == owner))
        return gone.rowcount == 1

    @whole_for_all
    async def reseal_installations(self) -> int:
        """Re-encrypt with the newest key everything that an older key encrypted; return how many rows."""
        async with self._database.writing() as connection:
            old = (await connection.execute(_INSTALLED.where(installation.c.key_id != self._vault.key_id))).all()
            for row in old:
                sealed = self._vault.seal(self._opened(row))
                fresh = update(installation).where(installation.c.tenant_id == row.tenant_id)
                await connection.execute(fresh.values(sealed=sealed.blob, key_id=sealed.key_id))
            return len(old) + await reseal_credentials(connection, self._vault)

    def _opened(self, row: Any) -> Any:
        sealed = Sealed(blob=row.sealed, key_id=row.key_id)
        return self._vault.open(sealed, f"The token of {row.platform}:{row.workspace}")

    def _read(self, row: Any) -> Installation:
        secret = self._opened(row)
        return Installation(
            platform=row.platform,
            workspace=row.workspace,
            token=secret["token"],
            enterprise=row.enterprise,
            bot_user=row.bot_user,
            scopes=tuple(row.scopes),
            installed_by=row.installed_by,
            installed_at=row.installed_at,
            extra=secret["extra"],
        )

    @whole_for_all
    async def workspaces(self, platform: str) -> tuple[str, ...]:
        """Return every workspace of a platform that has stored data."""
        named = and_(tenant.c.platform == platform, tenant.c.workspace != "")
        query = select(tenant.c.workspace).where(named).order_by(tenant.c.workspace)
        return tuple(row.workspace for row in await self._database.rows(query))

    @whole_for_all
    async def purge_workspace(self, platform: str, workspace: str) -> int:
        """Delete every row that belongs to a workspace, in one transaction; return the number of rows."""
        async with self._database.writing() as connection:
            owner = await connection.scalar(select(tenant.c.id).where(_is(platform, workspace)).with_for_update())
            if owner is None:
                return 0
            await _part_runs(connection, owner, by_hand_of(platform, workspace))
            gone = 0
            for table in _owned():
                gone += (await connection.execute(delete(table).where(table.c.tenant_id == owner))).rowcount
            gone += (await connection.execute(delete(tenant).where(tenant.c.id == owner))).rowcount
        await self._database.scrub()
        return gone


def _is(platform: str, workspace: str) -> ColumnElement[bool]:
    return and_(tenant.c.platform == platform, tenant.c.workspace == workspace)


def _owned() -> Iterator[Table]:
    """Return every table whose rows belong to tenants, referenced tables last."""
    return (table for table in reversed(metadata.sorted_tables) if "tenant_id" in table.c)


async def _part_runs(connection: Transaction, owner: int, by_hand: str) -> None:
    """Assign each run to exactly one tenant before a workspace is deleted.

    A run without a subscription belongs to the tenant it was posted to. A run whose subscription moved to another
    workspace may have parts of both tenants: it goes to the tenant that remains.
    """
    theirs = and_(delivery.c.run_key == digest_run.c.key, delivery.c.tenant_id != owner)
    ours = and_(delivery.c.run_key == digest_run.c.key, delivery.c.tenant_id == owner)
    heir = select(delivery.c.tenant_id).where(theirs).order_by(delivery.c.number).limit(1).scalar_subquery()
    shared = update(digest_run).where(digest_run.c.tenant_id == owner, exists().where(theirs))
    await connection.execute(shared.values(tenant_id=heir))
    no_tenant = select(tenant.c.id).where(_is("", "")).scalar_subquery()
    asked = or_(exists().where(ours), digest_run.c.subscription_id.startswith(by_hand, autoescape=True))
    lone = update(digest_run).where(digest_run.c.tenant_id == no_tenant, asked, ~exists().where(theirs))
    await connection.execute(lone.values(tenant_id=owner))
