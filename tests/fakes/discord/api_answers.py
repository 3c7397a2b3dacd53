"""Routes of interaction responses: the callback, the original response, and follow-ups.

The callback is addressed by the id and token of the interaction, the others by its token alone.
"""

from tests.fakes.discord import shapes
from tests.fakes.discord.answers import answer_first, by_token, edit_answer, follow_up, of_answer
from tests.fakes.discord.calls import Answer, Call, Route
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.problems import DiscordRefusal, Json
from tests.fakes.discord.world import Flag, Message


def _callback(call: Call) -> Answer:
    it = call.hub.interactions.get(call.params["interaction"])
    if it is None or it.token != call.params["token"]:
        raise DiscordRefusal(10062)
    made = answer_first(call.hub, it, call.body, call.uploads)
    if not call.flag("with_response"):
        return Answer(status=204)
    said: Json = {"id": it.id, "type": int(it.kind)}
    if it.original is not None:
        said |= {"response_message_id": it.original.id, "channel_id": it.channel.id}
        said["response_message_loading"] = bool(it.original.flags & Flag.LOADING)
        said["response_message_ephemeral"] = it.original.only_for is not None
    return Answer(body={"interaction": said} | ({"resource": made} if made else {}))


def _interaction(call: Call) -> Interaction:
    return by_token(call.hub, call.params["application"], call.params["token"])


def _touched(call: Call) -> tuple[Interaction, Message]:
    it = _interaction(call)
    return it, of_answer(it, call.params.get("message", "@original"))


def _shown(call: Call, message: Message) -> Answer:
    return Answer(body=shapes.message_json(call.hub.world, message))


def _get(call: Call) -> Answer:
    return _shown(call, _touched(call)[1])


def _edit(call: Call) -> Answer:
    it, message = _touched(call)
    return _shown(call, edit_answer(call.hub, it, message, call.json, call.uploads))


def _delete(call: Call) -> Answer:
    call.hub.delete(_touched(call)[1])
    return Answer(status=204)


def _follow_up(call: Call) -> Answer:
    return _shown(call, follow_up(call.hub, _interaction(call), call.json, call.uploads))


_HOOK = "/webhooks/{application}/{token}"
ROUTES = (
    Route(
        method="POST", pattern="/interactions/{interaction}/{token}/callback", run=_callback, bot=False, checked=False
    ),
    Route(method="POST", pattern=_HOOK, run=_follow_up, bot=False),
    *(
        Route(method=method, pattern=f"{_HOOK}/messages/{which}", run=run, bot=False)
        for which in ("@original", "{message}")
        for method, run in (("GET", _get), ("PATCH", _edit), ("DELETE", _delete))
    ),
)
