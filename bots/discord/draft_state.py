"""The state of a draft subscription, carried by the message that shows it. Pure functions.

It is spread over the values of the options in the message's menus, which nobody sees. So a draft survives a restart of
Paperwire, needs no row of the database, and is gone with its message. A state that is too long for the menus stands in
the message as text.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.chat.untrusted import at, text_at
from bots.commands import parse_command, values_of
from bots.discord.fields import Json
from bots.discord.payloads import components_in, list_at
from bots.domain.channels import Channel
from bots.domain.errors import RequestError
from bots.domain.requests import Subscribe

#: Characters of an option's value (docs.discord.com, String Select, Select Option Structure).
_MOST_VALUE = 100
#: Stands between the name of an option and its piece of the state.
_APART = "|"
_FENCE = "```"
#: Characters of a state in a message; the texts of a message have 4,000 together (docs.discord.com, Text Display).
_MOST_PACKED = 1800
#: Whatever expands to more is not ours.
_MOST_BYTES = 100_000
#: Stood between backticks in the drafts of 0.1.0, invisible: a word joiner.
_JOINER = "\u2060"


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftState:
    """What a person has changed so far."""

    #: The options that differ from those of the stored subscription, or of a new one, by name.
    changes: Mapping[str, str] = field(default_factory=dict)
    #: The name of the window whose input could not be read, and that input, by field; empty if all was read.
    window: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def fits(state: DraftState) -> bool:
    """Return whether a message can carry a state."""
    return len(_whole(state)) <= _MOST_BYTES and len(_packed(state)) <= _MOST_PACKED


def spread(state: DraftState, menus: Sequence[Json]) -> tuple[list[Json], str]:
    """Return menus that carry a state, and the text that must carry it instead if they are too small."""
    packed = _packed(state)
    carrying = [{**menu, "options": [dict(option) for option in menu["options"]]} for menu in menus]
    for option in (option for menu in carrying for option in menu["options"]):
        room = max(_MOST_VALUE - len(option["value"]) - len(_APART), 0)
        option["value"], packed = f"{option['value']}{_APART}{packed[:room]}", packed[room:]
    return (carrying, "") if not packed else (list(menus), f"{_FENCE}\n{_packed(state)}\n{_FENCE}")


def choice_in(value: str) -> str:
    """Return the name of an option, without the piece of a state that it carries."""
    return value.partition(_APART)[0]


def state_in(message: object) -> DraftState | None:
    """Return the state that one of our messages carries; None if it carries none."""
    found = _unpacked("".join(_pieces(message)))
    return found or next((state for said in _fenced(message) if (state := _unpacked(said) or _of_line(said))), None)


def _pieces(message: object) -> Iterator[str]:
    for component in components_in(message):
        for option in list_at(component, "options"):
            yield text_at(option, "value").partition(_APART)[2]


def _fenced(message: object) -> Iterator[str]:
    for component in components_in(message):
        said = text_at(component, "content")
        if said.startswith(f"{_FENCE}\n") and said.endswith(_FENCE):
            yield said.removeprefix(f"{_FENCE}\n").removesuffix(_FENCE).replace(_JOINER, "").strip()


def _packed(state: DraftState) -> str:
    return urlsafe_b64encode(zlib.compress(_whole(state), 9)).decode().rstrip("=")


def _whole(state: DraftState) -> bytes:
    return json.dumps([dict(state.changes), state.window, dict(state.typed)], separators=(",", ":")).encode()


def _unpacked(packed: str) -> DraftState | None:
    try:
        raw = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        held = json.loads(zlib.decompressobj().decompress(raw, _MOST_BYTES))
    except (ValueError, zlib.error, RecursionError):
        return None
    return DraftState(changes=_texts(held, 0), window=text_at(held, 1), typed=_texts(held, 2))


def _texts(held: object, place: int) -> dict[str, str]:
    found = at(held, place)
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if isinstance(value, str)}


def _of_line(line: str) -> DraftState | None:
    """Return the state in a message of 0.1.0, which has the draft as its command."""
    try:
        request = parse_command(line, channel=Channel(platform="discord", channel="0"))
    except RequestError:
        return None
    return DraftState(changes=values_of(request.subscription)) if isinstance(request, Subscribe) else None
