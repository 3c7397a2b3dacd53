"""Records who changed what in a workspace, by ids and without a word that a person wrote."""

import logging

from bots.domain import replies
from bots.domain.errors import StoreError
from bots.domain.plans import Deed
from bots.domain.replies import Reply
from bots.domain.requests import Mentions, NotForUs, Request, Taste, Unhide, changes_channel
from bots.ports import Clock
from bots.ports.tenants import Deeds

_log = logging.getLogger(__name__)


async def record(deeds: Deeds, request: Request, reply: Reply, clock: Clock) -> None:
    """Record a change that was carried out; one that cannot be recorded is logged, because it is made already."""
    if not _is_change(request, reply):
        return
    done = " ".join(filter(None, (_verb(request), _object(request, reply), "in", request.channel.channel)))
    try:
        await deeds.keep_deed(request.channel, Deed(at=clock(), actor=request.user, action=done))
    except StoreError as error:
        _log.warning("a change could not be recorded", extra={"action": done, "error": str(error)})


def _is_change(request: Request, reply: Reply) -> bool:
    """Return whether something was changed for everyone in a channel, and not only asked or listed."""
    if isinstance(request, NotForUs) and not request.sure:
        return False
    return changes_channel(request) and not isinstance(reply, replies.Problem | replies.SubscriptionList)


def _verb(request: Request) -> str:
    if isinstance(request, Mentions):
        return f"mentions {request.step}"
    return f"ranking {request.step.value}" if isinstance(request, Taste) else type(request).__name__.lower()


def _object(request: Request, reply: Reply) -> str:
    match reply:
        case replies.Subscribed() | replies.Unsubscribed():
            return f"subscription {reply.subscription.id}"
        case replies.Paused() | replies.Resumed():
            return f"subscription {reply.item.subscription.id}"
    return f"paper {request.paper_id}" if isinstance(request, NotForUs | Unhide) else ""
