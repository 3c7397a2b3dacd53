"""A channel's subscription: which papers, how many, when, and in which style."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from bots.domain.channels import Channel
from summarizer import Style


class Weekday(IntEnum):
    """Weekdays, numbered as in `date.weekday()`."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


#: arXiv and Hugging Face list nothing on Saturday and Sunday.
WORKDAYS = frozenset({Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI})


#: The only source that has votes and keywords and needs no key.
DEFAULT_SOURCES = ("huggingface",)
#: Contribution and finding: read beside their titles, 31 of 50 such blurbs told more than one line.
DIGEST_STYLE = Style.SHORT


#: Times of day at which one subscription may be due: one an hour. Lists change once a day, so more bring nothing.
MOST_TIMES = 24
#: Subscriptions of one channel: their list fills one screen of chat, and nobody reads more digests in one place.
MOST_IN_CHANNEL = 20
#: Subscriptions of one workspace: 25 channels full of them, or some in each of the 500 channels of a large company.
MOST_IN_WORKSPACE = 500


#: Five cards fill two screens of a channel; a longer list is skimmed, and needs titles close together.
MOST_CARDS = 5


class SortBy(StrEnum):
    """The sort order of the papers in a digest."""

    TRENDING = "trending"
    NEWEST = "newest"


class Every(StrEnum):
    """The period that one digest covers."""

    #: Everything listed since the last digest: one day, or several if some had no digest.
    DAY = "day"
    #: A round-up: the best of seven days.
    WEEK = "week"
    #: A round-up: the best of the calendar month before.
    MONTH = "month"


class Look(StrEnum):
    """How a digest shows its papers."""

    #: Compact for more papers than `MOST_CARDS`, otherwise cards.
    AUTO = "auto"
    #: Title, one line of facts and blurb of each paper, and one menu in each message.
    COMPACT = "compact"
    #: Everything known of each paper, with its own buttons.
    CARDS = "cards"


class WhenEmpty(StrEnum):
    """Behaviour when there is no paper to show."""

    #: Post why there is none.
    SAY = "say"
    #: Post only that a source failed, so that papers may be missing.
    TROUBLE = "trouble"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A period of every local day, which may cross midnight; never empty."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def __contains__(self, clock: time) -> bool:
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One channel's subscription to a digest."""

    id: str
    channel: Channel
    #: Source specs: `huggingface`, `huggingface:week`, `arxiv:cs.CL+cs.LG`, `file:papers.bib`.
    sources: tuple[str, ...] = DEFAULT_SOURCES
    #: The keyword filter as the owner typed it; empty accepts every paper.
    query: str = ""
    #: The owner's interests in plain words: the papers nearest to them come first; empty changes nothing.
    interests: str = ""
    #: Only papers in one of these categories; empty accepts every paper. `cs.*` stands for all of cs.
    categories: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.TRENDING
    #: Maximum number of papers in a digest.
    limit: int = 5
    style: Style = DIGEST_STYLE
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: Local wall-clock times at which a digest is due.
    times: tuple[time, ...] = (time(9, 0),)
    weekdays: frozenset[Weekday] = WORKDAYS
    every: Every = Every.DAY
    #: Days that a list is left to collect votes: with 3, today's digest reads the list of three days ago with its votes
    #: now.
    settle: int = 0
    #: Local time until which a due digest waits for lists that are not out yet; None means no wait.
    wait: time | None = None
    #: Local hours in which nothing is posted; a digest that is due in them is posted when they end.
    quiet: Hours | None = None
    empty: WhenEmpty = WhenEmpty.SAY
    #: Whether the entries go into the thread of the digest's first message, where the platform has threads.
    threaded: bool = False
    look: Look = Look.AUTO
    #: The code of the language in which its digests speak; empty for English. Abstracts and blurbs keep their own.
    language: str = ""
    enabled: bool = True
    #: Why the subscription is off, if its owner did not switch it off.
    off_because: str = ""
    #: Slots before this instant do not count: the end of a pause, or the moment the subscription was resumed.
    resumes: datetime | None = None
    created: datetime | None = None
    #: The platform's id of the person who made it, who is told when it is paused; empty if not known.
    made_by: str = ""
    #: Whether its channel is the direct messages of that person: then what they follow counts, and brings the papers.
    personal: bool = False

    def rests(self, now: datetime) -> bool:
        """Return whether it is off, or paused until a later instant."""
        return not self.enabled or (self.resumes is not None and self.resumes > now)
