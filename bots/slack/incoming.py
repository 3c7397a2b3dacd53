"""What a person did in Slack becomes what is to be done: commands, mentions, shortcuts, presses. Pure.

Whatever a payload holds, what cannot be read is a RequestError with what to do about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from bots.chat.untrusted import at, text_at
from bots.domain.errors import BadPaperId, BadPaste
from bots.domain.papers import PaperId, read_ref
from bots.domain.requests import (
    Abstract,
    Cite,
    Help,
    Lookup,
    MoreLike,
    NotForUs,
    Pause,
    Request,
    Resume,
    Save,
    Saved,
    Summarize,
    Unsave,
    Unsubscribe,
)
from bots.slack.controls import Control, MenuItem, paper_of_row, subscription_of_value
from bots.slack.message_text import asked_for, asked_in, papers_in, typed
from bots.slack.payloads import Location, spot_of, spot_of_event, unreadable

#: Of search words; the field takes as many.
_MOST_WORDS = 200


class Show(StrEnum):
    """Where an answer is shown."""

    #: To the person who asked, and to nobody else.
    PRIVATE = "private"
    CHANNEL = "channel"
    #: In the thread of the message it answers.
    THREAD = "thread"
    MODAL = "modal"
    #: In the home tab, which is drawn anew.
    HOME = "home"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """A request, and where its answer is shown."""

    spot: Location
    request: Request
    show: Show = Show.PRIVATE


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSubscribe:
    """Open the modal of a standing order: a new one, or that of `order_id` to be edited."""

    spot: Location
    subscription_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSummarize:
    """Open the modal that a text is pasted into."""

    spot: Location


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPreview:
    """Show what the standing order in the modal would bring; `view` is that modal as it was filled in."""

    spot: Location
    view: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """Nothing is to be done: Slack tells us of a link that was followed, too."""


Heard = Ask | OpenSubscribe | OpenSummarize | OpenPreview | Nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLink:
    """An address of a paper that somebody posted, as it was posted: Slack shows something under that only."""

    url: str
    paper_id: PaperId


def read_command(payload: object, *, today: date | None = None, zone: ZoneInfo | None = None) -> Heard:
    """Return what a slash command asks for; without words it asks for help.

    Raises:
        RequestError: it cannot be done as typed.
    """
    spot, words = spot_of(payload), typed(text_at(payload, "text"))
    match words.lower():
        case "subscribe":
            return OpenSubscribe(spot=spot)
        case "summarize" | "summarise":
            return OpenSummarize(spot=spot)
    request = asked_for(words, channel=spot.channel, user=spot.user, today=today, zone=zone)
    return Ask(spot=spot, request=request)


def read_event(body: object, *, today: date | None = None, zone: ZoneInfo | None = None) -> tuple[Ask, ...]:
    """Return what a mention or a direct message asks for; nothing where no person wrote it or it was changed later.

    Raises:
        RequestError: it cannot be done as written.
    """
    event = at(body, "event")
    by_app = bool(at(event, "bot_id")) or bool(at(event, "bot_profile"))
    # A message with a file is one with a subtype; its text counts, the file does not.
    if by_app or text_at(event, "subtype") not in ("", "file_share", "thread_broadcast") or at(event, "hidden"):
        return ()
    spot = spot_of_event(body)
    words = text_at(event, "text")
    requests = asked_in(words, channel=spot.channel, user=spot.user, today=today, zone=zone)
    return tuple(Ask(spot=spot, request=request, show=Show.THREAD) for request in requests)


def read_links(body: object) -> tuple[SharedLink, ...]:
    """Return the links to papers in a `link_shared` event; an app is told of every address of its domains."""
    links = at(body, "event", "links")
    return tuple(filter(None, map(_shared, links))) if isinstance(links, list) else ()


def _shared(link: object) -> SharedLink | None:
    url = text_at(link, "url")
    try:
        return SharedLink(url=url, paper_id=read_ref(url).id)
    except BadPaperId:
        return None


def read_shortcut(payload: object) -> tuple[Heard, ...]:
    """Return what a shortcut asks for: of a message, its papers or its text; without one, the modal to paste into.

    Raises:
        BadPaste: the message holds no text.
    """
    spot = spot_of(payload)
    if text_at(payload, "type") != "message_action":
        return (OpenSummarize(spot=spot),)
    text = text_at(payload, "message", "text")
    if links := papers_in(text):
        lookups = (Lookup(channel=spot.channel, user=spot.user, text=link) for link in links)
        return tuple(Ask(spot=spot, request=request) for request in lookups)
    words = typed(text)
    if not words:
        raise BadPaste("That message holds no text.", hint="Files are not read: paste the abstract itself.")
    return (Ask(spot=spot, request=Summarize(channel=spot.channel, user=spot.user, text=words)),)


def read_press(payload: object) -> Heard:
    """Return what a button, a menu or a search field asks for.

    Raises:
        RequestError: it is none of ours, or carries something else than ours does.
    """
    spot = spot_of(payload)
    action = at(payload, "actions", 0)
    name, value = text_at(action, "action_id"), text_at(action, "value")
    if name in _OF_PAPER:
        request, show = _OF_PAPER[name]
        return Ask(spot=spot, request=request(spot, PaperId.parse(value)), show=_shown(spot, show))
    if name in _OF_SUBSCRIPTION:
        return _of_subscription(spot, name, value)
    match name:
        case Control.MENU:
            return _chosen(spot, text_at(action, "selected_option", "value"), text_at(action, "block_id"))
        case Control.PREVIEW:
            view = at(payload, "view")
            return OpenPreview(spot=spot, view=view if isinstance(view, dict) else {})
        case Control.SUBSCRIBE:
            return OpenSubscribe(spot=spot)
        case Control.SUMMARIZE:
            return OpenSummarize(spot=spot)
    return _of_person(spot, name, value)


def _of_person(spot: Location, name: str, value: str) -> Ask:
    """Return what concerns the person alone, whatever paper or order is near."""
    match name:
        case Control.SAVED_SEARCH:
            request: Request = Saved(channel=spot.channel, user=spot.user, words=" ".join(value.split())[:_MOST_WORDS])
            return Ask(spot=spot, request=request, show=_shown(spot, Show.HOME))
        case Control.SAVED_CITE:
            request = Cite(channel=spot.channel, user=spot.user)
        case Control.HELP:
            request = Help(channel=spot.channel, user=spot.user)
        case _:
            raise unreadable()
    return Ask(spot=spot, request=request, show=_shown(spot, Show.PRIVATE))


def _shown(spot: Location, show: Show) -> Show:
    """Return where an answer is shown: what is private in a channel is laid upon the view that was pressed in."""
    if show not in (Show.PRIVATE, Show.HOME) or (spot.home and show is Show.HOME):
        return show
    return Show.MODAL if spot.view else Show.PRIVATE


def _chosen(spot: Location, item: str, row: str) -> Heard:
    paper_id = PaperId.parse(paper_of_row(row))
    match item:
        case MenuItem.PDF:
            return Nothing()
        case MenuItem.BIBTEX:
            return Ask(spot=spot, request=_cite(spot, paper_id), show=_shown(spot, Show.PRIVATE))
        case MenuItem.SHARE:
            return Ask(spot=spot, request=_lookup(spot, paper_id), show=Show.CHANNEL)
    raise unreadable()


def _of_subscription(spot: Location, name: str, value: str) -> Heard:
    subscription_id, channel = subscription_of_value(value)
    if not subscription_id:
        raise unreadable()
    there = replace(spot, channel=replace(spot.channel, channel=channel))
    change = _OF_SUBSCRIPTION[name]
    if change is None:
        return OpenSubscribe(spot=there, subscription_id=subscription_id)
    request = change(channel=there.channel, user=there.user, subscription_id=subscription_id)
    return Ask(spot=there, request=request, show=_shown(spot, Show.HOME))


def _lookup(spot: Location, paper_id: PaperId) -> Request:
    return Lookup(channel=spot.channel, user=spot.user, text=str(paper_id))


def _abstract(spot: Location, paper_id: PaperId) -> Request:
    return Abstract(channel=spot.channel, user=spot.user, paper_id=paper_id)


def _save(spot: Location, paper_id: PaperId) -> Request:
    return Save(channel=spot.channel, user=spot.user, paper_id=paper_id)


def _unsave(spot: Location, paper_id: PaperId) -> Request:
    return Unsave(channel=spot.channel, user=spot.user, paper_id=paper_id)


def _more(spot: Location, paper_id: PaperId) -> Request:
    return MoreLike(channel=spot.channel, user=spot.user, paper_id=paper_id)


def _not_for_us(spot: Location, paper_id: PaperId) -> Request:
    return NotForUs(channel=spot.channel, user=spot.user, paper_id=paper_id)


def _cite(spot: Location, paper_id: PaperId) -> Request:
    return Cite(channel=spot.channel, user=spot.user, paper_id=paper_id)


_OF_PAPER: Mapping[str, tuple[Callable[[Location, PaperId], Request], Show]] = {
    Control.SHOW: (_lookup, Show.PRIVATE),
    Control.ABSTRACT: (_abstract, Show.MODAL),
    Control.SAVE: (_save, Show.PRIVATE),
    Control.UNSAVE: (_unsave, Show.HOME),
    Control.MORE: (_more, Show.PRIVATE),
    Control.NOT_FOR_US: (_not_for_us, Show.PRIVATE),
    Control.CITE: (_cite, Show.PRIVATE),
}
_OF_SUBSCRIPTION: Mapping[str, type[Pause | Resume | Unsubscribe] | None] = {
    Control.EDIT: None,
    Control.PAUSE: Pause,
    Control.RESUME: Resume,
    Control.UNSUBSCRIBE: Unsubscribe,
}
