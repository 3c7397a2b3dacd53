"""Receive interactions from Discord, acknowledge each at once, and answer it where it was made."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import discord

from bots.chat.in_flight import InFlight
from bots.chat.untrusted import text_at
from bots.discord.actions import Action
from bots.discord.autocomplete import suggestions
from bots.discord.handler import ActionHandler
from bots.discord.incoming import read_command, read_control
from bots.discord.modals import SUMMARIZE, read_summarize
from bots.discord.outgoing import reply_messages
from bots.discord.payloads import PLATFORM, InteractionType, location_of, number_at, unreadable
from bots.discord.reactions import read_reaction
from bots.discord.responses import AcknowledgementFailed, InteractionResponse
from bots.discord.rest_client import RestClient
from bots.discord.settings import DiscordSettings
from bots.discord.subscription_form import SUBSCRIBE
from bots.discord.transport import said_by
from bots.domain.errors import PaperwireError, RequestError
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, speaking
from bots.usecases.problems import problem
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

#: Seconds for the notice, at shutdown, that no answer will come.
_LAST_WORD = 0.8


class Listener:
    """Receives interactions and answers them."""

    def __init__(self, *, service: Service, rest: RestClient, settings: DiscordSettings) -> None:
        self._service = service
        self._rest = rest
        self._settings = settings
        self._handler = ActionHandler(service=service, rest=rest, settings=settings)
        self._in_flight = InFlight()
        self._languages = load_languages()

    async def take(self, payload: Mapping[str, Any]) -> None:
        """Answer a raw interaction."""
        self._in_flight.note()
        try:
            response = InteractionResponse(self._rest, location_of(payload), look=self._settings.look)
        except RequestError:
            _log.warning("an interaction without a user was ignored", extra={"kind": number_at(payload, "type")})
            return
        with speaking(self._languages.of(response.location.locale, PLATFORM)):
            await self._answered(payload, response)

    async def react(self, payload: Mapping[str, Any], removed: bool) -> None:
        """Let a channel's ranking learn from a raw reaction to one of its digests, or unlearn it."""
        self._in_flight.note()
        reaction = read_reaction(payload, removed=removed)
        if reaction is not None:
            await self._service.reactions.hear(reaction)

    async def _answered(self, payload: Mapping[str, Any], response: InteractionResponse) -> None:
        try:
            await self._heard(payload, response)
        except AcknowledgementFailed:
            return
        except asyncio.CancelledError:
            await self._last_word(response)
            raise
        except PaperwireError as error:
            await self._told(response, error)
        except discord.HTTPException as error:
            _log.warning("Discord refused an answer", extra={"error": said_by(error)})
            said = gettext("Discord refused the answer: {why}.", why=said_by(error))
            hint = gettext("Try again. If it fails again, tell whoever runs Paperwire here.")
            await self._told(response, PaperwireError(said, hint=hint))
        except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
            _log.exception("an interaction could not be answered")
            await self._told(
                response,
                PaperwireError(gettext("An error in Paperwire stopped this request."), hint=gettext("Try again.")),
            )

    async def _last_word(self, response: InteractionResponse) -> None:
        """Notify the person that Paperwire is restarting and no answer will come."""
        ending = PaperwireError(gettext("Paperwire is restarting."), hint=gettext("Try again in a moment."))
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORD):
                await self._told(response, ending)

    async def _heard(self, payload: Mapping[str, Any], response: InteractionResponse) -> None:
        match number_at(payload, "type"):
            case InteractionType.SUGGEST:
                await response.suggest(await suggestions(self._service.store, payload))
            case InteractionType.COMMAND:
                await self._handler.do(read_command(payload, today=self._handler.today()), response)
            case InteractionType.PRESS:
                await self._handler.do(read_control(payload), response)
            case InteractionType.MODAL:
                await self._window(payload, response)

    async def _window(self, payload: Mapping[str, Any], response: InteractionResponse) -> None:
        name = text_at(payload, "data", "custom_id").partition(":")[0]
        if name == SUBSCRIBE:
            await self._handler.steps.written(payload, response)
        elif name == SUMMARIZE:
            action: Action = read_summarize(payload)
            await self._handler.do(action, response)
        else:
            raise unreadable()

    async def _told(self, response: InteractionResponse, error: PaperwireError) -> None:
        """Send an error to the person; if even that fails, log it."""
        try:
            await response.say(reply_messages(problem(error)))
        except AcknowledgementFailed:
            return
        except Exception as again:  # noqa: BLE001 - there is nowhere left to send the error
            _log.warning("an error message could not be sent", extra={"error": str(again), "said": str(error)})

    async def rest(self) -> None:
        """Wait until the received interactions are answered; cancel those that take too long."""
        await self._in_flight.rest()
