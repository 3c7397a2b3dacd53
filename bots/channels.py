"""What a channel is and what it asked for: which papers, how many, when, and how they read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from summarizer import Style


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Channel:
    """A place messages are posted to."""

    #: The adapter's name: `slack`, `discord`, `email`, `console`, `fakechat`.
    platform: str
    #: The team, server or account it belongs to; empty where the platform has none.
    workspace: str = ""
    channel: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.workspace, self.channel) if part)

    @classmethod
    def parse(cls, text: str) -> "Channel":
        """Return the channel that `platform:channel` or `platform:workspace:channel` names.

        Raises:
            ValueError: the text has no such form.
        """
        parts = [part.strip() for part in text.split(":")]
        if not all(parts) or len(parts) not in (2, 3):
            raise ValueError("give platform:channel or platform:workspace:channel")
        return cls(platform=parts[0], workspace=parts[1] if parts[2:] else "", channel=parts[-1])


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Reader:
    """A person on a platform: who saves papers and judges them."""

    platform: str
    workspace: str = ""
    #: The platform's id of the person.
    user: str = ""


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


class Order(StrEnum):
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
    order: Order = Order.TRENDING
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


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Slot:
    """One due digest: a local day and wall-clock time, without offset, so that it exists once in a year."""

    day: date
    time: time

    def __str__(self) -> str:
        return f"{self.day.isoformat()}T{self.time:%H:%M}"

    @property
    def earlier(self) -> "Slot":
        """The minute before."""
        before = datetime.combine(self.day, self.time) - timedelta(minutes=1)
        return Slot(day=before.date(), time=before.time())

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> "Slot":
        """Return the slot of an aware instant on the wall clock of a zone, to the minute.

        Raises:
            ValueError: `instant` is naive.
        """
        if instant.tzinfo is None:
            raise ValueError("a slot needs an aware instant")
        local = instant.astimezone(zone)
        return cls(day=local.date(), time=local.time().replace(second=0, microsecond=0))

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """Return the slot that `str(Slot)` wrote."""
        instant = datetime.fromisoformat(text)
        return cls(day=instant.date(), time=instant.time())
