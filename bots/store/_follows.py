"""What is followed, and who may be mentioned, in the database."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select

from bots.domain.channels import Channel, Reader
from bots.domain.follows import Consents, Follow, FollowKind
from bots.store._database import Database, inserted, tenant_of, upsert, whole
from bots.store._places import IN_WORKSPACE, at, in_channel, in_workspace
from bots.store.rules import utc
from bots.store.tables import consent, tenant
from bots.store.tables import follow as followed

_FOLLOWED = (
    select(followed.c.kind, followed.c.text, followed.c.at)
    .join(tenant)
    .where(IN_WORKSPACE, followed.c.channel == bindparam("channel"), followed.c.user == bindparam("user"))
    .order_by(followed.c.at, followed.c.kind, followed.c.key)
)
_CONSENTS = (
    select(consent.c.user, consent.c.home).join(tenant).where(in_channel(consent.c.channel)).order_by(consent.c.user)
)


class SqlFollows:
    """Stores what people and channels follow; see `bots.ports.Follows`."""

    _database: Database

    @whole
    async def keep_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """Let a person or a channel follow something; return False and change nothing if they do already."""
        kind, key = follow.key
        row = {**_whose(who), "kind": str(kind), "key": key, "text": follow.text, "at": utc(follow.at)}
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, _place(who))
            statement = upsert(connection, followed).values(tenant_id=owner, **row)
            return await inserted(connection, statement.on_conflict_do_nothing())

    @whole
    async def drop_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """End that a person or a channel follows something; return False if they do not."""
        kind, key = follow.key
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, _place(who))
            its = and_(*(followed.c[name] == value for name, value in _whose(who).items()))
            this = and_(followed.c.tenant_id == owner, its, followed.c.kind == str(kind), followed.c.key == key)
            return (await connection.execute(delete(followed).where(this))).rowcount > 0

    @whole
    async def follows(self, who: Channel | Reader) -> tuple[Follow, ...]:
        """Return what a person or a channel follows, oldest first."""
        rows = await self._database.rows(_FOLLOWED, {**in_workspace(who), **_whose(who)})
        return tuple(Follow(kind=FollowKind(row.kind), text=row.text, at=row.at) for row in rows)

    @whole
    async def agree(self, channel: Channel, reader: Reader, *, now: datetime) -> bool:
        """Record that a person may be mentioned in a channel; return False if they may already."""
        row = {"channel": channel.channel, "user": reader.user, "home": reader.workspace, "at": utc(now)}
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            statement = upsert(connection, consent).values(tenant_id=owner, **row)
            return await inserted(connection, statement.on_conflict_do_nothing())

    @whole
    async def withdraw(self, channel: Channel, user: str) -> bool:
        """Record that a person, or without a user anyone, may not be mentioned in a channel; False if so already."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            this = and_(consent.c.tenant_id == owner, consent.c.channel == channel.channel, consent.c.user == user)
            return (await connection.execute(delete(consent).where(this))).rowcount > 0

    @whole
    async def consents(self, channel: Channel) -> Consents:
        """Return who may be mentioned in a channel."""
        rows = await self._database.rows(_CONSENTS, at(channel))
        people = (Reader(platform=channel.platform, workspace=row.home, user=row.user) for row in rows if row.user)
        return Consents(allowed=any(not row.user for row in rows), readers=tuple(people))


def _whose(who: Channel | Reader) -> dict[str, str]:
    return {"channel": "", "user": who.user} if isinstance(who, Reader) else {"channel": who.channel, "user": ""}


def _place(who: Channel | Reader) -> Channel:
    return Channel(platform=who.platform, workspace=who.workspace)
