"""Pieces that are never torn become messages inside Discord's limits, and messages become smaller ones: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, cast

from bots.discord.components import ACCENT, MAX_COMPONENTS, V2, Json, Type, container, count, row, separator, text_size
from bots.domain.papers import PaperId
from bots.presentation.phrases import cut

#: Of the 4,000 that Discord takes; the rest is for who shared an answer, and for what is shown in its place.
MAX_CHARS = 3_900
#: The box itself, and the row of what can be done with a whole message.
_FRAME, _FOOT = 1, 2
#: Less than this is not worth cutting.
_SHORT = 80
#: Lines that begin so hold marks of ours, which a cut would tear; what a stranger wrote begins with none of them.
_OURS = ("*", "-#", "#", "[", "`", "<")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as Discord takes it, and the files that come with it: the name of each, and its text."""

    payload: Json
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Components that belong together."""

    components: tuple[Json, ...]
    #: The paper it shows, if it shows one.
    paper_id: PaperId | None = None
    #: Whether a line keeps it from what stands above, where there is room for one.
    apart: bool = False


def messages(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces in messages, each as full as it may be, in order; one piece is never torn."""
    groups: list[list[Piece]] = []
    components = chars = 0
    for piece in pieces:
        components, chars = components + count(piece.components), chars + text_size(piece.components)
        if not groups or components > MAX_COMPONENTS - _FRAME - _FOOT or chars > MAX_CHARS:
            groups.append([])
            components, chars = count(piece.components), text_size(piece.components)
        groups[-1].append(piece)
    return tuple(map(tuple, groups))


def message(pieces: Sequence[Piece], *, accent: int = ACCENT, foot: Sequence[Json] = ()) -> Json:
    """Return the message that shows the pieces.

    Args:
        pieces: those of one message.
        accent: the colour of its edge.
        foot: buttons under the whole.
    """
    below = [row(foot)] if foot else []
    return {
        "flags": V2,
        "components": [container(_spaced(pieces, MAX_COMPONENTS - _FRAME - count(below)), accent=accent), *below],
        "allowed_mentions": {"parse": []},
    }


def _spaced(pieces: Sequence[Piece], most: int) -> list[Json]:
    """Return the components of pieces with lines between them: between all, or only under what stands above them."""
    apart = [place for place, piece in enumerate(pieces) if place and piece.apart]
    room = most - sum(count(piece.components) for piece in pieces)
    lines = set(apart if len(apart) <= room else apart[:1] if room and not pieces[0].apart else ())
    return [
        each
        for place, piece in enumerate(pieces)
        for each in ((separator(), *piece.components) if place in lines else piece.components)
    ]


def payload(pieces: Sequence[Piece], *, title: str, in_thread: bool = False) -> Json:
    """Return a message with what is needed to post it and to make it smaller."""
    return {
        **message(pieces),
        # For us: Discord is sent none of these.
        "title": title,
        "thread": in_thread,
        "pieces": [[len(piece.components), piece.paper_id is not None, piece.apart] for piece in pieces],
    }


def pieces_of(held: Mapping[str, Any], paper_ids: Sequence[PaperId]) -> tuple[Piece, ...]:
    """Return the pieces that `payload` made a message of."""
    # A line between pieces belongs to none of them.
    components = [each for each in held["components"][0]["components"] if each["type"] != Type.SEPARATOR]
    kinds = cast("Sequence[tuple[int, bool, bool]]", held["pieces"])
    ends = list(accumulate(size for size, _, _ in kinds))
    papers = iter(paper_ids)
    return tuple(
        Piece(components=tuple(components[start:end]), paper_id=next(papers) if shown else None, apart=apart)
        for start, end, (_, shown, apart) in zip([0, *ends], ends, kinds, strict=False)
    )


def halves(held: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[tuple[Json, tuple[Piece, ...]], ...]:
    """Return smaller messages for one: its halves, or its only piece cut shorter; none where it says too little."""
    if len(pieces) > 1:
        middle = len(pieces) // 2
        groups: tuple[tuple[Piece, ...], ...] = (tuple(pieces[:middle]), tuple(pieces[middle:]))
    else:
        shorter = _shortened(pieces[0])
        groups = ((shorter,),) if shorter else ()
    return tuple((payload(group, title=held["title"], in_thread=bool(held["thread"])), group) for group in groups)


def _shortened(piece: Piece) -> Piece | None:
    """Return a piece with the longest of its lines cut, or without its last line, or without its last component."""
    place, content = max(
        ((place, each["content"]) for place, each in enumerate(piece.components) if each["type"] == Type.TEXT),
        key=lambda found: len(found[1]),
        default=(0, ""),
    )
    if shorter := _shorter(content):
        changed = {**piece.components[place], "content": shorter}
        return replace(piece, components=(*piece.components[:place], changed, *piece.components[place + 1 :]))
    return replace(piece, components=piece.components[:-1]) if len(piece.components) > 1 else None


def _shorter(content: str) -> str:
    """Return a text with less in it; empty where that would tear it."""
    lines = content.split("\n")
    longest = max(lines, key=lambda line: 0 if line.startswith(_OURS) else len(line))
    if len(longest) > _SHORT and not longest.startswith(_OURS):
        lines[lines.index(longest)] = cut(longest, len(longest) // 2) or "…"
        return "\n".join(lines)
    return "\n".join(lines[:-1])
