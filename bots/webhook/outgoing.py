"""Digests and notices as the JSON objects that webhooks get. Pure functions.

All texts are plain text without control characters and without markup; all links lead to the web.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import clean, cut, safe_url
from bots.chat.rendering import number_parts
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, Part, split_entries
from bots.domain.papers import PaperId
from bots.domain.replies import Problem
from bots.presentation import digest_text
from bots.presentation.bibtex_names import known_authors
from bots.presentation.cited_facts import abstract_of, arxiv_of, doi_of

Json = dict[str, Any]
#: Characters of the papers of one message. Receivers commonly accept 256 kB (AWS API Gateway and Lambda: more).
_BUDGET, _MOST = 60_000, 50
_MAX_ABSTRACT, _MAX_TEXT = 5_000, 1_600
#: A collaboration has thousands of authors.
_MOST_AUTHORS, _MOST_NOTES = 50, 12
#: What a message can do without when a receiver finds it too large, in this order.
_EXTRAS = ("abstract", "authors", "why", "warnings", "blurb")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    item: Json
    paper_id: PaperId | None


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as messages: one, unless it is long."""
    pieces = [_Piece(item=_paper(entry), paper_id=entry.paper.id) for entry in digest.entries]
    groups: tuple[tuple[_Piece, ...], ...] = split_entries(pieces, _size, _BUDGET, _MOST) or ((),)
    made = []
    for number, group in enumerate(groups, start=1):
        payload = {
            "type": "digest",
            "headline": digest_text.headline(digest),
            "day": digest.day.isoformat(),
            "about": _lines(digest_text.topic_line(digest), digest_text.empty_line(digest)) if number == 1 else [],
            "notes": _notes(digest) if number == len(groups) else [],
            "papers": [piece.item for piece in group],
        }
        made.append((payload, group))
    return number_parts(digest.channel, made)


def _size(piece: _Piece) -> int:
    return sum(len(str(value)) for value in piece.item.values())


def _notes(digest: Digest) -> list[str]:
    return _lines(*digest_text.notes_lines(digest)[:_MOST_NOTES], digest_text.tally_line(digest))


def _lines(*said: str) -> list[str]:
    return [cut(clean(line), _MAX_TEXT) for line in said if clean(line)]


def _paper(entry: Entry) -> Json:
    paper = entry.paper
    why = digest_text.why_line(entry)
    warnings = digest_text.warning_lines(entry.blurb) if entry.blurb else ()
    return {
        "id": digest_text.id_of(paper),
        "arxiv_id": arxiv_of(paper),
        "doi": doi_of(paper),
        "title": digest_text.title_of(paper),
        "url": safe_url(paper.url),
        "code": safe_url(paper.code),
        "facts": digest_text.meta_line(paper, code=False),
        "authors": list(known_authors(paper.authors[:_MOST_AUTHORS])),
        "blurb": cut("\n".join(digest_text.blurb_lines(entry)[:_MOST_NOTES]), _MAX_TEXT),
        "warnings": _lines(*warnings),
        "why": cut(f"Why: {why}", _MAX_TEXT) if why else "",
        "abstract": cut(abstract_of(paper), _MAX_ABSTRACT),
    }


def notice_parts(channel: Channel, problem: Problem) -> tuple[Part, ...]:
    """Return a problem as a message."""
    lines = _lines(*digest_text.problem_lines(problem)[:_MOST_NOTES])
    payload = {"type": "notice", "headline": "Paperwire needs your attention", "about": lines, "papers": []}
    return number_parts(channel, [(payload, ())])


def smaller(part: Part) -> tuple[Part, ...]:
    """Return a message in two halves, or its only paper with less; empty if it cannot be made smaller."""
    held: Mapping[str, Any] = part.payload
    papers: list[Json] = list(held["papers"])
    if len(papers) > 1:
        middle = len(papers) // 2
        return tuple(
            replace(part, number=number, total=2, payload={**held, "papers": some}, paper_ids=ids)
            for number, (some, ids) in enumerate(_halves(papers, part.paper_ids, middle), start=1)
        )
    extra = next((name for name in _EXTRAS if papers and papers[0].get(name)), "")
    if not extra:
        return ()
    empty: object = [] if isinstance(papers[0][extra], list) else ""
    return (replace(part, number=1, total=1, payload={**held, "papers": [{**papers[0], extra: empty}]}),)


def _halves(
    papers: Sequence[Json], ids: tuple[PaperId, ...], middle: int
) -> tuple[tuple[list[Json], tuple[PaperId, ...]], ...]:
    return (list(papers[:middle]), ids[:middle]), (list(papers[middle:]), ids[middle:])
