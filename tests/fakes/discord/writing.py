"""Writes and edits the app's messages, for every kind of request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.bodies import Upload, completed, pinged
from tests.fakes.discord.problems import DiscordRefusal, Json, WrongBody, wrong
from tests.fakes.discord.world import Channel, Flag, Message
from tests.fakes.discord.wrong import Wrong, refusals

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

#: docs.discord.com, Create Message and Edit Message: the flags that a request may set.
_SENT_FLAGS = Flag.SUPPRESS_EMBEDS | Flag.SILENT | Flag.V2
_EDIT_FLAGS = Flag.SUPPRESS_EMBEDS | Flag.V2


def demand(hub: "Hub", where: str, body: Any, found: Iterable[Wrong]) -> None:
    """Record the errors in a body, and refuse it if Discord would.

    Raises:
        WrongBody: the body is refused.
    """
    wrongs = tuple(found)
    hub.record(wrongs, where, body)
    if refused := refusals(wrongs):
        raise WrongBody(refused)


def conforms(hub: "Hub", method: str, path: str, body: Any) -> tuple[Wrong, ...]:
    """Return the errors in a body by the OpenAPI spec; nothing if validation is off."""
    return hub.spec.request(method, path, body) if hub.spec is not None else ()


def write(
    hub: "Hub",
    channel: Channel,
    body: Mapping[str, Any],
    uploads: Sequence[Upload],
    *,
    parsed: Sequence[str],
    flags: int = 0,
    **more: Any,
) -> Message:
    """Post a message of the app.

    Args:
        hub: the fake Discord.
        channel: the channel.
        body: the request body.
        uploads: the uploaded files.
        parsed: the mentions that ping without `allowed_mentions`.
        flags: flags to set in addition to those of the body.
        more: further fields of the message.
    """
    made = completed(body, uploads, hub.shelf)
    made["flags"] = int(made["flags"]) & _SENT_FLAGS | flags
    pings = pinged(made, body.get("allowed_mentions"), default=parsed)
    pings["users"] += _answered(hub, body, more.get("answers"))
    made = hub.with_pings(made, pings)
    only_for = more.pop("only_for", None)
    if only_for:
        made["flags"] |= Flag.EPHEMERAL
    message = Message(
        id=more.pop("id", None) or hub.new_id(),
        channel=channel.id,
        author=hub.bot,
        at=hub.clock(),
        body=made,
        only_for=only_for,
        **more,
    )
    return hub.post(message)


def _answered(hub: "Hub", body: Mapping[str, Any], message: str | None) -> list[str]:
    """Return the replied-to author, if the reply pings them (Allowed Mentions Object)."""
    allowed = body.get("allowed_mentions")
    found = hub.world.messages.get(message) if message else None
    told = allowed is None or allowed.get("replied_user")
    return [found.author.id] if found is not None and told else []


def rewrite(
    hub: "Hub", message: Message, body: Mapping[str, Any], uploads: Sequence[Upload], *, parsed: Sequence[str]
) -> Message:
    """Edit a message of the app.

    Raises:
        DiscordRefusal: the edit would empty the message, remove its Components V2 flag, or combine that
            flag with content or embeds.
    """
    made = completed(body, uploads, hub.shelf, before=message.body)
    asked = int(body["flags"]) if body.get("flags") is not None else message.flags
    if message.flags & Flag.V2 and not asked & Flag.V2:
        code = "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"
        raise wrong("flags", code, "The IS_COMPONENTS_V2 flag cannot be removed")
    made["flags"] = message.flags & ~_EDIT_FLAGS & ~Flag.LOADING | asked & _EDIT_FLAGS
    if made["flags"] & Flag.V2:
        for name in ("content", "embeds"):
            if made[name]:
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                text = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                raise wrong(name, code, text)
    if not any(made[name] for name in ("content", "embeds", "components", "attachments")):
        raise DiscordRefusal(50006)
    was_loading = message.flags & Flag.LOADING
    message.body = hub.with_pings(made, pinged(made, body.get("allowed_mentions"), default=parsed))
    # Filling in a deferred message does not mark it as edited.
    message.edited = None if was_loading else hub.clock()
    hub.note("updated", message)
    if message.only_for is None:
        hub.tell_app("MESSAGE_UPDATE", message)
    return message


def metadata(payload: Mapping[str, Any], user: Json) -> Json:
    """Return the metadata of the answered interaction (Message object, "Message Interaction Metadata")."""
    said: Json = {"id": payload["id"], "type": payload["type"], "user": user}
    said["authorizing_integration_owners"] = payload["authorizing_integration_owners"]
    if payload["type"] == 3:
        said["interacted_message_id"] = payload["message"]["id"]
    return said
