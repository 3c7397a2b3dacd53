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
    no_option,
    one_line,
    options_of,
    read_option,
    sentence_of,
    short_enough,
    too_long,
)
from bots.commands.follow_commands import OF_PERSON
from bots.commands.named_sources import source_alone
from bots.commands.options import Options
from bots.commands.paper_commands import OF_PAPER
from bots.commands.sentences import understood
from bots.commands.small_talk import small_talk
from bots.commands.subscription_commands import OF_ONE, OF_SUBSCRIPTION, is_named
from bots.commands.synonyms import FIRST, impolite, whole, without_thanks
from bots.commands.tokens import Piece, option_at
from bots.commands.topics import COMMAND, TITLE_WORDS, TOPICS, is_slip, shown, topic_of, unknown, with_example, wrong
from bots.commands.wishes import ABOUT, asked_how, news_from, ordered, points, sought
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadPaperId, BadQuery, RequestError
from bots.domain.paper_ids import read_ref, refs_in
from bots.domain.requests import DigestNow, Edit, Help, Lookup, Request, Search, SmallTalk, Subscribe, Summarize
from bots.domain.subscriptions import DIGEST_STYLE
from bots.translation.speech import gettext
from summarizer import Style

#: Maximum characters of any command except an abstract; query and interests have at most 500 each, twice that with
#: every quote escaped, and the other options are short.
LONGEST = 3000
#: Commands whose name begins titles of papers.
_IN_TITLES = frozenset({"hidden", "edit", "follow", "following", "interests", "mentions"})
#: Words after them in a title, however it is typed: "interests of users", "hidden in plain sight".
_OF_TITLES = frozenset("of in for and as at from that beyond".split())
_COMMAND = re.compile(r"/?(?P<word>[A-Za-z]+|\?)(?:[:,.!?]?(?:\s+|$)|:)(?P<rest>.*)", re.DOTALL)
#: Words of a text that may be a part of a command; a longer one is a title or an abstract.
_MOST_WORDS = 20
_WHAT_AND_WHEN = frozenset({"source", "at", "on", "every"})  # one is given where "subscribe" is not said
_HELP, _SEARCH, _SUBSCRIBE, _DIGEST = (
    next(topic for topic in TOPICS if topic.name == name) for name in ("help", "search", "subscribe", "digest")
)
_EDGES = "\ufeff\u200b\u200c\u200d\u2060"  # invisible characters that copying and phones add
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
    asked = Call(topic=_HELP, rest="", channel=channel, user=user, today=today, zone=zone)
    if not typed:
        return Help(channel=channel, user=user)
    short = whole(typed)
    talk = None if short or topic_of(typed.strip("!. ")) else small_talk(typed)
    if talk:
        return SmallTalk(channel=channel, user=user, talk=talk[0], language=talk[1])
    return _command(short or typed, asked)


def _command(typed: str, asked: Call) -> Request:
    """Return the request of a text that is no small talk."""
    found = _COMMAND.fullmatch(typed)
    topic = topic_of(found["word"]) if found else None
    if found is not None and topic is not None:
        return _as_title(typed, replace(asked, topic=topic, rest=found["rest"].strip()))
    meant = _in_other_words(typed, asked)
    if meant is None:
        _check_part(typed)
    return meant or Lookup(channel=asked.channel, user=asked.user, text=_paper_alone(typed))


def _as_title(typed: str, call: Call) -> Request:
    """Return the request of a command, or a look-up if its name is the first word of a title: "Hidden Markov models".

    Raises:
        RequestError: the command is wrong.
    """
    try:
        return _read(call)
    except (BadCommand, BadQuery):
        words = call.rest.lower().split()
        titled = call.topic.name in _IN_TITLES and len(words) > 1 and "=" not in typed
        if titled and (typed[0].isupper() or words[0] in _OF_TITLES):
            return Lookup(channel=call.channel, user=call.user, text=short_enough(call, one_line(typed)))
        raise


def _read(call: Call) -> Request:
    if len(call.rest) > LONGEST and call.topic.name != "summarize":
        raise wrong(call.topic, too_long(len(call.rest), LONGEST))
    try:
        return _READ[call.topic.name](call)
    except BadQuery as error:
        raise with_example(call.topic, error) from error


def _in_other_words(typed: str, asked: Call) -> Request | None:
    """Return the request of a text that is polite or has another word for a command; None if it is neither.

    Raises:
        RequestError: a polite text names a command that is wrong.
    """
    if len(typed) > LONGEST:
        return None
    plain = impolite(typed)
    found = _COMMAND.fullmatch(plain)
    if (wish := _wish(without_thanks(plain), asked)) is not None:
        return wish
    if found is None:
        return None
    if named := topic_of(asked_how(without_thanks(plain)) or "-"):
        return Help(channel=asked.channel, user=asked.user, topic=named.name)
    topic = topic_of(found["word"])
    if plain != typed and topic is not None:
        return _read(replace(asked, topic=topic, rest=without_thanks(found["rest"])))
    named = topic_of(FIRST.get(found["word"].lower(), "-"))
    call = replace(asked, topic=named, rest=without_thanks(found["rest"])) if named else None
    if call is None or not call.rest or (call.topic.name in OF_ONE and not is_named(call.rest)):
        return None
    try:
        return _fitting(_read(call), call)
    except RequestError:
        return None


def _wish(text: str, asked: Call) -> Request | None:
    """Return the request of a text that asks for papers in words of its own; None for any other text.

    Raises:
        BadQuery: it says when papers are to come, and something in it is not understood.
    """
    if rest := ordered(text):
        try:
            return _read(replace(asked, topic=_SUBSCRIBE, rest=rest))
        except BadCommand as error:
            # No title says when papers are to come: the text is not looked up instead.
            raise BadQuery(str(error), hint=error.hint) from error
    if source := news_from(text):
        return _read(replace(asked, topic=_DIGEST, rest=f"from {source}"))
    words = sought(text)
    return _read(replace(asked, topic=_SEARCH, rest=words)) if words else None


def _check_part(typed: str) -> None:
    """Refuse a text that is a part of a command: a source, or when a digest is to come.

    Raises:
        BadQuery: it is; the hint shows the whole command.
    """
    text = one_line(typed)
    if len(text) > LONGEST or len(text.split()) > _MOST_WORDS or _is_paper(text):
        return
    if spec := source_alone(text):
        raise BadQuery(
            gettext("“{text}” is a source of papers.", text=shown(text)),
            hint=gettext(
                "{digest} shows its newest papers, {subscribe} posts them here.",
                digest=f"{COMMAND} digest {spec}",
                subscribe=f"{COMMAND} subscribe {spec}",
            ),
        )
    read = understood(text.split(), ("at", "on", "zone", "every", "source"))
    if {"on", "every"} & {name for name, _ in read.options} and not (read.left or read.faults):
        raise BadQuery(
            gettext("“{text}” says when, and not what to do.", text=shown(text)),
            hint=gettext("To get a digest then: {command}", command=f"{COMMAND} subscribe {shown(text)}"),
        )


def _is_paper(text: str) -> bool:
    return _names_a_paper(text) or bool(refs_in(text))


def _fitting(request: Request, call: Call) -> Request | None:
    """Return a request that other words than its command's name make, if it says more than words of a title may."""
    if isinstance(request, Subscribe):
        # "Follow me on Twitter" is no subscription to papers about Twitter.
        return request if _WHAT_AND_WHEN & {name for name, _ in sentence_of(call).given} else None
    if isinstance(request, Edit):
        names = {name for name, _ in request.options} - {"query"}
        # "Update from arXiv" asks for news; "change to arXiv" changes.
        return request if names - {"source"} or (names and "to" in call.rest.lower().split()) else None
    if isinstance(request, DigestNow):
        return request if request.day or request.sources else None
    return request


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
        raise wrong(call.topic, gettext("Which paper?"))
    return Lookup(channel=call.channel, user=call.user, text=short_enough(call, text))


def _search(call: Call) -> Request:
    said, words = options_of(call)
    text = ABOUT.sub("", one_line(" ".join(word.text for word in words)), count=1)
    if not any(map(str.isalnum, text)):
        raise wrong(call.topic, gettext("Which words?"))
    return Search(channel=call.channel, user=call.user, words=short_enough(call, text), limit=said.limit)


def _summarize(call: Call) -> Request:
    said, place = Options(), 0
    while (piece := option_at(call.rest, place)) and _is_meant(call, piece):
        said = read_option(call, said, piece)
        place = len(call.rest) - len(call.rest[piece.end :].lstrip())
    text = call.rest[place:].strip()
    if not text:
        raise wrong(call.topic, gettext("There is no text to summarize."))
    if points(text):
        raise wrong(
            call.topic,
            gettext("Which text?"),
            gettext("Choose Summarize from the menu of the message that holds it, or paste the text."),
        )
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
    said = sentence_of(call).said
    plain = DigestNow(channel=call.channel, user=call.user)
    return replace(
        plain,
        sources=said.sources,
        query=said.query,
        interests=said.interests,
        categories=said.categories,
        sort_by=said.sort_by,
        limit=said.limit,
        style=said.style or DIGEST_STYLE,
        day=said.day,
    )


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
    **OF_SUBSCRIPTION,
    **OF_PAPER,
    **OF_PERSON,
    "help": _help,
}
