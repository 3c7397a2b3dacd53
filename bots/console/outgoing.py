"""Render digests and replies as styled lines, which `app.py` prints. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, NotRequired, TypedDict, cast

from bots.chat.phrases import safe_url, sentence
from bots.chat.rendering import ReplyRenderers
from bots.domain import replies
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from bots.presentation import digest_text, hidden_text, posting_text, subscription_text
from summarizer import Blurb


class LineStyle(StrEnum):
    """The kind of a line, which decides its style."""

    HEAD = "head"
    TITLE = "title"
    META = "meta"
    TEXT = "text"
    #: A placeholder for missing content.
    LABEL = "label"
    WHY = "why"
    LINK = "link"
    NOTE = "note"
    #: A failure, or a fact that the reader must not overlook.
    WARNING = "warning"
    FORM = "form"
    GAP = "gap"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line before it is wrapped."""

    look: LineStyle
    text: str = ""
    #: The link target of the text; empty or a safe URL.
    url: str = ""
    #: A number before the text.
    mark: str = ""
    #: Columns to the left of the text, including the mark.
    indent: int = 0


_GAP = Line(look=LineStyle.GAP)


class EntryPayload(TypedDict):
    """One paper of a digest in its payload."""

    title: str
    url: str
    meta: str
    blurb: list[str]
    has_blurb: bool
    warnings: list[str]
    why: str
    code: str
    #: Absent in a digest: only replies say it.
    posted: NotRequired[str]


class NotePayload(TypedDict):
    """A note on a source that returned less than expected."""

    text: str
    failed: bool


class DigestPayload(TypedDict):
    """A whole digest as JSON-compatible data, with everything needed to print it."""

    kind: Literal["digest"]
    headline: str
    topic: str
    tally: str
    empty: str
    entries: list[EntryPayload]
    notes: list[NotePayload]


def digest_payload(digest: Digest) -> Mapping[str, object]:
    """Return a digest as the JSON-compatible payload that `payload_lines` renders."""
    payload: DigestPayload = {
        "kind": "digest",
        "headline": digest_text.headline(digest),
        "topic": digest_text.topic_line(digest),
        "tally": digest_text.tally_line(digest),
        "empty": digest_text.empty_line(digest),
        "entries": [_entry_payload(entry) for entry in digest.entries],
        "notes": _notes(digest),
    }
    return cast("Mapping[str, object]", payload)


def _notes(digest: Digest) -> list[NotePayload]:
    """Return the notes on the sources and, as a terminal is the operator's, the titles of withdrawn papers."""
    notes: list[NotePayload] = [{"text": digest_text.note_line(note), "failed": note.failed} for note in digest.notes]
    withdrawn = digest_text.withdrawn_line(digest)
    return [*notes, *([NotePayload(text=withdrawn, failed=False)] if withdrawn else [])]


def notice_payload(problem: replies.Problem) -> Mapping[str, object]:
    """Return an admin notice as a payload that `payload_lines` renders."""
    said, *more = digest_text.problem_lines(problem)
    payload: DigestPayload = {
        "kind": "digest",
        "headline": "Paperwire needs your attention",
        "topic": "",
        "tally": "",
        "empty": said,
        "entries": [],
        "notes": [{"text": line, "failed": True} for line in more],
    }
    return cast("Mapping[str, object]", payload)


def _entry_payload(entry: Entry) -> EntryPayload:
    payload: EntryPayload = {
        "title": digest_text.title_of(entry.paper),
        "url": safe_url(entry.paper.url),
        "meta": digest_text.meta_line(entry.paper, code=False),
        "blurb": list(digest_text.blurb_lines(entry)),
        "has_blurb": digest_text.has_blurb(entry),
        "warnings": list(digest_text.warning_lines(entry.blurb)) if entry.blurb else [],
        "why": digest_text.why_line(entry),
        "code": safe_url(entry.paper.code),
    }
    if entry.posted:
        payload["posted"] = posting_text.posted_text(entry.posted)
    return payload


def payload_lines(payload: Mapping[str, object]) -> tuple[Line, ...]:
    """Return the lines of a payload from `digest_payload` or `notice_payload`."""
    digest = cast("DigestPayload", payload)
    return tuple(_digest_lines(digest))


def _digest_lines(digest: DigestPayload) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text=digest["headline"])
    yield from _lines(LineStyle.META, filter(None, (digest["topic"], digest["tally"])))
    if digest["empty"]:
        yield from (_GAP, Line(look=LineStyle.TEXT, text=digest["empty"]))
    yield from _entries_lines(digest["entries"])
    if digest["notes"]:
        yield _GAP
    for note in digest["notes"]:
        yield Line(look=LineStyle.WARNING if note["failed"] else LineStyle.NOTE, text=note["text"])


def _entries_lines(entries: list[EntryPayload]) -> Iterator[Line]:
    wide = len(str(len(entries)))
    for number, entry in enumerate(entries, start=1):
        yield _GAP
        yield from _entry_lines(entry, mark=f"{number:>{wide}}.")


def _entry_lines(entry: EntryPayload, mark: str = "") -> Iterator[Line]:
    indent = len(mark) + 1 if mark else 0
    yield Line(look=LineStyle.TITLE, text=entry["title"], url=entry["url"], mark=mark, indent=indent)
    yield from (replace(line, indent=indent) for line in _under_title(entry) if line.text)


def _under_title(entry: EntryPayload) -> Iterator[Line]:
    yield Line(look=LineStyle.META, text=entry["meta"])
    yield from _lines(LineStyle.TEXT if entry["has_blurb"] else LineStyle.LABEL, entry["blurb"])
    yield from _lines(LineStyle.WARNING, entry["warnings"])
    if entry["why"]:
        yield Line(look=LineStyle.WHY, text=f"Why: {entry['why']}")
    if entry.get("posted"):
        yield Line(look=LineStyle.META, text=entry["posted"])
    yield Line(look=LineStyle.LINK, text=entry["url"], url=entry["url"])
    if entry["code"]:
        yield Line(look=LineStyle.LINK, text=f"Code: {entry['code']}", url=entry["code"])


def _lines(look: LineStyle, texts: Iterable[str]) -> Iterator[Line]:
    return (Line(look=look, text=text) for text in texts)


def reply_lines(reply: Reply) -> tuple[Line, ...]:
    """Return the lines of a reply of any kind."""
    return tuple(_RENDERERS.render(reply))


def _card(reply: replies.Card) -> Iterator[Line]:
    yield from _entry_lines(_entry_payload(reply.entry))
    if reply.entry.blurb:
        if told := digest_text.tldr_line(reply.entry.paper):
            yield Line(look=LineStyle.TEXT, text=told)
        yield _made_by(reply.entry.blurb)


def _made_by(blurb: Blurb) -> Line:
    return Line(look=LineStyle.META, text=digest_text.made_by(blurb))


def _card_list(reply: replies.CardList) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text=digest_text.found_line(reply))
    yield from _entries_lines([_entry_payload(entry) for entry in reply.entries])
    if reply.notes:
        yield _GAP
    yield from _lines(LineStyle.WARNING, map(sentence, reply.notes))


def _blurb_reply(reply: replies.BlurbReply) -> Iterator[Line]:
    if title := digest_text.given_title(reply):
        yield Line(look=LineStyle.TITLE, text=title)
    yield from _lines(LineStyle.TEXT, digest_text.text_lines(reply.blurb.text))
    yield from _lines(LineStyle.WARNING, digest_text.warning_lines(reply.blurb))
    yield _made_by(reply.blurb)


def _confirmed(lines: Iterable[str]) -> Iterator[Line]:
    first, *rest = lines
    yield Line(look=LineStyle.HEAD, text=first)
    yield from _lines(LineStyle.TEXT, rest)


def _subscription_list(reply: replies.SubscriptionList) -> Iterator[Line]:
    # A list of one channel of a chat names it: a mistyped one has no subscriptions, too.
    named = str(reply.channel) if reply.channel and reply.channel.platform != "console" else ""
    yield Line(look=LineStyle.HEAD, text=subscription_text.subscriptions_headline(reply, place=named))
    for first, *rest in subscription_text.listed_lines(reply, ids=True):
        yield from (_GAP, Line(look=LineStyle.FORM, text=first))
        yield from _lines(LineStyle.META, rest)


def _whole_abstract(paper: Paper) -> Iterator[Line]:
    url = safe_url(paper.url)
    yield Line(look=LineStyle.TITLE, text=digest_text.title_of(paper), url=url)
    yield Line(look=LineStyle.META, text=digest_text.meta_line(paper))
    yield Line(look=LineStyle.TEXT, text=digest_text.abstract_text(paper))
    if url:
        yield Line(look=LineStyle.LINK, text=url, url=url)


def _saved_list(reply: replies.SavedList) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text=digest_text.saved_headline(reply))
    for paper in reply.papers:
        yield _GAP
        yield Line(look=LineStyle.TITLE, text=digest_text.title_of(paper), url=safe_url(paper.url))
        yield Line(
            look=LineStyle.META, text=" · ".join(filter(None, (digest_text.id_of(paper), digest_text.meta_line(paper))))
        )


def _hidden_list(reply: replies.HiddenList) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text=hidden_text.hidden_headline(reply))
    for paper in reply.papers:
        url = safe_url(paper.paper.url) if paper.paper else ""
        yield from (_GAP, Line(look=LineStyle.TITLE, text=hidden_text.hidden_title(paper), url=url))
        about = f"{hidden_text.typed_id(paper.paper_id)} · {hidden_text.hidden_by(paper)}"
        yield Line(look=LineStyle.META, text=about)


def _citation(reply: replies.Citation) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text=digest_text.citation_headline(reply))
    for first, *rest in digest_text.citation_blocks(reply):
        yield from (_GAP, Line(look=LineStyle.TEXT, text=first))
        yield from (Line(look=LineStyle.TEXT, text=line.strip(), indent=2) for line in rest)


def _help(reply: replies.HelpReply) -> Iterator[Line]:
    yield Line(look=LineStyle.HEAD, text="Commands")
    for topic in reply.topics:
        yield _GAP
        yield from _lines(LineStyle.FORM, digest_text.text_lines(topic.form))
        yield from (replace(line, indent=2) for line in _lines(LineStyle.TEXT, digest_text.text_lines(topic.says)))
        yield Line(look=LineStyle.META, text=f"Example: {topic.example}", indent=2)


def _problem(reply: replies.Problem) -> Iterator[Line]:
    first, *rest = digest_text.problem_lines(reply)
    yield Line(look=LineStyle.WARNING, text=first)
    yield from _lines(LineStyle.TEXT, rest)


_RENDERERS: ReplyRenderers[Iterable[Line]] = ReplyRenderers(
    card=_card,
    card_list=_card_list,
    blurb=_blurb_reply,
    digest=lambda reply: payload_lines(digest_payload(reply.digest)),
    changed=lambda reply: _confirmed(subscription_text.changed_lines(reply, prefix="paperwire ", ids=True)),
    subscriptions=_subscription_list,
    abstract=lambda reply: _whole_abstract(reply.paper),
    saved=_saved_list,
    citation=_citation,
    noted=lambda reply: _lines(LineStyle.TEXT, hidden_text.noted_lines(reply)),
    hidden=_hidden_list,
    help=_help,
    problem=_problem,
)
