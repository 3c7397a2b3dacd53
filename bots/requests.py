"""What a person can ask for, whichever chat they ask in."""

from dataclasses import dataclass
from datetime import date

from bots.channels import DEFAULT_SOURCES, Channel, Order, Subscription
from summarizer import Style


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Where a request came from: the answer goes back there."""

    channel: Channel
    #: The platform's id of the person; empty where the platform has none.
    user: str = ""
    #: Whether the person may read this machine's files: true for its own command line, never for a chat.
    trusted: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup(Asked):
    """Show one paper: `text` is an id, an address, a DOI, or words of its title."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Search(Asked):
    """List papers that match some words."""

    words: str
    limit: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Summarize(Asked):
    """Condense a pasted abstract."""

    text: str
    title: str = ""
    style: Style = Style.ONE_LINE


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestNow(Asked):
    """Make a digest at once, without posting it on anyone's schedule."""

    sources: tuple[str, ...] = DEFAULT_SOURCES
    query: str = ""
    categories: tuple[str, ...] = ()
    order: Order = Order.TRENDING
    limit: int = 5
    style: Style = Style.ONE_LINE
    #: The day whose papers are wanted; None is today.
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe(Asked):
    """Place a standing order for a digest; its id is given when it is kept."""

    order: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsubscribe(Asked):
    """End a standing order of this channel."""

    subscription_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(Asked):
    """Let a standing order of this channel rest."""

    subscription_id: str
    #: It goes on by itself at the beginning of this day, on its own clock; None rests until it is resumed.
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(Asked):
    """Let a standing order of this channel go on; what was due while it rested is not caught up."""

    subscription_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriptions(Asked):
    """List this channel's standing orders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Help(Asked):
    """Say what can be asked, or how one command is written."""

    topic: str = ""


Request = Lookup | Search | Summarize | DigestNow | Subscribe | Unsubscribe | Pause | Resume | Subscriptions | Help
