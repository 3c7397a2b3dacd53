"""The app's responses to an interaction: the initial response, edits of it, and follow-ups.

docs.discord.com, Receiving and Responding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import limits, rules, shapes
from tests.fakes.discord.bodies import USERS_PARSED, Upload, numbered
from tests.fakes.discord.interactions import Interaction, Kind, Reply
from tests.fakes.discord.problems import DiscordRefusal, Json, wrong
from tests.fakes.discord.world import Flag, Message
from tests.fakes.discord.writing import conforms, demand, metadata, rewrite, write

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

_COMMAND = frozenset({Reply.MESSAGE, Reply.DEFERRED, Reply.MODAL})
_COMPONENT = _COMMAND | {Reply.DEFERRED_UPDATE, Reply.UPDATE}
#: The types of initial response to each kind of interaction; an update also needs a message to update.
_ALLOWED: Mapping[Kind, frozenset[Reply]] = {
    Kind.COMMAND: _COMMAND,
    Kind.COMPONENT: _COMPONENT,
    Kind.AUTOCOMPLETE: frozenset({Reply.CHOICES}),
    Kind.MODAL: _COMPONENT - {Reply.MODAL},
}
#: docs.discord.com, Message object, "Message Types": CHAT_INPUT_COMMAND and CONTEXT_MENU_COMMAND.
_SLASH, _MENU = 20, 23


def answer_first(hub: "Hub", it: Interaction, body: Any, uploads: Sequence[Upload]) -> Json:
    """Take the initial response; return the resource that it created (`with_response`), or {} if it created no message.

    Raises:
        DiscordRefusal: the response is too late, is the second one, or has a type that does not fit the interaction.
    """
    if it.acked:
        raise DiscordRefusal(40060)
    if it.finished or hub.clock() - it.at > limits.ACK_SECONDS:
        raise DiscordRefusal(10062)
    path = f"/interactions/{it.id}/token/callback"
    updates = isinstance(body, dict) and body.get("type") == Reply.UPDATE
    v2 = updates and it.message is not None and bool(it.message.flags & Flag.V2)
    found = (*conforms(hub, "POST", path, body), *rules.callback(body, v2=v2, files=len(uploads)))
    demand(hub, f"POST {path}", body, found)
    kind = _fitting(it, body)
    data = body.get("data") or {}
    made = _DO[kind](hub, it, data, uploads)
    it.callback = body
    hub.office.acked(it)
    hub.happenings.stir()
    return {"type": int(kind), **made} if made else {}


def _fitting(it: Interaction, body: Mapping[str, Any]) -> Reply:
    given = body.get("type")
    kind = Reply(given) if given in set(Reply) else None
    updates = kind in (Reply.UPDATE, Reply.DEFERRED_UPDATE)
    if kind is None or kind not in _ALLOWED[it.kind] or (updates and it.message is None):
        raise wrong("type", "BASE_TYPE_CHOICES", f"{given} is no answer to an interaction of type {int(it.kind)}.")
    return kind


def _message(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    it.original = _written(hub, it, data, uploads, kind=_type_of(it))
    return {"message": shapes.message_json(hub.world, it.original)}


def _type_of(it: Interaction) -> int:
    if it.kind is not Kind.COMMAND:
        return 0
    return _SLASH if it.payload["data"]["type"] == 1 else _MENU


def _written(
    hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload], *, kind: int, flags: int = 0
) -> Message:
    hidden = it.hushed or bool(int(data.get("flags") or 0) & Flag.EPHEMERAL)
    return write(
        hub,
        it.channel,
        data,
        uploads,
        parsed=USERS_PARSED,
        flags=flags,
        only_for=it.user.id if hidden else None,
        type=kind,
        webhook=hub.application_id,
        interaction=_about(it),
    )


def _about(it: Interaction) -> Json:
    said = metadata(it.payload, shapes.user_json(it.user))
    if it.kind is Kind.MODAL and it.before is not None:
        said["triggering_interaction_metadata"] = _about(it.before)
    return said


def _deferred(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    it.original = _written(hub, it, {"flags": data.get("flags")}, (), kind=_type_of(it), flags=Flag.LOADING)
    return {}


def _deferred_update(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    it.original = it.message
    return {}


def _update(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    if it.message is None or it.message.deleted:
        raise DiscordRefusal(10008)
    it.original = rewrite(hub, it.message, data, uploads, parsed=USERS_PARSED)
    return {"message": shapes.message_json(hub.world, it.original)}


def _choices(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    it.choices = [(each["name"], each["value"]) for each in data.get("choices") or ()]
    return {}


def _modal(hub: "Hub", it: Interaction, data: Json, uploads: Sequence[Upload]) -> Json:
    it.modal = data | {"components": numbered(data["components"])}
    opened = hub.windows.show(it, it.modal)
    hub.happenings.add("modal", who=it.user.name, text=opened.title, more={"labels": opened.labels})
    return {}


_DO: Mapping[Reply, Callable[["Hub", Interaction, Json, Sequence[Upload]], Json]] = {
    Reply.MESSAGE: _message,
    Reply.DEFERRED: _deferred,
    Reply.DEFERRED_UPDATE: _deferred_update,
    Reply.UPDATE: _update,
    Reply.CHOICES: _choices,
    Reply.MODAL: _modal,
}


def by_token(hub: "Hub", application: str, token: str) -> Interaction:
    """Return the answered interaction that a token belongs to.

    Raises:
        DiscordRefusal: the token is unknown or has expired.
    """
    found = hub.tokens.get(token)
    if found is None or application != hub.application_id or not found.acked:
        raise DiscordRefusal(10015)
    if hub.clock() - found.at > limits.TOKEN_SECONDS:
        raise DiscordRefusal(50027)
    return found


def of_answer(it: Interaction, message: str) -> Message:
    """Return a message that an interaction's token may read or change.

    Raises:
        DiscordRefusal: the message is deleted, or belongs to another interaction.
    """
    own = [it.original, *it.followups]
    found = next(
        (m for m in own if m and not m.deleted and (m.id == message or (message == "@original" and m is own[0]))), None
    )
    if found is None:
        raise DiscordRefusal(10008)
    return found


def edit_answer(hub: "Hub", it: Interaction, message: Message, body: Json, uploads: Sequence[Upload]) -> Message:
    """Edit a response, or fill in the deferred one."""
    v2 = bool(message.flags & Flag.V2)
    where = "PATCH /webhooks/app/token/messages/id"
    demand(hub, where, body, rules.message(body, kind=rules.Kind.WEBHOOK_EDIT, v2=v2, files=len(uploads)))
    return rewrite(hub, message, body, uploads, parsed=USERS_PARSED)


def follow_up(hub: "Hub", it: Interaction, body: Json, uploads: Sequence[Upload]) -> Message:
    """Post a follow-up; after a deferred response, the first follow-up fills it in (Create Followup Message).

    Raises:
        DiscordRefusal: it is the sixth follow-up of an app that is not in the server.
    """
    demand(hub, "POST /webhooks/app/token", body, rules.message(body, kind=rules.Kind.FOLLOWUP, files=len(uploads)))
    if it.deferred and it.original is not None and not it.original.deleted:
        return rewrite(hub, it.original, {**body, "flags": int(body.get("flags") or 0)}, uploads, parsed=USERS_PARSED)
    if it.outsider and len(it.followups) >= limits.OUTSIDER_FOLLOWUPS:
        raise DiscordRefusal(40094)
    message = _written(hub, it, body, uploads, kind=0)
    it.followups.append(message)
    return message
