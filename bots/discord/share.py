"""Share one person's reply with everyone: the same message without the parts for that person alone. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.discord.components import text
from bots.discord.controls import Control, label_of, read_control_id
from bots.translation.speech import gettext

Json = dict[str, Any]
_V2 = 1 << 15
_ROW, _CONTAINER, _BUTTON, _LINK = 1, 17, 2, 5
#: Fields that Discord adds to a component when it returns it.
_THEIRS = frozenset({"id"})


def shared(message: Mapping[str, Any], user: str) -> Json:
    """Return a reply as everyone sees it; it names the person who shared it, and pings no one.

    Args:
        message: the reply as Discord returns it.
        user: the id of the person who shares it.
    """
    components = [made for each in message.get("components") or () if (made := _kept(each))]
    person = f"<@{user}>"
    by = gettext("Shared by {person}", person=person) if user.isdigit() else gettext("Shared")
    quiet: Json = {"allowed_mentions": {"parse": []}}
    if int(message.get("flags") or 0) & _V2:
        return {"flags": _V2, "components": [*components, text(f"-# {by}")], **quiet}
    embeds = [_embed(each) for each in message.get("embeds") or ()]
    return {"content": by, "embeds": embeds, "components": components, **quiet}


def without_share(message: Mapping[str, Any]) -> Json:
    """Return a reply without its Share button, which has been used."""
    components = [made for each in message.get("components") or () if (made := _kept(each))]
    flags = int(message.get("flags") or 0) & _V2
    return {"components": components, **({"flags": flags} if flags else {})}


def _kept(component: Mapping[str, Any]) -> Json | None:
    if _is_share(component):
        return None
    made = {name: value for name, value in component.items() if name not in _THEIRS and value is not None}
    if isinstance(component.get("components"), Sequence):
        inner = [kept for each in component["components"] if (kept := _kept(each))]
        if not inner:
            return None
        made["components"] = inner
    if isinstance(component.get("accessory"), Mapping):
        made["accessory"] = _kept(component["accessory"])
    pressed = read_control_id(str(component.get("custom_id") or ""))
    if pressed is not None and made.get("type") == _BUTTON:
        # The person who shares it may read another language than the channel.
        made["label"] = label_of(pressed[0]) or made.get("label", "")
    return made


def _is_share(component: Mapping[str, Any]) -> bool:
    pressed = read_control_id(str(component.get("custom_id") or ""))
    return pressed is not None and pressed[0] is Control.SHARE


def _embed(embed: Mapping[str, Any]) -> Json:
    names = ("title", "description", "url", "color", "footer", "fields")
    return {name: embed[name] for name in names if embed.get(name)}
