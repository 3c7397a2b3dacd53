"""What people do in Slack is heard, acknowledged at once, and answered where they are: once, however often it comes."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.channels import Reader, Subscription
from bots.errors import NotAllowed, PaperwireError, RequestError, StoreError
from bots.quotas import Quota, Quotas
from bots.replies import DigestReply, Problem, Reply
from bots.requests import Ordering, Saved, Subscriptions
from bots.service import Service, problem
from bots.slack.answering import Answerer, show
from bots.slack.blocks import Json, said
from bots.slack.fields import Refused
from bots.slack.incoming import (
    Ask,
    Heard,
    Nothing,
    OpenPreview,
    OpenSubscribe,
    OpenSummarize,
    Show,
    read_command,
    read_event,
    read_press,
    read_shortcut,
)
from bots.slack.modals import SUMMARIZE, modal, preview_modal, read_summarize, reply_modal, summarize_modal
from bots.slack.ordering import SUBSCRIBE, order_in, read_preview, read_subscribe, subscribe_modal
from bots.slack.payloads import Spot, at, first_text, spot_of, spot_of_event, text_at
from bots.slack.places import Places
from bots.slack.telling import tell, to_channel, update_view, zone_of
from bots.slack.web import said_by

_log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]
Body = Mapping[str, Any]
_ANY = re.compile(".*", re.DOTALL)
#: People's time zones that are remembered; more than work in one place.
_MOST_ZONES = 2048


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """Who may do what, and how much."""

    #: Whether only admins of the workspace may change a channel's subscriptions.
    admins_only: bool = False
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))


class Listener:
    """Hears what people do, and answers."""

    def __init__(self, *, service: Service, manners: Manners) -> None:
        self._service = service
        self._manners = manners
        self._answerer = Answerer(service=service)
        self._quotas = Quotas(counters=service.store, clock=service.clock)
        self._places = Places(service=service)
        self._zones: dict[Reader, ZoneInfo] = {}

    def join(self, app: AsyncApp) -> None:
        """Listen to everything that the app's manifest declares."""
        app.command(_ANY)(self.command)
        app.shortcut(_ANY)(self.shortcut)
        app.action(_ANY)(self.press)
        app.view(SUBSCRIBE)(self.subscribe)
        app.view(SUMMARIZE)(self.summarize)
        app.event("app_mention")(self.event)
        app.event("message")(self.event)
        app.event("app_home_opened")(self.home)
        app.event("link_shared")(self.links)
        for name in ("app_uninstalled", "tokens_revoked"):
            app.event(name)(self.leave)

    # ── what is heard ────────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Answer a slash command."""
        await ack()
        await self._hear("command", text_at(body, "trigger_id"), Call(body, client), self._of_command)

    async def shortcut(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Answer a global shortcut, or one on a message."""
        await ack()
        await self._hear("shortcut", text_at(body, "trigger_id"), Call(body, client), _of_shortcut)

    async def press(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Answer a button, a menu or a search field."""
        await ack()
        key = text_at(body, "trigger_id") or first_text(body, ("actions", 0, "action_ts"))
        await self._hear("press", key, Call(body, client), _of_press)

    async def event(self, body: Body, client: AsyncWebClient) -> None:
        """Answer a mention, or a direct message; what people write to each other is none of ours."""
        event = at(body, "event")
        if text_at(event, "type") == "app_mention" or text_at(event, "channel_type") == "im":
            await self._hear("event", text_at(body, "event_id"), Call(body, client), self._of_event)

    async def home(self, body: Body, client: AsyncWebClient) -> None:
        """Draw the home tab of whoever opened it."""
        if text_at(body, "event", "tab") == "home":
            spot = spot_of_event(body)
            await self._places.publish(client, spot.channel, spot.user)

    async def links(self, body: Body, client: AsyncWebClient) -> None:
        """Show under links to papers what they say."""
        if await self._first("event", text_at(body, "event_id")):
            await self._places.unfurl(client, body)

    async def leave(self, body: Body) -> None:
        """Forget a workspace that has thrown us out, with everything that belongs to it."""
        event = at(body, "event")
        if text_at(event, "type") == "app_uninstalled" or at(event, "tokens", "bot"):
            workspace = first_text(body, ("team_id",), ("enterprise_id",))
            gone = await self._service.store.purge_workspace("slack", workspace)
            _log.warning("a workspace has left, and its data with it", extra={"workspace": workspace, "rows": gone})

    async def summarize(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Condense what was pasted into the modal, and show it there."""
        read = _read_or_problem(read_summarize, body)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=dict(read.errors))
            return
        if isinstance(read, Problem):
            await ack(response_action="update", view=reply_modal(read, spot_of(body).channel))
            return
        await ack(response_action="update", view=_waiting(read))
        reply = await self._answer(read, client)
        await update_view(client, text_at(body, "view", "id"), reply_modal(reply, read.spot.channel))

    async def subscribe(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Keep the standing order of the modal; what is wrong with it is said under its fields."""
        read = _read_or_problem(partial(read_subscribe, kept=await self._kept(body)), body)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=dict(read.errors))
            return
        reply = read if isinstance(read, Problem) else await self._answer(read, client)
        await ack(response_action="update", view=reply_modal(reply, spot_of(body).channel))

    # ── what it means ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _of_command(self, call: "Call") -> tuple[Heard, ...]:
        return (read_command(call.body, today=await self._today(call)),)

    async def _of_event(self, call: "Call") -> tuple[Heard, ...]:
        return read_event(call.body, today=await self._today(call))

    async def _hear(self, kind: str, key: str, call: "Call", read: "Reading") -> None:
        """Do what was asked, if it is the first time that we hear of it; what cannot be read is answered, too."""
        if not await self._first(kind, key):
            return
        try:
            for heard in await read(call):
                await self._do(heard, call)
        except PaperwireError as error:
            spot = _spot_or_none(call.body)
            if spot is not None:
                await show(problem(error), partial(tell, call.client, spot, text_at(call.body, "event", "type") != ""))
        except SlackApiError as error:
            _log.warning("Slack refused an answer", extra={"error": said_by(error)[0], "kind": kind})

    async def _first(self, kind: str, key: str) -> bool:
        """Tell whether something is heard for the first time; Slack sends again what it thinks was not heard."""
        try:
            return not key or await self._service.store.once(f"slack.{kind}", key, now=self._service.clock())
        except StoreError as error:
            _log.error("it cannot be told whether this was answered before", extra={"error": str(error)})
            return True

    # ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _do(self, heard: Heard, call: "Call") -> None:
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

    async def _shown(self, ask: Ask, call: "Call") -> None:
        if ask.show in (Show.MODAL, Show.HOME):
            await (self._in_modal if ask.show is Show.MODAL else self._at_home)(ask, call)
            return
        thread = ask.show is Show.THREAD
        if ask.show is Show.CHANNEL:
            say = partial(to_channel, call.client, ask.spot)
        else:
            say = partial(tell, call.client, ask.spot, thread)
        await self._answerer.answer(ask.request, say, check=partial(self._check, ask, call.client))

    async def _at_home(self, ask: Ask, call: "Call") -> None:
        words = ask.request.words if isinstance(ask.request, Saved) else ""
        if not words:
            reply = await self._answer(ask, call.client)
            if isinstance(reply, Problem):
                view = reply_modal(reply, ask.spot.channel)
                await call.client.views_open(trigger_id=ask.spot.trigger, view=view)
        own = replace(ask.spot.channel, channel=ask.spot.user)
        await self._places.publish(call.client, own, ask.spot.user, words=words, view_hash=ask.spot.view_hash)

    async def _in_modal(self, ask: Ask, call: "Call") -> None:
        # A trigger lives three seconds: the modal opens first and is filled when the answer is there.
        lay = call.client.views_push if ask.spot.view else call.client.views_open
        opened = await lay(trigger_id=ask.spot.trigger, view=_waiting(ask))
        reply = await self._answer(ask, call.client)
        await update_view(call.client, str(opened["view"]["id"]), reply_modal(reply, ask.spot.channel))

    async def _open_subscribe(self, heard: OpenSubscribe, call: "Call") -> None:
        order = await self._service.store.subscription(heard.order_id) if heard.order_id else None
        if order is not None and order.channel != heard.spot.channel:
            raise NotAllowed("That subscription belongs to another channel.", hint="Edit it there.")
        view = subscribe_modal(heard.spot.channel, zone=await self._zone(call), order=order)
        await call.client.views_open(trigger_id=heard.spot.trigger, view=view)

    async def _preview(self, heard: OpenPreview, call: "Call") -> None:
        read = read_preview(call.body, kept=await self._kept(call.body))
        if isinstance(read, Refused):
            told = Problem(message="This cannot be previewed yet.", hint=" ".join(read.errors.values()))
            view = reply_modal(told, heard.spot.channel)
            await call.client.views_push(trigger_id=heard.spot.trigger, view=view)
            return
        opened = await call.client.views_push(trigger_id=heard.spot.trigger, view=_waiting(read))
        reply = await self._answer(read, call.client)
        shown = preview_modal(reply.digest) if isinstance(reply, DigestReply) else reply_modal(reply, read.spot.channel)
        await update_view(call.client, str(opened["view"]["id"]), shown)

    async def _kept(self, body: Body) -> Subscription | None:
        name = order_in(at(body, "view"))
        order = await self._service.store.subscription(name) if name else None
        return order if order and order.channel == spot_of(body).channel else None

    async def _answer(self, ask: Ask, client: AsyncWebClient) -> Reply:
        return await self._answerer.reply(ask.request, check=partial(self._check, ask, client))

    async def _check(self, ask: Ask, client: AsyncWebClient) -> None:
        """Hold a person to what they may do.

        Raises:
            NotAllowed: only admins may do that here.
            TooMany: that was enough for a day.
        """
        await self._quotas.spend(ask.request.reader, self._manners.quota)
        changes = isinstance(ask.request, Ordering) and not isinstance(ask.request, Subscriptions)
        if changes and self._manners.admins_only:
            person = (await client.users_info(user=ask.spot.user)).get("user") or {}
            if not (person.get("is_admin") or person.get("is_owner")):
                raise NotAllowed("Only admins may change subscriptions here.", hint="Ask one of them.")

    # ── whose day it is ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _today(self, call: "Call") -> date:
        return self._service.clock().astimezone(await self._zone(call)).date()

    async def _zone(self, call: "Call") -> ZoneInfo:
        """Return the time zone of whoever acted, as their profile has it; UTC where it cannot be had."""
        spot = _spot_or_none(call.body)
        if spot is None:
            return _UTC
        reader = Reader(platform="slack", workspace=spot.channel.workspace, user=spot.user)
        if reader not in self._zones:
            if len(self._zones) >= _MOST_ZONES:
                self._zones.clear()
            self._zones[reader] = await zone_of(call.client, spot.user)
        return self._zones[reader]


Reading = Callable[["Call"], Awaitable[tuple[Heard, ...]]]
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that happened, and the client to answer it with."""

    body: Body
    client: AsyncWebClient


async def _of_shortcut(call: Call) -> tuple[Heard, ...]:
    return tuple(read_shortcut(call.body))


async def _of_press(call: Call) -> tuple[Heard, ...]:
    return (read_press(call.body),)


def _read_or_problem(read: Callable[[object], Ask | Refused], body: Body) -> Ask | Refused | Problem:
    try:
        return read(body)
    except RequestError as error:
        return problem(error)


def _spot_or_none(body: Body) -> Spot | None:
    try:
        return spot_of_event(body) if at(body, "event") else spot_of(body)
    except RequestError:
        return None


def _waiting(ask: Ask) -> Json:
    return modal("One moment", [said("Reading…")], channel=ask.spot.channel)
