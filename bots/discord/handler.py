"""What was heard is done: a request is answered, a window opened, an order made; each only by who may."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from bots.discord.actions import (
    Action,
    AnswerRequest,
    Confirm,
    Draft,
    OpenSubscribe,
    OpenSummarize,
    ReadFile,
    ShareThis,
)
from bots.discord.error_translation import translated
from bots.discord.help import help_reply
from bots.discord.modals import read_file, summarize_modal
from bots.discord.outgoing import reply_messages
from bots.discord.permissions import check_change, check_subscriptions, may_speak
from bots.discord.responses import InteractionResponse
from bots.discord.rest_client import MOST_BYTES, RestClient
from bots.discord.settings import DiscordSettings
from bots.discord.share import shared, without_share
from bots.discord.subscription_draft import sure
from bots.discord.subscription_steps import SubscriptionSteps
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadPaste, NotAllowed, PaperwireError, TooMany
from bots.domain.replies import Problem, Reply, Trouble
from bots.domain.requests import Help, Request
from bots.presentation.phrases import counted
from bots.usecases.quotas import Quotas
from bots.usecases.service import Service, problem

_log = logging.getLogger(__name__)


class ActionHandler:
    """Does what people ask for."""

    def __init__(self, *, service: Service, rest: RestClient, settings: DiscordSettings) -> None:
        self._service = service
        self._rest = rest
        self._settings = settings
        self._quotas = Quotas(counters=service.store, clock=service.clock)
        self.steps = SubscriptionSteps(
            service=service, settings=settings, answer=self.answered, reply=self.replies, about=self._about
        )
        #: Requests that are being answered, by person.
        self._busy: Counter[Reader] = Counter()

    def today(self) -> date:
        """Return which day it is where Paperwire runs: Discord tells no time zone."""
        return self._service.clock().astimezone(self._settings.timezone).date()

    async def do(self, action: Action, response: InteractionResponse) -> None:
        """Do what was asked, and say what came of it.

        Raises:
            Unheard: the interaction was not ours to answer.
            RequestError: it may not be done; nothing was answered yet.
        """
        match action:
            case AnswerRequest():
                await self.answered(response, partial(self.replies, action))
            case OpenSummarize():
                await response.open(summarize_modal(action.style))
            case OpenSubscribe():
                await self.steps.open(action, response)
            case Draft():
                await self.steps.go(action, response)
            case ReadFile():
                await self.answered(response, partial(self._of_file, action))
            case ShareThis():
                await self._share(action, response)
            case Confirm():
                check_subscriptions(action.location, self._settings.access_policy.who_may)
                await response.show_one(sure(action.held))

    async def answered(self, response: InteractionResponse, work: Callable[[], Awaitable[tuple[Reply, ...]]]) -> None:
        """Say that an answer follows, and then answer, whatever happens."""
        await response.defer()
        reader = response.location.reader
        if self._busy[reader] >= self._settings.access_policy.at_once:
            said = f"{counted(self._busy[reader], 'request')} of yours are still being answered."
            await self._say(response, (problem(TooMany(said, hint="Wait for them, then ask again.")),))
            return
        self._busy[reader] += 1
        try:
            replies = await whatever_happens(work)
        finally:
            self._busy[reader] -= 1
            self._busy += Counter()  # without those who wait for nothing
        await self._say(response, replies)

    async def _say(self, response: InteractionResponse, replies: tuple[Reply, ...]) -> None:
        share = may_speak(response.location)
        for reply in replies:
            await response.say(reply_messages(reply, share=share and not isinstance(reply, Problem)))

    async def replies(self, ask: AnswerRequest) -> tuple[Reply, ...]:
        """Return the reply to each request.

        Raises:
            NotAllowed: it takes a permission that this person lacks.
            TooMany: that was enough for a day.
        """
        return tuple([await self._reply(request, ask) for request in ask.requests])

    async def _reply(self, request: Request, ask: AnswerRequest) -> Reply:
        check_change(request, ask.location, self._settings.access_policy.who_may)
        await self._quotas.spend(ask.location.reader, self._settings.access_policy.quota)
        if isinstance(request, Help):
            return help_reply(request.topic)
        return await self._service.answer(request)

    async def _of_file(self, asked: ReadFile) -> tuple[Reply, ...]:
        if asked.size > MOST_BYTES:
            content = b""
        else:
            try:
                content = await self._rest.fetch(asked.url)
            except (OSError, TimeoutError) as error:
                raise BadPaste(
                    "The file could not be fetched from Discord.", hint="Try again, or paste the text."
                ) from error
        return await self.replies(read_file(asked, content, most=MOST_BYTES))

    async def _about(self, channel: Channel) -> Mapping[str, Any]:
        with translated(channel):
            found: Mapping[str, Any] = await self._rest.ask("GET", f"/channels/{channel.channel}")
            return found

    async def _share(self, action: ShareThis, response: InteractionResponse) -> None:
        if not may_speak(action.location):
            raise NotAllowed("You may not write in this channel, so you cannot share here.", hint="Share elsewhere.")
        await response.change(without_share(action.message))
        now, message = self._service.clock(), action.location.message
        if await self._service.store.once("discord.share", message, now=now):
            await response.show_all(shared(action.message, action.location.user))


async def whatever_happens(work: Callable[[], Awaitable[tuple[Reply, ...]]]) -> tuple[Reply, ...]:
    """Return what work answers, or what kept it from answering: there is always something to say."""
    try:
        return await work()
    except PaperwireError as error:
        return (problem(error),)
    except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
        _log.exception("a request could not be answered")
        return (
            Problem(message="Something went wrong here, and it was not you.", hint="Try again.", kind=Trouble.FAILURE),
        )
