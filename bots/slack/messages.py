"""Pieces that are never torn become messages inside Slack's limits, and messages become smaller ones: pure."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, cast

from bots.domain.papers import PaperId
from bots.presentation.phrases import cut
from bots.slack.blocks import Json, escape, weight

#: docs.slack.dev, Block Kit: blocks of a message.
MAX_BLOCKS = 50
#: Slack refuses a message of about 13,200 characters (github.com/slackapi/bolt-js/issues/2509), and says nowhere how
#: it counts.
MAX_CHARS = 10_000
#: docs.slack.dev, chat.update: what is longer cannot be put in another's place.
MAX_TEXT = 4000
#: Of one piece in a message's text, which notifications show and screen readers read.
_MAX_SAYS = 380
#: Less than this is not worth cutting.
_SHORT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Blocks that belong together, and what they say to who does not see them."""

    blocks: tuple[Json, ...]
    says: str
    #: The paper it shows, if it shows one.
    paper_id: PaperId | None = None


def messages(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces in messages, each as full as it may be, in order; one piece is never torn."""
    groups: list[list[Piece]] = []
    blocks = chars = 0
    for piece in pieces:
        blocks, chars = blocks + len(piece.blocks), chars + weight(piece.blocks)
        if not groups or blocks > MAX_BLOCKS or chars > MAX_CHARS:
            groups.append([])
            blocks, chars = len(piece.blocks), weight(piece.blocks)
        groups[-1].append(piece)
    return tuple(map(tuple, groups))


def payload(pieces: Sequence[Piece], *, in_thread: bool = False) -> Json:
    """Return a message as `chat.postMessage` takes it, with what is needed to make it smaller."""
    return {
        **message(pieces),
        # For us: Slack is sent none of these.
        "in_thread": in_thread,
        "sizes": [len(piece.blocks) for piece in pieces],
        "papers": [piece.paper_id is not None for piece in pieces],
    }


def message(pieces: Sequence[Piece]) -> Json:
    """Return the arguments of `chat.postMessage` that show the pieces."""
    most = min(_MAX_SAYS, MAX_TEXT // len(pieces) - 1)
    return {
        "text": "\n".join(_line(piece.says, most) for piece in pieces),
        "blocks": [block for piece in pieces for block in piece.blocks],
        # Both are needed beside blocks: what a paper links to is not ours to show.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _line(says: str, most: int) -> str:
    """Return text as one escaped line; the lines of a message's text are those of its pieces."""
    one = " ".join(says.split())
    return escape(cut(one, most, lambda part: len(escape(part)))) or "…"


def pieces_of(held: Mapping[str, Any], paper_ids: Sequence[PaperId]) -> tuple[Piece, ...]:
    """Return the pieces that `payload` made a message of; what they say stays escaped."""
    ends = list(accumulate(cast("Sequence[int]", held["sizes"])))
    papers = iter(paper_ids)
    return tuple(
        Piece(
            blocks=tuple(held["blocks"][start:end]),
            says=line,
            paper_id=next(papers) if shown else None,
        )
        for start, end, shown, line in zip([0, *ends], ends, held["papers"], held["text"].split("\n"), strict=False)
    )


def halves(held: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[tuple[Json, tuple[Piece, ...]], ...]:
    """Return smaller messages for one: its halves, or its only piece cut shorter; none where it says too little."""
    if len(pieces) > 1:
        middle = len(pieces) // 2
        groups: tuple[tuple[Piece, ...], ...] = (tuple(pieces[:middle]), tuple(pieces[middle:]))
    else:
        shorter = _shortened(pieces[0])
        groups = ((shorter,),) if shorter else ()
    return tuple((_again(held, group), group) for group in groups)


def _again(held: Mapping[str, Any], pieces: Sequence[Piece]) -> Json:
    """Return the payload of pieces that came from another: their text is escaped already."""
    made = payload(pieces, in_thread=bool(held["in_thread"]))
    return made | {"text": "\n".join(piece.says for piece in pieces)}


def _shortened(piece: Piece) -> Piece | None:
    """Return a piece with its longest text cut to half, or without its last block."""
    blocks = copy.deepcopy(piece.blocks)
    longest = max(_texts(blocks), key=lambda each: len(each["text"]), default=None)
    if longest is not None and len(longest["text"]) > _SHORT:
        longest["text"] = cut(longest["text"], len(longest["text"]) // 2) or "…"
        return replace(piece, blocks=blocks)
    return replace(piece, blocks=blocks[:-1]) if len(blocks) > 1 else None


def _texts(value: object, kinds: Sequence[str] = ("text", "link", "plain_text")) -> list[Json]:
    """Return the texts of blocks that may be cut anywhere: not those that hold marks."""
    if isinstance(value, list | tuple):
        return [found for inner in value for found in _texts(inner, kinds)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") in kinds and isinstance(value.get("text"), str) else []
    return own + [found for inner in value.values() for found in _texts(inner, kinds)]
