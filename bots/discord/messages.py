"""Combine pieces into messages within Discord's limits, and split messages into smaller ones. Pure functions.

A piece is never split between messages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import cut
from bots.chat.rendering import halve, pack, split_items
from bots.discord.components import ACCENT, MAX_COMPONENTS, V2, Json, Type, container, count, row, separator, text_size
from bots.discord.controls import Control, control_id
from bots.discord.fields import MOST_OPTIONS, menu
from bots.domain.papers import PaperId
from bots.translation.speech import pgettext

#: Characters in a message. Discord accepts 4,000; the rest is for the name of a person who shares it and for
#: placeholders.
MAX_CHARS = 3_900
#: Components used by the container, and by the row of buttons for the whole message.
_FRAME, _FOOT = 1, 2
#: Components of the menu of papers: its row and itself.
_MENU = 2
#: Characters; a shorter line is not worth cutting.
_SHORT = 80
#: Lines with our markup start with one of these, and a cut would break them; no line of third-party text does.
_OURS = ("*", "-#", "#", "[", "`", "<")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """The payload of a message, and its attached files as pairs of name and text."""

    payload: Json
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Components that belong together."""

    components: tuple[Json, ...]
    #: The paper that the piece shows, if any.
    paper_id: PaperId | None = None
    #: Whether a separator goes above the piece, if there is space for one.
    apart: bool = False
    #: The value and the label that pick this paper in the menu of its message, if the message is to have a menu.
    option: tuple[str, str] | None = None
    #: Ids of the people whom the piece mentions; nobody else is pinged, whatever its texts contain.
    mentions: tuple[str, ...] = ()


def messages(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    """Return the pieces grouped into messages, in order, each as full as possible; a piece is never split."""
    kept = tuple(pieces)
    limits = (MAX_COMPONENTS - _FRAME - _FOOT - (_MENU if _options(kept) else 0), MAX_CHARS)
    packed = pack(kept, lambda piece: (count(piece.components), text_size(piece.components)), limits)
    # A head has no option, so as many pieces as a menu has options never have more.
    return tuple(group for full in packed for group in _few(full))


def _few(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Yield the pieces of a message, in several messages if its menu would have too many options."""
    most = MOST_OPTIONS if _options(pieces) else len(pieces)
    for start in range(0, len(pieces), most):
        yield tuple(pieces[start : start + most])


def _options(pieces: Iterable[Piece]) -> dict[str, str]:
    """Return the options of the pieces' menu; a paper that is shown twice has one."""
    found: dict[str, str] = {}
    for value, label in (piece.option for piece in pieces if piece.option):
        found.setdefault(value, label)
    return found


def _pick_row(pieces: Sequence[Piece]) -> list[Json]:
    """Return the menu that picks one of the papers, in its row; nothing if no piece has an option."""
    options = _options(pieces)
    if not options:
        return []
    inside = pgettext("placeholder", "Pick a paper: abstract, save, …")
    return [row([menu(control_id(Control.PICK), options, (), placeholder=inside)])]


def message(pieces: Sequence[Piece], *, accent: int = ACCENT, foot: Sequence[Json] = ()) -> Json:
    """Return the message that shows the pieces.

    Args:
        pieces: the pieces of one message.
        accent: the colour of its edge.
        foot: buttons below all pieces.
    """
    below = [row(foot)] if foot else []
    pick = _pick_row(pieces)
    inside = _spaced(pieces, MAX_COMPONENTS - _FRAME - count(below) - count(pick))
    return {
        "flags": V2,
        "components": [container([*inside, *pick], accent=accent), *below],
        "allowed_mentions": {"parse": [], **({"users": pinged} if (pinged := _pinged(pieces)) else {})},
    }


def _pinged(pieces: Sequence[Piece]) -> list[str]:
    return list(dict.fromkeys(user for piece in pieces for user in piece.mentions))


def _spaced(pieces: Sequence[Piece], most: int) -> list[Json]:
    """Return the pieces' components with a separator above each `apart` piece, or only below the head to save space."""
    apart = [place for place, piece in enumerate(pieces) if place and piece.apart]
    room = most - sum(count(piece.components) for piece in pieces)
    lines = set(apart if len(apart) <= room else apart[:1] if room and not pieces[0].apart else ())
    return [
        each
        for place, piece in enumerate(pieces)
        for each in ((separator(), *piece.components) if place in lines else piece.components)
    ]


def payload(pieces: Sequence[Piece], *, title: str, in_thread: bool = False) -> Json:
    """Return a message with the data needed to post it and to make it smaller."""
    return {
        **message(pieces),
        # For our own use: these fields are not sent to Discord.
        "title": title,
        "thread": in_thread,
        "pieces": [[len(piece.components), piece.paper_id is not None, piece.apart] for piece in pieces],
        **({"mentions": [list(piece.mentions) for piece in pieces]} if _pinged(pieces) else {}),
        **({"options": [piece.option and list(piece.option) for piece in pieces]} if _options(pieces) else {}),
    }


def pieces_of(held: Mapping[str, Any], paper_ids: Sequence[PaperId]) -> tuple[Piece, ...]:
    """Return the pieces that `payload` put into a message."""
    # The separators between pieces belong to no piece.
    components = [each for each in held["components"][0]["components"] if each["type"] != Type.SEPARATOR]
    sizes, shows, apart = zip(*held["pieces"], strict=True) if held["pieces"] else ((), (), ())
    found = split_items(components, sizes, shows, paper_ids)
    # A message without a menu, and every message that 0.4.0 or earlier planned, holds no options.
    options = held.get("options") or [None] * len(found)
    mentions = held.get("mentions") or [()] * len(found)
    return tuple(
        Piece(
            components=inside,
            paper_id=paper,
            apart=above,
            option=(option[0], option[1]) if option else None,
            mentions=tuple(map(str, named)),
        )
        for (inside, paper), above, option, named in zip(found, apart, options, mentions, strict=False)
    )


def halves(held: Mapping[str, Any], pieces: Sequence[Piece]) -> tuple[tuple[Json, tuple[Piece, ...]], ...]:
    """Return smaller messages: the two halves, or the only piece cut shorter; empty if it is too short to cut."""
    title, hangs = held["title"], bool(held["thread"])
    groups = halve(pieces, _shortened)
    return tuple((payload(group, title=title, in_thread=hangs), group) for group in groups)


def _shortened(piece: Piece) -> Piece | None:
    """Return a piece with its longest line cut, else without its last line, else without its last component."""
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
    """Return a text with its longest line cut, or without its last line; empty if that was its only line."""
    lines = content.split("\n")
    longest = max(lines, key=lambda line: 0 if line.startswith(_OURS) else len(line))
    if len(longest) > _SHORT and not longest.startswith(_OURS):
        lines[lines.index(longest)] = cut(longest, len(longest) // 2) or "…"
        return "\n".join(lines)
    return "\n".join(lines[:-1])
