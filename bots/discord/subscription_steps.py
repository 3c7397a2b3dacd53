"""Create or edit a subscription in steps: the modal, the message that shows the draft, and saving."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bots.chat.untrusted import at
from bots.discord.actions import AnswerRequest, Draft, OpenSubscribe
from bots.discord.announcements import Announcer
from bots.discord.channel_kinds import FORUMS, tags_of
from bots.discord.controls import Control
from bots.discord.fields import Json
from bots.discord.outgoing import reply_messages
from bots.discord.payloads import PLATFORM, Location, fields_of, location_of, unreadable
from bots.discord.permissions import ADD_A_TAG, check_ours, check_place, check_subscriptions
from bots.discord.responses import InteractionResponse
from bots.discord.settings import DiscordSettings
from bots.discord.subscription_draft import broken, chosen, draft, line_in, notice, subscription_in, typed_in
from bots.discord.subscription_form import as_it_stood, place_in, read_subscription, subscription_modal, zone_of
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, NotAllowed, PaperwireError, RequestError, StoreError
from bots.domain.replies import Problem, Reply
from bots.domain.requests import Preview, Subscribe
from bots.domain.slots import next_due
from bots.domain.subscriptions import Subscription
from bots.translation.speech import gettext
from bots.usecases.problems import problem
from bots.usecases.service import Service

#: Seconds to wait for the database or for Discord before a modal opens: Discord allows three in all.
_BEFORE_A_WINDOW = 1.0
#: Hexadecimal digits of a subscription's id: short enough to read aloud, and unique among ten thousand.
_NAME = 10

#: Sends the replies to the requester alone, once the work is done.
Answer = Callable[[InteractionResponse, Callable[[], Awaitable[tuple[Reply, ...]]]], Awaitable[object]]
#: Returns the replies to requests, or raises the error that forbids them.
Replies = Callable[[AnswerRequest], Awaitable[tuple[Reply, ...]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionSteps:
    """Guides a person through the steps of a subscription."""

    service: Service
    settings: DiscordSettings
    answer: Answer
    reply: Replies
    #: Returns Discord's data on a channel; raises a PaperwireError if Discord returns none.
    about: Callable[[Channel], Awaitable[Mapping[str, Any]]]
    announcer: Announcer
    #: Returns a person's permissions in a channel other than the one they act in; raises NotAllowed if it is not told.
    theirs: Callable[[Channel, Location], Awaitable[int | None]]

    async def open(self, action: OpenSubscribe, response: InteractionResponse) -> None:
        """Open the modal of a subscription.

        Raises:
            RequestError: subscriptions are not allowed in this channel, or not by this person.
            AcknowledgementFailed: the interaction cannot be answered any more.
        """
        theirs = action.theirs if action.theirs is not None else await self.theirs(action.channel, action.location)
        check_subscriptions(action.location, self.settings.access_policy.who_may, theirs=theirs)
        if action.location.channel.workspace:
            check_place(action.kind)
            check_ours(action.ours, action.kind)
        if action.kind in FORUMS:
            await self._check_forum(action.channel)
        await response.open(
            subscription_modal(await self._base(action.channel, action.subscription_id, action.location.locale))
        )

    async def _check_forum(self, channel: Channel) -> None:
        """Check that a forum which requires a tag has one for us; skip the check if Discord does not answer in time."""
        try:
            async with asyncio.timeout(_BEFORE_A_WINDOW):
                about = await self.about(channel)
        except (TimeoutError, PaperwireError):
            return
        if tags_of(about) is None:
            said = gettext("That forum requires a tag on each post, and has none for papers.")
            raise NotAllowed(said, hint=gettext(ADD_A_TAG))

    async def _base(self, channel: Channel, subscription_id: str, locale: str) -> Subscription:
        """Return the subscription to edit, or the defaults of a new one."""
        try:
            async with asyncio.timeout(_BEFORE_A_WINDOW):
                if subscription_id.strip("-"):
                    return await self._kept(channel, subscription_id)
                subscriptions = await self.service.store.subscriptions()
        except (TimeoutError, StoreError):
            if subscription_id.strip("-"):
                raise
            subscriptions = ()
        there = [
            each for each in subscriptions if each.channel.platform == PLATFORM and _same_server(each.channel, channel)
        ]
        last = there[-1].timezone if there else None
        zone = zone_of(locale, last=last, default=self.settings.timezone)
        return Subscription(id="", channel=channel, timezone=zone)

    async def _kept(self, channel: Channel, subscription_id: str) -> Subscription:
        subscription = await self.service.store.subscription(subscription_id)
        if subscription is None or subscription.channel != channel:
            raise BadCommand(
                gettext("This subscription no longer exists."),
                hint=gettext("/paper subscriptions lists this channel's subscriptions."),
            )
        return subscription

    async def written(self, payload: object, response: InteractionResponse) -> None:
        """Read the submitted modal of a subscription, and show the draft.

        Raises:
            RequestError: the modal is not ours.
            AcknowledgementFailed: the interaction cannot be answered any more.
        """
        location, fields = location_of(payload), fields_of(payload)
        subscription_id, place = place_in(payload)
        channel = Channel(platform=PLATFORM, workspace=location.channel.workspace, channel=place)
        line = line_in(at(payload, "message"))
        before = subscription_in(line, channel, subscription_id) if line else None
        base = before or await self._base(channel, subscription_id, location.locale)
        try:
            shown = self._drawn(read_subscription(fields, base))
        except RequestError as error:
            shown = broken(fields, problem(error), channel=channel, subscription_id=subscription_id)
        # A modal that was opened from a draft's message changes that message; any other message stays.
        await (response.change(shown) if line else response.show_one(shown))

    def _drawn(self, subscription: Subscription) -> Json:
        due = next_due(subscription, self.service.clock())
        return draft(subscription, next_due=due.at if due else None)

    async def go(self, action: Draft, response: InteractionResponse) -> None:
        """Apply a button or menu of the message that shows a draft subscription.

        Raises:
            RequestError: it cannot be applied.
            AcknowledgementFailed: the interaction cannot be answered any more.
        """
        theirs = await self.theirs(action.channel, action.location)
        check_subscriptions(action.location, self.settings.access_policy.who_may, theirs=theirs)
        if action.what is Control.DISCARD:
            await response.change(notice(gettext("Discarded. Nothing was saved.")))
            return
        subscription = subscription_in(action.line, action.channel, action.subscription_id)
        if action.what is Control.CHANGE:
            base = subscription or await self._base(action.channel, action.subscription_id, action.location.locale)
            await response.open(subscription_modal(base, typed=None if subscription else typed_in(action.line)))
        elif subscription is None:
            raise unreadable()
        elif action.what is Control.PREVIEW:
            request = Preview(channel=subscription.channel, user=action.location.user, subscription=subscription)
            await self.answer(
                response, partial(self.reply, AnswerRequest(location=action.location, requests=(request,)))
            )
        elif action.what is Control.KEEP:
            await self._keep(subscription, action, response)
        elif action.chosen:
            await response.change(self._drawn(chosen(subscription, action.what, action.chosen[0])))

    async def _keep(self, subscription: Subscription, action: Draft, response: InteractionResponse) -> None:
        """Save a subscription, and replace the message that showed it with the result."""
        await response.defer(update=True)
        try:
            (reply,) = await self._placed(subscription, action)
        except PaperwireError as error:
            reply = problem(error)
        messages = reply_messages(reply)
        if isinstance(reply, Problem):
            await response.say(messages)
        else:
            try:
                await response.edit(messages[0].payload)
            finally:
                await self.announcer.announce(action.location, (reply,))

    async def _placed(self, subscription: Subscription, action: Draft) -> tuple[Reply, ...]:
        if subscription.id:
            subscription = as_it_stood(subscription, await self._kept(subscription.channel, subscription.id))
        else:
            # The id is the same if the button is clicked twice, so that one subscription is saved.
            name = hashlib.sha256(f"{subscription.channel} {action.location.message}".encode()).hexdigest()[:_NAME]
            subscription = replace(subscription, id=name)
        request = Subscribe(channel=subscription.channel, user=action.location.user, subscription=subscription)
        return await self.reply(AnswerRequest(location=action.location, requests=(request,)))


def _same_server(one: Channel, other: Channel) -> bool:
    return one.workspace == other.workspace and (bool(one.workspace) or one.channel == other.channel)
