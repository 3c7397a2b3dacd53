"""What a person can ask for, whichever chat they ask in."""

from dataclasses import dataclass
from datetime import date

from bots.domain.channels import Channel, Reader
from bots.domain.papers import PaperId
from bots.domain.subscriptions import DEFAULT_SOURCES, SortBy, Subscription
from summarizer import Style


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Where a request came from: the answer goes back there."""

    channel: Channel
    #: The platform's id of the person; empty where the platform has none.
    user: str = ""
    #: Whether the person may read this machine's files: true for its own command line, never for a chat.
    trusted: bool = False

    @property
    def reader(self) -> Reader:
        """The person who asks."""
        return Reader(platform=self.channel.platform, workspace=self.channel.workspace, user=self.user)


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
    #: What the asker wants to read of, in plain words: the papers nearest to it come first.
    interests: str = ""
    categories: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.TRENDING
    limit: int = 5
    style: Style = Style.ONE_LINE
    #: The day whose papers are wanted; None is today.
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe(Asked):
    """Place a standing order for a digest; its id is given when it is kept."""

    subscription: Subscription


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
class ListSubscriptions(Asked):
    """List this channel's standing orders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview(Asked):
    """Show the digest a standing order would bring now, without keeping it."""

    subscription: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Abstract(Asked):
    """Show the whole abstract of a paper."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Save(Asked):
    """Put a paper on this person's list."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsave(Asked):
    """Take a paper off this person's list."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved(Asked):
    """List the papers this person saved, those that hold the words where there are any."""

    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoreLike(Asked):
    """List papers that are near to one in what they are about."""

    paper_id: PaperId
    limit: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class NotForUs(Asked):
    """Note that a paper is none for this channel."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Cite(Asked):
    """Give a paper as BibTeX; without one, all that this person saved."""

    paper_id: PaperId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Help(Asked):
    """Say what can be asked, or how one command is written."""

    topic: str = ""


#: What concerns a standing order.
SubscriptionRequest = Subscribe | Unsubscribe | Pause | Resume | ListSubscriptions | Preview
#: What is asked of a paper that is shown.
OfPaper = Abstract | Save | Unsave | Saved | MoreLike | NotForUs | Cite
Request = Lookup | Search | Summarize | DigestNow | SubscriptionRequest | OfPaper | Help
