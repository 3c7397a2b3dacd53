"""Receive what people do in Slack, acknowledge it at once, and respond once, even to a redelivery."""

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.in_flight import InFlight
from bots.chat.untrusted import at, text_at
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.replies import Problem
from bots.slack.actions import Action
from bots.slack.failures import FAILURES, code_of, ours, unanswered
from bots.slack.form_modal import SUBSCRIBE
from bots.slack.handler import ActionHandler, Body, Call, location_or_none
from bots.slack.incoming import read_command, read_control, read_event, read_shortcut
from bots.slack.installation import ACCESS_REVOKED
from bots.slack.modal_windows import lay
from bots.slack.modals import SHARE, SUMMARIZE, reply_modal
from bots.slack.payloads import channel_of_event, first_text, is_personal, location_of_event
from bots.slack.reactions import read_reaction
from bots.slack.response_targets import EphemeralTarget, ThreadTarget
from bots.slack.responses import show
from bots.slack.returns import offer, pause, paused_by_itself
from bots.slack.settings import AccessPolicy
from bots.slack.submissions import Submissions
from bots.translation.speech import speaking
from bots.usecases.problems import problem
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]
Hearing = Callable[..., Awaitable[None]]
#: Deletes the data of the event's workspace or organisation.
Leave = Callable[[Body], Awaitable[None]]
_ANY = re.compile(".*", re.DOTALL)

#: Events after which the data of one or several workspaces is deleted.
_ENDS = ("app_uninstalled", ACCESS_REVOKED)


class Listener:
    """Receives events and interactions from Slack and responds to them."""

    def __init__(self, *, service: Service, access_policy: AccessPolicy, leave: Leave, unfurl: bool) -> None:
        self._service = service
        self._leave = leave
        self._unfurl = unfurl
        self._handler = ActionHandler(service=service, access_policy=access_policy)
        self._submissions = Submissions(self._handler)
        self._places = self._handler.surfaces
        self._in_flight = InFlight()

    def join(self, app: AsyncApp) -> None:
        """Register a handler for everything that the app's manifest declares."""
        app.command(_ANY)(self._noted(self.command))
        app.shortcut(_ANY)(self._noted(self.shortcut))
        app.action(_ANY)(self._noted(self.control))
        app.view(SUBSCRIBE)(self._noted(self._spoken(self._submissions.subscribe)))
        app.view(SUMMARIZE)(self._noted(self._spoken(self._submissions.summarize)))
        app.view(SHARE)(self._noted(self._spoken(self._submissions.share)))
        events: dict[str, Hearing] = {"app_mention": self.event, "message": self.event, "app_home_opened": self.home}
        events |= {"reaction_added": self.reaction, "reaction_removed": self.reaction}
        events |= {"link_shared": self.links, **dict.fromkeys((*_ENDS, "tokens_revoked"), self.leave)}
        events |= {"member_joined_channel": self.joined, "channel_unarchive": self.back, "group_unarchive": self.back}
        events |= {"channel_left": self.removed, "group_left": self.removed}
        for name, hear in events.items():
            app.event(name)(self._noted(hear))

    def _noted(self, hear: Hearing) -> Hearing:
        """Return the handler with its calls counted, so that `rest` can wait for them at shutdown."""

        @wraps(hear)
        async def noted(**given: Any) -> None:
            self._in_flight.note()
            await hear(**given)

        return noted

    def _spoken(self, hear: Hearing) -> Hearing:
        """Return the handler of a submitted modal so that it speaks the person's language, as far as that is known.

        Slack waits three seconds for the response to a modal, so the language is not asked for.
        """

        @wraps(hear)
        async def spoken(**given: Any) -> None:
            with speaking(self._handler.known_language(given["body"])):
                await hear(**given)

        return spoken

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
            with speaking(await self._handler.language(Call(body, client))):
                await self._places.publish(client, location.channel, location.user)

    async def joined(self, body: Body, client: AsyncWebClient, context: AsyncBoltContext) -> None:
        """Offer to resume a channel's paused digests when the bot itself has come into the channel."""
        if text_at(body, "event", "user") == context.bot_user_id:
            await self.back(body, client)

    async def removed(self, body: Body, client: AsyncWebClient) -> None:
        """Pause the digests of a channel that the bot was removed from, and tell who subscribed it."""
        channel = channel_of_event(body)
        held = await self._service.store.subscriptions(channel)
        if held and await self._first("event", text_at(body, "event_id")):
            await pause(client, held, self._service.store)

    async def back(self, body: Body, client: AsyncWebClient) -> None:
        """Offer to resume a channel's paused digests when the bot can post there again."""
        channel = channel_of_event(body)
        paused = paused_by_itself(await self._service.store.subscriptions(channel))
        if paused and await self._first("event", text_at(body, "event_id")):
            await offer(client, channel, paused)

    async def links(self, body: Body, client: AsyncWebClient) -> None:
        """Unfurl links to papers, if unfurling is switched on."""
        if self._unfurl and await self._first("event", text_at(body, "event_id")):
            await self._handler.unfurl(body, client)

    async def reaction(self, body: Body) -> None:
        """Let a channel's ranking learn from a reaction to one of its digests, or unlearn it."""
        heard = read_reaction(body)
        if heard is not None and await self._first("event", text_at(body, "event_id")):
            await self._service.reactions.hear(heard)

    async def leave(self, body: Body) -> None:
        """Delete all data of a workspace or organisation that removed the app."""
        event = at(body, "event")
        ends = text_at(event, "type") in _ENDS or bool(at(event, "tokens", "bot"))
        # Once only: a redelivered event must not delete an installation that was made after it.
        if ends and await self._first("event", text_at(body, "event_id")):
            await self._leave(body)

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
        with speaking(await self._handler.language(call)):
            await self._executed(kind, call, read)

    async def _executed(self, kind: str, call: Call, read: "Reading") -> None:
        try:
            for action in await read(call):
                await self._handler.do(action, call)
        except PaperwireError as error:
            await _tell(problem(error), call)
        except FAILURES as error:
            _log.warning("Slack did not take an answer", extra={"error": code_of(error), "kind": kind})
            await _tell(unanswered(error), call)
        except Exception:  # noqa: BLE001 - a bug must not leave a person without an answer
            _log.exception("an action could not be carried out", extra={"kind": kind})
            await _tell(ours(), call)

    async def _first(self, kind: str, key: str) -> bool:
        """Return whether a payload is received for the first time; Slack resends those it regards as undelivered."""
        try:
            # Only a hash is stored: Slack's ids name the workspace, and nothing of it may remain after it uninstalls.
            name = hashlib.sha256(key.encode()).hexdigest()
            return not key or await self._service.store.once(f"slack.{kind}", name, now=self._service.clock())
        except StoreError as error:
            _log.error("the check for repeated requests failed", extra={"error": str(error)})
            return True


async def _tell(told: Problem, call: Call) -> None:
    """Report a failure to the person who acted, where they look; if Slack refuses that too, log it."""
    location = location_or_none(call.body)
    if location is None:
        return
    view = reply_modal(told, location.channel, direct=location.direct)
    if location.view and await lay(call.client, location, view):
        return
    try:
        # In a channel only to the person: others need not read what failed. What only they see is gone after a reload,
        # so in their direct messages it is a message like any other.
        alone = bool(at(call.body, "event")) and is_personal(location)
        await show(told, (ThreadTarget if alone else EphemeralTarget)(call.client, location))
    except FAILURES as error:
        _log.warning("Slack refused the error message, too", extra={"error": code_of(error)})


Reading = Callable[[Call], Awaitable[tuple[Action, ...]]]


async def _of_shortcut(call: Call) -> tuple[Action, ...]:
    return tuple(read_shortcut(call.body))


async def _of_press(call: Call) -> tuple[Action, ...]:
    return (read_control(call.body),)
