"""Carries out one digest run from its slot to its messages: plans the parts, posts them in order, records the result.

All parts are recorded with frozen payloads before any is posted. One process at a time claims a run; a process that
finds a run unfinished continues from the state in the ledger.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bots.chat.secret_texts import without_secrets
from bots.delivery import endings
from bots.delivery.admin_notices import PREFIX
from bots.delivery.channel_turns import ChannelTurns
from bots.delivery.due_runs import WINDOW
from bots.delivery.endings import HANDED_BACK, Claimed, Ending, Parts
from bots.delivery.held_claims import HeldClaims, paused
from bots.delivery.mentions import as_agreed
from bots.delivery.part_delivery import PartDelivery
from bots.delivery.steps import Step, Wait
from bots.digests.builder import DigestBuilder
from bots.domain.digests import Digest, Part
from bots.domain.errors import AdapterFault, PaperwireError, PostRefused, StoreError
from bots.domain.runs import HELD, Delivery, Run, RunState, delivery_key, run_key
from bots.domain.slots import Slot, due_at, quiet_until, waits_until
from bots.domain.subscriptions import Subscription
from bots.ports import Clock, Dispatcher, Observer, Store, Unobserved
from bots.presentation.digest_text import empty_line
from bots.translation.languages import load_languages
from bots.translation.speech import speaking

_log = logging.getLogger(__name__)

#: A digest is made within this time, including the sources' timeouts; after it another process may claim the run.
CLAIM = timedelta(minutes=6)
#: For a longer wait, a little more than a lease, the run is postponed and the process does not sleep.
_PATIENCE = timedelta(seconds=100)
#: Digests made at the same time: the blurbs of each keep a core busy.
_MADE_AT_ONCE = 8
#: Prefix of a run's subscription id if the digest belongs to no subscription.
BY_HAND = "now:"
_Work = TypeVar("_Work")


@dataclass(frozen=True, kw_only=True, slots=True)
class RunExecutor:
    """Carries runs out."""

    store: Store
    digest_builder: DigestBuilder
    part_delivery: PartDelivery
    clock: Clock
    #: How late a part may still be posted; a later part is abandoned, and its papers are in the next digest.
    window: timedelta = WINDOW
    claim: timedelta = CLAIM
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    #: Callback for a run whose adapter made no parts of its digest.
    uncomposed: Callable[[Run, AdapterFault], Awaitable[None]] | None = None
    observer: Observer = field(default_factory=Unobserved)
    _making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MADE_AT_ONCE))
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _turns: ChannelTurns = field(default_factory=ChannelTurns)
    _ours: HeldClaims = field(default_factory=HeldClaims)

    def stop(self) -> None:
        """Start nothing new: a run in progress finishes its current part and is released."""
        self._stopping.set()

    async def execute(self, key: str) -> bool:
        """Carry out a run, or the rest of it, record its result and the reason, and return whether it has ended.

        If the database refuses a change, or is away, the run keeps its recorded state; as soon as the database answers
        it is released, and carried out again.
        """
        try:
            with self.observer.span("run", run=key):
                async with self._making:
                    claimed = await self._claimed(key)
                    planned = await self._handed_back(claimed.run, self._plan(claimed)) if claimed else ()
                return await self._go_on(claimed.run, planned) if claimed else False
        except StoreError as error:
            _log.error("a run could not be recorded; it is retried later", extra={"run": key, "error": str(error)})
            # Half of the claim: the rest is for clocks that differ.
            await self._ours.let_go(key, self.store, self.clock, self._pause, within=self.claim / 2)
            return False
        finally:
            self._ours.keys.discard(key)

    async def _go_on(self, run: Run, planned: Ending | Parts) -> bool:
        """Post the planned parts unless the run has ended already, record the ending; return whether it is final."""
        ending = planned if isinstance(planned, Ending) else await self._handed_back(run, self._post(run, planned))
        await self._end(run, ending)
        return ending.state.is_final

    async def _claimed(self, key: str) -> Claimed | None:
        """Return the run as it was before we claimed it; None if we could not claim it."""
        if self._stopping.is_set():
            return None
        run, now = await self.store.run(key), self.clock()
        if run is None:
            return None
        subscription = await self.store.subscription(run.subscription_id)
        if not await self._is_here(run, subscription):
            return None
        is_ours = await self._ours.claim(key, self.store, now, now + self.claim)
        return Claimed(run=run, subscription=subscription, at=now) if is_ours else None

    async def _is_here(self, run: Run, subscription: Subscription | None) -> bool:
        """Return whether a run's platform is connected; if not, the run is left to another process or a later start."""
        if subscription is not None:
            return subscription.channel.platform in self.part_delivery.adapters
        kept = await self.store.deliveries(run.key)
        return not kept or kept[0].part.channel.platform in self.part_delivery.adapters

    async def _handed_back(self, run: Run, work: Awaitable[_Work]) -> _Work | Ending:
        """Return how the work ended; if it is cancelled, release the run for the next process."""
        try:
            return await work
        except StoreError:
            raise
        except PaperwireError as error:
            return Ending(state=RunState.FAILED, note=f"{error}")
        except asyncio.CancelledError:
            await asyncio.shield(self._end(run, HANDED_BACK))
            raise

    async def _end(self, run: Run, ending: Ending) -> None:
        now, note = self.clock(), without_secrets(ending.note)
        await self.store.move_run(run.key, ending.state, now=now, note=note, not_before=ending.not_before)
        if ending.state.is_final:
            self.observer.run_ended(ending.state, (now - run.created).total_seconds())
        until = ending.not_before.isoformat() if ending.not_before else ""
        more = {"run": run.key, "state": ending.state.value, "note": note, "not_before": until}
        _log.info("a run was postponed" if until else "a run ended", extra=more)

    # ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _plan(self, claimed: Claimed) -> Ending | Parts:
        """Return the run's recorded parts, which are made if there are none; an ending if there is nothing to post."""
        run, subscription, now = claimed.run, claimed.subscription, self.clock()
        by_hand = run.subscription_id.startswith((BY_HAND, PREFIX))
        # Who records the parts of a run by hand claims nothing; every other run is claimed before it has parts.
        kept = await self.store.deliveries(run.key) if by_hand or run.started else ()
        if by_hand:
            return kept or Ending(state=RunState.FAILED, note="it was stopped before its parts were recorded")
        if subscription is None or subscription.rests(now):
            how = "gone" if subscription is None else "paused"
            return await self._withdraw(run, f"the subscription is {how}")
        if now > endings.latest(subscription, run, self.window):
            return await self._withdraw(run, "it is too late to post it; the next digest covers its papers")
        if quiet := quiet_until(subscription, now):
            return Ending(state=RunState.QUEUED, note="quiet hours", not_before=quiet)
        if kept:
            return kept
        if held := await self._held(subscription, run, now):
            return held
        async with self._turns.of(run.key, subscription.channel, self.store, self.clock, self._pause) as is_ours:
            if is_ours:
                return await self._make(subscription, claimed)
        return HANDED_BACK if self._stopping.is_set() else endings.busy(self.clock())

    async def _held(self, subscription: Subscription, run: Run, now: datetime) -> Ending | None:
        """Return the ending of a run whose workspace accepts nothing at present; None if the digest can be made."""
        if run.note.startswith(HELD):
            newest = await self.store.last_run(subscription.id, until=Slot.at(now, subscription.timezone))
            if newest is not None and newest.key != run.key:
                return Ending(state=RunState.SKIPPED, note="it was held until the next one, which covers its papers")
        wait = self.part_delivery.lost_access.making(subscription.channel, now)
        return Ending(state=RunState.QUEUED, note=wait.why, not_before=wait.until) if wait else None

    async def _withdraw(self, run: Run, why: str) -> Ending:
        """Abandon the parts that were not posted, after a look-up of those that may have been."""
        while part := endings.first_open(await self.store.deliveries(run.key)):
            await self._wait(run, await self.part_delivery.take(part, withdrawn=why))
        parts = await self.store.deliveries(run.key)
        return endings.outcome(parts) if parts else Ending(state=RunState.SKIPPED, note=why)

    async def _make(self, subscription: Subscription, claimed: Claimed) -> Ending | Parts:
        run = claimed.run
        # A digest speaks the language of its channel; the ledger's notes on it are English.
        language = load_languages().of(subscription.language, subscription.channel.platform)
        with speaking(language):
            digest = await self.digest_builder.of_slot(subscription, run.slot)
        now, until = self.clock(), waits_until(subscription, due_at(subscription, run.slot))
        if waits := endings.waiting(digest, now, until):
            return waits
        missing = endings.missing_in(digest)
        # Mostly nothing is missing, and the claim is a few seconds old: then the database is spared a transaction.
        if missing != run.missing or abs(now - claimed.at) > self.claim / 4:
            await self.store.move_run(
                run.key, RunState.RUNNING, now=now, not_before=now + self.claim, missing=missing, claimed=True
            )
        if endings.is_silent(subscription, digest):
            return Ending(state=RunState.DONE, note=f"nothing was posted: {empty_line(digest)}")
        adapter = self.part_delivery.adapter(digest.channel.platform)
        digest = await self.digest_builder.who_cares.named(digest, adapter.members)
        try:
            with speaking(language):
                parts = self.compose(endings.with_waiting(subscription, digest))
        except AdapterFault as fault:
            if self.uncomposed:
                await self.uncomposed(run, fault)
            raise
        return await self._record(run, parts)

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the messages a digest would be posted as.

        Raises:
            ChannelGone: the channel's adapter is not connected.
            AdapterFault: it made no messages.
        """
        return self.part_delivery.adapter(digest.channel.platform).compose(digest)

    async def _record(self, run: Run, parts: tuple[Part, ...]) -> Parts:
        fresh = [Delivery(key=delivery_key(run.key, part), run_key=run.key, part=part) for part in parts]
        kept = await self.store.plan(run.key, fresh)
        _log.info("parts were planned", extra={"run": run.key, "parts": len(kept)})
        return kept

    # ── posting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _post(self, run: Run, parts: Parts) -> Ending:
        """Post the remaining of the recorded parts in order; return a postponed ending if a platform asks for time."""
        claimed = self.clock()
        step: Step | Wait | None = None
        while part := endings.first_open(parts):
            if why := await self._stops(run, step, parts):
                return await self._withdraw(run, why)
            if self._stopping.is_set():
                return HANDED_BACK
            # A clock that was set back leaves a claim in the future, which other machines would respect for as long.
            if abs(self.clock() - claimed) > self.claim / 2:
                claimed = self.clock()
                await self._renew(run, claimed + self.claim)
            part = await as_agreed(part, self.part_delivery, self.digest_builder.who_cares)
            step = await self.part_delivery.take(part)
            if isinstance(step, Wait) and step.until - self.clock() > _PATIENCE:
                return Ending(state=RunState.RUNNING, note=step.why, not_before=step.until)
            await self._wait(run, step)
            parts = await self.store.deliveries(run.key)
        return endings.outcome(parts)

    async def _stops(self, run: Run, step: Step | Wait | None, parts: tuple[Delivery, ...]) -> str:
        """Return why the rest of a run must not be posted after a step; empty if it goes on."""
        # Before the first step nothing has changed since the run was planned.
        subscription = await self.store.subscription(run.subscription_id) if step else None
        if subscription is not None and not subscription.enabled:
            return "the subscription is paused"
        return "the channel accepts no posts" if step is Step.GONE else endings.headless(parts)

    async def _wait(self, run: Run, step: Step | Wait) -> None:
        if isinstance(step, Wait):
            await self._renew(run, step.until + self.claim)
            await self._pause(max(0.0, (step.until - self.clock()).total_seconds()))

    async def _renew(self, run: Run, until: datetime) -> None:
        await self.store.move_run(run.key, RunState.RUNNING, now=self.clock(), not_before=until, claimed=True)

    async def _pause(self, seconds: float) -> bool:
        return await paused(seconds, self.sleep, self._stopping)

    # ── started by the operator ──────────────────────────────────────────────────────────────────────────────────────

    async def post_now(self, digest: Digest) -> Run:
        """Post a digest outside any subscription, through the same ledger, and return its run when it has ended.

        Raises:
            PostRefused: a digest was posted to this channel within the same minute.
            ChannelGone: the channel's adapter is not connected.
            StoreError: the ledger cannot be written.
        """
        now = self.clock()
        name, slot = f"{BY_HAND}{digest.channel}", Slot.at(now, ZoneInfo("UTC"))
        # Claimed from the start: another process must not find the run without its parts.
        run = Run(
            key=run_key(name, slot), subscription_id=name, slot=slot, created=now,
            state=RunState.RUNNING, started=now, not_before=now + self.claim,
        )  # fmt: skip
        parts = self.compose(digest)
        if not await self.store.open_run(run):
            raise PostRefused("A digest was posted to this channel in this minute.", hint="Retry in the next minute.")
        await self._go_on(run, await self._record(run, parts))
        return await self.store.run(run.key) or run

    async def take_over(self) -> None:
        """Free the runs of processes of this machine that have ended; their parts are looked up before a post."""
        for key in await self.store.take_over():
            _log.warning("a run of a process that has ended is continued", extra={"run": key})

    async def resume(self, dispatcher: Dispatcher) -> int:
        """Dispatch every run that is ready to be claimed, oldest first, and return how many."""
        await self.take_over()
        await dispatcher.dispatch(*(ready := await self.store.ready(self.clock())))
        return len(ready)
