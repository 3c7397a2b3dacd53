"""Parses the options and words of one typed command, and builds the errors for wrong ones."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import takewhile
from zoneinfo import ZoneInfo

from bots.commands.days import weekdays_in
from bots.commands.named_sources import nearest, source_alone, sources_in
from bots.commands.options import READERS, REPEATABLE, Options
from bots.commands.sentences import understood
from bots.commands.tokens import Piece, quoted, split
from bots.commands.topics import example_of, shown, wrong
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, RequestError
from bots.domain.replies import Topic
from bots.selection.fields import FIELDS
from bots.translation.formats import sentences
from bots.translation.speech import gettext, ngettext

#: Maximum characters of a title or of search words; arXiv's longest titles have some 250.
LONGEST_WORDS = 500
#: Quotes around an id or a title are ignored.
QUOTES = " \"“”„«»'‘’`"

_CHOICE = ("source", "query", "interests", "category", "sort", "limit", "style")
_SUBSCRIPTION = (
    *_CHOICE,
    "at",
    "on",
    "zone",
    "every",
    "settle",
    "wait",
    "quiet",
    "empty",
    "entries",
    "look",
    "language",
)
#: Options whose value is a text of several words.
_TEXTS = frozenset({"query", "interests"})
_RHYTHMS = frozenset({"day", "daily"})
#: Options whose value may be several words without quotes: zone=New York, at=9 am.
_SPANNING = frozenset({"source", "at", "on", "zone", "every", "wait", "quiet", "until", "day", "language"})
#: "Mondays, Tuesdays, Wednesdays, Thursdays and Fridays"
_MOST_IN_VALUE = 9
#: Between two sentences; in East Asian script no space is there.
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-ZÀ-Þ“„«¿¡])|(?<=[。？！])")
#: Words and options of one command; nobody says more of a digest, and each is compared with many names.
_MOST_PIECES = 60
#: An answer with more mistakes than this is not read.
_MOST_FAULTS = 6
#: Former names of options: messages that version 0.1.0 posted in Discord contain subscriptions written as commands.
_FORMER = {"order": "sort"}
#: The options that each command accepts; a command that is not listed accepts none.
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "search": ("limit",),
    "summarize": ("style", "title"),
    "digest": (*_CHOICE, "day"),
    "subscribe": _SUBSCRIPTION,
    "preview": _SUBSCRIPTION,
    "edit": _SUBSCRIPTION,
    "follow": _SUBSCRIPTION,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """The options of a command as far as they can be read, the words that belong to none, and all that is wrong."""

    said: Options
    #: The options as typed: name and value.
    given: tuple[tuple[str, str], ...] = ()
    words: tuple[Piece, ...] = ()
    faults: tuple[RequestError, ...] = ()


def options_of(call: Call) -> tuple[Options, tuple[Piece, ...]]:
    """Return the parsed options, and the words that belong to no option.

    Raises:
        RequestError: an option is wrong; if several are, the error names them all.
    """
    typed = typed_of(call)
    raise_all(call, typed.faults)
    return typed.said, typed.words


def sentence_of(call: Call) -> Typed:
    """Return the options of a command that may be a sentence: its options, and what its other words stand for.

    Raises:
        RequestError: something is wrong or cannot be understood; the error names all of it.
    """
    typed = typed_of(call)
    given, faults = list(typed.given), list(typed.faults)
    said = typed.said
    if any(piece.unclosed for piece in split(call.rest)):
        raise_all(call, faults)  # What follows an open quote is no mistake of its own.
    if typed.words and sum(1 for _ in split(call.rest)) > _MOST_PIECES:
        raise_all(call, (*faults, left_over(call, typed.words[:_MOST_IN_VALUE])))
    for run in _runs(call, typed.words):
        strict = _text_before(call, run[0]) is not None
        read = understood([word.text for word in run], ALLOWED[call.topic.name], call.today, strict=strict)
        faults += [*read.faults, *(left_over(call, [run[place] for place in row]) for row in _rows(read.left))]
        for key, value in read.options:
            said = _with(call, said, Piece(text=value, key=key, raw=value, start=0, end=0), given, faults)
    raise_all(call, faults)
    return Typed(said=said, given=tuple(given))


def typed_of(call: Call) -> Typed:
    """Return the options of a command, without an error for what is wrong."""
    said, words = Options(today=call.today, timezone=call.zone), list[Piece]()
    given, faults = list[tuple[str, str]](), list[RequestError]()
    for typed in _whole(call, tuple(split(call.rest))):
        piece = replace(typed, key=_FORMER.get(typed.key, typed.key))
        if not piece.key or _is_a_word(call, piece):
            words.append(replace(piece, text=call.rest[piece.start : piece.end], key=""))
        else:
            said = _with(call, said, piece, given, faults)
    return Typed(said=said, given=tuple(given), words=tuple(words), faults=tuple(faults))


def _with(call: Call, said: Options, piece: Piece, given: list[tuple[str, str]], faults: list[RequestError]) -> Options:
    """Return the options with one more; what is wrong with it is added to the faults."""
    if piece.key == "every" and piece.text.lower() not in _RHYTHMS and weekdays_in(piece.text):
        piece = replace(piece, key="on")  # "every Monday" is a day of the week, and no rhythm of its own.
    if piece.key in {key for key, _ in given} - REPEATABLE:
        faults.append(wrong(call.topic, *given_twice(piece.key)))
        return said
    given.append((piece.key, piece.text))
    if piece.key == "query" and (spec := source_alone(piece.text)):
        advice = gettext("Did you mean: {form}?", form=f"from {spec}")
        faults.append(wrong(call.topic, gettext("“{text}” is a source.", text=shown(piece.text)), advice))
        return said
    try:
        return read_option(call, said, piece)
    except RequestError as error:
        faults.append(error)
        return said


def given_twice(option: str) -> tuple[str, str]:
    """Return what is wrong with an option that is given twice, and what to do."""
    return gettext("“{option}” is given twice.", option=option), gettext("Give it once.")


def raise_all(call: Call, faults: Sequence[RequestError]) -> None:
    """Raise the error of a command with several faults, or the one fault; return if there is none.

    Raises:
        RequestError: it says how many faults there are; each has a line of the hint, with its remedy.
    """
    if not faults:
        return
    if len(faults) == 1:
        raise faults[0]
    said = dict.fromkeys(
        sentences(str(fault), _first(fault.hint.removesuffix(example_of(call.topic)))) for fault in faults
    )
    more = len(said) - _MOST_FAULTS
    others = ngettext("There is {number} more mistake.", "There are {number} more mistakes.", more)
    told = [*list(said)[:_MOST_FAULTS], *([others] if more > 0 else [])]
    if len(said) == 1:
        raise wrong(call.topic, told[0])
    raise BadCommand(
        gettext("{number} things are not right yet.", number=len(said)),
        hint="\n".join((*told, example_of(call.topic))),
    )


def _first(hint: str) -> str:
    """Return the first sentence of a hint: with several mistakes, each has one."""
    return _SENTENCE.split(hint.strip(), maxsplit=1)[0].strip()


def _whole(call: Call, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces; to an option such as `zone=New York` belong all words that make its value a longer one."""
    place = 0
    while place < len(pieces):
        piece, place = pieces[place], place + 1
        if len(pieces) <= _MOST_PIECES and piece.key in _SPANNING and piece.text and piece.raw == piece.text:
            run = list(takewhile(lambda each: not each.key, pieces[place : place + _MOST_IN_VALUE]))
            for number in range(len(run), 0, -1):
                longer = call.rest[piece.end - len(piece.raw) : run[number - 1].end]
                if _can_be(piece.key, longer, call.today):
                    piece, place = replace(piece, text=longer, raw=longer, end=run[number - 1].end), place + number
                    break
        yield piece


def _can_be(key: str, value: str, today: date | None) -> bool:
    try:
        READERS[key](Options(today=today), value.rstrip(",;"))
    except RequestError:
        return key == "every" and bool(weekdays_in(value))
    return not (key == "source" and ":" in value)


def _runs(call: Call, words: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the words that stand side by side, without an option between them."""
    run: list[Piece] = []
    for word in words:
        if run and call.rest[run[-1].end : word.start].strip():
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _rows(places: Iterable[int]) -> list[list[int]]:
    """Return the places that stand side by side in rows of their own."""
    rows: list[list[int]] = []
    for place in sorted(set(places)):
        if rows and rows[-1][-1] == place - 1:
            rows[-1].append(place)
        else:
            rows.append([place])
    return rows


def _is_a_word(call: Call, piece: Piece) -> bool:
    """Return whether a piece such as "E=mc2" is a search word rather than an option.

    A key that is, or nearly is, the name of any command's option counts as an option.
    """
    return call.topic.name == "search" and not get_close_matches(piece.key[:40], READERS)


def read_option(call: Call, said: Options, piece: Piece) -> Options:
    """Return the options with one more option parsed."""
    if piece.key not in ALLOWED.get(call.topic.name, ()):
        raise no_option(call, piece)
    if piece.unclosed:
        raise wrong(call.topic, gettext("The quote after “{option}” is never closed.", option=piece.key))
    return READERS[piece.key](said, piece.text)


def no_option(call: Call, piece: Piece) -> BadCommand:
    """Return the error for an option that the command does not accept, with the closest one that it does."""
    near = get_close_matches(piece.key[:40], ALLOWED.get(call.topic.name, ()), n=1)
    advice = gettext("Did you mean “{guess}”?", guess=near[0]) if near else ""
    if piece.key.lower() in FIELDS and "query" in ALLOWED.get(call.topic.name, ()):
        filtered = f"about {piece.key.lower()}:{shown(piece.raw)}"
        advice = gettext("To filter by it, write “about” and a colon: {form}.", form=filtered)
    said = gettext("“{command}” has no option “{option}”.", command=call.topic.name, option=shown(piece.key))
    return wrong(call.topic, said, advice)


def left_over(call: Call, words: Sequence[Piece]) -> BadCommand:
    """Return the error for words outside the options, with the option that was most likely meant."""
    run = [word.raw for word in words]
    first, before = run[0], _text_before(call, words[0])
    said = " ".join(run).rstrip(",;:")
    if before is not None:
        advice = _as_one(before, " ".join((before.raw, *run)))
    elif meant := nearest(first) or next(iter(sources_in(first)), ""):
        advice = gettext("Did you mean {guess}?", guess=meant)
    elif first.startswith("#"):
        advice = gettext("Type the command in that channel: a subscription belongs to the channel that it is made in.")
    elif first.lower() in ALLOWED.get(call.topic.name, ()):
        advice = gettext("Write what “{option}” is to be right after it.", option=first.lower())
    else:
        advice = gettext("To filter by words, write “about” before them: {form}.", form=f"about {shown(said)}")
    return wrong(call.topic, gettext("“{text}” is not understood here.", text=shown(said)), advice)


def _as_one(option: Piece, text: str) -> str:
    """Return how to write a text of several words as the value of one option."""
    whole = _in_quotes(text)
    if option.key != "query":
        return gettext("Put the whole sentence in quotes: {form}.", form=whole)
    if set(text) & set(QUOTES.strip()):
        return gettext("Put the whole query in quotes: {form}.", form=whole)
    return gettext(
        "Put the whole query in quotes: {form}, or write it after “about”: {other}.",
        form=whole,
        other=f"about {shown(text)}",
    )


def _text_before(call: Call, word: Piece) -> Piece | None:
    """Return the option that stands right before a word if its value is a text, to which the word may belong."""
    before = None
    for piece in split(call.rest):
        if piece.start >= word.start:
            break
        before = piece
    return before if before is not None and before.key in _TEXTS else None


def _in_quotes(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else quoted(text)


def one_line(text: str) -> str:
    """Return the text on one line, single-spaced."""
    return " ".join(text.split())


def too_long(given: int, most: int) -> str:
    """Return the error of a text with too many characters."""
    return gettext("That is {given} characters long; {most} is the most.", given=given, most=most)


def short_enough(call: Call, text: str) -> str:
    """Return the text, or raise BadCommand if it is longer than any title."""
    if len(text) > LONGEST_WORDS:
        raise wrong(call.topic, too_long(len(text), LONGEST_WORDS))
    return text
