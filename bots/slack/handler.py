"""Execute parsed actions: send a request's reply, open a modal, push a preview; check permissions and quotas first."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at, text_at
from bots.chat.waiting import PATIENCE
from bots.domain.channels import Reader
from bots.domain.errors import NotAllowed, RequestError, TooMany
from bots.domain.replies import DigestReply, HiddenList, Problem, Reply
from bots.domain.requests import Saved, SubscriptionRequest, changes_channel
from bots.domain.subscriptions import Subscription
from bots.slack.actions import Action, AnswerRequest, Nothing, OpenPreview, OpenSubscribe, OpenSummarize, Show
from bots.slack.announcements import Announcer, shared_by
from bots.slack.blocks import Json, said
from bots.slack.fields import Refused
from bots.slack.incoming import read_links
from bots.slack.modals import modal, preview_modal, reply_modal, summarize_modal
from bots.slack.names import Names
from bots.slack.outgoing import reply_messages
from bots.slack.payloads import Location, first_text, location_of, location_of_event
from bots.slack.response_targets import ChannelTarget, EphemeralTarget, ThreadTarget, echo, update_view, zone_of
from bots.slack.responses import Responder, ResponseTarget, show
from bots.slack.settings import AccessPolicy
from bots.slack.subscription_form import read_preview, subscribe_modal, subscription_in
from bots.slack.surfaces import Surfaces
from bots.usecases.quotas import Quotas
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

Body = Mapping[str, Any]
#: Number of people whose time zone is cached; more than work in one workspace.
_MOST_ZONES = 2048
#: After this time a cached time zone is fetched again, because people travel.
_ZONE_FRESH = timedelta(hours=1)


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
        self._quotas = Quotas(counters=service.store, clock=service.clock)
        self._names = Names(service.clock)
        self._announcer = Announcer(self._names)
        self._zones: dict[Reader, tuple[datetime, ZoneInfo]] = {}

    async def do(self, action: Action, call: Call) -> None:
        """Execute an action and show its result where the action says."""
        match action:
            case AnswerRequest():
                await self._shown(action, call)
            case OpenSummarize():
                await call.client.views_open(
                    trigger_id=action.location.trigger, view=summarize_modal(action.location.channel)
                )
            case OpenSubscribe():
                await self._open_subscribe(action, call)
            case OpenPreview():
                await self._preview(action, call)
            case Nothing():
                return

    async def _shown(self, ask: AnswerRequest, call: Call) -> None:
        if ask.show in (Show.MODAL, Show.HOME):
            await (self._in_modal if ask.show is Show.MODAL else self._at_home)(ask, call)
            return
        if ask.show is Show.CHANNEL:
            await self._share(ask, call)
            return
        work = self.answer(ask, call.client)
        await self._answerer.answer(work, _target(ask, call), then=partial(self.announce, ask, call))

    async def announce(self, ask: AnswerRequest, call: Call, reply: Reply) -> None:
        """Tell the channel who changed its subscription; never raise."""
        await self._announcer.announce(ask, reply, call.client, call.body)

    async def _share(self, ask: AnswerRequest, call: Call) -> None:
        """Post a card to the channel with the name of the person who shares it; only that person sees a problem."""
        reply = await self.answer(ask, call.client)
        if isinstance(reply, Problem):
            await show(reply, EphemeralTarget(call.client, ask.location, echo(call.body)))
            return
        who = await self._names.of(call.client, ask.request.reader, body=call.body)
        first, *rest = reply_messages(reply)
        for payload in (shared_by(who, first), *rest):
            await ChannelTarget(call.client, ask.location).say(payload)

    async def _at_home(self, ask: AnswerRequest, call: Call) -> None:
        words = ask.request.words if isinstance(ask.request, Saved) else ""
        reply = await self.answer(ask, call.client) if not words else None
        if isinstance(reply, Problem):
            view = reply_modal(reply, ask.location.channel)
            await call.client.views_open(trigger_id=ask.location.trigger, view=view)
        own, user = replace(ask.location.channel, channel=ask.location.user), ask.location.user
        try:
            await self.surfaces.publish(call.client, own, user, words=words, view_hash=ask.location.view_hash)
        finally:
            if reply is not None:
                await self.announce(ask, call, reply)

    async def _in_modal(self, ask: AnswerRequest, call: Call) -> None:
        # A trigger id expires after three seconds: open the modal first and fill it when the reply is ready.
        lay = call.client.views_push if ask.location.view and not ask.location.home else call.client.views_open
        opened = await lay(trigger_id=ask.location.trigger, view=waiting(ask))
        reply = await self.answer(ask, call.client)
        try:
            await update_view(call.client, str(opened["view"]["id"]), reply_modal(reply, ask.location.channel))
        finally:
            await self.announce(ask, call, reply)

    async def _open_subscribe(self, action: OpenSubscribe, call: Call) -> None:
        subscription = (
            await self._service.store.subscription(action.subscription_id) if action.subscription_id else None
        )
        if subscription is not None and subscription.channel != action.location.channel:
            raise NotAllowed("That subscription belongs to another channel.", hint="Edit it in that channel.")
        # The home tab and shortcuts carry no channel.
        choose = action.location.channel.channel == action.location.user
        view = subscribe_modal(
            action.location.channel, zone=await self.zone(call), subscription=subscription, choose=choose
        )
        await call.client.views_open(trigger_id=action.location.trigger, view=view)

    async def _preview(self, action: OpenPreview, call: Call) -> None:
        read = read_preview(call.body, kept=await self.kept(call.body))
        if isinstance(read, Refused):
            told = Problem(message="The preview needs a correction in the form.", hint=" ".join(read.errors.values()))
            view = reply_modal(told, action.location.channel)
            await call.client.views_push(trigger_id=action.location.trigger, view=view)
            return
        opened = await call.client.views_push(trigger_id=action.location.trigger, view=waiting(read))
        reply = await self.answer(read, call.client)
        shown = (
            preview_modal(reply.digest) if isinstance(reply, DigestReply) else reply_modal(reply, read.location.channel)
        )
        await update_view(call.client, str(opened["view"]["id"]), shown)

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

    async def kept(self, body: Body) -> Subscription | None:
        """Return the stored subscription that a modal edits; None for a new subscription or another channel's."""
        name = subscription_in(at(body, "view"))
        subscription = await self._service.store.subscription(name) if name else None
        return subscription if subscription and subscription.channel == location_of(body).channel else None

    async def answer(self, ask: AnswerRequest, client: AsyncWebClient) -> Reply:
        """Return the reply to a request, or a problem if the request is not allowed."""
        reply = await self._answerer.reply(ask.request, check=partial(self._check, ask, client))
        return await self._names.named(client, ask.request.reader, reply) if isinstance(reply, HiddenList) else reply

    async def _check(self, ask: AnswerRequest, client: AsyncWebClient) -> None:
        """Check a person's quota and permissions.

        Raises:
            NotAllowed: only workspace admins may do this.
            TooMany: the person's daily quota is used up.
        """
        await self._quotas.spend(ask.request.reader, self._access_policy.quota)
        if changes_channel(ask.request) and self._access_policy.admins_only:
            person = (await client.users_info(user=ask.location.user)).get("user") or {}
            if not (person.get("is_admin") or person.get("is_owner")):
                what = "change subscriptions" if isinstance(ask.request, SubscriptionRequest) else "hide papers"
                raise NotAllowed(f"Only workspace admins may {what} here.", hint="Ask a workspace admin.")

    # ── a person's time zone ─────────────────────────────────────────────────────────────────────────────────────────

    def today(self, zone: ZoneInfo) -> date:
        """Return the current date in a time zone."""
        return self._service.clock().astimezone(zone).date()

    async def zone(self, call: Call) -> ZoneInfo:
        """Return the acting person's time zone from their profile; UTC if it is not available."""
        location = location_or_none(call.body)
        if location is None:
            return ZoneInfo("UTC")
        reader = Reader(platform="slack", workspace=location.channel.workspace, user=location.user)
        now = self._service.clock()
        asked, known = self._zones.get(reader, (None, ZoneInfo("UTC")))
        if asked is not None and abs(now - asked) < _ZONE_FRESH:
            return known
        found = await zone_of(call.client, location.user)
        if found is not None:
            if len(self._zones) >= _MOST_ZONES:
                self._zones.clear()
            self._zones[reader] = (now, found)
        return found or known


def _target(ask: AnswerRequest, call: Call) -> ResponseTarget:
    match ask.show:
        case Show.CHANNEL:
            return ChannelTarget(call.client, ask.location)
        case Show.THREAD:
            return ThreadTarget(call.client, ask.location)
    return EphemeralTarget(call.client, ask.location, echo(call.body))


def location_or_none(body: Body) -> Location | None:
    """Return the location of a payload; None if the payload does not hold one."""
    try:
        return location_of_event(body) if at(body, "event") else location_of(body)
    except RequestError:
        return None


def waiting(ask: AnswerRequest) -> Json:
    """Return the placeholder modal that is open until the reply is ready."""
    return modal("One moment", [said("Reading…")], channel=ask.location.channel)
