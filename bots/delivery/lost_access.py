"""Workspaces that accept nothing from the app at present: what is due there waits, and nothing is paused.

A token that was revoked is no fault of any subscription. The first part that is refused for it tells so; until the next
try, a few minutes later, nothing more is made for that workspace or sent to it.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bots.delivery.steps import Wait
from bots.domain.channels import Channel
from bots.domain.errors import AccessLost
from bots.domain.runs import HELD

_log = logging.getLogger(__name__)

#: How often a workspace is tried again: a mended token should work within a person's patience.
TRY_AGAIN = timedelta(minutes=5)

#: Called once when a workspace begins to refuse everything.
OnLost = Callable[[Channel, AccessLost], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LostAccess:
    """The workspaces that refuse everything, by their owners, each with the instant of the next try and the reason."""

    #: Called when a workspace begins to refuse; it must not raise for a notice that cannot be recorded.
    on_lost: OnLost | None = None
    _until: dict[Channel, Wait] = field(default_factory=dict)

    def wait(self, channel: Channel, now: datetime) -> Wait | None:
        """Return the wait for a channel's workspace; None if it may be tried now."""
        held = self._until.get(channel.owner)
        # A clock that was set back must not prolong the wait.
        return held if held is not None and now < held.until <= now + TRY_AGAIN else None

    def making(self, channel: Channel, now: datetime) -> Wait | None:
        """Return the wait of a digest that is not made yet; None if it can be made now.

        A part that is made already tries the workspace at the end of each wait. So a digest waits a little longer, for
        what that try tells: otherwise one digest would be made for every day that the trouble lasts.
        """
        held = self._until.get(channel.owner)
        if held is None or not now < held.until + TRY_AGAIN <= now + 2 * TRY_AGAIN:
            return None
        return Wait(until=max(held.until, now + TRY_AGAIN / 5), why=held.why)

    async def lost(self, channel: Channel, error: AccessLost, now: datetime) -> Wait:
        """Note a refusal, report the first of a workspace, and return how long its parts wait.

        Raises:
            StoreError: the report cannot be recorded.
        """
        began = channel.owner not in self._until
        # With who mends it: members of a channel read the reason in the list of its subscriptions.
        held = Wait(until=now + TRY_AGAIN, why=f"{HELD}{error} {error.hint}".strip())
        self._until[channel.owner] = held
        if began:
            about = {"workspace": str(channel.owner), "error": str(error), "hint": error.hint}
            _log.error("a workspace accepts no posts; its digests are held until it does", extra=about)
            if self.on_lost:
                await self.on_lost(channel, error)
        return held

    def works(self, channel: Channel) -> None:
        """Note that a workspace has accepted a message."""
        if self._until.pop(channel.owner, None) is not None:
            _log.warning("a workspace accepts posts again", extra={"workspace": str(channel.owner)})
