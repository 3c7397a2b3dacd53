"""Digests and notices as the content of mails, which `messages.py` makes mails of. Pure functions.

A payload holds plain text: the words of the message, split into headings, papers and notes. It holds no address and no
link to a preferences page, so the ledger has neither.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import clean, cut, safe_url
from bots.chat.rendering import number_parts
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, Part, split_entries
from bots.domain.papers import PaperId
from bots.domain.replies import Problem
from bots.presentation import digest_text
from bots.translation.speech import current, gettext

#: The papers of a part as JSON, in characters. Marked up it is some three times as large, and Gmail shows only the
#: first 102 kB of a message.
_BUDGET = 24_000
#: More papers in one mail are not read; together they would also be near the budget.
_MOST = 25
#: Longest texts of one paper; our own blurbs have 400 characters, a third-party text has no limit.
_MAX_BLURB, _MAX_LINE, _MAX_KEYWORDS = 1600, 400, 200
#: Lines of a blurb, and lines about a digest: more are a fault of what made them.
_MOST_LINES, _MOST_NOTES = 12, 12

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    item: Json
    paper_id: PaperId | None


def unlinked(text: str) -> str:
    """Return text in which a mail reader finds no address to make a link of."""
    return text.replace("://", ": //").replace("www.", "www. ").replace("WWW.", "WWW. ")


def _said(text: str, most: int = _MAX_LINE) -> str:
    return cut(unlinked(clean(text)), most)


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as mails: one, unless it has more papers than a mail reader shows."""
    shown = _compact if digest.compact else _entry
    pieces = [
        _Piece(item=shown(entry, number), paper_id=entry.paper.id) for number, entry in enumerate(digest.entries, 1)
    ]
    groups: tuple[tuple[_Piece, ...], ...] = split_entries(pieces, _size, _BUDGET, _MOST) or ((),)
    headline = digest_text.headline(digest)
    made = []
    for number, group in enumerate(groups, start=1):
        named = headline
        if len(groups) > 1:
            named = gettext("{headline} ({number} of {total})", headline=headline, number=number, total=len(groups))
        payload = {
            "language": current().code,
            "subject": named,
            "heading": named,
            "about": _about(digest) if number == 1 else [],
            "notes": _notes(digest) if number == len(groups) else [],
            "papers": [piece.item for piece in group],
        }
        made.append((payload, group))
    return number_parts(digest.channel, made)


def _size(piece: _Piece) -> int:
    return sum(len(str(value)) for value in piece.item.values())


def _about(digest: Digest) -> list[str]:
    topic, empty = digest_text.topic_line(digest), digest_text.empty_line(digest)
    return [_said(line) for line in (topic, empty) if line]


def _notes(digest: Digest) -> list[str]:
    lines = [*digest_text.notes_lines(digest)[:_MOST_NOTES], digest_text.tally_line(digest)]
    return list(filter(None, map(_said, lines)))


def _entry(entry: Entry, number: int) -> Json:
    paper = entry.paper
    warnings = digest_text.warning_lines(entry.blurb) if entry.blurb else ()
    keywords = cut(", ".join(filter(None, map(clean, paper.keywords[:20]))), _MAX_KEYWORDS)
    why = digest_text.why_line(entry)
    return {
        **_compact(entry, number),
        "meta": _said(digest_text.meta_line(paper, code=False)),
        "warnings": _said(" ".join(warnings)),
        "keywords": unlinked(keywords),
        "why": _said(gettext("Why: {reason}", reason=why)) if why else "",
        "code": safe_url(paper.code),
    }


def _compact(entry: Entry, number: int) -> Json:
    paper = entry.paper
    return {
        "number": number,
        "title": unlinked(digest_text.title_of(paper)),
        "url": safe_url(paper.url),
        "meta": _said(digest_text.short_meta_line(paper)),
        "blurb": list(_blurb(digest_text.blurb_lines(entry))),
        "warnings": "",
        "keywords": "",
        "why": "",
        "code": "",
    }


def _blurb(lines: Sequence[str]) -> Iterator[str]:
    room = _MAX_BLURB
    for line in lines[:_MOST_LINES]:
        kept = cut(unlinked(line), room)
        room -= len(kept)
        if kept:
            yield kept
        if room < 1:
            return


def notice_parts(channel: Channel, problem: Problem) -> tuple[Part, ...]:
    """Return a problem as a mail to the admin."""
    first, *rest = (_said(line, 4 * _MAX_LINE) for line in digest_text.problem_lines(problem))
    payload = {
        "subject": "Paperwire needs your attention",
        "heading": "Paperwire needs your attention",
        "about": [first, *rest[:_MOST_NOTES]],
        "notes": [],
        "papers": [],
    }
    return number_parts(channel, [(payload, ())])


def smaller(part: Part) -> tuple[Part, ...]:
    """Return a part in two halves, or its only paper with less text; empty if it cannot be made smaller."""
    held: Mapping[str, Any] = part.payload
    papers: list[Json] = list(held["papers"])
    if len(papers) > 1:
        middle = len(papers) // 2
        halves = (
            ({**held, "notes": [], "papers": papers[:middle]}, part.paper_ids[:middle]),
            ({**held, "about": [], "papers": papers[middle:]}, part.paper_ids[middle:]),
        )
        return tuple(
            replace(part, number=number, total=2, payload=payload, paper_ids=ids)
            for number, (payload, ids) in enumerate(halves, start=1)
        )
    shorter = _shorter(held)
    return (replace(part, number=1, total=1, payload=shorter),) if shorter else ()


def _shorter(held: Mapping[str, Any]) -> Json | None:
    """Return the payload of a part with at most one paper with less text; None if only what it is about is left."""
    for name in ("notes", "about"):
        if len(held[name]) > 1 or (held[name] and held["papers"]):
            return {**held, name: held[name][: len(held[name]) // 2]}
    paper: Json = dict(held["papers"][0]) if held["papers"] else {}
    blurb: list[str] = paper.get("blurb", [])
    if any(paper.get(name) for name in _EXTRAS):
        return {**held, "papers": [{**paper, **dict.fromkeys(_EXTRAS, "")}]}
    if len(blurb) > 1:
        return {**held, "papers": [{**paper, "blurb": blurb[: len(blurb) // 2]}]}
    if blurb:
        half = cut(blurb[0], len(blurb[0]) // 2) if len(blurb[0]) > _MAX_KEYWORDS else ""
        return {**held, "papers": [{**paper, "blurb": [half] if half else []}]}
    return None


#: What a paper in a mail can do without.
_EXTRAS = ("warnings", "keywords", "why", "code", "meta")
