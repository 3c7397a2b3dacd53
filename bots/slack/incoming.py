"""Parse Slack payloads (commands, mentions, shortcuts, button clicks) into actions. Pure functions.

A payload that cannot be parsed raises a RequestError with a hint, whatever it holds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bots.chat.shared_links import lookups
from bots.chat.untrusted import at, text_at
from bots.commands import parse_command
from bots.domain.errors import BadPaperId, BadPaste
from bots.domain.follows import MentionStep
from bots.domain.paper_ids import PaperRef, read_ref
from bots.domain.requests import (
    Abstract,
    Cite,
    Edit,
    Follow,
    Help,
    Hidden,
    Lookup,
    Mentions,
    MoreLike,
    NotForUs,
    Pause,
    Request,
    Resume,
    Save,
    Saved,
    Subscribe,
    Summarize,
    Unfollow,
    Unhide,
    Unsave,
    Unsubscribe,
)
from bots.presentation.follow_text import read_held
from bots.slack.actions import (
    Action,
    AnswerRequest,
    Nothing,
    OpenPreview,
    OpenShare,
    OpenSubscribe,
    OpenSummarize,
    RedrawForm,
    SharedLink,
    Show,
)
from bots.slack.attached_text import asked_in_message, text_of
from bots.slack.controls import Control, MenuItem, ended_of_value, paper_of_row, subscription_of_value
from bots.slack.message_text import asked_for, papers_in, typed
from bots.slack.payloads import Location, is_personal, location_of, location_of_event, unreadable
from bots.translation.speech import gettext
from bots.usecases.pastes import check_message

#: Longest search text, in characters; the input field accepts as many.
_MOST_WORDS = 200
_PAGE = re.compile("[1-9][0-9]{0,4}", re.ASCII)


def read_command(payload: object, *, today: date | None = None, zone: ZoneInfo | None = None) -> Action:
    """Return the action for a slash command; without words, a help request.

    Raises:
        RequestError: the command is not valid.
    """
    location, words = location_of(payload), typed(text_at(payload, "text"))
    match words.lower():
        case "subscribe":
            return OpenSubscribe(location=location)
        case "summarize" | "summarise":
            return OpenSummarize(location=location)
    request = asked_for(words, channel=location.channel, user=location.user, today=today, zone=zone)
    if isinstance(request, Edit) and not request.options:
        return OpenSubscribe(location=location, named=request.subscription_id)
    return AnswerRequest(location=location, request=request)


def read_event(body: object, *, today: date | None = None, zone: ZoneInfo | None = None) -> tuple[AnswerRequest, ...]:
    """Return the requests in a mention or direct message; none if an app posted it or it reports a later change.

    Raises:
        RequestError: the message is not a valid request.
    """
    event = at(body, "event")
    by_app = bool(at(event, "bot_id")) or bool(at(event, "bot_profile"))
    # A message with a file has a subtype; its text is read, the file is not.
    if by_app or text_at(event, "subtype") not in ("", "file_share", "thread_broadcast") or at(event, "hidden"):
        return ()
    location = location_of_event(body)
    requests = asked_in_message(event, channel=location.channel, user=location.user, today=today, zone=zone)
    return tuple(AnswerRequest(location=location, request=request, show=Show.THREAD) for request in requests)


def read_links(body: object) -> tuple[SharedLink, ...]:
    """Return the links to papers in a `link_shared` event; Slack reports every URL of the subscribed domains."""
    links = at(body, "event", "links")
    return tuple(filter(None, map(_shared, links))) if isinstance(links, list) else ()


def _shared(link: object) -> SharedLink | None:
    url = text_at(link, "url")
    try:
        return SharedLink(url=url, paper_id=read_ref(url).id)
    except BadPaperId:
        return None


def read_shortcut(payload: object) -> tuple[Action, ...]:
    """Return the actions for a shortcut: on a message, for its papers or text; a global one opens the summarise modal.

    Raises:
        BadPaste: the message holds no text.
    """
    location = location_of(payload)
    if text_at(payload, "type") != "message_action":
        return (OpenSummarize(location=location),)
    text = text_of(at(payload, "message"))
    if links := papers_in(text):
        requests = lookups(links, location.channel, location.user)
        return tuple(AnswerRequest(location=location, request=request) for request in requests)
    words = typed(text)
    if not words:
        hint = gettext("Paperwire reads no files here: paste the abstract itself.")
        raise BadPaste(gettext("That message has no text."), hint=hint)
    check_message(words)
    return (
        AnswerRequest(location=location, request=Summarize(channel=location.channel, user=location.user, text=words)),
    )


def read_control(payload: object) -> Action:
    """Return the action for a button, a menu or a search field.

    Raises:
        RequestError: the control is not ours, or its value is not in our format.
    """
    location = location_of(payload)
    action = at(payload, "actions", 0)
    name, value = text_at(action, "action_id"), text_at(action, "value")
    if name in _OF_PAPER:
        request, show = _OF_PAPER[name]
        return AnswerRequest(
            location=location, request=request(location, PaperRef.parse(value)), show=_shown(location, show)
        )
    if name in _OF_SUBSCRIPTION:
        return _of_subscription(location, name, value)
    if name == Control.RESTORE:
        return _restored(location, value)
    match name:
        case Control.MENU:
            return _chosen(location, text_at(action, "selected_option", "value"), text_at(action, "block_id"))
        case Control.PICK:
            ref = PaperRef.parse(text_at(action, "selected_option", "value"))
            return AnswerRequest(location=location, request=_abstract(location, ref), show=Show.PICKED)
        case Control.PREVIEW:
            return OpenPreview(location=location, view=_view(payload))
        case Control.UNFOLD | Control.FOLD:
            return RedrawForm(location=location, view=_view(payload), unfolded=name == Control.UNFOLD)
        case Control.SUBSCRIBE:
            return OpenSubscribe(location=location)
        case Control.SUMMARIZE:
            return OpenSummarize(location=location)
    return _of_person(location, name, value)


def _view(payload: object) -> Mapping[str, object]:
    view = at(payload, "view")
    return view if isinstance(view, dict) else {}


def _of_person(location: Location, name: str, value: str) -> AnswerRequest:
    """Return the request of a control that concerns only the person, not a paper or a subscription."""
    match name:
        case Control.SAVED_SEARCH:
            request: Request = Saved(
                channel=location.channel, user=location.user, words=" ".join(value.split())[:_MOST_WORDS]
            )
            return AnswerRequest(location=location, request=request, show=_shown(location, Show.HOME))
        case Control.HIDDEN_NEWER | Control.HIDDEN_OLDER:
            page = int(value) if _PAGE.fullmatch(value) else 1
            request = Hidden(channel=location.channel, user=location.user, page=page)
        case Control.FOLLOW | Control.UNFOLLOW | Control.END_FOLLOW:
            request = _of_follow(location, name, value)
        case Control.MENTIONS_ON | Control.MENTIONS_OFF:
            step = MentionStep.ON if name == Control.MENTIONS_ON else MentionStep.OFF
            request = Mentions(channel=location.channel, user=location.user, step=step)
        case Control.SAVED_CITE:
            request = Cite(channel=location.channel, user=location.user)
        case Control.HELP:
            request = Help(channel=location.channel, user=location.user)
        case _:
            raise unreadable()
    return AnswerRequest(location=location, request=request, show=_shown(location, Show.PRIVATE))


def _of_follow(location: Location, name: str, value: str) -> Request:
    held = read_held(value)
    if held is None:
        raise unreadable()
    make = Follow if name == Control.FOLLOW else Unfollow
    return make(channel=location.channel, user=location.user, kind=held[0], text=held[1], everyone=held[2])


def _shown(location: Location, show: Show) -> Show:
    """Return where a reply is shown: a private reply to a click in a view becomes a modal on that view."""
    if show not in (Show.PRIVATE, Show.HOME) or (location.home and show is Show.HOME):
        return show
    return Show.MODAL if location.view else Show.PRIVATE


def _chosen(location: Location, item: str, row: str) -> Action:
    ref = PaperRef.parse(paper_of_row(row))
    match item:
        case MenuItem.PDF:
            return Nothing()
        case MenuItem.BIBTEX:
            return AnswerRequest(location=location, request=_cite(location, ref), show=_shown(location, Show.PRIVATE))
        case MenuItem.SHARE if is_personal(location):
            return OpenShare(location=location, paper=ref.key)
        case MenuItem.SHARE:
            return AnswerRequest(location=location, request=_lookup(location, ref), show=Show.CHANNEL)
    raise unreadable()


def _of_subscription(location: Location, name: str, value: str) -> Action:
    subscription_id, channel = subscription_of_value(value)
    if not subscription_id:
        raise unreadable()
    there = replace(location, channel=replace(location.channel, channel=channel))
    change = _OF_SUBSCRIPTION[name]
    if change is None:
        return OpenSubscribe(location=there, subscription_id=subscription_id)
    request = change(channel=there.channel, user=there.user, subscription_id=subscription_id)
    return AnswerRequest(location=there, request=request, show=_shown(location, Show.HOME))


def _restored(location: Location, value: str) -> AnswerRequest:
    """Return the request that makes an ended subscription again, under its old id: pressed twice, it is made once."""
    name, channel, command = ended_of_value(value)
    there = replace(location, channel=replace(location.channel, channel=channel)) if channel else location
    request = parse_command(command, channel=there.channel, user=there.user) if command else None
    if not isinstance(request, Subscribe):
        raise unreadable()
    made = replace(request, subscription=replace(request.subscription, id=name))
    return AnswerRequest(location=there, request=made, show=_shown(location, Show.HOME))


def _lookup(location: Location, ref: PaperRef) -> Request:
    return Lookup(channel=location.channel, user=location.user, text=ref.key)


def _abstract(location: Location, ref: PaperRef) -> Request:
    return Abstract(channel=location.channel, user=location.user, paper_id=ref.id, version=ref.version)


def _save(location: Location, ref: PaperRef) -> Request:
    return Save(channel=location.channel, user=location.user, paper_id=ref.id)


def _unsave(location: Location, ref: PaperRef) -> Request:
    return Unsave(channel=location.channel, user=location.user, paper_id=ref.id)


def _more(location: Location, ref: PaperRef) -> Request:
    return MoreLike(channel=location.channel, user=location.user, paper_id=ref.id)


def _not_for_us(location: Location, ref: PaperRef) -> Request:
    return NotForUs(channel=location.channel, user=location.user, paper_id=ref.id, sure=False)


def _hide(location: Location, ref: PaperRef) -> Request:
    return NotForUs(channel=location.channel, user=location.user, paper_id=ref.id)


def _undo(location: Location, ref: PaperRef) -> Request:
    return Unhide(channel=location.channel, user=location.user, paper_id=ref.id)


def _cite(location: Location, ref: PaperRef) -> Request:
    return Cite(channel=location.channel, user=location.user, paper_id=ref.id, version=ref.version)


_OF_PAPER: Mapping[str, tuple[Callable[[Location, PaperRef], Request], Show]] = {
    Control.SHOW: (_lookup, Show.PRIVATE),
    Control.ABSTRACT: (_abstract, Show.MODAL),
    Control.SAVE: (_save, Show.PRIVATE),
    Control.UNSAVE: (_unsave, Show.HOME),
    Control.MORE: (_more, Show.PRIVATE),
    Control.NOT_FOR_US: (_not_for_us, Show.PRIVATE),
    Control.HIDE: (_hide, Show.PRIVATE),
    Control.UNDO: (_undo, Show.PRIVATE),
    Control.CITE: (_cite, Show.PRIVATE),
}
_OF_SUBSCRIPTION: Mapping[str, type[Pause | Resume | Unsubscribe] | None] = {
    Control.EDIT: None,
    Control.PAUSE: Pause,
    Control.RESUME: Resume,
    Control.UNSUBSCRIBE: Unsubscribe,
}
