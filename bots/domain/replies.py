"""Every reply that an adapter must be able to display."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry
from bots.domain.follows import FollowKind
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import Subscription
from summarizer import Blurb


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One paper in full."""

    entry: Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class CardList:
    """Several papers that match a request; empty if none match."""

    words: str
    entries: tuple[Entry, ...] = ()
    #: Whether the words are the title of a paper that these are similar to.
    alike: bool = False
    #: Libraries that could not be queried, each in one sentence.
    notes: tuple[str, ...] = ()
    #: The number of papers found in all, of which the entries are one page; None if they were not counted.
    total: int | None = None
    #: The number of papers before the entries.
    offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class BlurbReply:
    """The blurb of a pasted abstract."""

    blurb: Blurb
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestReply:
    """A digest made on demand."""

    digest: Digest


class Change(StrEnum):
    """What a request did to a subscription."""

    NEW = "new"
    EDITED = "edited"
    #: Nothing: it was so already, such as when a button is pressed twice.
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribed:
    """A subscription was stored; `next_due` is the instant of its first digest."""

    subscription: Subscription
    next_due: datetime | None = None
    #: Whether it is paused: until it is resumed, or until its `resumes`.
    paused: bool = False
    #: Why its last digest waits to be posted, in a sentence; empty if none does.
    held: str = ""
    change: Change = Change.NEW
    #: Whether a new subscription became a change of one to the same papers that the channel had.
    merged: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsubscribed:
    """A subscription was ended."""

    subscription: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """A subscription was paused, until it is resumed or until a day."""

    item: Subscribed


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    """A paused subscription was resumed."""

    item: Subscribed


#: Replies to a change of a subscription.
Changed = Subscribed | Unsubscribed | Paused | Resumed


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionList:
    """The subscriptions of a channel, each with the instant it is next due."""

    items: tuple[Subscribed, ...] = ()
    #: Whether the list covers every channel.
    everywhere: bool = False
    #: The channel, so that a list can name it; None if the list covers several, or if it is not known.
    channel: Channel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeAbstract:
    """A paper with its whole abstract, as plain text."""

    paper: Paper


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedList:
    """The papers a person saved, the latest first."""

    papers: tuple[Paper, ...] = ()
    #: The words of the search among them; empty for all.
    words: str = ""
    #: How the words were read, where that was open.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Papers as BibTeX."""

    text: str
    papers: int = 1


class NextStep(StrEnum):
    """A next step that a reply offers, as a button where the chat has buttons."""

    HIDE = "hide"
    UNDO = "undo"
    #: Follow again what was just ended, or end what was just followed.
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    #: End what a list shows.
    END_FOLLOW = "end_follow"
    MENTIONS_ON = "mentions_on"
    MENTIONS_OFF = "mentions_off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A next step: for one paper, for something that is followed, or for the person."""

    step: NextStep
    paper_id: PaperId | None = None
    #: What is followed, and whether the channel follows it; None if the step is for a paper or for the person.
    kind: FollowKind | None = None
    text: str = ""
    everyone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """Confirms a small action in one sentence, asks before it is done, or begins a short list."""

    said: str
    offer: Offer | None = None
    #: The items of the list, each a line with its own step.
    items: "tuple[Noted, ...]" = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class HiddenPaper:
    """A paper that is hidden in a channel, and the people who hid it."""

    paper_id: PaperId
    #: When the last of them did.
    at: datetime
    #: The platform's ids of the people, or their names; the first to hide it comes first.
    by: tuple[str, ...] = ()
    #: None if its record is no longer stored.
    paper: Paper | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HiddenList:
    """One page of the papers that are hidden in a channel, the last hidden first."""

    papers: tuple[HiddenPaper, ...] = ()
    #: From 1.
    page: int = 1
    pages: int = 1
    #: The number of hidden papers on all pages.
    total: int = 0


#: Replies to actions on a paper that is shown.
OfPaper = WholeAbstract | SavedList | Citation | Noted | HiddenList


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One command in the help: its form, what it does, an example."""

    name: str
    form: str
    says: str
    example: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpReply:
    """The commands that a person can use."""

    topics: tuple[Topic, ...]


class Trouble(StrEnum):
    """The kind of problem that prevented the reply."""

    #: The request was wrong; repeating it as the hint says helps.
    REQUEST = "request"
    #: The request was right, and no library has the paper.
    MISSING = "missing"
    #: Something that should work failed; trying again later may help.
    FAILURE = "failure"
    #: Paperwire itself is configured wrongly.
    SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A problem with a request and its remedy, in plain words."""

    message: str
    hint: str = ""
    kind: Trouble = Trouble.REQUEST


Reply = Card | CardList | BlurbReply | DigestReply | Changed | SubscriptionList | OfPaper | HelpReply | Problem
