"""What a channel subscribed to: which papers, how many, when, and how they read."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from bots.domain.channels import Channel
from summarizer import Style


class Weekday(IntEnum):
    """Days as `date.weekday()` counts them."""

    MON = 0
    TUE = 1
    WED = 2
    THU = 3
    FRI = 4
    SAT = 5
    SUN = 6


#: arXiv and Hugging Face list nothing on Saturday and Sunday.
WORKDAYS = frozenset({Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI})


#: The one source with votes, keywords and no key to ask for.
DEFAULT_SOURCES = ("huggingface",)


class SortBy(StrEnum):
    """What comes first in a digest."""

    TRENDING = "trending"
    NEWEST = "newest"


class Every(StrEnum):
    """How much time one digest covers."""

    #: What was listed since the last digest: a day, or the days without one.
    DAY = "day"
    #: A round-up: the best of seven days.
    WEEK = "week"
    #: A round-up: the best of the calendar month before.
    MONTH = "month"


class WhenEmpty(StrEnum):
    """What a channel wants to hear when there is no paper to show."""

    #: Why there is none.
    SAY = "say"
    #: Only that a source failed, so that papers may be missing.
    TROUBLE = "trouble"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A stretch of every local day, which may lie over midnight; never empty."""

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
    """One channel's standing order for a digest."""

    id: str
    channel: Channel
    #: Source specs: `huggingface`, `huggingface:week`, `arxiv:cs.CL+cs.LG`, `file:papers.bib`.
    sources: tuple[str, ...] = DEFAULT_SOURCES
    #: The keyword filter as its owner typed it; empty lets everything through.
    query: str = ""
    #: What its owner wants to read of, in plain words: the papers nearest to it come first; empty changes nothing.
    interests: str = ""
    #: Only papers in one of these categories; empty lets everything through. `cs.*` stands for all of cs.
    categories: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.TRENDING
    #: How many papers a digest holds at most.
    limit: int = 5
    style: Style = Style.ONE_LINE
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: Local wall-clock times at which a digest is due.
    times: tuple[time, ...] = (time(9, 0),)
    weekdays: frozenset[Weekday] = WORKDAYS
    every: Every = Every.DAY
    #: So many days a list is left to settle: 3 brings today what three days ago brought, by the votes it has now.
    settle: int = 0
    #: Until this local time a due digest waits for lists that are not out yet; None waits for none.
    wait: time | None = None
    #: Local hours in which nothing is posted; what falls due in them comes at their end.
    quiet: Hours | None = None
    empty: WhenEmpty = WhenEmpty.SAY
    #: Whether the entries stand in the thread of the digest's first message, where the platform has threads.
    threaded: bool = False
    enabled: bool = True
    #: Why it is off, where it was not its owner who switched it off.
    off_because: str = ""
    #: No slot before this instant counts: the end of a pause, or the moment it was resumed.
    resumes: datetime | None = None
    created: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Tell whether it is off, or paused until a later instant."""
        return not self.enabled or (self.resumes is not None and self.resumes > now)
