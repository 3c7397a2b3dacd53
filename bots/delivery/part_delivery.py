"""Delivers one part to its channel: leases it, posts it and records the result.

This is the inner half of the ledger protocol. A part is `sending` under a lease before the platform is called, and
`sent` only after the platform confirmed it. After a lease expired without a recorded result, the platform is queried
for the message before the part is posted again.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bots.chat.secret_texts import without_secrets
from bots.delivery.adapter_guard import Guarded
from bots.delivery.faults import Faults
from bots.delivery.lease_watch import LeaseWatch, Ticks
from bots.delivery.lost_access import LostAccess
from bots.delivery.rate_limiter import RateLimiter
from bots.delivery.steps import (
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    MOST_FAULTS,
    SAID,
    UNSURE,
    OnUndelivered,
    Step,
    Wait,
    WhenUnknown,
    wait_after,
)
from bots.domain.errors import (
    AccessLost,
    AdapterFault,
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PostRefused,
    PostTooLarge,
    PostUnknown,
)
from bots.domain.runs import Delivery, DeliveryState
from bots.ports import Adapters, Clock, Ledger, Observer, PostOutcome, Unobserved
from bots.ports.rate_limits import CALL_TIMEOUT

_log = logging.getLogger(__name__)
_Made = TypeVar("_Made")

#: Exceeds the call's timeout by a minute; otherwise a post in progress would count as lost.
LEASE = timedelta(seconds=CALL_TIMEOUT + 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartDelivery:
    """Delivers parts to their channels."""

    ledger: Ledger
    adapters: Adapters
    clock: Clock
    #: Rate limiters by platform.
    rate_limiters: Mapping[str, RateLimiter]
    #: Why a platform that is set up is not connected, as a clause.
    absent: Mapping[str, str] = field(default_factory=dict)
    when_unknown: WhenUnknown = WhenUnknown.HOLD
    lease: timedelta = LEASE
    #: Timeout of a call; a lease must have at least this long left when a post begins.
    call: timedelta = timedelta(seconds=CALL_TIMEOUT)
    #: Returns how the operator sets up a platform that is installed; empty if no such platform is.
    set_up: Callable[[str], str] = field(default=lambda _platform: "")
    #: Returns monotonic seconds; without it the clock is taken to be steady, as in a simulation.
    ticks: Ticks | None = None
    #: Called for every part that is held or dead, with the reason.
    on_undelivered: OnUndelivered | None = None
    lost_access: LostAccess = field(default_factory=LostAccess)
    observer: Observer = field(default_factory=Unobserved)
    #: Posts in progress that must complete even if their callers were cancelled.
    _in_flight: set[asyncio.Task[Any]] = field(default_factory=set)
    _leases: LeaseWatch = field(default_factory=LeaseWatch)
    _faults: Faults = field(default_factory=Faults)

    def adapter(self, platform: str) -> Guarded:
        """Return the connected adapter of a platform, in its guard.

        Raises:
            ChannelGone: there is none; the message names the connected platforms.
        """
        try:
            return Guarded(adapter=self.adapters[platform], call=self.call.total_seconds())
        except KeyError:
            known = ", ".join(sorted(self.adapters)) or "none"
            why = self.absent.get(platform)
            if not why and (step := self.set_up(platform)):
                raise ChannelGone(f"{platform} is not set up here.", hint=step) from None
            said = f"because {why}" if why else f"(connected: {known})"
            raise ChannelGone(
                f"No adapter named {platform!r} is connected {said.rstrip('.')}.",
                hint="To see what is set up and what is wrong: paperwire doctor",
            ) from None

    async def take(self, delivery: Delivery, *, withdrawn: str = "") -> Step | Wait:
        """Deliver a part as far as possible now: to completion if all goes well.

        Args:
            delivery: the part as the ledger has it.
            withdrawn: why the part must not be posted any more; a part that may have been posted is still looked up.

        Raises:
            StoreError: the ledger cannot be written; the part stays as it was last recorded.
        """
        if delivery.state is DeliveryState.SENDING:
            known = await self._look_for(delivery)
            if known is not None:
                return known
        elif delivery.state is not DeliveryState.PLANNED:
            return Step.ENDED
        if withdrawn:
            return await self._give_up(delivery, DeliveryError(withdrawn), tell=False)
        if (held := self.lost_access.wait(delivery.part.channel, self.clock())) is not None:
            return held
        if (fault := self._faults.enough(delivery)) is not None:
            return await self._give_up(delivery, fault)
        rate_limiter = self.rate_limiters[self.adapter(delivery.part.channel.platform).platform]
        async with rate_limiter.turn(delivery.part.channel):
            return await self._to_its_end(self._attempt(delivery, rate_limiter))

    async def _look_for(self, delivery: Delivery) -> Step | Wait | None:
        """Look up a part whose response was lost; return None if it certainly was not posted."""
        now, most = self.clock(), max(self.lease, LONGEST_WAIT)
        if left := self._leases.left(delivery, self._ticks(), now, least=self.call, most=most):
            return Wait(until=now + left, why="a post is under way, or its answer was lost")
        adapter = self.adapter(delivery.part.channel.platform)
        try:
            since, root = await self._since(delivery, adapter), await self._root(delivery)
            found = await adapter.find(delivery.part.channel, delivery.key, since, root=root)
        except HistoryClosed as error:
            known = self._faults.last(delivery.part.channel) or error
            repeats = error.repeat or self.when_unknown is WhenUnknown.REPOST
            return None if repeats else await self._hold(delivery, known)
        except ChannelGone as error:
            return await self._give_up(delivery, error)
        except AccessLost as error:
            return await self.lost_access.lost(delivery.part.channel, error, self.clock())
        except (PostRefused, PostUnknown, AdapterFault) as error:
            self._faults.count(delivery.part.channel, error)
            if (enough := self._faults.enough(delivery)) is not None:
                return await self._hold(delivery, enough if isinstance(error, AdapterFault) else error)
            # A query counts as an attempt: the lease records it, and keeps other processes from asking meanwhile.
            now, wait = self.clock(), wait_after(error, delivery.attempts)
            until = now + wait
            if await self.ledger.lease(delivery.key, now=now, until=until, attempts=delivery.attempts, lapsed=True):
                self._leases.took(delivery, self._ticks(), least=timedelta(), most=wait)
            return Wait(until=until, why=f"the channel's history could not be read: {error}")
        if found is None:
            return None
        await self._confirm(delivery, found, PostOutcome.FOUND)
        return Step.ENDED

    async def _since(self, delivery: Delivery, adapter: Guarded) -> datetime:
        """Return where a search begins: by the platform's clock if it is known, else well before our own time."""
        if delivery.posted_after is not None:
            return delivery.posted_after
        now, told = self.clock(), await adapter.platform_time()
        ahead = max(timedelta(), now - told) if told else timedelta()
        return (delivery.first_attempt_at or now) - ahead - UNSURE

    def _ticks(self) -> float:
        return self.ticks() if self.ticks else self.clock().timestamp()

    async def _confirm(self, delivery: Delivery, message: str, outcome: PostOutcome) -> None:
        await self.ledger.confirm(delivery.key, message, now=self.clock())
        self._leases.forget(delivery)
        self._faults.forget(delivery.part.channel)
        self.lost_access.works(delivery.part.channel)
        self._say(outcome, delivery, message_id=message)

    async def _root(self, delivery: Delivery) -> str:
        """Return the id of the run's first message, the root of a thread; empty for that message itself."""
        if delivery.part.number == 1:
            return ""
        return next((part.message_id for part in await self.ledger.deliveries(delivery.run_key)), "")

    async def _attempt(self, delivery: Delivery, rate_limiter: RateLimiter) -> Step | Wait:
        adapter = self.adapter(delivery.part.channel.platform)
        try:
            # Recorded before the post: if its response is lost, the search begins here, whatever our clock shows then.
            told = delivery.posted_after or await adapter.platform_time()
        except (PostRefused, PostUnknown) as error:
            return await self._unready(delivery, error, rate_limiter)
        now, until = self.clock(), self.clock() + self.lease
        if not await self._leased(delivery, now, until, told):
            return Wait(until=now + self.lease, why="another process has the part")
        self._leases.took(delivery, self._ticks(), least=self.call, most=self.lease)
        self._say(PostOutcome.BEGUN, delivery, attempt=delivery.attempts + 1)
        try:
            root = await self._root(delivery)
            if self.clock() > until - self.call:
                # The machine or the database was suspended: another process may already be looking up the part.
                return Wait(until=until, why="the part was not posted in time")
            with self.observer.span("post", platform=adapter.platform, part=delivery.key):
                message = await adapter.post(delivery.part, delivery.key, root=root)
        except PostRefused as error:
            return await self._refused(delivery, error, rate_limiter)
        except PostTooLarge as error:
            return await self._split(delivery, error)
        except ChannelGone as error:
            return await self._give_up(delivery, error)
        except (PostUnknown, AdapterFault) as error:
            self._faults.count(delivery.part.channel, error)
            self._say(PostOutcome.UNKNOWN, delivery, error=str(error))
            return Wait(until=self.clock() + self.lease, why=f"no answer: {error}")
        await self._confirm(delivery, message, PostOutcome.SENT)
        return Step.ENDED

    async def _leased(self, delivery: Delivery, now: datetime, until: datetime, told: datetime | None) -> bool:
        # Compares the attempts we last read: while we waited for our turn, another process may have tried in vain.
        return await self.ledger.lease(
            delivery.key, now=now, until=until, attempts=delivery.attempts, lapsed=True, posted_after=told
        )

    async def _unready(
        self, delivery: Delivery, error: PostRefused | PostUnknown, rate_limiter: RateLimiter
    ) -> Step | Wait:
        """Count an attempt at which the platform did not even tell its time: nothing was posted."""
        now = self.clock()
        if not await self._leased(delivery, now, now + self.lease, None):
            return Wait(until=now + self.lease, why="another process has the part")
        refused = error if isinstance(error, PostRefused) else PostRefused(str(error), hint=error.hint)
        return await self._refused(delivery, refused, rate_limiter)

    async def _refused(self, delivery: Delivery, error: PostRefused, rate_limiter: RateLimiter) -> Step | Wait:
        if isinstance(error, AccessLost):
            # However long it lasts, it is not counted: the part is posted when the access is mended.
            await self._release(delivery, DeliveryState.PLANNED, error, counted=False)
            return await self.lost_access.lost(delivery.part.channel, error, self.clock())
        wait = wait_after(error, delivery.attempts)
        await rate_limiter.rest(delivery.part.channel, wait.total_seconds(), everywhere=error.everywhere)
        if delivery.attempts + 1 >= MAX_ATTEMPTS:
            return await self._give_up(delivery, DeliveryError(f"refused {MAX_ATTEMPTS} times: {error}"))
        await self._release(delivery, DeliveryState.PLANNED, error)
        outcome = PostOutcome.REFUSED if error.retry_after is None else PostOutcome.RATE_LIMITED
        self._say(outcome, delivery, error=str(error), wait=wait.total_seconds())
        return Wait(until=self.clock() + wait, why=f"{error}")

    async def _split(self, delivery: Delivery, error: PostTooLarge) -> Step | Wait:
        try:
            smaller = self.adapter(delivery.part.channel.platform).shrink(delivery.part)
        except AdapterFault as fault:
            self._faults.count(delivery.part.channel, fault)
            return await self._give_up(delivery, fault)
        if not smaller:
            return await self._give_up(delivery, error)
        await self.ledger.split(delivery.key, smaller)
        self._leases.forget(delivery)
        self._say(PostOutcome.SPLIT, delivery, into=len(smaller))
        return Step.SPLIT

    async def _hold(self, delivery: Delivery, error: DeliveryError) -> Step:
        await self._release(delivery, DeliveryState.AMBIGUOUS, error)
        self._say(PostOutcome.HELD, delivery, error=str(error))
        await self._tell(delivery, error)
        return Step.ENDED

    async def _give_up(self, delivery: Delivery, error: DeliveryError, *, tell: bool = True) -> Step:
        await self._release(delivery, DeliveryState.DEAD, error)
        self._say(PostOutcome.DEAD if tell else PostOutcome.WITHDRAWN, delivery, error=str(error))
        if tell:
            await self._tell(delivery, error)
        return Step.GONE if isinstance(error, ChannelGone) else Step.ENDED

    async def _release(self, delivery: Delivery, state: DeliveryState, error: DeliveryError, **more: bool) -> None:
        await self.ledger.release(delivery.key, state, error=without_secrets(f"{error}"), **more)
        self._leases.forget(delivery)

    async def _tell(self, delivery: Delivery, error: DeliveryError) -> None:
        if self.on_undelivered:
            await self.on_undelivered(delivery, error)
        if isinstance(error, AdapterFault) and error.times >= MOST_FAULTS:
            # The subscription is paused: resuming it means that the problem was fixed, so the count starts again.
            self._faults.forget(delivery.part.channel)

    async def _to_its_end(self, work: Coroutine[Any, Any, _Made]) -> _Made:
        """Run work that must not be interrupted; if the caller is cancelled, `settle` waits for it."""
        task = asyncio.create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return await asyncio.shield(task)

    async def settle(self, seconds: float) -> None:
        """Wait up to `seconds` for posts in progress, then cancel them; their messages are looked up later."""
        if self._in_flight:
            _, late = await asyncio.wait(tuple(self._in_flight), timeout=seconds)
            for task in late:
                task.cancel()

    def _say(self, outcome: PostOutcome, delivery: Delivery, **more: object) -> None:
        self.observer.posted(delivery.part.channel.platform, outcome)
        level, what = SAID[outcome]
        named = {"run": delivery.run_key, "part": delivery.key, "number": delivery.part.number}
        _log.log(level, what, extra={**named, "channel": str(delivery.part.channel), **more})
