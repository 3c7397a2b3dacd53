"""The operator's actions: read the ledger, retry a run, replay a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import groupby

from bots.chat.phrases import counted
from bots.delivery.operator_results import PartRow, Replayed, Retried, RunRow
from bots.delivery.run_executor import RunExecutor
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, PaperwireError
from bots.domain.runs import Delivery, DeliveryState, Run, RunState, run_key
from bots.domain.slots import Due, Slot, missed
from bots.domain.subscriptions import Subscription
from bots.ports import Store

#: No source has a list of an earlier day.
_FIRST_DAY = date(1991, 8, 14)
#: Number of recent runs that a search or suggestion covers.
_REMEMBERED = 500
_BECAME = {
    RunState.QUEUED: "was postponed",
    RunState.RUNNING: "is under way",
    RunState.DONE: "was carried out",
    RunState.FAILED: "failed",
    RunState.SKIPPED: "was skipped",
}
_GIVEN_UP = (DeliveryState.DEAD, DeliveryState.AMBIGUOUS)
_CLOSED = (DeliveryState.SENT, *_GIVEN_UP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """Carries out the operator's commands."""

    store: Store
    executor: RunExecutor

    async def runs(
        self, *, state: RunState | None = None, subscription_id: str | None = None, limit: int
    ) -> tuple[RunRow, ...]:
        """Return runs, newest first."""
        subscriptions = await self._subscriptions()
        found = await self.store.runs(state=state, subscription_id=subscription_id, limit=limit)
        return tuple(RunRow(run=run, subscription=subscriptions.get(run.subscription_id)) for run in found)

    async def parts(
        self, *, state: DeliveryState | None = None, run: str | None = None, limit: int
    ) -> tuple[PartRow, ...]:
        """Return parts, those of the newest run first; within a run, in reading order.

        Raises:
            BadCommand: there is no such run.
        """
        subscriptions = await self._subscriptions()
        found = await self._parts_of(await self._run(run), state) if run else await self._newest_parts(state, limit)
        return tuple(
            PartRow(part=part, subscription=subscriptions.get(_subscription_of(part.run_key))) for part in found[:limit]
        )

    async def _parts_of(self, run: Run, state: DeliveryState | None) -> list[Delivery]:
        return list(await self.store.deliveries(run.key, state=state))

    async def _newest_parts(self, state: DeliveryState | None, limit: int) -> list[Delivery]:
        """Return parts of the newest runs first: at least `limit`, or all there are."""
        if state not in (None, DeliveryState.SENT):
            # Few parts are in such a state at any time; posted parts accumulate over years.
            by_run = groupby(await self.store.deliveries(state=state), lambda part: part.run_key)
            return [part for group in reversed([list(parts) for _, parts in by_run]) for part in group]
        found: list[Delivery] = []
        for run in await self.store.runs(limit=_REMEMBERED):
            if len(found) < limit:
                found += await self._parts_of(run, state)
        return found

    async def _subscriptions(self) -> dict[str, Subscription]:
        return {subscription.id: subscription for subscription in await self.store.subscriptions()}

    async def _run(self, key: str) -> Run:
        run = await self.store.run(key)
        if run is None:
            known = [each.key for each in await self.store.runs(limit=_REMEMBERED)]
            near = [each for each in known if key in each][:3] or get_close_matches(key, known, n=3, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else "List the runs with: paperwire runs"
            raise BadCommand(f"There is no run {key!r}.", hint=hint)
        return run

    # ── retry a run ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def retry(self, key: str, *, repost: bool = False) -> Retried:
        """Queue a run again with the parts that were given up, and carry it out if its platform is connected here.

        Args:
            key: the key of the run.
            repost: also post held parts, and parts whose papers a later digest has shown.

        Raises:
            BadCommand: there is no such run, or nothing is left to do for it.
        """
        await self.executor.take_over()
        run = await self._run(key)
        parts = await self.store.deliveries(key)
        risky = [*_in_state(parts, DeliveryState.AMBIGUOUS), *await self._shown_since(parts)]
        given_up = [part for part in parts if part.state in _GIVEN_UP and (repost or part not in risky)]
        self._check(run, parts, given_up)
        for part in given_up:
            await self.store.revive(part.key)
        now = self.executor.clock()
        # With `not_before` at this instant the run is not late, however long ago its slot was.
        await self.store.move_run(key, RunState.QUEUED, now=now, note="to be retried", not_before=now)
        subscription = await self.store.subscription(run.subscription_id)
        here = await self._execute(
            key, parts[0].part.channel if parts else subscription.channel if subscription else None
        )
        row = RunRow(run=await self._run(key), subscription=subscription)
        return Retried(row=row, revived=len(given_up), left=0 if repost else len(risky), here=here)

    async def _shown_since(self, parts: tuple[Delivery, ...]) -> list[Delivery]:
        """Return the dead parts with a paper that the channel has seen, because a later digest posted it."""
        dead = _in_state(parts, DeliveryState.DEAD)
        return [part for part in dead if await self.store.posted(part.part.channel, part.part.paper_ids)]

    def _check(self, run: Run, parts: tuple[Delivery, ...], given_up: list[Delivery]) -> None:
        """Reject a retry that cannot achieve anything.

        Raises:
            BadCommand: a retry achieves nothing; the message says why.
        """
        if run.state is RunState.RUNNING and run.not_before and run.not_before > self.executor.clock():
            hint = f"Retry after {run.not_before:%Y-%m-%d %H:%M} UTC: the run is released by then."
            raise BadCommand(f"The run {run.key} is under way.", hint=hint)
        if given_up or any(part.state not in _CLOSED for part in parts):
            return
        again = f"paperwire retry {run.key} --repost"
        if held := _in_state(parts, DeliveryState.AMBIGUOUS):
            raise BadCommand(
                f"{counted(len(held), 'part')} of {run.key} may or may not have been posted.",
                hint=f"Check the channel first. To post them, even if they are there already: {again}",
            )
        if dead := _in_state(parts, DeliveryState.DEAD):
            raise BadCommand(
                f"{counted(len(dead), 'part')} of {run.key} would show papers that a later digest has shown.",
                hint=f"To post them anyway: {again}",
            )
        if run.state is RunState.DONE:
            raise BadCommand(
                f"The run {run.key} is done, and none of its parts was given up: {run.note or 'no details are known'}."
            )

    async def _execute(self, key: str, channel: Channel | None) -> bool:
        here = channel is not None and channel.platform in self.executor.part_delivery.adapters
        if here:
            await self.executor.execute(key)
        return here

    # ── replay a day ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def replay(self, day: date, *, subscription_id: str | None = None, dry_run: bool) -> tuple[Replayed, ...]:
        """Process the slots of a day again, for every subscription or for one.

        Args:
            day: in each subscription's own time zone.
            subscription_id: only this subscription.
            dry_run: return what each digest would have been, and post nothing; otherwise carry out the slots that have
                no run, or whose run failed or was skipped.

        Raises:
            BadCommand: there is no such subscription, or no digest can be of that day.
        """
        _check_day(day, self.executor.clock())
        made: list[Replayed] = []
        for subscription in await self._named(subscription_id):
            dues = _slots_of(subscription, day)
            if not dues:
                made.append(
                    Replayed(subscription=subscription, said=_why_no_slot(subscription, day, self.executor.clock()))
                )
            made += [
                await (self._shown(subscription, due) if dry_run else self._again(subscription, due)) for due in dues
            ]
        return tuple(made)

    async def _named(self, subscription_id: str | None) -> tuple[Subscription, ...]:
        subscriptions = await self.store.subscriptions()
        if subscription_id is None:
            return subscriptions
        named = tuple(subscription for subscription in subscriptions if subscription.id == subscription_id)
        if not named:
            raise BadCommand(
                f"There is no subscription {subscription_id!r}.", hint="List them with: paperwire subscriptions"
            )
        return named

    async def _shown(self, subscription: Subscription, due: Due) -> Replayed:
        if due.slot.day > Slot.at(self.executor.clock(), subscription.timezone).day:
            return Replayed(subscription=subscription, due=due, said="is not due yet")
        try:
            digest = await self.executor.digest_builder.of_slot(subscription, due.slot, before=due.at)
        except PaperwireError as error:
            return Replayed(subscription=subscription, due=due, said=f"could not be made: {error}", failed=True)
        return Replayed(subscription=subscription, due=due, said="would have been posted", digest=digest)

    async def _again(self, subscription: Subscription, due: Due) -> Replayed:
        """Carry out a slot that was not posted; otherwise report the state of its run."""
        now = self.executor.clock()
        if due.at > now:
            return Replayed(subscription=subscription, due=due, said="is not due yet")
        key = run_key(subscription.id, due.slot)
        # With `not_before` at this instant the run is not late.
        fresh = Run(key=key, subscription_id=subscription.id, slot=due.slot, created=now, not_before=now)
        if await self.store.open_run(fresh):
            here = await self._execute(key, subscription.channel)
            return _replayed(subscription, due, await self._run(key), here=here)
        run = await self._run(key)
        if run.state not in (RunState.SKIPPED, RunState.FAILED):
            said = "was posted" if await self.store.deliveries(key) else "was carried out"
            return Replayed(
                subscription=subscription, due=due, said=said if run.state is RunState.DONE else "is under way", run=run
            )
        try:
            retried = await self.retry(key)
        except PaperwireError as error:
            return Replayed(
                subscription=subscription, due=due, said=f"{error} {error.hint}".strip(), run=run, failed=True
            )
        return _replayed(subscription, due, retried.row.run, here=retried.here)


def _subscription_of(key: str) -> str:
    """Return the subscription id that a run's key contains."""
    return key.rpartition("@")[0]


def _in_state(parts: tuple[Delivery, ...], state: DeliveryState) -> list[Delivery]:
    return [part for part in parts if part.state is state]


def _slots_of(subscription: Subscription, day: date) -> tuple[Due, ...]:
    """Return a subscription's slots on a day in its own time zone; none if it was paused then."""
    begins = datetime.combine(day, time.min, tzinfo=subscription.timezone)
    dues = missed(subscription, begins - timedelta(days=1), begins + timedelta(days=2))
    return tuple(due for due in dues if due.slot.day == day)


def _check_day(day: date, now: datetime) -> None:
    # In the easternmost time zones it is already tomorrow.
    if not _FIRST_DAY <= day <= now.date() + timedelta(days=1):
        raise BadCommand(
            f"There can be no digest of {day}.", hint="Name a day that is not in the future: --day 2026-05-01."
        )


def _why_no_slot(subscription: Subscription, day: date, now: datetime) -> str:
    if subscription.rests(now):
        return "is paused"
    rested = subscription.resumes is not None and day <= subscription.resumes.astimezone(subscription.timezone).date()
    return "was paused then, or has no digest on that day" if rested else "has no digest on that day"


def _replayed(subscription: Subscription, due: Due, run: Run, *, here: bool) -> Replayed:
    if not here:
        said = "is queued: the running Paperwire that is connected to its platform carries it out within a minute"
        return Replayed(subscription=subscription, due=due, said=said, run=run)
    failed = run.state in (RunState.FAILED, RunState.SKIPPED)
    return Replayed(subscription=subscription, due=due, said=_BECAME[run.state], run=run, failed=failed)
