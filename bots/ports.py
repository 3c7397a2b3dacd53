"""Every door of the house on one page: what the quiet half asks of the rooms above it.

A promise stands in each docstring; `tests/contracts/` holds every implementation to it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bots.channels import Channel, Slot, Subscription
from bots.digest import Digest, Harvest, Part
from bots.limits import Limits
from bots.papers import Paper, PaperId
from bots.replies import Problem
from bots.runs import Delivery, DeliveryState, Run, RunState
from summarizer import Blurb

#: The clock is an argument: an aware instant, UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """What a source is asked for."""

    #: The day whose list is wanted.
    day: date
    #: Papers this source listed on an earlier day; a list made of them is stale.
    known: frozenset[PaperId] = frozenset()
    #: At most so many papers; a source gives its most prominent first.
    limit: int = 2000


class Source(Protocol):
    """A place papers are announced."""

    #: The spec it was opened with, such as `arxiv:cs.CL`; unique among the sources of a digest.
    spec: str

    async def recent(self, ask: Ask) -> Harvest:
        """Return what the source listed for the day, in its own order, every paper once.

        An honest nothing is `Freshness.EMPTY` or `STALE` with a note, never an error; a failure is an error, never
        an empty harvest. Withdrawn papers come marked.

        Raises:
            SourceDown: it may work later.
            SourceRefused: it will not work until something is changed.
        """
        ...


class Library(Protocol):
    """A place papers can be looked up in."""

    #: Said to the reader: "arXiv", "Hugging Face".
    name: str

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper of that id.

        Raises:
            PaperNotFound: the library answered and does not have it.
            SourceDown, SourceRefused: the library could not be asked.
        """
        ...

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return at most `limit` papers that match, best first; none is an empty tuple.

        Raises:
            SourceDown, SourceRefused: the library could not be asked.
        """
        ...


class Adapter(Protocol):
    """A chat platform, able to show a digest."""

    #: The name channels carry in `Channel.platform`.
    platform: str
    #: How often the platform lets us post.
    limits: Limits

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside every limit of the platform; pure, the same for the same digest.

        At least one part, numbered from 1; every entry in exactly one part; outside text escaped.
        """
        ...

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return what the admin must know as messages; pure, as `compose` is."""
        ...

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return smaller parts for one that the platform found too large, each paper in exactly one; pure.

        One that holds a single entry is shortened. None where it cannot be made any smaller.
        """
        ...

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part and return the platform's id of the message; done means that the platform accepted it.

        Where the platform knows idempotency, posting the same key twice shows one message. Ends within `CALL` seconds.
        `root` is the id of the digest's first message, for a part that belongs in its thread.

        Raises:
            PostRefused: not now; `retry_after` where the platform says when, `everywhere` if it means every channel.
            PostTooLarge: never in this size.
            ChannelGone: never here.
            PostUnknown: it may or may not have been posted.
        """
        ...

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the id of the message posted with this key at or after `since`, None if there is none.

        Raises:
            HistoryClosed: the platform can never be asked this.
            PostRefused, PostUnknown: it could not be asked now.
            ChannelGone: there is no such channel any more.
        """
        ...


class Orders(Protocol):
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


class Store(Orders, Ledger, Shelf, BlurbCache, Protocol):
    """One database behind all of the above.

    Every method raises StoreError, with what to do, when the database cannot be read or written.
    """


class Dispatcher(Protocol):
    """Who carries a run out."""

    async def dispatch(self, run_key: str) -> None:
        """See to it that the run is carried out; returns before it is."""
        ...

    async def drain(self) -> None:
        """Return when everything dispatched so far has ended."""
        ...

    async def stop(self, seconds: float) -> None:
        """Let what was dispatched end for so many seconds and hand back the rest; returns when none is under way."""
        ...


#: Opens a source by its spec; raises SettingsError for one that does not exist.
OpenSource = Callable[[str], Source]
#: The adapters that are connected, by platform.
Adapters = Mapping[str, Adapter]
