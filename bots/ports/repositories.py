"""Interfaces to the database: subscriptions, digests, papers, people and workspaces."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from bots.domain.channels import Channel, Reader
from bots.domain.digests import Part
from bots.domain.installations import Installation
from bots.domain.papers import Paper, PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.domain.subscriptions import Subscription
from summarizer import Blurb


class Subscriptions(Protocol):
    """Stores subscriptions."""

    async def keep_subscription(self, subscription: Subscription) -> None:
        """Store a subscription, replacing the one with the same id."""
        ...

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """Return a subscription by its id."""
        ...

    async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions of a channel, or all of them, oldest first."""
        ...

    async def subscription_counts(self, channel: Channel) -> tuple[int, int]:
        """Return the numbers of subscriptions of a channel and of its whole workspace."""
        ...

    async def drop_subscription(self, subscription_id: str) -> bool:
        """End a subscription; its runs and posted papers stay. Return False if there was none."""
        ...


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
    ) -> None:
        """Set a run's state; the first `running` records its start time, a final state its end time.

        `missing` stays as it is if None.
        """
        ...

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Return the keys of the runs that can be claimed, oldest first: queued or running, and not put off."""
        ...

    async def claim(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Claim a run that is ready: it is set to `running`, and no other caller can claim it before `until`.

        Return True for exactly one caller.
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

    async def lease(self, key: str, *, now: datetime, until: datetime, attempts: int | None = None) -> bool:
        """Lease a `planned` part, or a `sending` one whose lease expired, for one more attempt by one caller.

        Return True for exactly one caller, and False for a caller whose `attempts` differs from the recorded number.
        """
        ...

    async def confirm(self, key: str, message_id: str, *, now: datetime) -> None:
        """Record that a part was posted: `sent`, with its message id, and its papers seen in its channel."""
        ...

    async def release(self, key: str, state: DeliveryState, *, error: str = "") -> None:
        """Release a part after a refusal: `planned` to try again, `ambiguous` or `dead` to stop."""
        ...

    async def posted(
        self, channel: Channel, papers: Collection[PaperId], *, before: datetime | None = None
    ) -> frozenset[PaperId]:
        """Return which of the papers were posted in the channel, ever or before an instant."""
        ...

    async def coming(self, channel: Channel) -> frozenset[PaperId]:
        """Return the papers of a channel's parts that are planned, being sent or held: they may still be posted."""
        ...


class Shelf(Protocol):
    """Stores known papers, for look-ups and to distinguish a new list from a stale one."""

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record."""
        ...

    async def known(self, source: str, before: date) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day."""
        ...

    async def paper(self, paper_id: PaperId) -> Paper | None:
        """Return a stored paper by any of its names."""
        ...

    async def search_papers(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        ...


class BlurbCache(Protocol):
    """Stores blurbs by the input they were made from."""

    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb stored under a key."""
        ...

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Store a blurb under a key."""
        ...


class Readers(Protocol):
    """Stores the papers that people saved and those they turned down for a channel.

    Any name of a paper identifies it.
    """

    async def save_paper(self, reader: Reader, paper: Paper, *, now: datetime) -> bool:
        """Add a paper to a person's list; return False and change nothing if it is there already."""
        ...

    async def unsave_paper(self, reader: Reader, paper_id: PaperId) -> bool:
        """Remove a paper from a person's list; return False if it is not there."""
        ...

    async def saved_papers(self, reader: Reader, words: str = "") -> tuple[Paper, ...]:
        """Return the papers a person saved, the latest first.

        With words, only papers whose title or abstract contain them all.
        """
        ...

    async def turn_down(self, channel: Channel, paper_id: PaperId, *, user: str, now: datetime) -> bool:
        """Record that a person turned a paper down for a channel; return False if that person did so before."""
        ...

    async def turned_down(self, channel: Channel, papers: Collection[PaperId]) -> frozenset[PaperId]:
        """Return which of the papers were turned down in the channel, by any person."""
        ...


class Counters(Protocol):
    """Records one-time events and counts daily usage."""

    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Record an event; return True for exactly one caller per kind and key, however many call at once.

        The event is remembered for at least a day.
        """
        ...

    async def spend(self, reader: Reader, kind: str, *, day: date, amount: int = 1, limit: int) -> bool:
        """Add to a person's count for a day; return False and count nothing if that would exceed the limit.

        A reader without a user stands for the whole workspace.
        """
        ...


class Workspaces(Protocol):
    """Stores the workspaces that installed Paperwire; tokens that outlast the process are encrypted."""

    async def keep_installation(self, installation: Installation) -> None:
        """Store an installation, replacing the one of the same workspace."""
        ...

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation of a workspace.

        Raises:
            StoreError: none of the keys decrypts it.
        """
        ...

    async def installations(self, platform: str) -> tuple[Installation, ...]:
        """Return every installation on a platform, ordered by workspace.

        Raises:
            StoreError: none of the keys decrypts one of them.
        """
        ...

    async def drop_installation(self, platform: str, workspace: str) -> bool:
        """Delete the installation of a workspace and nothing else; return False if there was none."""
        ...

    async def reseal_installations(self) -> int:
        """Re-encrypt with the newest key every installation that an older key encrypted; return how many.

        Raises:
            StoreError: none of the keys decrypts one of them; then none is changed.
        """
        ...

    async def workspaces(self, platform: str) -> tuple[str, ...]:
        """Return every workspace of a platform that has stored data, sorted; a workspace without a name is left out."""
        ...

    async def purge_workspace(self, platform: str, workspace: str) -> int:
        """Delete every row that belongs to a workspace, in one transaction; return the number of rows."""
        ...


class Store(Subscriptions, Ledger, Shelf, BlurbCache, Readers, Counters, Workspaces, Protocol):
    """Combines all of the above in one database.

    Every method raises StoreError, with what to do, if the database cannot be read or written.
    """
