"""Receive what people do in Slack, acknowledge it at once, and respond once, even to a redelivery."""

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.in_flight import InFlight
from bots.chat.untrusted import at, text_at
from bots.chat.waiting import PATIENCE, announce_if_slow
from bots.domain.errors import PaperwireError, RequestError, StoreError
from bots.domain.replies import Problem, Reply, Trouble
from bots.domain.requests import Subscribe
from bots.slack.actions import Action, AnswerRequest
from bots.slack.fields import Refused, refused
from bots.slack.handler import ActionHandler, Body, Call, location_or_none, waiting
from bots.slack.incoming import read_command, read_control, read_event, read_shortcut
from bots.slack.modals import SUMMARIZE, read_summarize, reply_modal
from bots.slack.payloads import first_text, location_of, location_of_event
from bots.slack.response_targets import target, update_view
from bots.slack.responses import show
from bots.slack.settings import AccessPolicy
from bots.slack.subscription_form import SUBSCRIBE, read_subscribe
from bots.slack.web_client import said_by
from bots.usecases.problems import problem
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]
Hearing = Callable[..., Awaitable[None]]
#: Deletes the data of the event's workspace or organisation.
Leave = Callable[[Body], Awaitable[None]]
#: Hexadecimal digits of a subscription id: short enough to read out, and unique among ten thousand.
_NAME = 10
_ANY = re.compile(".*", re.DOTALL)


class Listener:
    """Receives events and interactions from Slack and responds to them."""

    def __init__(self, *, service: Service, access_policy: AccessPolicy, leave: Leave, unfurl: bool) -> None:
        self._service = service
        self._leave = leave
        self._unfurl = unfurl
        self._handler = ActionHandler(service=service, access_policy=access_policy)
        self._places = self._handler.surfaces
        self._in_flight = InFlight()

    def join(self, app: AsyncApp) -> None:
        """Register a handler for everything that the app's manifest declares."""
        app.command(_ANY)(self._noted(self.command))
        app.shortcut(_ANY)(self._noted(self.shortcut))
        app.action(_ANY)(self._noted(self.control))
        app.view(SUBSCRIBE)(self._noted(self.subscribe))
        app.view(SUMMARIZE)(self._noted(self.summarize))
        events: dict[str, Hearing] = {"app_mention": self.event, "message": self.event, "app_home_opened": self.home}
        events |= {"link_shared": self.links, "app_uninstalled": self.leave, "tokens_revoked": self.leave}
        for name, hear in events.items():
            app.event(name)(self._noted(hear))

    def _noted(self, hear: Hearing) -> Hearing:
        """Return the handler with its calls counted, so that `rest` can wait for them at shutdown."""

        @wraps(hear)
        async def noted(**given: Any) -> None:
            self._in_flight.note()
            await hear(**given)

        return noted

    async def rest(self) -> None:
        """Wait until the received requests are answered, or until a timeout."""
        await self._in_flight.rest()

    # ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Handle a slash command."""
        await ack()
        await self._receive("command", text_at(body, "trigger_id"), Call(body, client), self._of_command)

    async def shortcut(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Handle a global shortcut or a message shortcut."""
        await ack()
        await self._receive("shortcut", text_at(body, "trigger_id"), Call(body, client), _of_shortcut)

    async def control(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Handle a button, a menu or a search field."""
        await ack()
        key = text_at(body, "trigger_id") or first_text(body, ("actions", 0, "action_ts"))
        await self._receive("press", key, Call(body, client), _of_press)

    async def event(self, body: Body, client: AsyncWebClient) -> None:
        """Handle a mention or a direct message; ignore all other messages."""
        event = at(body, "event")
        if text_at(event, "type") == "app_mention" or text_at(event, "channel_type") == "im":
            await self._receive("event", text_at(body, "event_id"), Call(body, client), self._of_event)

    async def home(self, body: Body, client: AsyncWebClient) -> None:
        """Draw the home tab for the person who opened it."""
        if text_at(body, "event", "tab") == "home":
            location = location_of_event(body)
            await self._places.publish(client, location.channel, location.user)

    async def links(self, body: Body, client: AsyncWebClient) -> None:
        """Unfurl links to papers, if unfurling is switched on."""
        if self._unfurl and await self._first("event", text_at(body, "event_id")):
            await self._handler.unfurl(body, client)

    async def leave(self, body: Body) -> None:
        """Delete all data of a workspace or organisation that removed the app."""
        event = at(body, "event")
        ends = text_at(event, "type") == "app_uninstalled" or bool(at(event, "tokens", "bot"))
        # Once only: a redelivered event must not delete an installation that was made after it.
        if ends and await self._first("event", text_at(body, "event_id")):
            await self._leave(body)

    async def summarize(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Summarise the text in the submitted modal and show the blurb there."""
        read = _read_or_problem(read_summarize, body)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=dict(read.errors))
            return
        if isinstance(read, Problem):
            await ack(response_action="update", view=reply_modal(read, location_of(body).channel))
            return
        announce = partial(ack, response_action="update", view=waiting(read))
        reply, announced = await announce_if_slow(self._handler.answer(read, client), announce, patience=PATIENCE)
        if announced:
            await update_view(client, text_at(body, "view", "id"), reply_modal(reply, read.location.channel))
        else:
            await ack(**_in_modal(reply, body, "abstract"))

    async def subscribe(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Store the subscription in the submitted modal; validation errors appear under the fields."""
        read = _read_or_problem(partial(read_subscribe, kept=await self._handler.kept(body)), body)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=dict(read.errors))
            return
        if isinstance(read, Problem):
            await ack(**_in_modal(read, body, "source"))
            return
        reply = await self._handler.answer(_named(read, body), client)
        await ack(**_in_modal(reply, body, "source"))
        await self._handler.announce(read, Call(body, client), reply)

    # ── helpers of the events ────────────────────────────────────────────────────────────────────────────────────────

    async def _of_command(self, call: Call) -> tuple[Action, ...]:
        zone = await self._handler.zone(call)
        return (read_command(call.body, today=self._handler.today(zone), zone=zone),)

    async def _of_event(self, call: Call) -> tuple[Action, ...]:
        zone = await self._handler.zone(call)
        return read_event(call.body, today=self._handler.today(zone), zone=zone)

    async def _receive(self, kind: str, key: str, call: Call, read: "Reading") -> None:
        """Parse and execute a payload unless it is a redelivery; report an unreadable one to the person as well."""
        if not await self._first(kind, key):
            return
        try:
            for action in await read(call):
                await self._handler.do(action, call)
        except PaperwireError as error:
            await _tell(problem(error), call)
        except SlackApiError as error:
            _log.warning("Slack refused an answer", extra={"error": said_by(error)[0], "kind": kind})
            await _tell(_refused(said_by(error)[0]), call)

    async def _first(self, kind: str, key: str) -> bool:
        """Return whether a payload is received for the first time; Slack resends those it regards as undelivered."""
        try:
            # Only a hash is stored: Slack's ids name the workspace, and nothing of it may remain after it uninstalls.
            name = hashlib.sha256(key.encode()).hexdigest()
            return not key or await self._service.store.once(f"slack.{kind}", name, now=self._service.clock())
        except StoreError as error:
            _log.error("the check for repeated requests failed", extra={"error": str(error)})
            return True


def _in_modal(reply: Reply, body: Body, field: str) -> dict[str, Any]:
    """Return the response to a submitted modal: an update with the reply, or an error under one field."""
    if isinstance(reply, Problem) and reply.kind in (Trouble.REQUEST, Trouble.SETTINGS):
        wrong = refused([(field, f"{reply.message} {reply.hint}".strip())])
        return {"response_action": "errors", "errors": dict(wrong.errors)}
    return {"response_action": "update", "view": reply_modal(reply, location_of(body).channel)}


def _named(ask: AnswerRequest, body: Body) -> AnswerRequest:
    """Return a new subscription with an id derived from its modal, so that resubmitting it creates no other."""
    request, view = ask.request, text_at(body, "view", "id")
    if not isinstance(request, Subscribe) or request.subscription.id or not view:
        return ask
    name = hashlib.sha256(f"{ask.location.channel} {view}".encode()).hexdigest()[:_NAME]
    return replace(ask, request=replace(request, subscription=replace(request.subscription, id=name)))


async def _tell(told: Problem, call: Call) -> None:
    """Report a failure to the person who acted; if Slack refuses that message too, log it."""
    location = location_or_none(call.body)
    try:
        if location is not None:
            await show(told, target(call.client, location, call.body))
    except SlackApiError as error:
        _log.warning("Slack refused the error message, too", extra={"error": said_by(error)[0]})


def _refused(word: str) -> Problem:
    """Return the problem to report to a person whose modal or reply Slack refused."""
    if "trigger" in word:
        said = "The window could not be opened, because Slack's limit of three seconds had passed."
        return Problem(message=said, hint="Try again.", kind=Trouble.FAILURE)
    said = f"Slack refused the answer: {word or 'no reason given'}."
    return Problem(
        message=said,
        hint="Try again. If it fails again, the operator finds the cause with: paperwire doctor",
        kind=Trouble.FAILURE,
    )


Reading = Callable[[Call], Awaitable[tuple[Action, ...]]]


async def _of_shortcut(call: Call) -> tuple[Action, ...]:
    return tuple(read_shortcut(call.body))


async def _of_press(call: Call) -> tuple[Action, ...]:
    return (read_control(call.body),)


def _read_or_problem(
    read: Callable[[object], AnswerRequest | Refused], body: Body
) -> AnswerRequest | Refused | Problem:
    try:
        return read(body)
    except RequestError as error:
        return problem(error)
