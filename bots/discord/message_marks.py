"""Identify our messages: by a nonce while Discord remembers it, and by a mark that stays in them. Pure functions.

Discord forgets a nonce after a few minutes and does not return it in a channel's history, so the message also
carries the part's key: in the ids of its components, which are invisible, or at the end of an embed's footer.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
#: docs.discord.com, Create Message: up to 25 characters.
_NONCE = 25
#: Ids of components are 32-bit integers, and Discord ignores zero (docs.discord.com, Component Reference).
_BITS = 31
#: Two components carry 62 bits: one in four quintillion foreign messages would be mistaken for ours.
_CARRIERS = 2
_CONTAINER, _TEXT = 17, 10


def nonce(key: str, channel: str) -> str:
    """Return the nonce of a part in a channel: Discord compares it with the bot's messages in all channels."""
    digest = hashlib.sha256(f"{channel}|{key}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:_NONCE]


def _numbers(key: str) -> list[int]:
    digest = hashlib.sha256(f"mark|{key}".encode()).digest()
    pieces = (digest[place * 4 : place * 4 + 4] for place in range(_CARRIERS))
    return [int.from_bytes(piece, "big") >> (32 - _BITS) or 1 for piece in pieces]


def _word(key: str) -> str:
    return base64.b32encode(hashlib.sha256(f"mark|{key}".encode()).digest()).decode().lower()[:13]


def marked(body: Mapping[str, Any], key: str) -> Json:
    """Return a copy of a message that carries a key."""
    made = dict(body)
    if made.get("embeds"):
        *others, last = made["embeds"]
        footer = dict(last.get("footer") or {})
        footer["text"] = " · ".join(filter(None, (footer.get("text", ""), f"Paperwire {_word(key)}")))
        made["embeds"] = [*others, {**last, "footer": footer}]
        return made
    numbers = iter(_numbers(key))
    made["components"] = [_numbered(each, numbers) for each in made.get("components") or ()]
    return made


def _numbered(component: Mapping[str, Any], numbers: Iterator[int]) -> Json:
    made = dict(component)
    if made.get("type") in (_CONTAINER, _TEXT) and (number := next(numbers, None)) is not None:
        made["id"] = number
    if isinstance(made.get("components"), Sequence):
        made["components"] = [_numbered(each, numbers) for each in made["components"]]
    return made


def carries(message: Mapping[str, Any], key: str) -> bool:
    """Return whether a message carries a key."""
    ids = set(_ids(message.get("components") or ()))
    if ids.issuperset(_numbers(key)):
        return True
    footers = (str((embed.get("footer") or {}).get("text", "")) for embed in message.get("embeds") or ())
    return any(footer.endswith(f"Paperwire {_word(key)}") for footer in footers)


def _ids(components: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    for each in components:
        if isinstance(each.get("id"), int):
            yield each["id"]
        yield from _ids(each.get("components") or ())
