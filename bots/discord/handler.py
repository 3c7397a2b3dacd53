"""Execute actions: answer a request, open a modal or edit a subscription, after a permission check."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
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
from bots.discord.announcements import Announcer
from bots.discord.authority import rights_elsewhere
from bots.discord.channel_access import check_channel
from bots.discord.controls import subscription_of_value
from bots.discord.error_translation import translated
from bots.discord.help import help_reply
from bots.discord.modals import read_file, summarize_modal
from bots.discord.outgoing import picked_messages, reply_messages
from bots.discord.payloads import PLATFORM, Location
from bots.discord.permissions import check_change, check_subscriptions, may_speak
from bots.discord.responses import InteractionResponse
from bots.discord.rest_client import MOST_BYTES, RestClient
from bots.discord.settings import DiscordSettings
from bots.discord.share import shared, without_share
from bots.discord.subscription_draft import confirmation
from bots.discord.subscription_steps import SubscriptionSteps
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadPaste, ChannelGone, NotAllowed, PaperwireError, PostRefused, PostUnknown, TooMany
from bots.domain.replies import Problem, Reply, Trouble
from bots.domain.requests import (
    Follow,
    Following,
    Help,
    Hidden,
    Mentions,
    NotForUs,
    OfPerson,
    Request,
    Resume,
    Unfollow,
    Unhide,
    changes_channel,
)
from bots.translation.formats import sentences_lazy
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, gettext_lazy, ngettext, speaking
from bots.usecases.problems import problem
from bots.usecases.quotas import Quotas
from bots.usecases.service import Service

_log = logging.getLogger(__name__)


class ActionHandler:
    """Executes the actions that people request."""

    def __init__(self, *, service: Service, rest: RestClient, settings: DiscordSettings) -> None:
        self._service = service
        self._rest = rest
        self._settings = settings
        self._quotas = Quotas(counters=service.store, clock=service.clock, plans=service.store)
        self.announcer = Announcer(rest=rest)
        self.steps = SubscriptionSteps(
            service=service,
            settings=settings,
            answer=self.answered,
            reply=self.replies,
            about=self._about,
            announcer=self.announcer,
            theirs=partial(rights_elsewhere, rest),
            check=self._check_target,
        )
        #: Number of requests in progress, by person.
        self._busy: Counter[Reader] = Counter()

    def today(self) -> date:
        """Return the date in the configured time zone: Discord does not send a person's time zone."""
        return self._service.clock().astimezone(self._settings.timezone).date()

    async def do(self, action: Action, response: InteractionResponse) -> None:
        """Execute an action and send the result.

        Raises:
            AcknowledgementFailed: the interaction cannot be answered any more.
            RequestError: the action is not allowed; nothing was answered yet.
        """
        match action:
            case AnswerRequest():
                replies = await self.answered(response, partial(self.replies, action), picked=action.picked)
                await self.announcer.announce(action.location, replies)
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
                there = replace(action.location.channel, channel=subscription_of_value(action.held)[1])
                theirs = await rights_elsewhere(self._rest, there, action.location)
                check_subscriptions(action.location, self._settings.access_policy.who_may, theirs=theirs)
                await response.show_one(confirmation(action.held))

    async def answered(
        self,
        response: InteractionResponse,
        work: Callable[[], Awaitable[tuple[Reply, ...]]],
        *,
        picked: bool = False,
    ) -> tuple[Reply, ...]:
        """Defer the response, then send the replies, or a problem if the work fails; return what was sent.

        Args:
            response: the response to the interaction.
            work: makes the replies.
            picked: whether to show only the buttons of the paper in the reply.
        """
        await response.defer()
        reader = response.location.reader
        if self._busy[reader] >= self._settings.access_policy.at_once:
            said = ngettext(
                "{number} earlier request of yours is not answered yet.",
                "{number} earlier requests of yours are not answered yet.",
                self._busy[reader],
            )
            busy = (problem(TooMany(said, hint=gettext("Wait for the answers, then try again."))),)
            await self._say(response, busy)
            return busy
        self._busy[reader] += 1
        try:
            replies = await replies_or_problem(work)
        finally:
            self._busy[reader] -= 1
            self._busy += Counter()  # removes people with no request in progress
        await self._say(response, replies, picked=picked)
        return replies

    async def _say(self, response: InteractionResponse, replies: tuple[Reply, ...], *, picked: bool = False) -> None:
        share = may_speak(response.location)
        for reply in replies:
            if picked:
                await response.say(picked_messages(reply))
                continue
            await response.say(reply_messages(reply, share=share and not isinstance(reply, Problem)))

    async def replies(self, ask: AnswerRequest) -> tuple[Reply, ...]:
        """Return the reply to each request.

        Raises:
            NotAllowed: this person lacks the required permission.
            TooMany: the daily quota is used up.
        """
        return tuple([await self._reply(request, ask) for request in ask.requests])

    async def _reply(self, request: Request, ask: AnswerRequest) -> Reply:
        if changes_channel(request):
            theirs = await rights_elsewhere(self._rest, request.channel, ask.location)
            check_change(request, ask.location, self._settings.access_policy.who_may, theirs=theirs)
        await self._quotas.spend(ask.location.reader, self._settings.access_policy.quota)
        if isinstance(request, Resume):
            await self._check_target(request.channel, gettext_lazy("The subscription stays paused."))
        if isinstance(request, NotForUs | Unhide | Hidden):
            request = replace(request, channel=await self._digest_channel(ask.location))
        if isinstance(request, Follow | Unfollow | Following | Mentions):
            request = await self._about_digests(request, ask.location)
        request = replace(request, personal=not request.here.workspace)
        if isinstance(request, Help):
            return help_reply(request.topic)
        return await self._service.answer(request)

    async def _about_digests(self, request: OfPerson, location: Location) -> OfPerson:
        """Return a request about a channel's digests with the channel that they are posted in, for one in a thread."""
        there = await self._digest_channel(location)
        return replace(request, place=there) if request.place else replace(request, channel=there)

    async def _check_target(self, channel: Channel, otherwise: str = "") -> None:
        """Return if digests can be posted to a channel, so that nothing is confirmed that the next one undoes.

        Args:
            channel: the channel.
            otherwise: what was not done.

        Raises:
            ChannelGone: they cannot; the hint says how to mend that.
        """
        try:
            await check_channel(self._rest, channel)
        except ChannelGone as error:
            raise ChannelGone(
                sentences_lazy(str(error), otherwise or gettext_lazy("Nothing was subscribed.")), hint=error.hint
            ) from error
        except (PostRefused, PostUnknown):
            return  # Discord cannot be asked now; if the channel refuses the next digest, that is told.

    async def _digest_channel(self, location: Location) -> Channel:
        """Return the channel whose digests are shown here: a thread's channel or forum, unless it has its own."""
        here = location.channel
        if not location.parent or await self._service.store.subscriptions(here):
            return here
        return replace(here, channel=location.parent)

    async def _of_file(self, asked: ReadFile) -> tuple[Reply, ...]:
        if asked.size > MOST_BYTES:
            content = b""
        else:
            try:
                content = await self._rest.fetch(asked.url)
            except (OSError, TimeoutError) as error:
                raise BadPaste(
                    gettext("The file could not be downloaded from Discord."),
                    hint=gettext("Try again, or paste the text."),
                ) from error
        return await self.replies(read_file(asked, content, most=MOST_BYTES))

    async def _about(self, channel: Channel) -> Mapping[str, Any]:
        with translated(channel):
            found: Mapping[str, Any] = await self._rest.ask("GET", f"/channels/{channel.channel}")
            return found

    async def _share(self, action: ShareThis, response: InteractionResponse) -> None:
        if not may_speak(action.location):
            raise NotAllowed(
                gettext("You may not write in this channel, so you cannot share here."),
                hint=gettext("Share in a channel where you may write."),
            )
        await response.change(without_share(action.message))
        now, message = self._service.clock(), action.location.message
        if await self._service.store.once("discord.share", message, now=now):
            with speaking(load_languages().of(action.location.server_locale, PLATFORM)):
                told = shared(action.message, action.location.user)
            await response.show_all(told)


async def replies_or_problem(work: Callable[[], Awaitable[tuple[Reply, ...]]]) -> tuple[Reply, ...]:
    """Return the replies of `work`, or the problem that prevented them, so that every request gets an answer."""
    try:
        return await work()
    except PaperwireError as error:
        return (problem(error),)
    except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
        _log.exception("a request could not be answered")
        return (
            Problem(
                message=gettext("An error in Paperwire stopped this request."),
                hint=gettext("Try again."),
                kind=Trouble.FAILURE,
            ),
        )
