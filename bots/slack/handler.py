"""What was heard is done: a request is answered, a modal opened, a preview laid upon it; each only by who may."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at
from bots.domain.channels import Reader
from bots.domain.errors import NotAllowed, RequestError
from bots.domain.replies import DigestReply, Problem, Reply
from bots.domain.requests import ListSubscriptions, Saved, SubscriptionRequest
from bots.domain.subscriptions import Subscription
from bots.slack.blocks import Json, said
from bots.slack.fields import Refused
from bots.slack.incoming import Ask, Heard, Nothing, OpenPreview, OpenSubscribe, OpenSummarize, Show
from bots.slack.modals import modal, preview_modal, reply_modal, summarize_modal
from bots.slack.payloads import Location, spot_of, spot_of_event
from bots.slack.response_targets import ChannelTarget, EphemeralTarget, ThreadTarget, echo, update_view, zone_of
from bots.slack.responses import PATIENCE, Responder, ResponseTarget
from bots.slack.subscription_form import read_preview, subscribe_modal, subscription_in
from bots.slack.surfaces import Surfaces
from bots.usecases.quotas import Quota, Quotas
from bots.usecases.service import Service

Body = Mapping[str, Any]
#: People's time zones that are remembered; more than work in one place.
_MOST_ZONES = 2048
#: Who travels is asked again after so long.
_ZONE_FRESH = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessPolicy:
    """Who may do what, and how much."""

    #: Whether only admins of the workspace may change a channel's subscriptions.
    admins_only: bool = False
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that happened, and the client to answer it with."""

    body: Body
    client: AsyncWebClient


class ActionHandler:
    """Does what people ask for."""

    def __init__(self, *, service: Service, access_policy: AccessPolicy) -> None:
        self.places = Surfaces(service=service)
        self._service = service
        self._manners = access_policy
        self._answerer = Responder(service=service, patience=PATIENCE)
        self._quotas = Quotas(counters=service.store, clock=service.clock)
        self._zones: dict[Reader, tuple[datetime, ZoneInfo]] = {}

    async def do(self, heard: Heard, call: Call) -> None:
        """Do what was asked, and say what came of it where it was asked."""
        match heard:
            case Ask():
                await self._shown(heard, call)
            case OpenSummarize():
                await call.client.views_open(trigger_id=heard.spot.trigger, view=summarize_modal(heard.spot.channel))
            case OpenSubscribe():
                await self._open_subscribe(heard, call)
            case OpenPreview():
                await self._preview(heard, call)
            case Nothing():
                return

    async def _shown(self, ask: Ask, call: Call) -> None:
        if ask.show in (Show.MODAL, Show.HOME):
            await (self._in_modal if ask.show is Show.MODAL else self._at_home)(ask, call)
            return
        await self._answerer.answer(ask.request, _voice(ask, call), check=partial(self._check, ask, call.client))

    async def _at_home(self, ask: Ask, call: Call) -> None:
        words = ask.request.words if isinstance(ask.request, Saved) else ""
        if not words:
            reply = await self.answer(ask, call.client)
            if isinstance(reply, Problem):
                view = reply_modal(reply, ask.spot.channel)
                await call.client.views_open(trigger_id=ask.spot.trigger, view=view)
        own = replace(ask.spot.channel, channel=ask.spot.user)
        await self.places.publish(call.client, own, ask.spot.user, words=words, view_hash=ask.spot.view_hash)

    async def _in_modal(self, ask: Ask, call: Call) -> None:
        # A trigger lives three seconds: the modal opens first and is filled when the answer is there.
        lay = call.client.views_push if ask.spot.view and not ask.spot.home else call.client.views_open
        opened = await lay(trigger_id=ask.spot.trigger, view=waiting(ask))
        reply = await self.answer(ask, call.client)
        await update_view(call.client, str(opened["view"]["id"]), reply_modal(reply, ask.spot.channel))

    async def _open_subscribe(self, heard: OpenSubscribe, call: Call) -> None:
        subscription = await self._service.store.subscription(heard.subscription_id) if heard.subscription_id else None
        if subscription is not None and subscription.channel != heard.spot.channel:
            raise NotAllowed("That subscription belongs to another channel.", hint="Edit it there.")
        # From the home tab and from a shortcut no channel is known.
        choose = heard.spot.channel.channel == heard.spot.user
        view = subscribe_modal(heard.spot.channel, zone=await self.zone(call), subscription=subscription, choose=choose)
        await call.client.views_open(trigger_id=heard.spot.trigger, view=view)

    async def _preview(self, heard: OpenPreview, call: Call) -> None:
        read = read_preview(call.body, kept=await self.kept(call.body))
        if isinstance(read, Refused):
            told = Problem(message="This cannot be previewed yet.", hint=" ".join(read.errors.values()))
            view = reply_modal(told, heard.spot.channel)
            await call.client.views_push(trigger_id=heard.spot.trigger, view=view)
            return
        opened = await call.client.views_push(trigger_id=heard.spot.trigger, view=waiting(read))
        reply = await self.answer(read, call.client)
        shown = preview_modal(reply.digest) if isinstance(reply, DigestReply) else reply_modal(reply, read.spot.channel)
        await update_view(call.client, str(opened["view"]["id"]), shown)

    async def kept(self, body: Body) -> Subscription | None:
        """Return the standing order that a modal is about; None for a new one."""
        name = subscription_in(at(body, "view"))
        subscription = await self._service.store.subscription(name) if name else None
        return subscription if subscription and subscription.channel == spot_of(body).channel else None

    async def answer(self, ask: Ask, client: AsyncWebClient) -> Reply:
        """Return the reply to a request, or what forbids it."""
        return await self._answerer.reply(ask.request, check=partial(self._check, ask, client))

    async def _check(self, ask: Ask, client: AsyncWebClient) -> None:
        """Hold a person to what they may do.

        Raises:
            NotAllowed: only admins may do that here.
            TooMany: that was enough for a day.
        """
        await self._quotas.spend(ask.request.reader, self._manners.quota)
        changes = isinstance(ask.request, SubscriptionRequest) and not isinstance(ask.request, ListSubscriptions)
        if changes and self._manners.admins_only:
            person = (await client.users_info(user=ask.spot.user)).get("user") or {}
            if not (person.get("is_admin") or person.get("is_owner")):
                raise NotAllowed("Only admins may change subscriptions here.", hint="Ask one of them.")

    # ── whose day it is ──────────────────────────────────────────────────────────────────────────────────────────────

    def today(self, zone: ZoneInfo) -> date:
        """Return which day it is in a zone."""
        return self._service.clock().astimezone(zone).date()

    async def zone(self, call: Call) -> ZoneInfo:
        """Return the time zone of whoever acted, as their profile has it; UTC where it cannot be had."""
        spot = spot_or_none(call.body)
        if spot is None:
            return ZoneInfo("UTC")
        reader = Reader(platform="slack", workspace=spot.channel.workspace, user=spot.user)
        now = self._service.clock()
        asked, known = self._zones.get(reader, (None, ZoneInfo("UTC")))
        if asked is not None and abs(now - asked) < _ZONE_FRESH:
            return known
        found = await zone_of(call.client, spot.user)
        if found is not None:
            if len(self._zones) >= _MOST_ZONES:
                self._zones.clear()
            self._zones[reader] = (now, found)
        return found or known


def _voice(ask: Ask, call: Call) -> ResponseTarget:
    match ask.show:
        case Show.CHANNEL:
            return ChannelTarget(call.client, ask.spot)
        case Show.THREAD:
            return ThreadTarget(call.client, ask.spot)
    return EphemeralTarget(call.client, ask.spot, echo(call.body))


def spot_or_none(body: Body) -> Location | None:
    """Return where something happened; None where nobody can say."""
    try:
        return spot_of_event(body) if at(body, "event") else spot_of(body)
    except RequestError:
        return None


def waiting(ask: Ask) -> Json:
    """Return the modal that is open until there is something to show in it."""
    return modal("One moment", [said("Reading…")], channel=ask.spot.channel)
