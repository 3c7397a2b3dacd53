"""Completes an accepted body: numbers its components, stores its files and finds its mentions."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord import limits
from tests.fakes.discord.problems import DiscordRefusal, Json, wrong

_TEXT = 10  # docs.discord.com, Component Reference: Text Display
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_USER, _ROLE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
#: Fields that are stored as sent.
_KEPT = ("content", "embeds", "components", "flags")
_PARSED = ("users", "roles", "everyone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file from a multipart body."""

    #: Such as `files[0]`.
    field: str
    name: str
    content: bytes
    kind: str

    @property
    def number(self) -> str:
        """The id by which the body's `attachments` refer to it."""
        found = re.search(r"\d+", self.field)
        return found[0] if found else "0"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """The file store: takes a file and returns it as an attachment."""

    keep: Callable[[str, bytes, str], Json]


#: Defaults that Discord fills in for containers, separators and menus (Component Reference).
_FILLED_IN: Mapping[int, Mapping[str, Any]] = {
    3: {"min_values": 1, "max_values": 1},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
}


def parts(components: Any) -> Iterator[Json]:
    """Yield all components, each before its children."""
    for each in components if isinstance(components, list) else ():
        if isinstance(each, dict):
            yield each
            inner = [each.get(name) for name in ("accessory", "component")]
            yield from parts([one for one in inner if one])
            yield from parts(each.get("components"))


def texts(body: Mapping[str, Any]) -> list[str]:
    """Return those texts of a message that can ping: its content and its text components."""
    found = [str(body.get("content") or "")]
    return found + [str(each.get("content", "")) for each in parts(body.get("components")) if each.get("type") == _TEXT]


def numbered(components: Sequence[Json]) -> list[Json]:
    """Return the components, each with an `id`: its own, or the next free one (Component Reference)."""
    made = deepcopy(list(components))
    used = {each["id"] for each in parts(made) if each.get("id")}
    free = (number for number in range(1, 10_000) if number not in used)
    for each in parts(made):
        each["id"] = each.get("id") or next(free)
        for name, value in _FILLED_IN.get(each.get("type", 0), {}).items():
            each.setdefault(name, value)
        for name in ("options", "default_values"):
            if each.get(name) is None:
                each.pop(name, None)
    return made


def pinged(body: Mapping[str, Any], allowed: Mapping[str, Any] | None, *, default: Sequence[str]) -> Json:
    """Return the mentions that notify.

    The app's permission to mention everyone is not checked: what would ping with the permission counts as a ping.

    Args:
        body: the message.
        allowed: its `allowed_mentions`.
        default: the mentions parsed without `allowed_mentions` (docs.discord.com, Allowed Mentions Object).
    """
    words = "\n".join(_CODE.sub("", text) for text in texts(body))
    parse = default if allowed is None else allowed.get("parse") or ()
    listed = allowed or {}
    users = list(dict.fromkeys(_USER.findall(words)))
    roles = list(dict.fromkeys(_ROLE.findall(words)))
    return {
        "users": [each for each in users if "users" in parse or each in map(str, listed.get("users") or ())],
        "mention_roles": [each for each in roles if "roles" in parse or each in map(str, listed.get("roles") or ())],
        "mention_everyone": "everyone" in parse and _EVERYONE.search(words) is not None,
    }


def completed(
    body: Mapping[str, Any], uploads: Sequence[Upload], shelf: Shelf, *, before: Mapping[str, Any] | None = None
) -> Json:
    """Return a body as stored: an edit keeps the fields that its body does not name.

    Raises:
        DiscordRefusal: a file is too large, or the body names a file that was not sent.
    """
    made: Json = {"content": "", "embeds": [], "components": [], "flags": 0, **deepcopy(dict(before or {}))}
    made |= {name: body[name] for name in _KEPT if body.get(name) is not None}
    made |= {"embeds": []} if "embeds" in body and body["embeds"] is None else {}
    made |= {"content": ""} if "content" in body and body["content"] is None else {}
    made |= {"components": []} if "components" in body and body["components"] is None else {}
    made["content"] = str(made["content"]).strip()
    made["attachments"] = _attachments(body, uploads, shelf, (before or {}).get("attachments", []))
    urls = {each["filename"]: each["url"] for each in made["attachments"]}
    made["embeds"] = [_embed(each, urls) for each in made["embeds"]]
    made["components"] = numbered(made["components"])
    for each in parts(made["components"]):
        # Menus have `required` in modals only; in messages it is ignored.
        each.pop("required", None)
        _media(each, urls)
    return made


def _attachments(body: Mapping[str, Any], uploads: Sequence[Upload], shelf: Shelf, known: Sequence[Json]) -> list[Json]:
    if any(len(each.content) > limits.FILE_BYTES for each in uploads):
        raise DiscordRefusal(40005)
    named = body.get("attachments")
    if named is None:
        return [*known, *(_kept(each, {}, shelf) for each in uploads)]
    found: list[Json] = []
    for place, each in enumerate(named):
        upload = next((one for one in uploads if one.number == str(each.get("id"))), None)
        old = next((one for one in known if one["id"] == str(each.get("id"))), None)
        if upload is None and old is None:
            raise wrong(f"attachments.{place}.id", "ATTACHMENT_NOT_FOUND", f"No file was sent as {each.get('id')}")
        found.append(_kept(upload, each, shelf) if upload else {**(old or {})})
    return found


def _kept(upload: Upload, named: Mapping[str, Any], shelf: Shelf) -> Json:
    attachment = shelf.keep(str(named.get("filename") or upload.name), upload.content, upload.kind)
    if named.get("description"):
        attachment["description"] = named["description"]
    return attachment


def _embed(embed: Mapping[str, Any], urls: Mapping[str, str]) -> Json:
    made = {"type": "rich", **{name: value for name, value in embed.items() if value is not None}}
    for name in ("title", "description"):
        if isinstance(made.get(name), str):
            made[name] = made[name].strip()
    for name in ("image", "thumbnail"):
        if isinstance(made.get(name), dict):
            made[name] = {**made[name], "url": _at(made[name].get("url"), urls)}
    return made


def _media(component: Json, urls: Mapping[str, str]) -> None:
    held = [component.get(name) for name in ("media", "file")]
    held += [each.get("media") for each in component.get("items") or ()]
    for each in held:
        if isinstance(each, dict):
            each["url"] = _at(each.get("url"), urls)


def _at(url: Any, urls: Mapping[str, str]) -> str:
    text = str(url or "")
    return urls.get(text.removeprefix("attachment://"), text) if text.startswith("attachment://") else text


#: docs.discord.com, Allowed Mentions Object: the mentions that are parsed in messages, and in responses to
#: interactions.
ALL_PARSED: Sequence[str] = _PARSED
USERS_PARSED: Sequence[str] = _PARSED[:1]
