"""Interfaces to the outside world and to the dispatcher that carries runs out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from bots.chat.health import ConnectionReport, HealthFinding
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Part
from bots.domain.errors import DeliveryError
from bots.domain.harvests import Harvest
from bots.domain.papers import PaperId
from bots.domain.replies import Problem
from bots.domain.subscriptions import Subscription
from bots.ports.rate_limits import RateLimits

#: The clock is passed as an argument: it returns an aware instant in UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceQuery:
    """The request to a source for one day's list."""

    #: The day whose list is requested.
    day: date
    #: Papers this source listed on an earlier day; a list that consists of them is stale.
    known: frozenset[PaperId] = frozenset()
    #: Maximum number of papers; a source returns its most prominent first.
    limit: int = 2000


class Source(Protocol):
    """A site or file that lists new papers."""

    #: The spec the source was opened with, such as `arxiv:cs.CL`; unique among the sources of a digest.
    spec: str

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the papers the source listed for the day, in the source's own order, each paper once.

        An empty list is `Freshness.EMPTY` or `STALE` with a note, never an error; a failure is an error, never an empty
        harvest. Withdrawn papers are marked.

        Raises:
            SourceDown: the source fails now and may work later.
            SourceRefused: the source will not work until something is changed.
        """
        ...


class Adapter(Protocol):
    """A chat platform that can display a digest."""

    #: The name that channels of this platform have in `Channel.platform`.
    platform: str
    #: How often the platform lets us post.
    limits: RateLimits

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages within every limit of the platform; pure, the same for the same digest.

        There is at least one part, numbered from 1; every entry is in exactly one part; outside text is escaped.
        """
        ...

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a problem as messages for the admin; pure, like `compose`."""
        ...

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return smaller parts for one that the platform rejected as too large, each paper in exactly one; pure.

        A part with a single entry is shortened. The result is empty if the part cannot be made any smaller.
        """
        ...

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part and return the platform's id of the message; the platform has accepted it by then.

        Where the platform supports idempotency keys, posting the same key twice shows one message. The call ends within
        `CALL_TIMEOUT` seconds. `root` is the id of the digest's first message, for a part that belongs in its thread.

        Raises:
            PostRefused: not now; `retry_after` if the platform says when, `everywhere` if it means every channel.
            PostTooLarge: the platform never accepts this size.
            ChannelGone: the platform never accepts a post to this channel.
            PostUnknown: the part may or may not have been posted.
        """
        ...

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the id of the message posted with this key at or after `since`, or None if there is none.

        Args:
            channel: the channel that was posted to.
            key: the key that `post` was given.
            since: an instant by the platform's clock before the first attempt to post, if the adapter is `Timed`;
                otherwise by this machine's clock, a day earlier.
            root: the root that `post` was given.

        Raises:
            HistoryClosed: the platform never supports this query; `repeat` if the part can be posted again, because
                the reader's side drops a second message with the same key.
            PostRefused, PostUnknown: the platform could not be queried now.
            ChannelGone: the channel no longer exists.
        """
        ...


@runtime_checkable
class Timed(Protocol):
    """The optional method of an adapter that knows its platform's own time.

    With it, a message whose confirmation was lost is found whatever this machine's clock shows.
    """

    async def platform_time(self) -> datetime | None:
        """Return an instant that has passed by the platform's clock, or None if the platform does not tell its time.

        It bounds the search for a message: the more recent, the shorter the search. Ends within `CALL_TIMEOUT` seconds.

        Raises:
            PostRefused, PostUnknown: the platform could not be queried now.
        """
        ...


@runtime_checkable
class TellsOwners(Protocol):
    """The optional method of an adapter that tells people when a subscription of theirs was paused."""

    def paused(self, subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
        """Return the notices about a pause, each as the messages for one channel; pure, like `notice`.

        One goes to the person who made the subscription, one to its channel if messages can be posted there.
        """
        ...


@runtime_checkable
class NamesChannels(Protocol):
    """The optional method of an adapter whose channels the operator names otherwise than by their ids."""

    async def channel_named(self, channel: Channel) -> Channel:
        """Return the channel that the operator means, such as the mailbox of a mail address; make it if necessary.

        Args:
            channel: the channel as it was typed; one that is named by its id is returned as it is.

        Raises:
            RequestError: no channel can have that name.
            StoreError: the database cannot be read or written.
        """
        ...


@runtime_checkable
class ChecksChannels(Protocol):
    """The optional method of an adapter that knows whether digests can be posted to a channel.

    It is called before a digest is made for a channel that the operator named, or a subscription is stored for it.
    """

    async def check_channel(self, channel: Channel) -> None:
        """Return if digests can be posted to a channel; where people can be spared an invitation, join it.

        Ends within `CALL_TIMEOUT` seconds.

        Raises:
            RequestError: the text is no channel of this platform's; the hint shows the form.
            ChannelGone: there is no such channel, or posts are not accepted there; the hint says what to do.
            PostRefused, PostUnknown: the platform cannot be asked now.
        """
        ...


@runtime_checkable
class ShowsChannels(Protocol):
    """The optional method of an adapter that knows which channels a person can read.

    A reply to a person names only such channels beside the one that they ask in. Without it, it names no others.
    """

    async def readable(
        self, reader: Reader, channels: Collection[Channel], *, alone: bool = False
    ) -> Collection[Channel]:
        """Return the channels that this person can read; one that is in doubt is left out.

        Args:
            reader: the person.
            channels: at most ten channels of the person's own workspace.
            alone: whether nobody else sees what is shown of them, as on a page for who is signed in. Then private
                channels that the person is in count, too; in a chat, others may read the reply.
        """
        ...


@runtime_checkable
class SeesMembers(Protocol):
    """The optional method of an adapter that knows who can read a channel; without it nobody is ever mentioned."""

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people are members of the workspace now and can read the channel.

        Called before a digest mentions people who agreed to it. Ends within `CALL_TIMEOUT` seconds.

        Args:
            channel: the channel that the digest is posted to.
            users: the platform's ids of the people, at most 9.

        Raises:
            ChannelGone: there is no such channel.
            PostRefused, PostUnknown: the platform cannot be asked now.
        """
        ...


@runtime_checkable
class Checked(Protocol):
    """The optional method of an adapter that checks its own set-up."""

    async def check(self) -> tuple[HealthFinding, ...]:
        """Return the findings, which `paperwire doctor` displays; a finding with a `fix` is a problem.

        Called while the adapter is connected with `listening=False`. Ends within `CALL` seconds. An adapter without
        this method is displayed as connected.
        """
        ...


@runtime_checkable
class Connected(Protocol):
    """The optional method of an adapter that keeps connections open; without it an adapter counts as connected."""

    def connections(self) -> ConnectionReport:
        """Return how the connections stand now, which `/readyz` and `/metrics` tell. Asks nobody."""
        ...


class Dispatcher(Protocol):
    """Starts runs and waits for their completion."""

    async def dispatch(self, *run_keys: str) -> None:
        """Start runs or queue them for workers, in order; return before they are carried out."""
        ...

    async def drain(self) -> None:
        """Return when every run dispatched so far has ended."""
        ...

    async def stop(self, seconds: float) -> None:
        """Wait up to `seconds` for the dispatched runs, then release the others; return when none is running."""
        ...


#: Opens a source by its spec; raises SettingsError if there is no such source.
OpenSource = Callable[[str], Source]
#: The connected adapters, by platform.
Adapters = Mapping[str, Adapter]
