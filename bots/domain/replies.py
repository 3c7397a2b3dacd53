"""Everything an adapter must be able to show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.domain.subscriptions import Subscription
from summarizer import Blurb


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One paper, whole."""

    entry: Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class CardList:
    """Several papers that match what was asked; empty when none does."""

    words: str
    entries: tuple[Entry, ...] = ()
    #: Libraries that could not be asked, each in one sentence.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BlurbReply:
    """A pasted abstract, condensed."""

    blurb: Blurb
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestReply:
    """A digest made on demand."""

    digest: Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribed:
    """A standing order was kept; `next_due` is the instant of its first digest."""

    subscription: Subscription
    next_due: datetime | None = None
    #: Whether it rests: until it is resumed, or until its `resumes`.
    paused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsubscribed:
    """A standing order was ended."""

    subscription: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """A standing order rests: until it is resumed, or until a day."""

    item: Subscribed


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    """A standing order that rested goes on."""

    item: Subscribed


#: What is said when a standing order was changed.
Changed = Subscribed | Unsubscribed | Paused | Resumed


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionList:
    """The standing orders of a channel, with the instant each is next due."""

    items: tuple[Subscribed, ...] = ()
    #: Whether they are those of every channel.
    everywhere: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeAbstract:
    """A paper with its whole abstract, as plain text."""

    paper: Paper


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedList:
    """The papers a person saved, the last saved first."""

    papers: tuple[Paper, ...] = ()
    #: What was looked for among them; empty for all.
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Papers as BibTeX."""

    text: str
    papers: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """Something small was done, in one sentence."""

    said: str


#: What is said of papers that are shown.
OfPaper = WholeAbstract | SavedList | Citation | Noted


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One command in the help: its form, what it does, an example."""

    name: str
    form: str
    says: str
    example: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpReply:
    """What can be asked."""

    topics: tuple[Topic, ...]


class Trouble(StrEnum):
    """What kind of thing stood in the way of an answer."""

    #: It was asked wrongly; asking as the hint says helps.
    REQUEST = "request"
    #: It was asked rightly, and nobody has it.
    MISSING = "missing"
    #: Something that should work does not; later may be better.
    FAILURE = "failure"
    #: Paperwire itself is set up wrongly.
    SETTINGS = "settings"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What was wrong with the request and what to do about it, in plain words."""

    message: str
    hint: str = ""
    kind: Trouble = Trouble.REQUEST


Reply = Card | CardList | BlurbReply | DigestReply | Changed | SubscriptionList | OfPaper | HelpReply | Problem
