"""Respond to a person's request: at once if it is quick, with an announcement first if it is slow."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bots.chat.waiting import PATIENCE, announce_if_slow
from bots.domain.errors import PaperwireError
from bots.domain.replies import Reply
from bots.domain.requests import Request
from bots.slack.failures import ours
from bots.slack.outgoing import reply_messages
from bots.slack.payloads import is_own
from bots.usecases.problems import problem
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

Payload = Mapping[str, object]
#: Raises a PaperwireError if the request is not allowed.
Check = Callable[[], Awaitable[None]]
#: Renders a reply as messages.
Shown = Callable[[Reply], Sequence[Payload]]
#: Does what follows a reply, such as telling the channel; never raises.
Then = Callable[[Reply], Awaitable[None]]

#: More messages than this in one response fill a screen of chat.
_MOST_MESSAGES = 5


class ResponseTarget(Protocol):
    """The place to post a response to a request."""

    async def say(self, payload: Payload) -> None:
        """Post a message."""

    async def announce(self) -> None:
        """Post that the answer takes a moment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Responder:
    """Executes requests and sends their replies to a target."""

    service: Service
    patience: float = PATIENCE

    async def answer(
        self,
        work: Coroutine[Any, Any, Reply],
        target: ResponseTarget,
        *,
        then: Then,
        shown: Shown = reply_messages,
    ) -> Reply:
        """Send the reply that `work` returns, as `shown` renders it, and return it; announce a slow one first.

        `then` is told the reply in any case.
        """
        reply, _ = await announce_if_slow(work, target.announce, patience=self.patience)
        try:
            await show(reply, target, shown)
        finally:
            await then(reply)
        return reply

    async def reply(self, request: Request, *, check: Check) -> Reply:
        """Return the reply to a request, or a problem if it is not allowed or fails; never raise."""
        try:
            await check()
            own = is_own(request.channel, request.user)
            return await self.service.answer(replace(request, personal=own))
        except PaperwireError as error:
            return problem(error)
        except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
            _log.exception("a request could not be answered", extra={"request": type(request).__name__})
            return ours()


async def show(reply: Reply, target: ResponseTarget, shown: Shown = reply_messages) -> None:
    """Post a reply in as many messages as it needs, but no more than fill a screen."""
    for payload in shown(reply)[:_MOST_MESSAGES]:
        await target.say(payload)
