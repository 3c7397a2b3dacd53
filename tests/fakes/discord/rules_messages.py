"""The rules about messages that the OpenAPI spec does not have: numbers 1 to 4, 7, 11, 23 and 26 to 28.

A character is a Unicode code point throughout: `maxLength` in the spec counts code points, and no document counts
anything else.
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
    """The kinds of request that carry a message."""

    CREATE = "create"
    EDIT = "edit"
    #: The whole body of "start thread in forum", with the post's message under `message`.
    FORUM_POST = "forum_post"
    #: The `data` of an initial response of type 4.
    CALLBACK = "callback"
    #: The `data` of a deferred initial response, type 5.
    DEFERRED = "deferred"
    FOLLOWUP = "followup"
    #: An edit with the interaction's token, or the `data` of an update, type 7.
    WEBHOOK_EDIT = "webhook_edit"

    @property
    def edits(self) -> bool:
        """Whether the request edits a message, so that fields it does not name are kept."""
        return self in (Kind.EDIT, Kind.WEBHOOK_EDIT)

    @property
    def by_token(self) -> bool:
        """Whether the request uses an interaction's token rather than the bot's."""
        return self in (Kind.CALLBACK, Kind.DEFERRED, Kind.FOLLOWUP, Kind.WEBHOOK_EDIT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A message to be checked, with the facts that its rules depend on."""

    body: Json
    kind: Kind
    #: Whether the edited message already has the Components V2 flag.
    has_v2: bool = False
    #: The number of files uploaded with the body.
    files: int = 0

    @property
    def flags(self) -> int:
        """The flags of the body."""
        flags = self.body.get("flags")
        return flags if isinstance(flags, int) else 0

    @property
    def v2(self) -> bool:
        """Whether the message uses Components V2."""
        return self.has_v2 or bool(self.flags & COMPONENTS_V2)

    def parts(self, key: str) -> list[tuple[int, Json]]:
        """Return the objects of a list with their indexes; these rules ignore items of other types."""
        return _objects(self.body, key)


def of_message(draft: Draft) -> Iterator[Wrong]:
    """Yield the errors in a message."""
    if draft.kind is Kind.DEFERRED:
        yield from _deferred(draft)
        return
    for rule in _RULES:
        yield from rule(draft)
    yield from rules_components.of_message(draft.body.get("components"), v2=draft.v2, path=("components",))


def of_forum_post(body: Json, *, files: int) -> Iterator[Wrong]:
    """Yield the errors in a forum post and its first message; a thread without a message has nothing to check."""
    if isinstance(body.get("message"), dict):
        yield from _tags(body)
        for each in of_message(Draft(body=body["message"], kind=Kind.FORUM_POST, files=files)):
            yield each.under("message")


def _content(draft: Draft) -> Iterator[Wrong]:
    """Rule 1: content has at most 2000 characters; the spec says 4000 for messages with the bot's own token."""
    content = draft.body.get("content")
    if isinstance(content, str) and len(content) > MAX_CONTENT and not draft.kind.by_token:
        said = f"Must be {MAX_CONTENT} or fewer in length."
        yield Wrong(path=("content",), code="BASE_TYPE_MAX_LENGTH", message=said)


def _embeds(draft: Draft) -> Iterator[Wrong]:
    """Rule 2: all embeds of a message have at most 6000 characters together, after trimming."""
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
    """Rule 3: a field of an embed has a name and a value."""
    for index, embed in draft.parts("embeds"):
        for number, each in _objects(embed, "fields"):
            for key in ("name", "value"):
                if isinstance(each.get(key), str) and not each[key].strip():
                    path = ("embeds", index, "fields", number, key)
                    yield Wrong(path=path, code="BASE_TYPE_REQUIRED", message="This field is required")


def _addresses(draft: Draft) -> Iterator[Wrong]:
    """Rule 4: an embed's URLs are well formed, with the scheme http, https or attachment."""
    for index, embed in draft.parts("embeds"):
        for path in (("url",), ("author", "url"), ("author", "icon_url"), ("footer", "icon_url"), *_MEDIA):
            held: Any = embed
            for step in path:
                held = held.get(step) if isinstance(held, dict) else None
            if isinstance(held, str) and held and scheme_of(held) not in EMBED_SCHEMES:
                where = ("embeds", index, *path)
                yield Wrong(path=where, code="URL_TYPE_INVALID_URL", message="Not a well formed URL.")


_MEDIA = (("image", "url"), ("thumbnail", "url"))
#: The fields that the Components V2 flag excludes, by their names in the spec.
_OLD = ("content", "embeds", "poll", "sticker_ids", "shared_client_theme")


def _old_fields(draft: Draft) -> Iterator[Wrong]:
    """Rule 7: with the Components V2 flag, content, embeds, poll, stickers and theme must be absent or empty."""
    for key in _OLD if draft.v2 else ():
        if draft.body.get(key):
            said = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            yield Wrong(path=(key,), code="MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message=said)


def _nothing(draft: Draft) -> Iterator[Wrong]:
    """Rule 11: a message is not empty; an edit is refused only if it empties every field."""
    filled = ("embeds", "components", "attachments", "sticker_ids", "poll", "shared_client_theme")
    if draft.files or _said(draft.body.get("content")) or any(draft.body.get(key) for key in filled):
        return
    # An edit keeps the fields that it does not name, and only the server knows their content.
    if draft.kind.edits and not all(key in draft.body for key in ("content", "embeds", "components", "attachments")):
        return
    reference = draft.body.get("message_reference")
    if not isinstance(reference, dict) or reference.get("type") != FORWARD:
        yield Wrong(path=(), code="EMPTY", message="Cannot send an empty message", top=EMPTY_MESSAGE)


def _said(content: Any) -> bool:
    # White space shows nothing, so it counts as empty: the stricter reading of "empty".
    return isinstance(content, str) and bool(content.strip())


def _deferred(draft: Draft) -> Iterator[Wrong]:
    """Rule 23: a deferred response may have the ephemeral flag and no other."""
    if draft.flags & ~EPHEMERAL:
        said = "Only the EPHEMERAL flag can be set on a deferred response."
        yield Wrong(path=("flags",), code="INTERACTION_DEFERRED_FLAGS_INVALID", message=said)


def _tags(body: Json) -> Iterator[Wrong]:
    """Rule 26: a forum post has at most five tags."""
    tags = body.get("applied_tags")
    if isinstance(tags, list) and len(tags) > MAX_TAGS:
        said = f"Must be {MAX_TAGS} or fewer in length."
        yield Wrong(path=("applied_tags",), code="BASE_TYPE_MAX_LENGTH", message=said)


def _mentions(draft: Draft) -> Iterator[Wrong]:
    """Rule 27: `parse` and a list of ids of the same kind exclude each other, even if the list is empty."""
    allowed = draft.body.get("allowed_mentions")
    if not isinstance(allowed, dict) or not isinstance(allowed.get("parse"), list):
        return
    for kind in ("users", "roles"):
        if kind in allowed["parse"] and allowed.get(kind) is not None:
            said = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            path = ("allowed_mentions", kind)
            yield Wrong(path=path, code="MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message=said)


def _nonce(draft: Draft) -> Iterator[Wrong]:
    """Rule 28: a nonce has an effect only on messages with the bot's own token; elsewhere Discord ignores it."""
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
