"""How one interaction is answered: at once by a sign that it was heard, then in its place by what was asked for."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bots.discord.embeds import as_embeds
from bots.discord.messages import Message
from bots.discord.payloads import Location
from bots.discord.rest_client import RestClient
from bots.discord.settings import MessageFormat
from bots.discord.transport import UNREACHED, said_by

_log = logging.getLogger(__name__)

Json = dict[str, Any]
#: docs.discord.com, Interaction Callback Type.
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL = 1 << 6
#: A user-installed app outside its servers may follow up five times; more fills a screen of chat, too.
_MOST_MESSAGES = 5
#: The interaction is over, or somebody else answered it: another process of ours with the same token.
_UNKNOWN, _ANSWERED = 10062, 40060
#: Of an interaction's token: fifteen minutes are over.
_OVER = frozenset({10015, 10062, 50027})


class AcknowledgementFailed(Exception):
    """The interaction cannot be answered any more, so nothing that it asked for may be done."""


class InteractionResponse:
    """Answers one interaction."""

    def __init__(self, rest: RestClient, location: Location, *, look: MessageFormat = MessageFormat.CARDS) -> None:
        self._rest = rest
        self.location = location
        self._look = look
        #: Whether a sign stands that an answer follows, and the next message takes its place.
        self._standing = False
        self._answered = False

    async def defer(self, *, update: bool = False) -> None:
        """Say that an answer follows, which only the one who asked will see.

        Args:
            update: whether the message that was pressed in will be changed; then nothing is shown meanwhile.

        Raises:
            Unheard: it was too late, or another process was faster.
        """
        if update:
            await self._first({"type": _DEFERRED_UPDATE})
        else:
            # No other flag may stand here (docs.discord.com, Interaction Callback).
            await self._first({"type": _DEFERRED, "data": {"flags": EPHEMERAL}})
        self._standing = not update

    async def open(self, modal: Json) -> None:
        """Open a window; raises what `defer` raises."""
        await self._first({"type": _MODAL, "data": modal})

    async def suggest(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer what may be meant; raises what `defer` raises."""
        listed = [{"name": name, "value": value} for name, value in choices]
        await self._first({"type": _CHOICES, "data": {"choices": listed}})

    async def change(self, body: Mapping[str, Any]) -> None:
        """Put something in the place of the message that was pressed in, at once; raises what `defer` raises."""
        await self._first({"type": _UPDATE, "data": dict(body)})

    async def show_one(self, body: Mapping[str, Any]) -> None:
        """Show something to the one who asked, at once; raises what `defer` raises."""
        await self._first({"type": _MESSAGE, "data": {**body, "flags": int(body.get("flags", 0)) | EPHEMERAL}})

    async def show_all(self, body: Mapping[str, Any]) -> None:
        """Show something to everybody, after the first answer."""
        await self._rest.follow_up(self.location.token, dict(body))

    async def _first(self, body: Json) -> None:
        try:
            await self._rest.answer(self.location.interaction, self.location.token, body)
        except UNREACHED:
            await self._again(body)
        except discord.HTTPException as error:
            _log.info("an interaction was not ours to answer", extra={"error": said_by(error)})
            raise AcknowledgementFailed from error
        self._answered = True

    async def _again(self, body: Json) -> None:
        """Try once more where no answer came: if it was heard the first time, Discord says that it is answered."""
        try:
            await self._rest.answer(self.location.interaction, self.location.token, body)
        except discord.HTTPException as error:
            if error.code != _ANSWERED:
                raise AcknowledgementFailed from error
        except UNREACHED as error:
            _log.warning("Discord cannot be reached to answer", extra={"error": str(error)})
            raise AcknowledgementFailed from error

    async def say(self, messages: Sequence[Message]) -> None:
        """Say something to the one who asked, in as many messages as it takes and no more than a screen holds.

        Raises:
            Unheard: nothing was answered yet, and now it is too late.
        """
        for message in messages[:_MOST_MESSAGES]:
            await self._say(self.body(message, self._look), message)

    @staticmethod
    def body(message: Message, look: MessageFormat) -> Json:
        """Return what is sent of a message, in the look that is set."""
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
                await self._rest.edit_answer(self.location.token, body, message.files)
            else:
                await self._rest.follow_up(self.location.token, quiet, message.files)
        except discord.HTTPException as error:
            if error.code not in _OVER:
                raise
            _log.info("an answer came too late", extra={"error": said_by(error)})

    async def edit(self, body: Mapping[str, Any]) -> None:
        """Put something in the place of the message that was pressed in, after `defer(update=True)`."""
        await self._rest.edit_answer(self.location.token, dict(body))


_SENT = ("flags", "components", "embeds", "content", "allowed_mentions")
