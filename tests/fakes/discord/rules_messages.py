"""The rules about messages that the description misses: numbers 1 to 4, 7, 11, 23 and 26 to 28.

A character is a Unicode code point throughout: that is what `maxLength` counts in the description, and no document
says that anything else is counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.fakes.discord import rules_components
from tests.fakes.discord.rules_components import scheme_of
from tests.fakes.discord.wrong import EMPTY_MESSAGE, NO_EFFECT, Json, Wrong

EPHEMERAL, COMPONENTS_V2 = 1 << 6, 1 << 15  # docs.discord.com, Message Resource, "Message Flags"
MAX_CONTENT = 2000  # docs.discord.com, Message Resource, "Create Message"
MAX_EMBEDS_TEXT = 6000  # the same page, "Embed Limits": over all embeds, after trimming
MAX_TAGS = 5  # docs.discord.com, Channel Resource, "Start Thread in Forum or Media Channel"
EMBED_SCHEMES = ("http", "https", "attachment")  # docs.discord.com, Message Resource, "Embed Structure"
FORWARD = 1  # docs.discord.com, Message Resource, "Message Reference Types"


class Kind(Enum):
    """The ways in which a message's body reaches Discord."""

    CREATE = "create"
    EDIT = "edit"
    #: The whole body of "start thread in forum", the post's message under `message`.
    FORUM_POST = "forum_post"
    #: The `data` of an interaction's first answer, type 4.
    CALLBACK = "callback"
    #: The `data` of a deferred first answer, type 5.
    DEFERRED = "deferred"
    FOLLOWUP = "followup"
    #: An edit by the interaction's token, or the `data` of an update, type 7.
    WEBHOOK_EDIT = "webhook_edit"

    @property
    def edits(self) -> bool:
        """Whether there is a message already, so that what is not named stays as it is."""
        return self in (Kind.EDIT, Kind.WEBHOOK_EDIT)

    @property
    def by_token(self) -> bool:
        """Whether it goes by an interaction's token rather than the bot's."""
        return self in (Kind.CALLBACK, Kind.DEFERRED, Kind.FOLLOWUP, Kind.WEBHOOK_EDIT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message on its way, with what its rules depend on."""

    body: Json
    kind: Kind
    #: Whether the message that is edited has the flag already.
    has_v2: bool = False
    #: Files that travel beside the body.
    files: int = 0

    @property
    def flags(self) -> int:
        """Its flags."""
        flags = self.body.get("flags")
        return flags if isinstance(flags, int) else 0

    @property
    def v2(self) -> bool:
        """Whether it is laid out by components alone."""
        return self.has_v2 or bool(self.flags & COMPONENTS_V2)

    def parts(self, key: str) -> list[tuple[int, Json]]:
        """Return the objects of a list, numbered; other things there are not for these rules."""
        return _objects(self.body, key)


def of_message(draft: Draft) -> Iterator[Wrong]:
    """Yield what is wrong with a message."""
    if draft.kind is Kind.DEFERRED:
        yield from _deferred(draft)
        return
    for rule in _RULES:
        yield from rule(draft)
    yield from rules_components.of_message(draft.body.get("components"), v2=draft.v2, path=("components",))


def of_forum_post(body: Json, *, files: int) -> Iterator[Wrong]:
    """Yield what is wrong with a post and its first message; a thread without a message has nothing to say here."""
    if isinstance(body.get("message"), dict):
        yield from _tags(body)
        for each in of_message(Draft(body=body["message"], kind=Kind.FORUM_POST, files=files)):
            yield each.under("message")


def _content(draft: Draft) -> Iterator[Wrong]:
    """Rule 1: content has 2000 characters, though the description says 4000 for messages by the bot's own token."""
    content = draft.body.get("content")
    if isinstance(content, str) and len(content) > MAX_CONTENT and not draft.kind.by_token:
        said = f"Must be {MAX_CONTENT} or fewer in length."
        yield Wrong(path=("content",), code="BASE_TYPE_MAX_LENGTH", message=said)


def _embeds(draft: Draft) -> Iterator[Wrong]:
    """Rule 2: all embeds of a message hold 6000 characters together, after trimming."""
    size = sum(map(_size, (embed for _, embed in draft.parts("embeds"))))
    if size > MAX_EMBEDS_TEXT:
        said = f"Embed size exceeds maximum size of {MAX_EMBEDS_TEXT}"
        yield Wrong(path=("embeds",), code="MAX_EMBED_SIZE_EXCEEDED", message=said)


def _size(embed: Json) -> int:
    fields = [text for _, each in _objects(embed, "fields") for text in (each.get("name"), each.get("value"))]
    inner = [_inner(embed, "footer").get("text"), _inner(embed, "author").get("name")]
    texts = [embed.get("title"), embed.get("description"), *fields, *inner]
    return sum(len(text.strip()) for text in texts if isinstance(text, str))


def _inner(value: Json, key: str) -> Json:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _objects(value: Json, key: str) -> list[tuple[int, Json]]:
    held = value.get(key)
    return [(n, each) for n, each in enumerate(held) if isinstance(each, dict)] if isinstance(held, list) else []


def _fields(draft: Draft) -> Iterator[Wrong]:
    """Rule 3: an embed's field has a name and a value."""
    for index, embed in draft.parts("embeds"):
        for number, each in _objects(embed, "fields"):
            for key in ("name", "value"):
                if isinstance(each.get(key), str) and not each[key].strip():
                    path = ("embeds", index, "fields", number, key)
                    yield Wrong(path=path, code="BASE_TYPE_REQUIRED", message="This field is required")


def _addresses(draft: Draft) -> Iterator[Wrong]:
    """Rule 4: an embed's addresses are well formed, and of the web or of an attachment."""
    for index, embed in draft.parts("embeds"):
        for path in (("url",), ("author", "url"), ("author", "icon_url"), ("footer", "icon_url"), *_MEDIA):
            held: Any = embed
            for step in path:
                held = held.get(step) if isinstance(held, dict) else None
            if isinstance(held, str) and held and scheme_of(held) not in EMBED_SCHEMES:
                where = ("embeds", index, *path)
                yield Wrong(path=where, code="URL_TYPE_INVALID_URL", message="Not a well formed URL.")


_MEDIA = (("image", "url"), ("thumbnail", "url"))
#: What the flag rules out, and how the description calls it.
_OLD = ("content", "embeds", "poll", "sticker_ids", "shared_client_theme")


def _old_fields(draft: Draft) -> Iterator[Wrong]:
    """Rule 7: with the flag a message has no content, embeds, poll, stickers or theme; emptied ones do no harm."""
    for key in _OLD if draft.v2 else ():
        if draft.body.get(key):
            said = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield Wrong(path=(key,), code="MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message=said)


def _nothing(draft: Draft) -> Iterator[Wrong]:
    """Rule 11: a message has something in it; an edit is refused only where it empties everything that it could."""
    filled = ("embeds", "components", "attachments", "sticker_ids", "poll", "shared_client_theme")
    if draft.files or _said(draft.body.get("content")) or any(draft.body.get(key) for key in filled):
        return
    # What an edit does not name stays, and only the server knows what that is.
    if draft.kind.edits and not all(key in draft.body for key in ("content", "embeds", "components", "attachments")):
        return
    reference = draft.body.get("message_reference")
    if not isinstance(reference, dict) or reference.get("type") != FORWARD:
        yield Wrong(path=(), code="EMPTY", message="Cannot send an empty message", top=EMPTY_MESSAGE)


def _said(content: Any) -> bool:
    # Space alone shows nothing, so it counts as nothing: the harder reading of "empty".
    return isinstance(content, str) and bool(content.strip())


def _deferred(draft: Draft) -> Iterator[Wrong]:
    """Rule 23: a deferred answer is ephemeral or not, and has no other flag."""
    if draft.flags & ~EPHEMERAL:
        said = "Only the EPHEMERAL flag can be set on a deferred response."
        yield Wrong(path=("flags",), code="INTERACTION_DEFERRED_FLAGS_INVALID", message=said)


def _tags(body: Json) -> Iterator[Wrong]:
    """Rule 26: a forum post has five tags."""
    tags = body.get("applied_tags")
    if isinstance(tags, list) and len(tags) > MAX_TAGS:
        said = f"Must be {MAX_TAGS} or fewer in length."
        yield Wrong(path=("applied_tags",), code="BASE_TYPE_MAX_LENGTH", message=said)


def _mentions(draft: Draft) -> Iterator[Wrong]:
    """Rule 27: `parse` and a list of ids of the same kind exclude each other, even where the list is empty."""
    allowed = draft.body.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or ()) and allowed.get(kind) is not None:
            said = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            path = ("allowed_mentions", kind)
            yield Wrong(path=path, code="MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message=said)


def _nonce(draft: Draft) -> Iterator[Wrong]:
    """Rule 28: a nonce works on messages by the bot's own token alone; elsewhere Discord passes over it."""
    if draft.kind.by_token and draft.body.get("nonce") is not None:
        yield Wrong(path=("nonce",), code="NONCE_WITHOUT_EFFECT", message="A nonce does nothing here.", top=NO_EFFECT)


_RULES: tuple[Callable[[Draft], Iterator[Wrong]], ...] = (
    _content,
    _embeds,
    _fields,
    _addresses,
    _old_fields,
    _nothing,
    _mentions,
    _nonce,
)
