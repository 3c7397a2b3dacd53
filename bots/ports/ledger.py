"""The interface to the delivery ledger: runs, their parts, and who works on them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState, Tally
from bots.domain.slots import Slot


class Ledger(Protocol):
    """Records every run and every part: what was planned, tried and confirmed.

    Each method is one transaction, durable when it returns.
    """

    async def open_run(self, run: Run) -> bool:
        """Record a run; return True for exactly one caller per key, however many call at once."""
        ...

    async def run(self, key: str) -> Run | None:
        """Return a run by its key."""
        ...

    async def runs(
        self, *, state: RunState | None = None, subscription_id: str | None = None, limit: int = 50
    ) -> tuple[Run, ...]:
        """Return runs, newest first; `state` and `subscription_id` restrict them if given."""
        ...

    async def last_run(self, subscription_id: str, *, whole: bool = False, until: Slot | None = None) -> Run | None:
        """Return a subscription's run with the latest slot up to and including `until`.

        With `whole`, only runs count that are done with no source missing.
        """
        ...

    async def move_run(
        self,
        key: str,
        state: RunState,
        *,
        now: datetime,
        note: str = "",
        not_before: datetime | None = None,
        missing: str | None = None,
        claimed: bool = False,
    ) -> None:
        """Set a run's state; the first `running` records its start time, a final state its end time.

        `missing` stays as it is if None. With `claimed` the run stays claimed by this process until `not_before`;
        otherwise it is released.
        """
        ...

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Return the keys of the runs that can be claimed, oldest first: queued or running, and not put off."""
        ...

    async def tally(self, now: datetime) -> Tally:
        """Return how many runs and parts are in each state, of all workspaces together, and how many runs are ready."""
        ...

    async def claim(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Claim a run that is ready: it is set to `running`, and no other caller can claim it before `until`.

        Return True for exactly one caller.
        """
        ...

    async def reserve(self, key: str, channel: Channel, *, now: datetime) -> bool:
        """Reserve a channel for the digest of a claimed run; return False while another run has it reserved.

        Two digests of a channel that are made at the same time would choose the same papers. A reservation ends when
        the run's parts are recorded, when the run is released, and when its claim expires.
        """
        ...

    async def take_over(self) -> tuple[str, ...]:
        """Release the runs, and the leases of their parts, that processes of this machine had claimed when they ended.

        Return the keys of the runs. A process that may still be alive keeps its claims until they expire.
        """
        ...

    async def plan(self, run_key: str, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Record all parts of a run at once and return the recorded parts.

        A run that already has parts keeps them with their payloads, and these are returned.
        """
        ...

    async def split(self, key: str, parts: Sequence[Part]) -> tuple[Delivery, ...]:
        """Replace a part that is too large by parts with the same papers; the first keeps its key."""
        ...

    async def revive(self, key: str) -> None:
        """Reset a part that is `ambiguous` or `dead`, so that it is tried as if for the first time."""
        ...

    async def deliveries(
        self, run_key: str | None = None, *, state: DeliveryState | None = None
    ) -> tuple[Delivery, ...]:
        """Return parts ordered by run and number."""
        ...

    async def lease(
        self,
        key: str,
        *,
        now: datetime,
        until: datetime,
        attempts: int | None = None,
        lapsed: bool = False,
        posted_after: datetime | None = None,
    ) -> bool:
        """Lease a `planned` part, or a `sending` one whose lease expired, for one more attempt by one caller.

        Return True for exactly one caller, and False for a caller whose `attempts` differs from the recorded number.

        Args:
            key: the key of the part.
            now: this machine's time.
            until: when the new lease expires.
            attempts: the number of attempts that the caller knows of.
            lapsed: whether the caller has watched the lease of that attempt expire, whatever this machine's time is.
            posted_after: the platform's time; it is recorded at the first attempt that knows it, and then stays.
        """
        ...

    async def confirm(self, key: str, message_id: str, *, now: datetime) -> None:
        """Record that a part was posted: `sent`, with its message id, and its papers seen in its channel."""
        ...

    async def release(self, key: str, state: DeliveryState, *, error: str = "", counted: bool = True) -> None:
        """Release a part after a refusal: `planned` to try again, `ambiguous` or `dead` to stop.

        An attempt that is not `counted` is taken off the recorded number.
        """
        ...

    async def posted(
        self, channel: Channel, papers: Collection[PaperId], *, before: datetime | None = None
    ) -> frozenset[PaperId]:
        """Return which of the papers were posted in the channel, ever or before an instant."""
        ...

    async def message(self, channel: Channel, message_id: str) -> Delivery | None:
        """Return the part that was posted as a message of a channel; None if none was.

        A channel without an id stands for every channel of its workspace: a part in a thread has the channel's.
        """
        ...

    async def coming(self, channel: Channel) -> frozenset[PaperId]:
        """Return the papers of a channel's parts that are planned, being sent or held: they may still be posted."""
        ...
