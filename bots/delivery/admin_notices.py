"""Notices to the admin: each is posted once, through the same ledger as a digest."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bots.chat.secret_texts import for_chat
from bots.delivery.adapter_guard import Guarded
from bots.delivery.steps import MOST_FAULTS
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import AccessLost, AdapterFault, ChannelGone, DeliveryError, RequestError
from bots.domain.replies import Problem, Trouble
from bots.domain.runs import Delivery, DeliveryState, Run, RunState, delivery_key
from bots.domain.slots import Slot
from bots.domain.subscriptions import Subscription
from bots.ports import Adapters, Clock, Store
from bots.translation.languages import load_languages
from bots.translation.speech import speaking

_log = logging.getLogger(__name__)

#: Prefix of a notice's run key; a notice has no subscription.
PREFIX = "notice:"
#: Number of recent runs to search for those parts; runs on days without a message are among them.
_LOOKED_AT = 10
_STUCK = (DeliveryState.AMBIGUOUS, DeliveryState.DEAD)


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminNotices:
    """Notifies the admin, and pauses subscriptions that cannot be delivered."""

    store: Store
    adapters: Adapters
    clock: Clock
    #: The channel for notices; None if problems are only logged.
    admin: Channel | None = None

    async def undelivered(self, delivery: Delivery, error: DeliveryError) -> None:
        """Report a part that is held or dead; pause the subscription if its channel is gone.

        Raises:
            StoreError: the database cannot be written.
        """
        run = await self.store.run(delivery.run_key)
        if run is None or run.key.startswith(PREFIX):
            return
        subscription = await self.store.subscription(run.subscription_id)
        if subscription is not None and subscription.enabled and await self._pauses(subscription, error):
            await self._pause(subscription, error)
            return
        held = await self._state(delivery) is DeliveryState.AMBIGUOUS
        what = "may or may not have been posted" if held else "was given up"
        await self._tell(
            f"{run.key}/{delivery.key}",
            f"Part {delivery.part.number} of {delivery.part.total} of the digest {run.key} for {delivery.part.channel} "
            f"{what}: {error}",
            f"Check the channel; to post it again: paperwire retry {run.key}{' --repost' if held else ''}",
        )

    async def uncomposed(self, run: Run, error: AdapterFault) -> None:
        """Report a digest of which the adapter made no parts, before the failure of its run is recorded.

        Raises:
            StoreError: the database cannot be written.
        """
        subscription = await self.store.subscription(run.subscription_id)
        if (
            subscription is not None
            and subscription.enabled
            and 1 + await self._faults_in_a_row(subscription) >= MOST_FAULTS
        ):
            await self._pause(subscription, error)
            return
        message = f"The digest {run.key} could not be posted: {error}"
        await self._tell(f"{run.key}/uncomposed", message, f"{error.hint} The next digest covers its papers.")

    async def access_lost(self, channel: Channel, error: AccessLost) -> None:
        """Report a workspace that accepts nothing, once a day at most; not there, where no notice would arrive.

        Raises:
            StoreError: the database cannot be written.
        """
        if self.admin is None or self.admin.owner == channel.owner:
            return
        await self._tell(
            f"held/{channel.owner}/{self.clock():%Y-%m-%d}",
            f"The digests of {channel.owner} are held: {error}",
            f"{error.hint} They are posted by themselves when it works again; no subscription is paused.".strip(),
        )

    async def _pauses(self, subscription: Subscription, error: DeliveryError) -> bool:
        """Return whether a subscription must be paused: its channel is gone, or its adapter failed repeatedly."""
        if isinstance(error, AdapterFault):
            return error.times >= MOST_FAULTS or await self._faults_in_a_row(subscription) >= MOST_FAULTS
        return isinstance(error, ChannelGone)

    async def _faults_in_a_row(self, subscription: Subscription) -> int:
        """Return how many of a subscription's last parts failed consecutively by a fault.

        A digest of which the adapter made no parts counts as one.
        """
        ends: list[str] = []
        for run in await self.store.runs(subscription_id=subscription.id, limit=_LOOKED_AT):
            kept = await self.store.deliveries(run.key)
            ended = [part for part in reversed(kept) if part.state in (*_STUCK, DeliveryState.SENT)]
            ends += [part.last_error if part.state in _STUCK else "" for part in ended]
            ends += [run.note] if run.state is RunState.FAILED and not kept else []
        return len(list(takewhile(AdapterFault.is_told_by, ends)))

    async def _state(self, delivery: Delivery) -> DeliveryState:
        kept = await self.store.deliveries(delivery.run_key)
        return next((part.state for part in kept if part.key == delivery.key), delivery.state)

    async def _pause(self, subscription: Subscription, error: DeliveryError) -> None:
        """Switch a subscription off, so that it does not fail every day.

        The admin is notified first, because a pause must not go unnoticed.
        """
        _log.error("a subscription is paused", extra={"subscription": subscription.id, "error": str(error)})
        # One notice per period in which the subscription was on: a later pause is reported again.
        about = f"paused/{subscription.id}/{subscription.resumes or subscription.created}"
        await self._tell(
            about,
            f"The subscription {subscription.id} for {subscription.channel} is paused: {error}",
            f"{error.hint} Then: paperwire resume {subscription.id}".strip(),
        )
        await self._tell_owners(about, subscription, error)
        # The run began with the subscription as it stood then; it may have been changed or ended meanwhile.
        current = await self.store.subscription(subscription.id)
        if current is not None:
            await self.store.keep_subscription(replace(current, enabled=False, off_because=f"{for_chat(str(error))}"))

    async def _tell_owners(self, about: str, subscription: Subscription, error: DeliveryError) -> None:
        """Record the notices to the people of a paused subscription, where its platform has any."""
        adapter = self.adapters.get(subscription.channel.platform)
        if adapter is None:
            return
        try:
            with speaking(load_languages().of(subscription.language, subscription.channel.platform)):
                notices = Guarded(adapter=adapter).paused(replace(subscription, enabled=False), error)
        except AdapterFault:
            return  # The guard has logged the fault.
        for number, parts in enumerate(notices, start=1):
            await self._record(f"{about}/{number}", parts)

    async def _tell(self, about: str, message: str, hint: str) -> None:
        """Record a notice in the ledger; the scheduler posts it at its next poll."""
        adapter = self.adapters.get(self.admin.platform) if self.admin else None
        if self.admin is None or adapter is None:
            return
        problem = Problem(message=for_chat(message), hint=for_chat(hint), kind=Trouble.FAILURE)
        guarded = Guarded(adapter=adapter)
        try:
            parts = guarded.notice(await guarded.channel_named(self.admin), problem)
        except AdapterFault:
            return  # The guard has logged the fault, and the caller the problem itself.
        except (DeliveryError, RequestError) as error:
            _log.error("the admin's channel cannot be used", extra={"error": str(error)})
            return
        await self._record(about, parts)

    async def _record(self, about: str, parts: tuple[Part, ...]) -> None:
        key, now = PREFIX + about, self.clock()
        # No process claims the run before its parts are recorded.
        soon = now + timedelta(minutes=5)
        run = Run(key=key, subscription_id=PREFIX, slot=Slot.at(now, ZoneInfo("UTC")), created=now, not_before=soon)
        if await self.store.open_run(run):
            fresh = [Delivery(key=delivery_key(key, part), run_key=key, part=part) for part in parts]
            await self.store.plan(key, fresh)
            await self.store.move_run(key, RunState.QUEUED, now=now)
