"""Upkeep of the database: deletes the texts that have reached their end, and examines the file for damage."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, select, update

from bots.domain.runs import DeliveryState
from bots.store._database import Database, whole_for_all
from bots.store.rules import (
    AUDIT_DAYS,
    BLURB_DAYS,
    COUNTED_DAYS,
    KNOWN_DAYS,
    MESSAGE_DAYS,
    PRIVATE_DAYS,
    REMEMBERED,
    utc,
)
from bots.store.tables import (
    audit,
    delivery,
    digest_run,
    event,
    lease,
    private_name,
    private_paper,
    private_sighting,
    quota_counter,
    sign_in,
    summary_cache,
    vector_cache,
)


class SqlUpkeep:
    """Deletes old texts and finds damage; see `bots.ports.Workspaces`."""

    _database: Database

    @whole_for_all
    async def damage(self, *, seconds: float) -> tuple[str, ...]:
        """Return what is damaged in the file; a server checks its own data as it reads it."""
        return self._database.quick_check(seconds)

    @whole_for_all
    async def expire(self, *, now: datetime) -> int:
        """Delete the texts that have reached their end; return the number of rows."""
        async with self._database.writing() as connection:
            gone = 0
            for statement in _statements(utc(now)):
                gone += (await connection.execute(statement)).rowcount
        if gone:
            await self._database.scrub()
        return gone


def _statements(now: datetime) -> Iterator[Any]:
    today = now.date()
    yield delete(private_paper).where(private_paper.c.listed < today - timedelta(days=PRIVATE_DAYS))
    same = and_(*(private_name.c[each] == private_paper.c[each] for each in ("tenant_id", "channel")))
    yield delete(private_name).where(~exists().where(same, private_paper.c.id == private_name.c.paper))
    yield delete(private_sighting).where(private_sighting.c.day < today - timedelta(days=KNOWN_DAYS))
    yield delete(summary_cache).where(summary_cache.c.created < now - timedelta(days=BLURB_DAYS))
    yield delete(vector_cache).where(vector_cache.c.created < now - timedelta(days=BLURB_DAYS))
    yield delete(audit).where(audit.c.at < now - timedelta(days=AUDIT_DAYS))
    yield delete(event).where(event.c.at < now - REMEMBERED)
    # Of processes that died; on a server its clock counts, and a day is more than two clocks differ.
    yield delete(lease).where(lease.c.until < now - REMEMBERED)
    yield delete(quota_counter).where(quota_counter.c.day < today - timedelta(days=COUNTED_DAYS))
    yield delete(sign_in).where(sign_in.c.expires <= now)
    # What is left of a message is that it was sent, and which papers it had: they are not posted again.
    ended = select(digest_run.c.key).where(digest_run.c.finished < now - timedelta(days=MESSAGE_DAYS))
    sent = and_(delivery.c.state == DeliveryState.SENT, delivery.c.run_key.in_(ended))
    yield update(delivery).where(sent).values(payload={})
