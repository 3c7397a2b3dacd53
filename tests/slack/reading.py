"""Helpers that read payloads: their text, their papers, and the interaction payload of a click."""

from collections.abc import Iterable
from typing import Any, cast

from bots.domain import replies
from bots.domain.digests import Part
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from tests.slack import strict


def papers_of(reply: Reply) -> Iterable[Paper]:
    """Return the papers in a reply."""
    match reply:
        case replies.Card():
            return (reply.entry.paper,)
        case replies.CardList():
            return tuple(entry.paper for entry in reply.entries)
        case replies.DigestReply():
            return tuple(entry.paper for entry in reply.digest.entries)
        case replies.WholeAbstract():
            return (reply.paper,)
        case replies.SavedList():
            return reply.papers
        case replies.HiddenList():
            return tuple(hidden.paper for hidden in reply.papers if hidden.paper)
    return ()


def seen(*payloads: Any) -> str:
    """Return all readable text in blocks, with whitespace collapsed."""
    texts = [each["text"] for each in strict.objects(list(payloads)) if isinstance(each.get("text"), str)]
    return "".join("".join(texts).split())


def blocks_of(part: Part) -> list[Any]:
    """Return the blocks of a part."""
    return cast("list[Any]", part.payload["blocks"])


def control(block: dict[str, Any], element: dict[str, Any], chosen: dict[str, Any] | None = None) -> Any:
    """Return the interaction payload that Slack sends for a click on an element in a message."""
    action = {"action_id": element["action_id"], "block_id": block["block_id"], "value": element.get("value")}
    if chosen:
        action |= {"type": "overflow", "selected_option": chosen}
    return {
        "type": "block_actions",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "message": {"ts": "1.2"},
        "actions": [action],
    }
