"""Translate interactions into actions: commands, menus, buttons and modals. Pure functions.

Whatever a payload contains, unreadable input raises a RequestError that says what to do about it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bots.chat.shared_links import lookups
from bots.chat.untrusted import at, text_at
from bots.commands import parse_command, read_given
from bots.commands.small_talk import small_talk
from bots.commands.wishes import title_in
from bots.discord.actions import (
    Action,
    AnswerRequest,
    Confirm,
    Draft,
    OpenSubscribe,
    OpenSummarize,
    ReadFile,
    ShareThis,
)
from bots.discord.controls import Control, read_control_id, subscription_of_value
from bots.discord.draft_state import choice_in, state_in
from bots.discord.follow_controls import FOLLOW_CONTROLS, OF_FOLLOWS, of_follow
from bots.discord.message_text import papers_in, read_text
from bots.discord.opening import opened, opened_here
from bots.discord.paper_controls import OF_PAPER
from bots.discord.payloads import (
    CommandType,
    Location,
    list_at,
    location_of,
    number_at,
    options_of,
    path_of,
    resolved,
    unreadable,
)
from bots.discord.permissions import Permission
from bots.domain.channels import Channel
from bots.domain.errors import BadPaste, BadQuery
from bots.domain.paper_ids import PaperRef
from bots.domain.requests import (
    Cite,
    DigestNow,
    Help,
    Hidden,
    ListSubscriptions,
    Lookup,
    Pause,
    Request,
    Resume,
    Saved,
    Search,
    SmallTalk,
    Summarize,
    TasteStep,
    Unsubscribe,
)
from bots.domain.subscriptions import DIGEST_STYLE
from bots.translation.speech import gettext
from bots.usecases.pastes import check_message
from summarizer import Style

#: No channel has as many pages of hidden papers as a number of six digits.
_MOST_DIGITS = 6


def read_command(payload: object, *, today: date | None = None) -> Action:
    """Return the action that a command requests.

    Args:
        payload: the interaction.
        today: the day that "yesterday" is counted from.

    Raises:
        RequestError: the command cannot be executed as typed.
    """
    location = location_of(payload)
    if number_at(payload, "data", "type") == CommandType.MESSAGE:
        return _of_message(payload, location)
    path, given = path_of(payload), options_of(payload)
    if path == ("summarize",):
        return _summarize(payload, location, given)
    if path == ("paper", "subscribe"):
        return opened(payload, location, given.get("channel", ""))
    read = _COMMANDS.get(path)
    if read is None or not _is_seen(payload, given.get("channel", "")):
        raise unreadable()
    return AnswerRequest(location=location, requests=(read(location, given, today),))


def _is_seen(payload: object, channel: str) -> bool:
    """Return whether a person sees the channel that they name; Discord's own clients offer them no other."""
    told = resolved(payload, "channels", channel)
    right = Permission.VIEW_CHANNEL | Permission.ADMINISTRATOR
    return not text_at(told, "permissions") or bool(number_at(told, "permissions") & right)


def _summarize(payload: object, location: Location, given: Mapping[str, str]) -> Action:
    style = read_given([("style", given.get("style", ""))]).style or Style.ONE_LINE
    if not given.get("file"):
        return OpenSummarize(location=location, style=style)
    return file_of(payload, location, given["file"], style)


def file_of(payload: object, location: Location, named: str, style: Style) -> ReadFile:
    """Return the request to read a file that was uploaded with an interaction.

    Raises:
        BadCommand: the interaction has no such file.
    """
    told = resolved(payload, "attachments", named)
    if not text_at(told, "url"):
        raise unreadable()
    return ReadFile(
        location=location,
        url=text_at(told, "url"),
        name=text_at(told, "filename"),
        size=number_at(told, "size"),
        style=style,
    )


def _of_message(payload: object, location: Location) -> Action:
    """Return the action for a selected message: look up its papers, or condense its text.

    Raises:
        BadPaste: the message contains neither papers nor text.
    """
    message = resolved(payload, "messages", text_at(payload, "data", "target_id"))
    text = read_text(message)
    if links := papers_in(text):
        return AnswerRequest(location=location, requests=lookups(links, location.channel, location.user))
    if not text:
        raise BadPaste(
            gettext("That message has no text."), hint=gettext("Paste the abstract itself, with /summarize.")
        )
    check_message(text)
    return AnswerRequest(
        location=location, requests=(Summarize(channel=location.channel, user=location.user, text=text),)
    )


def _lookup(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    text = " ".join(given.get("paper", "").split())
    if not text:
        raise BadQuery(gettext("Which paper?"), hint=gettext("Give an id, an address, a DOI, or words of its title."))
    if talk := small_talk(text):
        return SmallTalk(channel=location.channel, user=location.user, talk=talk[0], language=talk[1])
    return Lookup(channel=location.channel, user=location.user, text=title_in(text))


def _search(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    words = " ".join(given.get("words", "").split())
    if not any(map(str.isalnum, words)):
        raise BadQuery(gettext("Which words?"), hint=gettext("Give words of the title or the abstract."))
    return Search(
        channel=location.channel,
        user=location.user,
        words=words,
        limit=read_given([("limit", given.get("limit", ""))]).limit,
    )


def _digest(location: Location, given: Mapping[str, str], today: date | None) -> Request:
    names = ("source", "query", "interests", "limit", "style", "sort", "day")
    # Until Discord has synchronised the commands, a client sends the name that the option had in 0.1.0.
    given = {**given, "sort": given.get("sort") or given.get("order", "")}
    said = read_given(((name, given.get(name, "").strip()) for name in names), today=today)
    return DigestNow(
        channel=location.channel,
        user=location.user,
        sources=said.sources,
        query=said.query,
        interests=said.interests,
        limit=said.limit,
        style=said.style or DIGEST_STYLE,
        sort_by=said.sort_by,
        day=said.day,
    )


def _subscriptions(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    named = given.get("channel", "")
    there = replace(location.channel, channel=named) if named else location.channel
    return ListSubscriptions(channel=there, user=location.user)


def _saved(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    return Saved(
        channel=location.own, place=location.channel, user=location.user, words=" ".join(given.get("words", "").split())
    )


def _hidden(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    page = given.get("page", "")
    known = page.isascii() and page.isdigit() and len(page) < _MOST_DIGITS
    return Hidden(channel=location.channel, user=location.user, page=max(int(page), 1) if known else 1)


def _interests(location: Location, given: Mapping[str, str], today: date | None) -> Request:
    papers = " ".join(given.get("papers", "").replace(",", " ").split())
    step = given.get("action") or (TasteStep.LIKE if papers else TasteStep.SHOW)
    if step == TasteStep.LIKE and not papers:
        raise BadQuery(gettext("Which papers?"), hint=gettext("Give their ids or addresses in the option “papers”."))
    words = f"interests {step} {papers if step == TasteStep.LIKE else ''}"
    return parse_command(words, channel=location.channel, user=location.user, today=today)


def _help(location: Location, given: Mapping[str, str], _today: date | None) -> Request:
    return Help(channel=location.channel, user=location.user, topic=given.get("topic", ""))


_COMMANDS: Mapping[tuple[str, ...], Callable[[Location, Mapping[str, str], date | None], Request]] = {
    ("paper", "lookup"): _lookup,
    ("paper", "search"): _search,
    ("paper", "digest"): _digest,
    ("paper", "subscriptions"): _subscriptions,
    ("paper", "saved"): _saved,
    ("paper", "hidden"): _hidden,
    **OF_FOLLOWS,
    ("paper", "interests"): _interests,
    ("paper", "help"): _help,
}


def read_control(payload: object) -> Action:
    """Return the action that a button or a menu in a message requests.

    Raises:
        RequestError: the control is not ours, or its value has an unexpected format.
    """
    location = location_of(payload)
    pressed = read_control_id(text_at(payload, "data", "custom_id"))
    if pressed is None:
        raise unreadable()
    control, held = pressed
    if control in OF_PAPER:
        return AnswerRequest(location=location, requests=(OF_PAPER[control](location, PaperRef.parse(held)),))
    if control in FOLLOW_CONTROLS:
        return AnswerRequest(location=location, requests=(of_follow(location, control, held),))
    match control:
        case Control.PICK:
            return _picked(payload, location)
        case Control.SAVED_CITE:
            return AnswerRequest(
                location=location, requests=(Cite(channel=location.own, place=location.channel, user=location.user),)
            )
        case Control.HIDDEN_NEWER | Control.HIDDEN_OLDER:
            return AnswerRequest(location=location, requests=(_hidden(location, {"page": held}, None),))
        case Control.HELP:
            return AnswerRequest(location=location, requests=(Help(channel=location.channel, user=location.user),))
        case Control.SUBSCRIBE:
            return opened_here(payload, location)
        case Control.SHARE:
            message = at(payload, "message")
            return ShareThis(location=location, message=message if isinstance(message, dict) else {})
    return _of_subscription(payload, location, control, held)


def _picked(payload: object, location: Location) -> AnswerRequest:
    value = next((each for each in list_at(payload, "data", "values") if isinstance(each, str)), "")
    request = OF_PAPER[Control.ABSTRACT](location, PaperRef.parse(value))
    return AnswerRequest(location=location, requests=(request,), picked=True)


def _of_subscription(payload: object, location: Location, control: Control, held: str) -> Action:
    subscription_id, channel = subscription_of_value(held)
    if not subscription_id:
        raise unreadable()
    there = Channel(platform=location.channel.platform, workspace=location.channel.workspace, channel=channel)
    if control in _OF_DRAFT:
        values = tuple(choice_in(value) for value in list_at(payload, "data", "values") if isinstance(value, str))
        state = state_in(at(payload, "message"))
        if state is None:
            raise unreadable()
        return Draft(
            location=location, what=control, state=state, channel=there, subscription_id=subscription_id, chosen=values
        )
    if control is Control.EDIT:
        return OpenSubscribe(location=location, channel=there, subscription_id=subscription_id)
    if control is Control.UNSUBSCRIBE:
        return Confirm(location=location, held=held)
    change = _OF_SUBSCRIPTION.get(control)
    if change is None:
        raise unreadable()
    return AnswerRequest(
        location=location, requests=(change(channel=there, user=location.user, subscription_id=subscription_id),)
    )


#: The controls of the message that shows a draft subscription.
_OF_DRAFT = frozenset(
    {
        Control.PREVIEW,
        Control.KEEP,
        Control.CHANGE,
        Control.DISCARD,
        Control.OPTIONS,
        Control.EVERY,
        Control.LIMIT,
        Control.STYLE,
    }
)
_OF_SUBSCRIPTION: Mapping[Control, type[Pause | Resume | Unsubscribe]] = {
    Control.PAUSE: Pause,
    Control.RESUME: Resume,
    Control.UNSUBSCRIBE_SURE: Unsubscribe,
}
