"""The doors to the outside world, and to whoever carries work out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.harvests import Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import Problem
from bots.ports.rate_limits import RateLimits

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
    limits: RateLimits

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
