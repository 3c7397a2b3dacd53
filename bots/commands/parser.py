"""Finds the command at the start of a text, and builds the request from its words and options."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from bots.commands.arguments import (
    ALLOWED,
    LONGEST_WORDS,
    QUOTES,
    Call,
    left_over,
    no_option,
    one_line,
    options_of,
    read_option,
    short_enough,
)
from bots.commands.options import Options
from bots.commands.paper_commands import OF_PAPER
from bots.commands.subscription_options import subscription_of
from bots.commands.tokens import Piece, option_at
from bots.commands.topics import TITLE_WORDS, is_slip, shown, topic_of, unknown, with_example, wrong
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadPaperId, BadQuery
from bots.domain.paper_ids import read_ref, refs_in
from bots.domain.requests import (
    DigestNow,
    Help,
    ListSubscriptions,
    Lookup,
    Pause,
    Preview,
    Request,
    Resume,
    Search,
    Subscribe,
    Summarize,
    Unsubscribe,
)
from bots.domain.subscriptions import DIGEST_STYLE, Subscription
from summarizer import Style

#: Maximum characters of any command except an abstract; query and interests have at most 500 each, twice that with
#: every quote escaped, and the other options are short.
LONGEST = 3000
#: Paperwire creates the ids, and they are short.
_LONGEST_ID = 64

_COMMAND = re.compile(r"/?(?P<word>[A-Za-z]+|\?)(?:[:,.!?]?(?:\s+|$)|:)(?P<rest>.*)", re.DOTALL)
# Invisible characters that copying and phones add; ignored at the start and end of a text.
_EDGES = "\ufeff\u200b\u200c\u200d\u2060"
# Databases do not store NUL, and a lone surrogate is not a character.
_NEVER = re.compile("[\x00\ud800-\udfff]")


def parse_command(
    text: str, *, channel: Channel, user: str = "", today: date | None = None, zone: ZoneInfo | None = None
) -> Request:
    """Return the request that a text expresses; an empty text is a request for help.

    Args:
        text: what a person typed, without the bot's own name.
        channel: where it was typed; the reply is posted there, and a subscription belongs to it.
        user: the platform's id of the person.
        today: the day from which "yesterday" is counted.
        zone: the time zone to use if no zone= is typed: the person's own, if the platform reports it.

    Raises:
        BadCommand: the command does not exist, or its words are wrong; the hint shows the right form.
        BadQuery: an option's value is invalid; the hint shows a valid one.
    """
    typed = _bare(text)
    if not typed:
        return Help(channel=channel, user=user)
    found = _COMMAND.fullmatch(typed)
    topic = topic_of(found["word"]) if found else None
    if found is None or topic is None:
        return Lookup(channel=channel, user=user, text=_paper_alone(typed))
    call = Call(topic=topic, rest=found["rest"].strip(), channel=channel, user=user, today=today, zone=zone)
    if len(call.rest) > LONGEST and topic.name != "summarize":
        raise wrong(topic, f"That is {len(call.rest):,} characters long; {LONGEST:,} is the most.")
    try:
        return _READ[topic.name](call)
    except BadQuery as error:
        raise with_example(topic, error) from error


def _bare(text: str) -> str:
    typed = _NEVER.sub("", text).strip().strip(_EDGES).strip()
    # A command shown in the help is often copied with its backticks.
    return typed.strip("`").strip() if typed.startswith("`") and typed.endswith("`") else typed


def _paper_alone(typed: str) -> str:
    try:
        read_ref(typed)
    except BadPaperId:
        # A sentence that names a paper is a look-up; one that begins with a mistyped command is probably that command.
        too_long = len(typed) > LONGEST_WORDS or len(typed.split()) > TITLE_WORDS
        if too_long or is_slip(typed) or not refs_in(typed):
            raise unknown(typed) from None
    return one_line(typed).strip(QUOTES)


def _lookup(call: Call) -> Request:
    text = one_line(call.rest).strip(QUOTES)
    if not text:
        raise wrong(call.topic, "Which paper?")
    return Lookup(channel=call.channel, user=call.user, text=short_enough(call, text))


def _search(call: Call) -> Request:
    said, words = options_of(call)
    text = one_line(" ".join(word.text for word in words))
    if not any(map(str.isalnum, text)):
        raise wrong(call.topic, "Which words?")
    return Search(channel=call.channel, user=call.user, words=short_enough(call, text), limit=said.limit)


def _summarize(call: Call) -> Request:
    said, place = Options(), 0
    while (piece := option_at(call.rest, place)) and _is_meant(call, piece):
        said = read_option(call, said, piece)
        place = len(call.rest) - len(call.rest[piece.end :].lstrip())
    text = call.rest[place:].strip()
    if not text:
        raise wrong(call.topic, "There is no text to summarize.")
    if _names_a_paper(text):
        # "summarize <address>" refers to the paper at that address; an address is not an abstract.
        return Lookup(channel=call.channel, user=call.user, text=text)
    return Summarize(
        channel=call.channel, user=call.user, text=text, title=said.title, style=said.style or Style.ONE_LINE
    )


def _is_meant(call: Call, piece: Piece) -> bool:
    """Return whether a piece is an option rather than the start of an abstract that begins with an equation.

    Raises:
        BadCommand: the piece looks like a misspelled option.
    """
    known = ALLOWED[call.topic.name]
    if piece.key not in known and get_close_matches(piece.key[:40], known, cutoff=0.7):
        raise no_option(call, piece)
    return piece.key in known


def _names_a_paper(text: str) -> bool:
    try:
        return len(text) <= LONGEST_WORDS and bool(read_ref(text))
    except BadPaperId:
        return False


def _digest(call: Call) -> Request:
    said, words = options_of(call)
    for word in words:
        if word.text.lower() != "now":
            said = read_option(call, said, replace(_day_word(call, word), key="day"))
    plain = DigestNow(channel=call.channel, user=call.user)
    return replace(
        plain,
        sources=said.sources or plain.sources,
        query=said.query,
        interests=said.interests,
        categories=said.categories,
        sort_by=said.sort_by,
        limit=said.limit,
        style=said.style or DIGEST_STYLE,
        day=said.day,
    )


def _day_word(call: Call, word: Piece) -> Piece:
    """Return the word if it names a day without `day=`, as in "digest yesterday".

    Raises:
        BadCommand: the word does not name a day.
    """
    if word.text.lower() not in ("today", "yesterday") and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word.text):
        raise left_over(call, word)
    return word


def _subscribe(call: Call) -> Request:
    return Subscribe(channel=call.channel, user=call.user, subscription=_subscription(call))


def _preview(call: Call) -> Request:
    return Preview(channel=call.channel, user=call.user, subscription=_subscription(call))


def _subscription(call: Call) -> Subscription:
    said, words = options_of(call)
    if words:
        raise left_over(call, words[0])
    return subscription_of(said, call.channel)


def _unsubscribe(call: Call) -> Request:
    return Unsubscribe(channel=call.channel, user=call.user, subscription_id=_one_id(call, call.rest))


def _pause(call: Call) -> Request:
    said, words = options_of(call)
    for word in words[1:]:
        raise left_over(call, word) if word.text.lower() == "until" else _no_id(call, call.rest)
    named = _one_id(call, words[0].text if words else "")
    return Pause(channel=call.channel, user=call.user, subscription_id=named, until=said.until)


def _resume(call: Call) -> Request:
    return Resume(channel=call.channel, user=call.user, subscription_id=_one_id(call, call.rest))


def _one_id(call: Call, text: str) -> str:
    named = text.strip(QUOTES).strip()
    while named != (bare := named.strip(QUOTES).strip()):
        named = bare
    if not named:
        raise wrong(call.topic, "Which subscription?", "/paper subscriptions lists them.")
    if len(named.split()) > 1 or len(named) > _LONGEST_ID:
        raise _no_id(call, named)
    return named


def _no_id(call: Call, text: str) -> BadCommand:
    return wrong(call.topic, f"“{shown(text)}” is not one subscription.", "/paper subscriptions lists them.")


def _subscriptions(call: Call) -> Request:
    if call.rest:
        raise wrong(call.topic, f"“subscriptions” takes no options, but “{shown(call.rest)}” follows it.")
    return ListSubscriptions(channel=call.channel, user=call.user)


def _help(call: Call) -> Request:
    asked = topic_of(call.rest.strip(QUOTES)) if call.rest else None
    if call.rest and asked is None:
        raise unknown(call.rest)
    return Help(channel=call.channel, user=call.user, topic=asked.name if asked else "")


_READ: Mapping[str, Callable[[Call], Request]] = {
    "lookup": _lookup,
    "search": _search,
    "summarize": _summarize,
    "digest": _digest,
    "subscribe": _subscribe,
    "preview": _preview,
    "unsubscribe": _unsubscribe,
    "pause": _pause,
    "resume": _resume,
    "subscriptions": _subscriptions,
    **OF_PAPER,
    "help": _help,
}
