"""The statements on runs and parts that every digest needs, built once: see `bots.store._places` for why."""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Time,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from bots.domain.runs import DeliveryState, RunState
from bots.store._database import upserts
from bots.store._places import among, in_channel
from bots.store._server_time import ServerTime
from bots.store.columns import AnyText, Instant
from bots.store.rules import ON_THE_WAY, OPEN
from bots.store.tables import delivery, digest_run, posted_paper, subscription, tenant

_NEWEST = (digest_run.c.slot_day.desc(), digest_run.c.slot_time.desc(), digest_run.c.key.desc())
NEWEST_RUNS = select(digest_run).order_by(digest_run.c.created.desc(), *_NEWEST)
#: In an UPDATE, a parameter may not have the name of a column.
_THIS_RUN, _THIS_PART = digest_run.c.key == bindparam("run"), delivery.c.key == bindparam("part")

OWNER = select(subscription.c.tenant_id).where(subscription.c.id == bindparam("subscription"))
TENANT = select(tenant).where(tenant.c.id == bindparam("id"))

PARTS = (
    select(delivery, tenant.c.platform, tenant.c.workspace)
    .join(tenant, delivery.c.tenant_id == tenant.c.id)
    .join(digest_run, delivery.c.run_key == digest_run.c.key)
    .order_by(digest_run.c.created, digest_run.c.key, delivery.c.number, delivery.c.key)
)
PARTS_OF_RUN = PARTS.where(delivery.c.run_key == bindparam("run"))
PARTS_ON_THE_WAY = PARTS.where(delivery.c.state.in_(ON_THE_WAY), in_channel(delivery.c.channel))
NEW_PARTS = delivery.insert()

FREE_CHANNEL = update(digest_run).where(_THIS_RUN).values(making=None)
OWN_RUN = update(digest_run).where(_THIS_RUN).values(tenant_id=bindparam("owner"))

SENT = (
    update(delivery)
    .where(_THIS_PART)
    .values(state=DeliveryState.SENT, message_id=bindparam("message"), lease_until=None, last_error="")
    .returning(delivery.c.tenant_id, delivery.c.channel, delivery.c.paper_ids)
)
SEEN = {name: statement.on_conflict_do_nothing() for name, statement in upserts(posted_paper).items()}
_POSTED_HERE = select(posted_paper.c.paper).join(tenant).where(in_channel(posted_paper.c.channel))
POSTED = _POSTED_HERE.where(among(posted_paper.c.paper))
POSTED_BEFORE = POSTED.where(posted_paper.c.posted_at < bindparam("before"))


def _last_run(*, whole: bool, until: bool) -> Select[Any]:
    query = select(digest_run).where(digest_run.c.subscription_id == bindparam("subscription"))
    if whole:
        query = query.where(digest_run.c.state == RunState.DONE, digest_run.c.missing == "")
    if until:
        day, time = bindparam("day", type_=Date()), bindparam("time", type_=Time())
        same_day = and_(digest_run.c.slot_day == day, digest_run.c.slot_time <= time)
        query = query.where(or_(digest_run.c.slot_day < day, same_day))
    return query.order_by(*_NEWEST).limit(1)


#: By whether the run must be whole, and whether there is a last slot.
LAST_RUN = {(whole, until): _last_run(whole=whole, until=until) for whole in (False, True) for until in (False, True)}


def _leased() -> Any:
    lapsed = bindparam("lapsed", type_=Boolean())
    over = or_(delivery.c.lease_until.is_(None), delivery.c.lease_until <= bindparam("now", type_=Instant()), lapsed)
    free = or_(delivery.c.state == DeliveryState.PLANNED, and_(delivery.c.state == DeliveryState.SENDING, over))
    known = delivery.c.attempts == func.coalesce(bindparam("known", type_=Integer()), delivery.c.attempts)
    told = bindparam("told", type_=Instant())
    return update(delivery).where(_THIS_PART, free, known).values(
        state=DeliveryState.SENDING,
        attempts=delivery.c.attempts + 1,
        lease_until=bindparam("until"),
        first_attempt_at=func.coalesce(delivery.c.first_attempt_at, bindparam("now", type_=Instant())),
        posted_after=func.coalesce(delivery.c.posted_after, told),
    )  # fmt: skip


LEASED = _leased()


class RunStatements:
    """The statements whose instants are on the clock that the processes of a database share."""

    def __init__(self, time: ServerTime) -> None:
        self._time = time
        free = self._free()
        self.opened = {
            name: statement.values(not_before=time.parameter("until"))
            .on_conflict_do_nothing()
            .execution_options(preserve_rowcount=True)
            for name, statement in upserts(digest_run).items()
        }
        self.run: Select[Any] = select(digest_run, *time.columns()).where(_THIS_RUN)
        self.claimed = update(digest_run).where(_THIS_RUN, digest_run.c.state.in_(OPEN), free).values(
            state=RunState.RUNNING,
            started=self._started(),
            not_before=time.parameter("until"),
            claimed_by=bindparam("claimant"),
            making=None,
        )  # fmt: skip
        self.others = (
            select(digest_run.c.key)
            .where(
                digest_run.c.making == bindparam("channel"),
                digest_run.c.key != bindparam("run"),
                digest_run.c.state == RunState.RUNNING,
                ~free,
            )
            .limit(1)
        )
        self.reserved = update(digest_run).where(_THIS_RUN).values(making=bindparam("channel"))
        self.moved = self._moved()

    def _free(self) -> ColumnElement[bool]:
        return or_(digest_run.c.not_before.is_(None), digest_run.c.not_before <= self._time.parameter("due"))

    def _started(self) -> ColumnElement[Any]:
        return func.coalesce(digest_run.c.started, bindparam("now", type_=Instant()))

    def _moved(self) -> Any:
        kept = case((bindparam("claimed", type_=Boolean()), digest_run.c.making), else_=None)
        return update(digest_run).where(_THIS_RUN).values(
            state=bindparam("into"),
            note=bindparam("said"),
            # Without `now`, the time of the start stays as it is.
            started=self._started(),
            finished=bindparam("ended"),
            not_before=self._time.parameter("until"),
            claimed_by=bindparam("claimant"),
            making=kept,
            missing=func.coalesce(bindparam("lacking", type_=AnyText()), digest_run.c.missing),
        )  # fmt: skip
