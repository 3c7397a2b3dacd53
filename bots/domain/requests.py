"""The requests a person can make, in any chat."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bots.domain import asked
from bots.domain.export_formats import ExportFormat
from bots.domain.follows import FollowKind, MentionStep
from bots.domain.papers import PaperId, PaperRef
from bots.domain.subscriptions import DIGEST_STYLE, SortBy, Subscription
from summarizer import Style

#: What all requests have; one of this module's names.
Asked = asked.Asked


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup(Asked):
    """Show one paper: `text` is an id, an address, a DOI, or words of its title."""

    text: str


class SearchOrder(StrEnum):
    """The order in which a search lists papers."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    UPVOTES = "upvotes"
    CITED = "cited"


@dataclass(frozen=True, kw_only=True, slots=True)
class Search(Asked):
    """List papers that match some words: those that are stored here, and those that libraries find."""

    #: Words in any form, a title or an author with typing errors, or a query with operators and fields.
    words: str
    limit: int = 5
    #: The number of papers to skip. Libraries are asked only for the first page.
    offset: int = 0
    order: SearchOrder = SearchOrder.RELEVANCE
    #: A further query with operators and fields that every paper must match; empty for none.
    only: str = ""
    #: Whether libraries are asked; without them, only papers that are stored here are found, within 100 ms.
    live: bool = True
    #: Whether each entry gets a blurb, which takes some 50 ms each when it is made for the first time.
    blurbs: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Summarize(Asked):
    """Summarize a pasted abstract."""

    text: str
    title: str = ""
    style: Style = Style.ONE_LINE


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestNow(Asked):
    """Make a digest at once, outside any subscription."""

    #: Empty: the sources of the channel's subscriptions, or the default ones if it has none.
    sources: tuple[str, ...] = ()
    query: str = ""
    #: The person's interests in plain words: the papers nearest to them come first.
    interests: str = ""
    categories: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.TRENDING
    limit: int = 5
    style: Style = DIGEST_STYLE
    #: The day whose papers are requested; None means the newest list.
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe(Asked):
    """Create a subscription to a digest; it gets its id when it is stored."""

    subscription: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit(Asked):
    """Change some options of a subscription of this channel; without options, say how to change it."""

    #: As in `Unsubscribe`.
    subscription_id: str
    #: The options to change, as the command has them: name and value.
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsubscribe(Asked):
    """End a subscription of this channel."""

    #: Its id, its number in the channel's list, or words of what it brings; empty for the only one in the channel.
    subscription_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(Asked):
    """Pause a subscription of this channel."""

    #: As in `Unsubscribe`.
    subscription_id: str
    #: The subscription resumes at the beginning of this day in its own time zone; None pauses it until it is resumed.
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(Asked):
    """Resume a subscription of this channel; digests that were due during the pause are not sent later."""

    #: As in `Unsubscribe`.
    subscription_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSubscriptions(Asked):
    """List this channel's subscriptions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview(Asked):
    """Show the digest that a subscription would bring now, without storing the subscription."""

    subscription: Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class Abstract(Asked):
    """Show the whole abstract of a paper."""

    paper_id: PaperId
    #: None for the newest version.
    version: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Save(Asked):
    """Add a paper to this person's list."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsave(Asked):
    """Remove a paper from this person's list."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved(Asked):
    """List the papers this person saved; with words, only those that contain them."""

    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoreLike(Asked):
    """List papers whose content is near to that of one paper."""

    paper_id: PaperId
    limit: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class NotForUs(Asked):
    """Hide a paper from this channel's digests."""

    paper_id: PaperId
    #: Whether to hide it now; False asks first and says what hiding does.
    sure: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Unhide(Asked):
    """Show a hidden paper in this channel's digests again."""

    paper_id: PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden(Asked):
    """List the papers that are hidden in this channel, the last hidden first."""

    #: From 1; a page that does not exist is the last one.
    page: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cite(Asked):
    """Return a paper as BibTeX or in another format; without an id, all papers this person saved."""

    paper_id: PaperId | None = None
    #: None for the newest version.
    version: int | None = None
    form: ExportFormat = ExportFormat.BIBTEX


class TasteStep(StrEnum):
    """What to do with what a channel's ranking learned."""

    SHOW = "show"
    #: Learn from papers as examples of what the channel wants to read.
    LIKE = "like"
    #: Give the liked papers as BibTeX.
    EXPORT = "export"
    #: Forget everything.
    RESET = "reset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Taste(Asked):
    """Show, teach, export or forget what the channel's ranking learned."""

    step: TasteStep = TasteStep.SHOW
    #: The examples to learn from.
    papers: tuple[PaperRef, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow(Asked):
    """Follow an author, a subject or a filter."""

    kind: FollowKind
    text: str
    #: Whether the channel is to follow it, and not the person.
    everyone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfollow(Asked):
    """End following something: by its kind and text, or by its number in the list."""

    kind: FollowKind | None = None
    text: str
    everyone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Following(Asked):
    """List what the person follows, and what the channel follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentions(Asked):
    """Show or change whether the person, or anyone, may be mentioned in a channel."""

    step: MentionStep = MentionStep.SHOW


@dataclass(frozen=True, kw_only=True, slots=True)
class Help(Asked):
    """List the commands, or explain the syntax of one."""

    topic: str = ""


class Talk(StrEnum):
    """What small talk says."""

    GREETING = "hello"
    THANKS = "thanks"
    #: Praise, agreement, a laugh, an emoji.
    NOD = "ok"
    HELP = "help"


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallTalk(Asked):
    """Answer a greeting, thanks or the like in a word."""

    talk: Talk
    #: The language that it was said in: en, de, es, fr, ja or zh.
    language: str = "en"


#: Requests about subscriptions.
SubscriptionRequest = Subscribe | Edit | Unsubscribe | Pause | Resume | ListSubscriptions | Preview
#: Requests about a paper that is shown.
OfPaper = Abstract | Save | Unsave | Saved | MoreLike | NotForUs | Unhide | Hidden | Cite | Taste
#: Requests about what is followed, and who is told of it.
OfPerson = Follow | Unfollow | Following | Mentions
Request = Lookup | Search | Summarize | DigestNow | SubscriptionRequest | OfPaper | OfPerson | Help | SmallTalk


def changes_channel(request: Request) -> bool:
    """Return whether a request changes something for everyone in a channel: subscriptions, hidden papers, ranking."""
    if isinstance(request, Follow | Unfollow):
        return request.everyone
    if isinstance(request, Mentions):
        return request.step in (MentionStep.ALLOW, MentionStep.FORBID)
    if isinstance(request, Taste):
        return request.step in (TasteStep.LIKE, TasteStep.RESET)
    return isinstance(request, SubscriptionRequest | NotForUs | Unhide) and not isinstance(request, ListSubscriptions)
