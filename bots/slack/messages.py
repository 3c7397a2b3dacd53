"""Pack indivisible pieces into messages within Slack's limits, and split messages into smaller ones. Pure functions."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import cut
from bots.chat.rendering import halve, pack, split_items
from bots.domain.papers import PaperId
from bots.slack.blocks import MAX_FALLBACK, Json, fallback, weight
from bots.slack.controls import pick_menu
from bots.slack.message_text import unescape

#: docs.slack.dev, Block Kit: blocks of a message.
MAX_BLOCKS = 50
#: Slack refuses a message of about 13,200 characters (github.com/slackapi/bolt-js/issues/2509), and says nowhere how
#: it counts.
MAX_CHARS = 10_000
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
        "says": [_line(piece.says) for piece in pieces],
        "sizes": [len(piece.blocks) for piece in pieces],
        "papers": [piece.paper_id is not None for piece in pieces],
        **({"options": [piece.option for piece in pieces]} if _options(pieces) else {}),
    }


def message(pieces: Sequence[Piece]) -> Json:
    """Return the arguments of `chat.postMessage` that show the pieces."""
    options = _options(pieces)
    below = [pick_menu(options)] if options else []
    return {
        "text": fallback("\n".join(filter(None, (_line(piece.says) for piece in pieces)))),
        "blocks": [*(block for piece in pieces for block in piece.blocks), *below],
        # Slack needs both next to blocks: a digest must not unfurl the links of its papers.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _line(says: str) -> str:
    """Return text as one line, no longer than the text of a whole message; that has one line per piece."""
    return cut(" ".join(says.split()), MAX_FALLBACK)


def pieces_of(held: Mapping[str, Any], paper_ids: Sequence[PaperId]) -> tuple[Piece, ...]:
    """Return the pieces that `payload` built a message from."""
    found = split_items(held["blocks"], held["sizes"], held["papers"], paper_ids)
    # Messages that 0.4.0 or earlier planned hold a line for each piece in their text, escaped.
    lines = held["says"] if "says" in held else [unescape(line) for line in held["text"].split("\n")]
    # A message without a menu, and every message that 0.4.0 or earlier planned, holds no options.
    options = held.get("options") or [None] * len(found)
    return tuple(
        Piece(blocks=blocks, says=line, paper_id=paper, option=option)
        for (blocks, paper), line, option in zip(found, lines, options, strict=False)
    )


def halves(held: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[tuple[Json, tuple[Piece, ...]], ...]:
    """Return smaller messages for one: two halves, or its only piece shortened; none if it is too short to cut."""
    hangs = bool(held["in_thread"])
    return tuple((payload(group, in_thread=hangs), group) for group in halve(pieces, _shortened))


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
