"""One digest run, from its slot to its messages: plan the parts, post them, record each.

The ledger protocol: all parts are recorded with frozen payloads before any is posted; a part is marked `sending`
under a lease before the platform is called; it is `sent` only when the platform confirmed it. Whoever finds a part
whose lease lapsed asks the platform before posting again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bots.channels import Slot, Subscription
from bots.digest import Digest, Part
from bots.errors import ChannelGone, PaperwireError, PostRefused, PostTooLarge, PostUnknown
from bots.phrases import counted
from bots.ports import Adapter, Adapters, Clock, Dispatcher, Store
from bots.runs import Delivery, DeliveryState, Run, RunState, delivery_key, run_key
from bots.service import Service
from bots.slots import Due, missed

_log = logging.getLogger(__name__)

#: Must outlast every adapter's time-out for one call, or a post still under way would be taken for a lost one.
LEASE = timedelta(seconds=90)
#: A part refused so often is dead; with the platforms' own Retry-After this is minutes, not seconds.
MAX_ATTEMPTS = 6
#: The longest wait for a platform that says "later"; past it the part is handed back and resumed.
MAX_WAIT = timedelta(minutes=2)
#: The wait where a refusal names none; doubled at each attempt.
FIRST_WAIT = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Opens runs that are due and carries them out."""

    store: Store
    service: Service
    adapters: Adapters
    clock: Clock
    #: How late a slot may still be posted; an older one is skipped, and its papers come with the next digest.
    window: timedelta = timedelta(hours=6)
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)

    async def open_due(self, order: Subscription) -> str | None:
        """Open the run of the newest slot that is due, mark older missed ones skipped; return its key if we won it.

        An order for a platform that is not connected here is left to the process that has it.
        """
        if order.channel.platform not in self.adapters:
            return None
        now = self.clock()
        slots = missed(order, await self._since(order), now)
        if not slots:
            return None
        for old in slots[:-1]:
            await self._skip(order, old, now)
        newest = slots[-1]
        if now - newest.at > self.window:
            await self._skip(order, newest, now)
            return None
        run = _run(order, newest, now)
        return run.key if await self.store.open_run(run) else None

    async def _since(self, order: Subscription) -> datetime:
        """Return the instant after which slots count as missed: the last recorded slot, or the order's placing."""
        last = await self.store.last_run(order.id)
        placed = order.created or self.clock()
        if last is None:
            return placed
        recorded = datetime.combine(last.slot.day, last.slot.time, tzinfo=order.timezone)
        return max(placed, recorded)

    async def _skip(self, order: Subscription, due: Due, now: datetime) -> None:
        run = _run(order, due, now)
        if await self.store.open_run(run):
            note = f"missed by {(now - due.at).total_seconds() / 3600:.1f} h; its papers stay for the next digest"
            await self.store.move_run(run.key, RunState.SKIPPED, now=now, note=note)
            _log.warning("a slot was skipped", extra={"run": run.key, "note": note})

    async def carry_out(self, key: str) -> None:
        """Carry out a run, or what is left of it; its end and its reason are recorded, never raised."""
        run = await self.store.run(key)
        if run is None or run.state not in (RunState.QUEUED, RunState.RUNNING):
            return
        try:
            state, note = await self._deliver(run)
        except PaperwireError as error:
            state, note = RunState.FAILED, str(error)
        if state is not RunState.RUNNING:
            await self.store.move_run(key, state, now=self.clock(), note=note)
        _log.info("a run ended", extra={"run": key, "state": state, "note": note})

    async def _deliver(self, run: Run) -> tuple[RunState, str]:
        await self.store.move_run(run.key, RunState.RUNNING, now=self.clock())
        for delivery in await self._planned(run):
            await self._post(delivery)
        return _outcome(await self.store.deliveries(run.key))

    async def _planned(self, run: Run) -> tuple[Delivery, ...]:
        """Return the run's parts: those planned before, or new ones made from a fresh digest."""
        kept = await self.store.deliveries(run.key)
        if kept:
            return kept
        order = await self.store.subscription(run.subscription_id)
        if order is None:
            return ()
        digest = await self.service.digest(order, run.slot.day)
        return await self._plan(run, self.compose(digest))

    def adapter(self, platform: str) -> Adapter:
        """Return the connected adapter of a platform.

        Raises:
            ChannelGone: there is none; the message says which there are.
        """
        try:
            return self.adapters[platform]
        except KeyError:
            known = ", ".join(sorted(self.adapters)) or "none"
            raise ChannelGone(f"No adapter named {platform!r} is connected (connected: {known}).") from None

    async def _post(self, delivery: Delivery) -> None:
        """Bring one part to an end, or leave it under its lease when nobody knows what became of it."""
        if delivery.state is DeliveryState.SENDING and await self._adopt(delivery):
            return
        if delivery.state not in (DeliveryState.PLANNED, DeliveryState.SENDING):
            return
        for attempt in range(delivery.attempts, MAX_ATTEMPTS):
            wait = await self._attempt(delivery, attempt)
            if wait is None:
                return
            await self.sleep(wait.total_seconds())
        await self.store.release(delivery.key, DeliveryState.DEAD, error=f"refused {MAX_ATTEMPTS} times")

    async def _adopt(self, delivery: Delivery) -> bool:
        """Look for a part whose answer was lost; True when there is nothing left to do for now."""
        now = self.clock()
        if delivery.lease_until and delivery.lease_until > now:
            return True
        adapter = self.adapter(delivery.part.channel.platform)
        try:
            found = await adapter.find(delivery.part.channel, delivery.key, delivery.first_attempt_at or now)
        except PostUnknown as error:
            # Nobody can say whether it was posted: holding it cannot double it, and the admin is told.
            await self.store.release(delivery.key, DeliveryState.AMBIGUOUS, error=str(error))
            _log.error("a part is held: it may or may not be posted", extra={"part": delivery.key})
            return True
        if found:
            await self.store.confirm(delivery.key, found, now=now)
        return found is not None

    async def _attempt(self, delivery: Delivery, attempt: int) -> timedelta | None:
        """Post once; return how long to wait before the next attempt, None when there is to be none."""
        now = self.clock()
        if not await self.store.lease(delivery.key, now=now, until=now + LEASE):
            return None
        try:
            message = await self.adapter(delivery.part.channel.platform).post(delivery.part, delivery.key)
        except PostRefused as error:
            await self.store.release(delivery.key, DeliveryState.PLANNED, error=str(error))
            return _wait(error, attempt)
        except (ChannelGone, PostTooLarge) as error:
            await self.store.release(delivery.key, DeliveryState.DEAD, error=str(error))
            await self._pause(delivery, error)
            return None
        except PostUnknown as error:
            _log.warning("no answer to a post; it is looked for when its lease lapses", extra={"error": str(error)})
            return None
        await self.store.confirm(delivery.key, message, now=self.clock())
        return None

    async def _pause(self, delivery: Delivery, error: PaperwireError) -> None:
        """Switch off a standing order whose channel is gone, so that it does not fail again every day."""
        run = await self.store.run(delivery.run_key)
        order = await self.store.subscription(run.subscription_id) if run else None
        if order and isinstance(error, ChannelGone):
            await self.store.keep_subscription(replace(order, enabled=False))
            _log.error("a subscription is paused", extra={"subscription": order.id, "error": str(error)})

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the messages a digest would be posted as.

        Raises:
            ChannelGone: the channel's adapter is not connected.
        """
        return self.adapter(digest.channel.platform).compose(digest)

    async def post_now(self, digest: Digest) -> Run:
        """Post a digest that no schedule asked for, through the same ledger, and return how its run ended.

        Raises:
            PostRefused: one was posted to this channel within the same minute.
            ChannelGone: the channel's adapter is not connected.
            StoreError: the ledger cannot be written.
        """
        now = self.clock()
        name, slot = f"now:{digest.channel}", Slot.at(now, ZoneInfo("UTC"))
        run = Run(key=run_key(name, slot), subscription_id=name, slot=slot, created=now)
        parts = self.compose(digest)
        if not await self.store.open_run(run):
            raise PostRefused("A digest was posted to this channel within this minute.", hint="Wait for the next one.")
        await self._plan(run, parts)
        await self.carry_out(run.key)
        return await self.store.run(run.key) or run

    async def _plan(self, run: Run, parts: tuple[Part, ...]) -> tuple[Delivery, ...]:
        fresh = [Delivery(key=delivery_key(run.key, part), run_key=run.key, part=part) for part in parts]
        return await self.store.plan(run.key, fresh)

    async def resume(self, dispatcher: Dispatcher) -> int:
        """Dispatch every run that was begun and not ended, and return how many."""
        begun = [
            run
            for state in (RunState.QUEUED, RunState.RUNNING)
            for run in await self.store.runs(state=state, limit=1000)
        ]
        for run in begun:
            await dispatcher.dispatch(run.key)
        return len(begun)


def _run(order: Subscription, due: Due, now: datetime) -> Run:
    return Run(key=run_key(order.id, due.slot), subscription_id=order.id, slot=due.slot, created=now)


def _wait(error: PostRefused, attempt: int) -> timedelta:
    asked = timedelta(seconds=error.retry_after) if error.retry_after is not None else FIRST_WAIT * 2**attempt
    return min(asked, MAX_WAIT)


def _outcome(deliveries: tuple[Delivery, ...]) -> tuple[RunState, str]:
    """Say how a run stands, judged by its parts."""
    if not deliveries:
        return RunState.FAILED, "the subscription is gone"
    states = [delivery.state for delivery in deliveries]
    sent = states.count(DeliveryState.SENT)
    if sent == len(states):
        papers = sum(len(delivery.part.paper_ids) for delivery in deliveries)
        return RunState.DONE, f"{counted(papers, 'paper')} in {counted(sent, 'part')}"
    if any(state in (DeliveryState.PLANNED, DeliveryState.SENDING) for state in states):
        return RunState.RUNNING, "parts are still on their way"
    errors = "; ".join(delivery.last_error for delivery in deliveries if delivery.last_error)
    return RunState.FAILED, f"{sent} of {len(states)} parts posted: {errors}"
