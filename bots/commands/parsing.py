"""Which command a text begins with, and the request that its words and options make."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import takewhile

from bots.channels import Channel
from bots.commands.options import READERS, REPEATABLE, Options
from bots.commands.splitting import Piece, option_at, quoted, split
from bots.commands.standing import subscription_of
from bots.commands.topics import shown, topic_of, unknown, with_example, wrong
from bots.errors import BadCommand, BadPaperId, BadQuery
from bots.papers import read_ref
from bots.replies import Topic
from bots.requests import (
    DigestNow,
    Help,
    Lookup,
    Pause,
    Request,
    Resume,
    Search,
    Subscribe,
    Subscriptions,
    Summarize,
    Unsubscribe,
)

#: Characters of a command that is no abstract; a query has at most 500, and the rest is short.
LONGEST = 2000
#: Characters of a title or of search words; arXiv's longest titles have some 250.
_LONGEST_WORDS = 500
#: Ids are ours and short.
_LONGEST_ID = 64

_CHOICE = ("source", "query", "category", "order", "limit", "style")
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "search": ("limit",),
    "summarize": ("style", "title"),
    "digest": (*_CHOICE, "day"),
    "subscribe": (*_CHOICE, "at", "on", "zone", "every", "settle", "wait", "quiet", "empty"),
    "pause": ("until",),
}
_COMMAND = re.compile(r"/?(?P<word>[A-Za-z]+|\?)(?:[:,.!?]?(?:\s+|$)|:)(?P<rest>.*)", re.DOTALL)
# Left over from copying and from phones; at the edges it means nothing.
_EDGES = "\ufeff\u200b\u200c\u200d\u2060"
# No database keeps a NUL, and a lone surrogate is no character.
_NEVER = re.compile("[\x00\ud800-\udfff]")
_QUOTES = " \"“”„«»'‘’`"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    """One command as typed, and who typed it where and when."""

    topic: Topic
    rest: str
    channel: Channel
    user: str
    today: date | None


def parse_command(text: str, *, channel: Channel, user: str = "", today: date | None = None) -> Request:
    """Return the request that a text stands for; an empty text asks for help.

    Args:
        text: what a person typed, without the bot's own name.
        channel: where it was typed; the answer goes there, and a subscription is kept for it.
        user: the platform's id of the person.
        today: what "yesterday" is counted from.

    Raises:
        BadCommand: there is no such command, or its words are off; the hint shows the right form.
        BadQuery: an option's value means nothing; the hint shows one that does.
    """
    typed = _bare(text)
    if not typed:
        return Help(channel=channel, user=user)
    found = _COMMAND.fullmatch(typed)
    topic = topic_of(found["word"]) if found else None
    if found is None or topic is None:
        return Lookup(channel=channel, user=user, text=_paper_alone(typed))
    call = _Call(topic=topic, rest=found["rest"].strip(), channel=channel, user=user, today=today)
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
        raise unknown(typed) from None
    return typed


def _lookup(call: _Call) -> Request:
    text = _line(call.rest).strip(_QUOTES)
    if not text:
        raise wrong(call.topic, "Which paper?")
    return Lookup(channel=call.channel, user=call.user, text=_short_enough(call, text))


def _search(call: _Call) -> Request:
    said, words = _options(call)
    text = _line(" ".join(word.text for word in words))
    if not any(map(str.isalnum, text)):
        raise wrong(call.topic, "Which words?")
    return Search(channel=call.channel, user=call.user, words=_short_enough(call, text), limit=said.limit)


def _summarize(call: _Call) -> Request:
    said, place = Options(), 0
    while (piece := option_at(call.rest, place)) and _is_meant(call, piece):
        said = _read_option(call, said, piece)
        place = len(call.rest) - len(call.rest[piece.end :].lstrip())
    text = call.rest[place:].strip()
    if not text:
        raise wrong(call.topic, "There is no text to summarize.")
    if _names_a_paper(text):
        # "summarize <address>" means that paper, and an address is no abstract.
        return Lookup(channel=call.channel, user=call.user, text=text)
    return Summarize(channel=call.channel, user=call.user, text=text, title=said.title, style=said.style)


def _is_meant(call: _Call, piece: Piece) -> bool:
    """Tell an option from an abstract that begins with an equation; a misspelled option is an error."""
    known = _ALLOWED[call.topic.name]
    if piece.key not in known and get_close_matches(piece.key[:40], known, cutoff=0.7):
        raise _no_option(call, piece)
    return piece.key in known


def _names_a_paper(text: str) -> bool:
    try:
        return len(text) <= _LONGEST_WORDS and bool(read_ref(text))
    except BadPaperId:
        return False


def _digest(call: _Call) -> Request:
    said, words = _options(call)
    for word in words:
        if word.text.lower() != "now":
            said = _read_option(call, said, replace(_day_word(call, word), key="day"))
    plain = DigestNow(channel=call.channel, user=call.user)
    return replace(
        plain,
        sources=said.sources or plain.sources,
        query=said.query,
        categories=said.categories,
        order=said.order,
        limit=said.limit,
        style=said.style,
        day=said.day,
    )


def _day_word(call: _Call, word: Piece) -> Piece:
    """Return a word that can stand without `day=`: "digest yesterday"."""
    if word.text.lower() not in ("today", "yesterday") and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word.text):
        raise _left_over(call, word)
    return word


def _subscribe(call: _Call) -> Request:
    said, words = _options(call)
    if words:
        raise _left_over(call, words[0])
    return Subscribe(channel=call.channel, user=call.user, order=subscription_of(said, call.channel))


def _unsubscribe(call: _Call) -> Request:
    return Unsubscribe(channel=call.channel, user=call.user, subscription_id=_one_id(call, call.rest))


def _pause(call: _Call) -> Request:
    said, words = _options(call)
    for word in words[1:]:
        raise _left_over(call, word) if word.text.lower() == "until" else _no_id(call, call.rest)
    named = _one_id(call, words[0].text if words else "")
    return Pause(channel=call.channel, user=call.user, subscription_id=named, until=said.until)


def _resume(call: _Call) -> Request:
    return Resume(channel=call.channel, user=call.user, subscription_id=_one_id(call, call.rest))


def _one_id(call: _Call, text: str) -> str:
    named = text.strip(_QUOTES)
    if not named:
        raise wrong(call.topic, "Which subscription?", "Say “subscriptions” to see their ids.")
    if len(named.split()) > 1 or len(named) > _LONGEST_ID:
        raise _no_id(call, named)
    return named


def _no_id(call: _Call, text: str) -> BadCommand:
    return wrong(call.topic, f"“{shown(text)}” is not one id.", "Say “subscriptions” to see the ids.")


def _subscriptions(call: _Call) -> Request:
    if call.rest:
        raise wrong(call.topic, f"“{shown(call.rest)}” is one word too many.")
    return Subscriptions(channel=call.channel, user=call.user)


def _help(call: _Call) -> Request:
    asked = topic_of(call.rest.strip(_QUOTES)) if call.rest else None
    if call.rest and asked is None:
        raise unknown(call.rest)
    return Help(channel=call.channel, user=call.user, topic=asked.name if asked else "")


_READ: Mapping[str, Callable[[_Call], Request]] = {
    "lookup": _lookup,
    "search": _search,
    "summarize": _summarize,
    "digest": _digest,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "pause": _pause,
    "resume": _resume,
    "subscriptions": _subscriptions,
    "help": _help,
}


def _options(call: _Call) -> tuple[Options, tuple[Piece, ...]]:
    """Return what the options said, and the words that belong to none."""
    said, words = Options(today=call.today), list[Piece]()
    given: set[str] = set()
    for piece in split(call.rest):
        if not piece.key or _is_a_word(call, piece):
            words.append(replace(piece, text=call.rest[piece.start : piece.end], key=""))
            continue
        if piece.key in given - REPEATABLE:
            raise wrong(call.topic, f"{piece.key}= is there twice.", "Once is enough.")
        given.add(piece.key)
        said = _read_option(call, said, piece)
    return said, tuple(words)


def _is_a_word(call: _Call, piece: Piece) -> bool:
    """Tell "E=mc2" among search words from an option; what is an option elsewhere, or nearly one, is meant as one."""
    return call.topic.name == "search" and not get_close_matches(piece.key[:40], READERS)


def _read_option(call: _Call, said: Options, piece: Piece) -> Options:
    if piece.key not in _ALLOWED[call.topic.name]:
        raise _no_option(call, piece)
    if piece.unclosed:
        raise wrong(call.topic, f"The quote after {piece.key}= is never closed.")
    return READERS[piece.key](said, piece.text)


def _no_option(call: _Call, piece: Piece) -> BadCommand:
    near = get_close_matches(piece.key[:40], _ALLOWED[call.topic.name], n=1)
    advice = f"Did you mean {near[0]}=?" if near else ""
    return wrong(call.topic, f"{call.topic.name} has no option “{shown(piece.key)}”.", advice)


def _left_over(call: _Call, word: Piece) -> BadCommand:
    """Return the error for a word outside the options, with the option it was most likely meant for."""
    pieces = tuple(split(call.rest))
    place = next(number for number, piece in enumerate(pieces) if piece.start == word.start)
    run = [piece.raw for piece in takewhile(lambda piece: not piece.key, pieces[place:])]
    before = pieces[place - 1] if place else None
    if word.text.lower() in _ALLOWED[call.topic.name]:
        advice = f"Write {word.text.lower()}={run[1] if len(run) > 1 else '…'}."
    elif before is not None and before.key == "query":
        advice = f"Put the whole query in quotes: query={_in_quotes(' '.join((before.raw, *run)))}."
    else:
        advice = f"To filter by words, write query={_in_quotes(' '.join(run))}."
    return wrong(call.topic, f"“{shown(' '.join(run))}” belongs to no option.", advice)


def _in_quotes(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else quoted(text)


def _line(text: str) -> str:
    return " ".join(text.split())


def _short_enough(call: _Call, text: str) -> str:
    if len(text) > _LONGEST_WORDS:
        raise wrong(call.topic, f"That is {len(text):,} characters long; {_LONGEST_WORDS} is the most.")
    return text
