"""Parses the options and words of one typed command, and builds the errors for wrong ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import takewhile
from zoneinfo import ZoneInfo

from bots.commands.options import READERS, REPEATABLE, Options
from bots.commands.tokens import Piece, quoted, split
from bots.commands.topics import shown, wrong
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.replies import Topic

#: Maximum characters of a title or of search words; arXiv's longest titles have some 250.
LONGEST_WORDS = 500
#: Quotes around an id or a title are ignored.
QUOTES = " \"“”„«»'‘’`"

_CHOICE = ("source", "query", "interests", "category", "sort", "limit", "style")
_SUBSCRIPTION = (*_CHOICE, "at", "on", "zone", "every", "settle", "wait", "quiet", "empty", "entries", "look")
#: Options whose value is a text of several words, and the noun that error messages use for it.
_TEXTS = {"query": "query", "interests": "sentence"}
#: Former names of options: messages that version 0.1.0 posted in Discord contain subscriptions written as commands.
_FORMER = {"order": "sort"}
#: The options that each command accepts; a command that is not listed accepts none.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "search": ("limit",),
    "summarize": ("style", "title"),
    "digest": (*_CHOICE, "day"),
    "subscribe": _SUBSCRIPTION,
    "preview": _SUBSCRIPTION,
    "pause": ("until",),
    "like": ("limit",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One command as typed, with its channel, its user, and the user's day and time zone."""

    topic: Topic
    rest: str
    channel: Channel
    user: str
    today: date | None
    zone: ZoneInfo | None


def options_of(call: Call) -> tuple[Options, tuple[Piece, ...]]:
    """Return the parsed options, and the words that belong to no option."""
    said, words = Options(today=call.today, timezone=call.zone), list[Piece]()
    given: set[str] = set()
    for typed in split(call.rest):
        piece = replace(typed, key=_FORMER.get(typed.key, typed.key))
        if not piece.key or _is_a_word(call, piece):
            words.append(replace(piece, text=call.rest[piece.start : piece.end], key=""))
            continue
        if piece.key in given - REPEATABLE:
            raise wrong(call.topic, f"“{piece.key}” is given twice.", "Give it once.")
        given.add(piece.key)
        said = read_option(call, said, piece)
    return said, tuple(words)


def _is_a_word(call: Call, piece: Piece) -> bool:
    """Return whether a piece such as "E=mc2" is a search word rather than an option.

    A key that is, or nearly is, the name of any command's option counts as an option.
    """
    return call.topic.name == "search" and not get_close_matches(piece.key[:40], READERS)


def read_option(call: Call, said: Options, piece: Piece) -> Options:
    """Return the options with one more option parsed."""
    if piece.key not in ALLOWED[call.topic.name]:
        raise no_option(call, piece)
    if piece.unclosed:
        raise wrong(call.topic, f"The quote after “{piece.key}” is never closed.")
    return READERS[piece.key](said, piece.text)


def no_option(call: Call, piece: Piece) -> BadCommand:
    """Return the error for an option that the command does not accept, with the closest one that it does."""
    near = get_close_matches(piece.key[:40], ALLOWED[call.topic.name], n=1)
    advice = f"Did you mean “{near[0]}”?" if near else ""
    return wrong(call.topic, f"“{call.topic.name}” has no option “{shown(piece.key)}”.", advice)


def left_over(call: Call, word: Piece) -> BadCommand:
    """Return the error for a word outside the options, with the option that was most likely meant."""
    pieces = tuple(split(call.rest))
    place = next(number for number, piece in enumerate(pieces) if piece.start == word.start)
    run = [piece.raw for piece in takewhile(lambda piece: not piece.key, pieces[place:])]
    before = pieces[place - 1] if place else None
    if word.text.lower() in ALLOWED[call.topic.name]:
        advice = f"Write {word.text.lower()}={run[1] if len(run) > 1 else '…'}."
    elif before is not None and before.key in _TEXTS:
        whole = _in_quotes(" ".join((before.raw, *run)))
        advice = f"Put the whole {_TEXTS[before.key]} in quotes: {before.key}={whole}."
    else:
        advice = f"To filter by words, write query={_in_quotes(' '.join(run))}."
    return wrong(call.topic, f"“{shown(' '.join(run))}” belongs to no option.", advice)


def _in_quotes(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else quoted(text)


def one_line(text: str) -> str:
    """Return the text on one line, single-spaced."""
    return " ".join(text.split())


def short_enough(call: Call, text: str) -> str:
    """Return the text, or raise BadCommand if it is longer than any title."""
    if len(text) > LONGEST_WORDS:
        raise wrong(call.topic, f"That is {len(text):,} characters long; {LONGEST_WORDS} is the most.")
    return text
