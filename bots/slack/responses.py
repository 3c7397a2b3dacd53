"""What is said to a person who asked: at once where it is quick, with a word in between where it is not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bots.domain.errors import PaperwireError
from bots.domain.replies import Problem, Reply, Trouble
from bots.domain.requests import Request
from bots.slack.outgoing import reply_messages
from bots.usecases.service import Service, problem

_log = logging.getLogger(__name__)

Payload = Mapping[str, object]
#: Raises a PaperwireError where the request may not be answered.
Check = Callable[[], Awaitable[None]]

#: A person waits so long without wondering whether they were heard (Nielsen, Usability Engineering, 1993: one second).
PATIENCE = 1.0
#: A message that is answered in more than these fills a screen of chat.
_MOST_MESSAGES = 5


class ResponseTarget(Protocol):
    """Speaks where something was asked."""

    async def say(self, payload: Payload) -> None:
        """Say something."""

    async def announce(self) -> None:
        """Say that an answer takes a moment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Responder:
    """Answers requests, each where it was asked."""

    service: Service
    patience: float = PATIENCE

    async def answer(self, request: Request, target: ResponseTarget, *, check: Check) -> None:
        """Answer a request; a slow answer is announced."""
        working = asyncio.create_task(self.reply(request, check=check))
        done, _ = await asyncio.wait({working}, timeout=self.patience)
        if not done:
            await target.announce()
        await show(await working, target)

    async def reply(self, request: Request, *, check: Check) -> Reply:
        """Return the reply to a request, or what forbids it; whatever happens, there is one."""
        try:
            await check()
            return await self.service.answer(request)
        except PaperwireError as error:
            return problem(error)
        except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
            _log.exception("a request could not be answered", extra={"request": type(request).__name__})
            return Problem(
                message="Something went wrong here, and it was not you.", hint="Try again.", kind=Trouble.FAILURE
            )


async def show(reply: Reply, target: ResponseTarget) -> None:
    """Say a reply, in as many messages as it takes and no more than a screen holds."""
    for payload in reply_messages(reply)[:_MOST_MESSAGES]:
        await target.say(payload)
