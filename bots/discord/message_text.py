"""Read a message that a person selected: its text as typed, and the papers it links to. Pure functions."""

import re
from collections.abc import Iterator

from bots.chat.untrusted import at, text_at
from bots.discord.payloads import components_in, list_at
from bots.domain.paper_ids import PaperId, refs_in

#: A title has at most this many words; a longer text is treated as an abstract.
_TITLE_WORDS = 30
_URL = re.compile(r"https?://[^\s<>|)\]]+", re.IGNORECASE)
# docs.discord.com, Message Formatting: mentions of people, roles, channels and commands, emoji and times in a text.
_MARKED = re.compile(r"<(?:@[!&]?\d+|#\d+|id:\w+|/[^:<>]+:\d+|a?:\w+:\d+|t:-?\d+(?::\w)?)>")
_MASKED = re.compile(r"\[(?P<label>[^\]\n]{1,300})\]\(<?(?P<url>https?://[^\s<>)]+)>?[^)]*\)")
# Only spaces of the same line: from each of many empty lines, the pattern would look through all that follow.
_QUOTE = re.compile(r"^[^\S\n]*(?:>>> |> |-# |#{1,3} )", re.MULTILINE)
_STYLES = re.compile(r"\*\*|__|~~|\|\||`{1,3}")
_ESCAPED = re.compile(r"\\([\\*_~`|>#\[\]()<:@.+-])")


def read_text(message: object) -> str:
    """Return a message's text: its content, else that of its embeds, its components, or the message it forwards."""
    for source in (_written, _embedded, _drawn, _forwarded):
        if text := source(message):
            return text
    return ""


def _written(message: object) -> str:
    return bare(text_at(message, "content"))


def _embedded(message: object) -> str:
    parts = ((text_at(each, "title"), text_at(each, "url"), text_at(each, "description")) for each in _embeds(message))
    return bare("\n".join(filter(None, (part for group in parts for part in group))))


def _embeds(message: object) -> list[object]:
    return list_at(message, "embeds")


def _drawn(message: object) -> str:
    return bare("\n".join(filter(None, (text_at(each, "content") for each in components_in(message)))))


def _forwarded(message: object) -> str:
    inner = at(message, "message_snapshots", 0, "message")
    return read_text(inner) if inner is not None else ""


def bare(text: str) -> str:
    """Return a text without Discord's markdown and mentions; a link becomes its label and its address."""
    text = _MASKED.sub(lambda found: f"{found['label']} {found['url']}", text)
    text = _STYLES.sub("", _QUOTE.sub("", _MARKED.sub("", text)))
    return _ESCAPED.sub(r"\1", text).strip()


def papers_in(text: str) -> tuple[str, ...]:
    """Return the addresses and ids in a text that name a paper, each paper once, in order.

    In a text of an abstract's length only addresses count: an abstract cites other papers by their ids.
    """
    found: dict[PaperId, str] = {}
    for paper_id, named in _papers(text):
        found.setdefault(paper_id, named)
    return tuple(found.values())


def _papers(text: str) -> Iterator[tuple[PaperId, str]]:
    for url in _URL.findall(text):
        refs = refs_in(url)
        yield from ((ref.id, url.rstrip(".,;:!?") if len(refs) == 1 else str(ref)) for ref in refs)
    if len(text.split()) <= _TITLE_WORDS:
        yield from ((ref.id, str(ref)) for ref in refs_in(text))
