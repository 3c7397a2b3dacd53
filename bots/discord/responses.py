"""Answer one interaction: acknowledge it at once, then replace the acknowledgement with the reply."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import discord

from bots.discord.embeds import as_embeds
from bots.discord.messages import Message
from bots.discord.payloads import Location
from bots.discord.rest_client import RestClient
from bots.discord.settings import MessageFormat
from bots.discord.transport import UNREACHED, said_by
from bots.domain.errors import PaperwireError
from bots.translation.speech import gettext

_log = logging.getLogger(__name__)

Json = dict[str, Any]
#: docs.discord.com, Interaction Callback Type.
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL = 1 << 6
#: A user-installed app may follow up five times outside its servers; more messages also fill a screen of chat.
_MOST_MESSAGES = 5
#: The interaction has expired, or another of our processes with the same token answered it.
_UNKNOWN, _ANSWERED = 10062, 40060
#: The interaction's token has expired after fifteen minutes.
_OVER = frozenset({10015, 10062, 50027})


#: Invalid Form Body, Cannot send an empty message: our message is wrong, and the interaction is still unanswered.
_MALFORMED = frozenset({50006, 50035})
#: Seconds before an answer is tried again whose connection was lost.
_AGAIN = (0.5, 2.0)


def _malformed(error: discord.HTTPException) -> PaperwireError:
    _log.error(
        "Discord refused a malformed answer: a fault of Paperwire", extra={"error": error.text or said_by(error)}
    )
    return PaperwireError(
        gettext("Discord did not accept what Paperwire wanted to show you, and nothing was changed."),
        hint=gettext("This is a fault of Paperwire. Please tell whoever runs it here."),
    )


class AcknowledgementFailed(Exception):
    """The interaction cannot be answered any more, so its request must not be executed."""


class InteractionResponse:
    """Answers one interaction."""

    def __init__(self, rest: RestClient, location: Location, *, look: MessageFormat = MessageFormat.CARDS) -> None:
        self._rest = rest
        self.location = location
        self._look = look
        #: Whether the response is deferred, so that the next message replaces its placeholder.
        self._standing = False
        self._answered = False

    async def defer(self, *, update: bool = False) -> None:
        """Defer the reply, which only the requester will see.

        Args:
            update: whether the message whose control was used will be changed; Discord then shows nothing meanwhile.

        Raises:
            AcknowledgementFailed: it was too late, or another process acknowledged the interaction first.
        """
        if update:
            await self._first({"type": _DEFERRED_UPDATE})
        else:
            # Discord accepts no other flag here (docs.discord.com, Interaction Callback).
            await self._first({"type": _DEFERRED, "data": {"flags": EPHEMERAL}})
        self._standing = not update

    async def open(self, modal: Json) -> None:
        """Open a modal; raises the same errors as `defer`."""
        await self._first({"type": _MODAL, "data": modal})

    async def suggest(self, choices: Sequence[tuple[str, str]]) -> None:
        """Send suggestions for the option being typed; raises the same errors as `defer`."""
        listed = [{"name": name, "value": value} for name, value in choices]
        await self._first({"type": _CHOICES, "data": {"choices": listed}})

    async def change(self, body: Mapping[str, Any]) -> None:
        """Replace the message whose control was used, at once; raises the same errors as `defer`."""
        await self._first({"type": _UPDATE, "data": dict(body)})

    async def show_one(self, body: Mapping[str, Any]) -> None:
        """Send a message that only the requester sees, at once; raises the same errors as `defer`."""
        await self._first({"type": _MESSAGE, "data": {**body, "flags": int(body.get("flags", 0)) | EPHEMERAL}})

    async def show_all(self, body: Mapping[str, Any]) -> None:
        """Send a message that everyone in the channel sees, after the first response."""
        await self._rest.follow_up(self.location.token, dict(body))

    async def _first(self, body: Json) -> None:
        try:
            await self._rest.answer(self.location.interaction, self.location.token, body)
        except UNREACHED:
            await self._again(body)
        except discord.HTTPException as error:
            if error.code in _MALFORMED:
                raise _malformed(error) from error
            _log.info("an interaction could not be acknowledged", extra={"error": said_by(error)})
            raise AcknowledgementFailed from error
        self._answered = True

    async def _again(self, body: Json) -> None:
        """Retry once after a missing response: if the first try succeeded, Discord reports that it is answered."""
        try:
            await self._rest.answer(self.location.interaction, self.location.token, body)
        except discord.HTTPException as error:
            if error.code != _ANSWERED:
                raise AcknowledgementFailed from error
        except UNREACHED as error:
            _log.warning("Discord cannot be reached to answer", extra={"error": str(error)})
            raise AcknowledgementFailed from error

    async def say(self, messages: Sequence[Message]) -> None:
        """Send messages to the requester, at most as many as fit on a screen.

        Raises:
            AcknowledgementFailed: nothing was answered yet, and it is too late now.
        """
        for message in messages[:_MOST_MESSAGES]:
            await self._say(self.body(message, self._look), message)

    @staticmethod
    def body(message: Message, look: MessageFormat) -> Json:
        """Return the body to send for a message, in the configured format."""
        body = as_embeds(message.payload) if look is MessageFormat.EMBEDS else message.payload
        return {name: body[name] for name in _SENT if name in body}

    async def _say(self, body: Json, message: Message) -> None:
        quiet = {**body, "flags": int(body.get("flags", 0)) | EPHEMERAL}
        if not self._answered:
            await self._first({"type": _MESSAGE, "data": quiet})
            return
        standing, self._standing = self._standing, False
        try:
            if standing:
                await _tried(partial(self._rest.edit_answer, self.location.token, body, message.files))
            else:
                await _tried(partial(self._rest.follow_up, self.location.token, quiet, message.files))
        except discord.HTTPException as error:
            if error.code in _MALFORMED:
                # The placeholder still stands: the word to the person replaces it.
                self._standing = standing
                raise _malformed(error) from error
            if error.code not in _OVER:
                raise
            _log.info("an answer came too late", extra={"error": said_by(error)})

    async def edit(self, body: Mapping[str, Any]) -> None:
        """Replace the message whose control was used, after `defer(update=True)`."""
        await _tried(partial(self._rest.edit_answer, self.location.token, dict(body)))


async def _tried(send: Callable[[], Awaitable[object]]) -> None:
    """Send an answer; after a lost connection, try again: only the requester could see it twice."""
    for pause in _AGAIN:
        try:
            await send()
        except UNREACHED as error:
            _log.info("an answer is tried again", extra={"error": str(error) or type(error).__name__})
            await asyncio.sleep(pause)
        else:
            return
    await send()


_SENT = ("flags", "components", "embeds", "content", "allowed_mentions")
