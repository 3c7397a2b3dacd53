"""Pack indivisible pieces into messages within Slack's limits, and split messages into smaller ones. Pure functions."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import cut
from bots.chat.rendering import halve, pack, split_items
from bots.domain.papers import PaperId
from bots.slack.blocks import Json, escape, weight
from bots.slack.controls import pick_menu

#: docs.slack.dev, Block Kit: blocks of a message.
MAX_BLOCKS = 50
#: Slack refuses a message of about 13,200 characters (github.com/slackapi/bolt-js/issues/2509), and says nowhere how
#: it counts.
MAX_CHARS = 10_000
#: docs.slack.dev, chat.update: a longer text cannot replace another.
MAX_TEXT = 4000
#: Longest text of one piece in a message's text, which notifications show and screen readers read.
_MAX_SAYS = 380
#: A text shorter than this is not cut.
_SHORT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Blocks that must stay in one message, and their text for notifications and screen readers."""

    blocks: tuple[Json, ...]
    says: str
    #: The paper in this piece, if any.
    paper_id: PaperId | None = None
    #: The option that picks this paper in the menu of its message, if the message is to have a menu.
    option: Json | None = None


def messages(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces grouped into messages, each as full as the limits allow, in order; no piece is split."""
    kept = tuple(pieces)
    offers = bool(_options(kept))
    limits = (MAX_BLOCKS - offers, MAX_CHARS - offers * weight(pick_menu(())))
    return pack(kept, lambda piece: (len(piece.blocks), weight(piece.blocks) + weight(piece.option)), limits)


def _options(pieces: Iterable[Piece]) -> list[Json]:
    return [piece.option for piece in pieces if piece.option is not None]


def payload(pieces: Sequence[Piece], *, in_thread: bool = False) -> Json:
    """Return a message for `chat.postMessage`, with the data needed to split it later."""
    return {
        **message(pieces),
        # For splitting; these fields are not sent to Slack.
        "in_thread": in_thread,
        "sizes": [len(piece.blocks) for piece in pieces],
        "papers": [piece.paper_id is not None for piece in pieces],
        **({"options": [piece.option for piece in pieces]} if _options(pieces) else {}),
    }


def message(pieces: Sequence[Piece]) -> Json:
    """Return the arguments of `chat.postMessage` that show the pieces."""
    options = _options(pieces)
    below = [pick_menu(options)] if options else []
    most = min(_MAX_SAYS, MAX_TEXT // len(pieces) - 1)
    return {
        "text": "\n".join(_line(piece.says, most) for piece in pieces),
        "blocks": [*(block for piece in pieces for block in piece.blocks), *below],
        # Slack needs both next to blocks: a digest must not unfurl the links of its papers.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _line(says: str, most: int) -> str:
    """Return text as one escaped line; a message's text has one line per piece."""
    one = " ".join(says.split())
    return escape(cut(one, most, lambda part: len(escape(part)))) or "…"


def pieces_of(held: Mapping[str, Any], paper_ids: Sequence[PaperId]) -> tuple[Piece, ...]:
    """Return the pieces that `payload` built a message from; their text stays escaped."""
    found = split_items(held["blocks"], held["sizes"], held["papers"], paper_ids)
    lines = held["text"].split("\n")
    # A message without a menu, and every message that 0.4.0 or earlier planned, holds no options.
    options = held.get("options") or [None] * len(found)
    return tuple(
        Piece(blocks=blocks, says=line, paper_id=paper, option=option)
        for (blocks, paper), line, option in zip(found, lines, options, strict=False)
    )


def halves(held: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[tuple[Json, tuple[Piece, ...]], ...]:
    """Return smaller messages for one: two halves, or its only piece shortened; none if it is too short to cut."""
    return tuple((_again(held, group), group) for group in halve(pieces, _shortened))


def _again(held: Mapping[str, Any], pieces: Sequence[Piece]) -> Json:
    """Return the payload of pieces taken from another payload: their text is already escaped."""
    made = payload(pieces, in_thread=bool(held["in_thread"]))
    return made | {"text": "\n".join(piece.says for piece in pieces)}


def _shortened(piece: Piece) -> Piece | None:
    """Return a piece with its longest text cut to half, or without its last block; None if neither is possible."""
    blocks = copy.deepcopy(piece.blocks)
    longest = max(_texts(blocks), key=lambda each: len(each["text"]), default=None)
    if longest is not None and len(longest["text"]) > _SHORT:
        longest["text"] = cut(longest["text"], len(longest["text"]) // 2) or "…"
        return replace(piece, blocks=blocks)
    return replace(piece, blocks=blocks[:-1]) if len(blocks) > 1 else None


def _texts(value: object, kinds: Sequence[str] = ("text", "link", "plain_text")) -> list[Json]:
    """Return the text objects in blocks that may be cut anywhere; those with markup are left out."""
    if isinstance(value, list | tuple):
        return [found for inner in value for found in _texts(inner, kinds)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") in kinds and isinstance(value.get("text"), str) else []
    return own + [found for inner in value.values() for found in _texts(inner, kinds)]
