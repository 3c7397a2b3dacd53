"""The text of a message with what is attached to it: forwarded messages, posts of other apps. Pure functions."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from bots.chat.shared_links import lookups
from bots.chat.untrusted import at, text_at
from bots.domain.channels import Channel
from bots.domain.requests import Request, SmallTalk, Summarize, Talk
from bots.slack.message_text import asked_in, begins_a_command, is_long, papers_in, typed
from bots.translation.speech import current

#: docs.slack.dev, legacy secondary attachments: the fields of an attachment that hold words or an address.
_WORDS = ("pretext", "title", "title_link", "from_url", "text")
#: More attachments than this belong to no one message that a person chose.
_MOST = 20
_MOST_CHARS = 40_000
#: Slack nests texts no deeper, and puts no more into one list.
_DEEPEST = 10
_WIDEST = 100


def text_of(message: object) -> str:
    """Return a message's own text, and what is attached to it unless the text itself names a paper."""
    own, more = text_at(message, "text"), attached(message)
    if not more or papers_in(own):
        return own or more
    return more if not typed(own) or papers_in(more) or is_long(typed(more)) else f"{own}\n{more}"


def attached(message: object) -> str:
    """Return the text attached to a message: of its attachments, or of its blocks if it has no text of its own."""
    found = at(message, "attachments")
    parts = [text for each in (found if isinstance(found, list) else [])[:_MOST] for text in _of_attachment(each)]
    if not parts and not text_at(message, "text"):
        parts = list(_of_blocks(at(message, "blocks")))
    return "\n".join(dict.fromkeys(parts))[:_MOST_CHARS]


def _of_attachment(attachment: object) -> Iterator[str]:
    words = [text for name in _WORDS if (text := text_at(attachment, name))]
    yield from words or filter(None, [text_at(attachment, "fallback")])
    yield from _of_blocks(at(attachment, "blocks"))
    inner = at(attachment, "message_blocks", 0, "message", "blocks")
    if not text_at(attachment, "text"):
        yield from _of_blocks(inner)


def _of_blocks(blocks: object) -> Iterator[str]:
    """Yield the texts and links in blocks, in order, as deep as Slack nests them."""
    rest = [(blocks, 0)]
    while rest:
        value, depth = rest.pop()
        inner: list[object] = []
        if isinstance(value, list):
            inner = value[:_WIDEST]
        elif isinstance(value, dict):
            yield from filter(None, (text_at(value, "text"), text_at(value, "url")))
            inner = [value.get(name) for name in ("text", "fields", "elements")]
        if depth < _DEEPEST:
            rest += [(each, depth + 1) for each in reversed(inner)]


def asked_in_message(
    event: object, *, channel: Channel, user: str, today: date | None = None, zone: ZoneInfo | None = None
) -> tuple[Request, ...]:
    """Return the requests in a message to the bot: in its own words, or in the message that it forwards.

    Raises:
        RequestError: the message is not a valid request.
    """
    own, more = text_at(event, "text"), attached(event)
    if not more and not typed(own):
        # The list of all commands would fill the thread that everyone reads.
        return (SmallTalk(channel=channel, user=user, talk=Talk.HELP, language=current().code.partition("_")[0]),)
    if more and not papers_in(own) and not begins_a_command(typed(own)):
        if links := papers_in(more):
            return lookups(links, channel, user)
        if not typed(own):
            own = more
        elif is_long(typed(more)):
            return (Summarize(channel=channel, user=user, text=typed(more)),)
    return asked_in(own, channel=channel, user=user, today=today, zone=zone)
