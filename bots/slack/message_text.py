"""Decode the text that a person typed from Slack's escapes, and parse it into requests. Pure functions."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from bots.chat.shared_links import lookups
from bots.commands import TOPICS, parse_command
from bots.commands.synonyms import ALIASES
from bots.commands.topics import topic_of
from bots.commands.wishes import title_in
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.paper_ids import PaperId, refs_in
from bots.domain.requests import Lookup, Request, Summarize

#: A title has at most this many words; a longer text is treated as an abstract.
_TITLE_WORDS = 30
#: The limit that `bots.commands` has for a title.
_LONGEST_TITLE = 500
#: Similarity at which a word counts as a misspelt command: "serach" does, "research" does not.
_SLIP = 0.8

# docs.slack.dev/messaging/formatting-message-text: the markup that Slack makes of typed text.
_MARKED = re.compile(r"<(?P<body>[@#!][^<>|]*|[a-z]+:[^<>|]+)(?:\|(?P<label>[^<>]*))?>", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_FIRST_WORD = re.compile(r"\W*(?P<word>[A-Za-z]+|\?)")


def typed(text: str) -> str:
    """Return the typed text: bare URLs, no mentions of people, entities decoded once."""
    return unescape(_MARKED.sub(_meant, text)).strip()


def unescape(text: str) -> str:
    """Return text with Slack's three entities decoded; the ampersand last, or `&amp;lt;` would decode twice."""
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text


def _meant(found: re.Match[str]) -> str:
    body, label = found["body"], found["label"] or ""
    match body[0]:
        case "@":
            return ""
        case "#":
            return f"#{label}" if label else ""
        case "!":
            return label or f"@{body[1:]}"
    return body.removeprefix("mailto:")


def papers_in(text: str) -> tuple[str, ...]:
    """Return the URLs and ids in a message that name a paper, one per paper, in order.

    In a text of an abstract's length only URLs count: an abstract cites other papers by their ids.
    """
    found: dict[PaperId, str] = {}
    for url in map(unescape, _URL.findall(text)):
        refs = refs_in(url)
        for ref in refs:
            found.setdefault(ref.id, url if len(refs) == 1 else str(ref))
    words = typed(text)
    if len(words.split()) <= _TITLE_WORDS:
        for ref in refs_in(words):
            found.setdefault(ref.id, str(ref))
    return tuple(found.values())


def asked_in(
    text: str, *, channel: Channel, user: str, today: date | None = None, zone: ZoneInfo | None = None
) -> tuple[Request, ...]:
    """Return the requests in a message to the bot: its command, its papers, its text, or help if it is empty.

    Raises:
        RequestError: the message is not a valid request.
    """
    words = typed(text)
    links = papers_in(text)
    if links and not begins_a_command(words) and len(_URL.sub("", words).split()) <= _TITLE_WORDS:
        return lookups(links, channel, user)
    return (asked_for(words, channel=channel, user=user, today=today, zone=zone),)


def asked_for(
    words: str, *, channel: Channel, user: str, today: date | None = None, zone: ZoneInfo | None = None
) -> Request:
    """Return the request for typed words: a command, else a title lookup, or a summary if they are abstract-length.

    Raises:
        RequestError: the text is not a valid request.
    """
    try:
        return parse_command(words, channel=channel, user=user, today=today, zone=zone)
    except BadCommand:
        # A misspelt command has few words: "Research teams face more papers than…" begins an abstract.
        if begins_a_command(words, _named if is_long(words) else _nearly):
            raise
    if is_long(words):
        return Summarize(channel=channel, user=user, text=words)
    return Lookup(channel=channel, user=user, text=title_in(" ".join(words.split())))


def _named(word: str) -> bool:
    return topic_of(word) is not None


def _nearly(word: str) -> bool:
    names = [*(topic.name for topic in TOPICS), *ALIASES]
    return _named(word) or bool(get_close_matches(word.lower()[:40], names, n=1, cutoff=_SLIP))


def is_long(words: str) -> bool:
    """Return whether words are too many for a title: they are an abstract."""
    return len(words.split()) > _TITLE_WORDS or len(words) > _LONGEST_TITLE


def begins_a_command(words: str, named: Callable[[str], bool] = _named) -> bool:
    """Return whether the first word is a command's name."""
    first = _FIRST_WORD.match(words)
    return first is not None and named(first["word"])
