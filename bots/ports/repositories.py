"""The doors to the database: what is kept of orders, digests, papers, people and workspaces."""

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
    """Standing orders, kept."""

    async def keep_subscription(self, subscription: Subscription) -> None:
        """Keep a standing order, replacing the one of the same id."""
        ...

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """Return a standing order by its id."""
        ...

    async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:
        """Return the standing orders of a channel, or all of them, oldest first."""
        ...

    async def drop_subscription(self, subscription_id: str) -> bool:
        """End a standing order; its runs and posted papers stay. False if there was none."""
        ...


class Ledger(Protocol):
    """The record of every run and every part: what was promised, tried and confirmed.

    Each method is one transaction, durable when it returns.
    """

    async def open_run(self, run: Run) -> bool:
        """Record a run; True for exactly one caller per key, however many ask at once."""
        ...

    async def run(self, key: str) -> Run | None:
        """Return a run by its key."""
        ...

    async def runs(
        self, *, state: RunState | None = None, subscription_id: str | None = None, limit: int = 50
    ) -> tuple[Run, ...]:
        """Return runs, newest first: those in that state and of that subscription, where named."""
        ...

    async def last_run(self, subscription_id: str, *, whole: bool = False, until: Slot | None = None) -> Run | None:
        """Return a subscription's run of the latest slot up to `until`; if `whole`, one done with no source missing."""
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
        """Set a run's state, its start at the first `running`, its end at its end; None leaves `missing` as it is."""
        ...

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Return the keys of the runs to be taken up, the oldest first: queued or running, and not put off."""
        ...

    async def claim(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Take up a run that is ready: it is `running`, and nobody else takes it up before `until`.

        True for exactly one caller.
        """
        ...

    async def plan(self, run_key: str, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Record all parts of a run at once and return what stands recorded.

        A run that has parts already keeps them, payloads and all: then those are returned.
        """
        ...

    async def split(self, key: str, parts: Sequence[Part]) -> tuple[Delivery, ...]:
        """Put parts with the same papers in the place of one that is too large; the first keeps its key."""
        ...

    async def revive(self, key: str) -> None:
        """Let a part that is `ambiguous` or `dead` be tried again, as if for the first time."""
        ...

    async def deliveries(
        self, run_key: str | None = None, *, state: DeliveryState | None = None
    ) -> tuple[Delivery, ...]:
        """Return parts in the order of run and number."""
        ...

    async def lease(self, key: str, *, now: datetime, until: datetime, attempts: int | None = None) -> bool:
        """Take a `planned` part, or a `sending` one whose lease lapsed, for one more attempt, made by one caller.

        True for exactly one, and for none that knows of fewer attempts than were made.
        """
        ...

    async def confirm(self, key: str, message_id: str, *, now: datetime) -> None:
        """Record that a part is posted: `sent`, with its message id, and its papers seen in its channel."""
        ...

    async def release(self, key: str, state: DeliveryState, *, error: str = "") -> None:
        """Give a part back after a refusal: `planned` to try again, `ambiguous` or `dead` to stop."""
        ...

    async def posted(
        self, channel: Channel, papers: Collection[PaperId], *, before: datetime | None = None
    ) -> frozenset[PaperId]:
        """Return those of the papers that were posted in the channel: ever, or before an instant."""
        ...

    async def coming(self, channel: Channel) -> frozenset[PaperId]:
        """Return the papers of a channel's parts that are planned, on their way or held: they may be there yet."""
        ...


class Shelf(Protocol):
    """Papers met before, kept for look-ups and to tell a new list from a stale one."""

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date) -> None:
        """Keep papers as listed by a source on a day; one kept already is merged with what is new."""
        ...

    async def known(self, source: str, before: date) -> frozenset[PaperId]:
        """Return the papers a source listed on the 14 days before a day."""
        ...

    async def paper(self, paper_id: PaperId) -> Paper | None:
        """Return a kept paper by any of its names."""
        ...

    async def search_papers(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return kept papers whose title or abstract hold all the words, best first."""
        ...


class BlurbCache(Protocol):
    """Blurbs made before, by what they were made of."""

    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb kept under a key."""
        ...

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Keep a blurb under a key."""
        ...


class Readers(Protocol):
    """What people saved, and what a channel does not want to see.

    A paper counts under any of its names.
    """

    async def save_paper(self, reader: Reader, paper: Paper, *, now: datetime) -> bool:
        """Put a paper on a person's list; False, and nothing changed, if it is there already."""
        ...

    async def unsave_paper(self, reader: Reader, paper_id: PaperId) -> bool:
        """Take a paper off a person's list; False if it is not there."""
        ...

    async def saved_papers(self, reader: Reader, words: str = "") -> tuple[Paper, ...]:
        """Return what a person saved, the last saved first; with words, those whose title or abstract hold them all."""
        ...

    async def turn_down(self, channel: Channel, paper_id: PaperId, *, user: str, now: datetime) -> bool:
        """Note that a person finds a paper none for a channel; False if that person said so before."""
        ...

    async def turned_down(self, channel: Channel, papers: Collection[PaperId]) -> frozenset[PaperId]:
        """Return those of the papers that somebody turned down in the channel."""
        ...


class Counters(Protocol):
    """What happens once, and what is used up."""

    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Record an event; True for exactly one caller per kind and key, however many ask at once.

        It is remembered for a day at least.
        """
        ...

    async def spend(self, reader: Reader, kind: str, *, day: date, amount: int = 1, limit: int) -> bool:
        """Count what a person used on a day; False, and nothing counted, if it would be more than the limit.

        A reader without a user is the workspace as a whole.
        """
        ...


class Workspaces(Protocol):
    """The workspaces that installed Paperwire; their tokens are encrypted wherever they outlast the process."""

    async def keep_installation(self, installation: Installation) -> None:
        """Keep an installation, replacing the one of the same workspace."""
        ...

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """Return the installation of a workspace.

        Raises:
            StoreError: none of the keys opens it.
        """
        ...

    async def installations(self, platform: str) -> tuple[Installation, ...]:
        """Return every installation on a platform, by workspace.

        Raises:
            StoreError: none of the keys opens one of them.
        """
        ...

    async def drop_installation(self, platform: str, workspace: str) -> bool:
        """Forget the installation of a workspace and nothing else; False if there was none."""
        ...

    async def reseal_installations(self) -> int:
        """Encrypt anew, with the newest key, what an older one encrypted; return how many.

        Raises:
            StoreError: none of the keys opens one of them; then none is changed.
        """
        ...

    async def workspaces(self, platform: str) -> tuple[str, ...]:
        """Return every workspace of a platform that something is kept of, in order; the one without a name is none."""
        ...

    async def purge_workspace(self, platform: str, workspace: str) -> int:
        """Delete every row that belongs to a workspace, in one transaction; return how many."""
        ...


class Store(Subscriptions, Ledger, Shelf, BlurbCache, Readers, Counters, Workspaces, Protocol):
    """One database behind all of the above.

    Every method raises StoreError, with what to do, when the database cannot be read or written.
    """
