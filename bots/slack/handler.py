"""Execute parsed actions: send a request's reply, open a modal, share a paper; check permissions and quotas first."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at, text_at
from bots.chat.waiting import PATIENCE
from bots.domain.channels import Reader
from bots.domain.errors import PaperwireError, RequestError, StoreError, TooMany
from bots.domain.replies import HiddenList, Noted, Problem, Reply
from bots.domain.requests import Saved, Subscribe
from bots.slack.actions import (
    Action,
    AnswerRequest,
    Nothing,
    OpenPreview,
    OpenShare,
    OpenSubscribe,
    OpenSummarize,
    RedrawForm,
    Show,
)
from bots.slack.announcements import Announcer, shared_by
from bots.slack.channel_access import check_access
from bots.slack.form_handler import FormHandler, waiting
from bots.slack.incoming import read_links
from bots.slack.modal_windows import fill_or_tell, lay
from bots.slack.modals import reply_modal, share_modal, summarize_modal
from bots.slack.names import Names
from bots.slack.outgoing import picked_messages, reply_messages
from bots.slack.payloads import Location, first_text, is_personal, location_of, location_of_event, metadata_of
from bots.slack.people import People
from bots.slack.permissions import Permissions
from bots.slack.response_targets import ChannelTarget, EphemeralTarget, ThreadTarget
from bots.slack.responses import Responder, ResponseTarget, show
from bots.slack.settings import AccessPolicy
from bots.slack.surfaces import Surfaces
from bots.translation.languages import ENGLISH, Language, load_languages
from bots.translation.speech import current, gettext, speaking
from bots.usecases.channel_language import channel_language, in_language
from bots.usecases.quotas import Quotas
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One payload from Slack and the client to respond with."""

    body: Body
    client: AsyncWebClient


class ActionHandler:
    """Executes the actions that people trigger."""

    def __init__(self, *, service: Service, access_policy: AccessPolicy) -> None:
        self.surfaces = Surfaces(service=service)
        self._service = service
        self._access_policy = access_policy
        self._answerer = Responder(service=service, patience=PATIENCE)
        self._quotas = Quotas(counters=service.store, clock=service.clock, plans=service.store)
        self._people = People(service.clock)
        self._names = Names(service.clock)
        self._announcer = Announcer(self._names)
        self._permissions = Permissions(quotas=self._quotas, policy=access_policy, people=self._people)
        self.forms = FormHandler(
            service=service, people=self._people, permissions=self._permissions, responder=self._answerer
        )

    async def language(self, call: Call) -> Language:
        """Return the acting person's language; English if it is not available within a second."""
        location = location_or_none(call.body)
        return await self._people.language(call.client, location.reader) if location else ENGLISH

    def known_language(self, body: Body) -> Language:
        """Return the acting person's language as it was read last, or that of the view they act in. No call is made."""
        location = location_or_none(body)
        known = self._people.known_language(location.reader) if location else None
        return known or load_languages().of(metadata_of(at(body, "view"), "language"), "slack")

    async def do(self, action: Action, call: Call) -> None:
        """Execute an action and show its result where the action says."""
        match action:
            case AnswerRequest():
                await self._shown(action, call)
            case OpenSummarize(location=location):
                await _open(call, location, summarize_modal(location.channel, direct=location.direct))
            case OpenShare(location=location):
                await _open(call, location, share_modal(location.channel, action.paper, location.direct))
            case OpenSubscribe():
                await self.forms.open(action, call.client)
            case RedrawForm():
                await self.forms.redraw(action, call.body, call.client)
            case OpenPreview():
                await self.forms.preview(action, call.body, call.client)
            case Nothing():
                return

    async def _shown(self, ask: AnswerRequest, call: Call) -> None:
        if ask.show in (Show.MODAL, Show.HOME):
            await (self._in_modal if ask.show is Show.MODAL else self._at_home)(ask, call)
            return
        if ask.show is Show.CHANNEL:
            await self._share(ask, call)
            return
        # A new subscription speaks the language of the person who makes it, wherever the answer is seen.
        ask = replace(ask, request=in_language(ask.request, current()))
        with speaking(await self._of_all(ask) if _seen_by_all(ask) else current()):
            await self._said(ask, call)

    async def _of_all(self, ask: AnswerRequest) -> Language:
        """Return the language of what everyone in a channel reads; a store that does not answer stops nothing."""
        if isinstance(ask.request, Subscribe) and ask.request.subscription.language:
            return load_languages().of(ask.request.subscription.language, "slack")
        try:
            return await channel_language(self._service.store, ask.location.channel)
        except StoreError:
            return ENGLISH

    async def _said(self, ask: AnswerRequest, call: Call) -> None:
        target = _target(ask, call)
        shown = picked_messages if ask.show is Show.PICKED else reply_messages
        then = partial(self.announce, ask, call)
        await self._answerer.answer(self.answer(ask, call.client), target, then=then, shown=shown)

    async def announce(self, ask: AnswerRequest, call: Call, reply: Reply) -> None:
        """Tell the channel who changed its subscription; never raise."""
        await self._announcer.announce(ask, reply, call.client, call.body)

    async def _share(self, ask: AnswerRequest, call: Call) -> None:
        """Post a card to the channel with the name of the person who shares it; only that person sees a problem."""
        beside = _beside(ask.location, call)
        reply = await self.answer(ask, call.client)
        if isinstance(reply, Problem):
            await show(reply, beside)
            return
        await self._show_shared(reply, ask, call, ChannelTarget(call.client, ask.location, beside))

    async def _show_shared(self, reply: Reply, ask: AnswerRequest, call: Call, target: ResponseTarget) -> None:
        who = await self._names.of(call.client, ask.request.reader, body=call.body)
        with speaking(await self._of_all(ask)):
            first, *rest = reply_messages(reply)
            first = shared_by(who, first)
        for payload in (first, *rest):
            await target.say(payload)

    async def _at_home(self, ask: AnswerRequest, call: Call) -> None:
        location = ask.location
        words = ask.request.words if isinstance(ask.request, Saved) else ""
        reply = None if words else await self.answer(ask, call.client)
        try:
            if isinstance(reply, Problem):
                view = reply_modal(reply, location.channel, direct=location.direct)
                laid = await lay(call.client, location, view)
                await fill_or_tell(call.client, laid, view, reply, _beside(location, call))
            # The view that was searched in keeps its newest state; a change is shown whatever was drawn meanwhile.
            view_hash = location.view_hash if words else ""
            await self.redraw_home(location, call.client, words=words, view_hash=view_hash)
        finally:
            if reply is not None:
                await self.announce(ask, call, reply)

    async def redraw_home(
        self, location: Location, client: AsyncWebClient, *, words: str = "", view_hash: str = ""
    ) -> None:
        """Redraw the home tab of the acting person."""
        own = replace(location.channel, channel=location.direct or location.user)
        await self.surfaces.publish(client, own, location.user, words=words, view_hash=view_hash)

    async def _in_modal(self, ask: AnswerRequest, call: Call) -> None:
        # A trigger id expires after three seconds: open the modal first and fill it when the reply is ready.
        location = ask.location
        view_id = await lay(call.client, location, waiting(ask))
        reply = await self.answer(ask, call.client)
        view = reply_modal(reply, location.channel, direct=location.direct)
        try:
            await fill_or_tell(call.client, view_id, view, reply, _beside(location, call))
        finally:
            await self.announce(ask, call, reply)
        if location.direct and not location.home:
            await self.redraw_home(location, call.client)

    async def share(self, ask: AnswerRequest, call: Call) -> Reply:
        """Show a paper in the channel that a person chose, and return a confirmation, or what prevented it.

        Raises:
            PaperwireError: the bot cannot post in that channel.
        """
        await check_access(call.client, ask.location.channel, otherwise=gettext("nothing was shared"))
        reply = await self.answer(ask, call.client)
        if isinstance(reply, Problem):
            return reply
        # What Slack refuses now is told to the person alone.
        private = EphemeralTarget(call.client, replace(ask.location, response_url=""))
        await self._show_shared(reply, ask, call, ChannelTarget(call.client, ask.location, private))
        return Noted(said=gettext("Shared in the channel."))

    async def unfurl(self, body: Body, client: AsyncWebClient) -> None:
        """Unfurl the links of a message; each counts as a request of its author, and beyond the quota none is shown."""
        links = read_links(body)
        if not links or text_at(body, "event", "channel").startswith("D"):
            return  # A link in a direct message to the bot is a request, and is counted as one.
        workspace, user = first_text(body, ("team_id",), ("enterprise_id",)), text_at(body, "event", "user")
        reader = Reader(platform="slack", workspace=workspace, user=user)
        try:
            await self._quotas.spend(reader, self._access_policy.quota, len(links))
        except TooMany as error:
            _log.info("links are not unfurled", extra={"reason": str(error), "links": len(links)})
            return
        await self.surfaces.unfurl(client, body)

    async def answer(self, ask: AnswerRequest, client: AsyncWebClient) -> Reply:
        """Return the reply to a request, or a problem if the request is not allowed."""
        reply = await self._answerer.reply(ask.request, check=partial(self._permissions.check, ask, client))
        return await self._names.named(client, ask.request.reader, reply) if isinstance(reply, HiddenList) else reply

    # ── a person's time zone ─────────────────────────────────────────────────────────────────────────────────────────

    def today(self, zone: ZoneInfo) -> date:
        """Return the current date in a time zone."""
        return self._service.clock().astimezone(zone).date()

    async def zone(self, call: Call) -> ZoneInfo:
        """Return the acting person's time zone from their profile; UTC if it is not available."""
        location = location_or_none(call.body)
        return await self._people.zone(call.client, location.reader) if location else ZoneInfo("UTC")


async def _open(call: Call, location: Location, view: dict[str, Any]) -> None:
    if not await lay(call.client, location, view):
        said = gettext("The window could not be opened: Slack waits three seconds for it.")
        raise PaperwireError(said, hint=gettext("Try again."))


def _seen_by_all(ask: AnswerRequest) -> bool:
    """Return whether everyone in a channel reads the reply: it then speaks the channel's language, not the person's."""
    return ask.show is Show.THREAD and not is_personal(ask.location)


def _beside(location: Location, call: Call) -> ResponseTarget:
    return EphemeralTarget(call.client, location)


def _target(ask: AnswerRequest, call: Call) -> ResponseTarget:
    match ask.show:
        case Show.CHANNEL:
            return ChannelTarget(call.client, ask.location, _beside(ask.location, call))
        case Show.THREAD:
            return ThreadTarget(call.client, ask.location)
    return _beside(ask.location, call)


def location_or_none(body: Body) -> Location | None:
    """Return the location of a payload; None if the payload does not hold one."""
    try:
        return location_of_event(body) if at(body, "event") else location_of(body)
    except RequestError:
        return None
