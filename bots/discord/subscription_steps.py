"""Create or edit a subscription in steps: the modal, the message that shows the draft, and saving."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bots.chat.untrusted import at, text_at
from bots.commands import readable_sources
from bots.discord.actions import AnswerRequest, Draft, OpenSubscribe
from bots.discord.announcements import Announcer
from bots.discord.channel_kinds import FORUMS, tags_of
from bots.discord.controls import Control
from bots.discord.draft_state import DraftState, fits, state_in
from bots.discord.fields import Json
from bots.discord.form_texts import TOO_LONG
from bots.discord.outgoing import reply_messages
from bots.discord.payloads import PLATFORM, Location, fields_of, location_of, number_at, resolved, unreadable
from bots.discord.permissions import ADD_A_TAG, check_open, check_ours, check_place, check_subscriptions
from bots.discord.responses import InteractionResponse
from bots.discord.settings import DiscordSettings
from bots.discord.subscription_draft import broken, chosen, draft, notice
from bots.discord.subscription_form import (
    WINDOWS,
    changes_of,
    entered,
    errors_of,
    labelled,
    place_in,
    subscription_modal,
    with_changes,
)
from bots.discord.zones import zone_of
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, NotAllowed, PaperwireError, RequestError, StoreError
from bots.domain.replies import Problem, Reply
from bots.domain.requests import Preview, Subscribe
from bots.domain.slots import next_due
from bots.domain.subscriptions import Subscription
from bots.translation.languages import ENGLISH, load_languages
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
    #: Returns if digests can be posted to a channel; raises ChannelGone if they cannot.
    check: Callable[[Channel], Awaitable[None]]

    async def open(self, action: OpenSubscribe, response: InteractionResponse) -> None:
        """Open the first window of a subscription.

        Raises:
            RequestError: subscriptions are not allowed in this channel, or not by this person.
            AcknowledgementFailed: the interaction cannot be answered any more.
        """
        theirs = action.theirs if action.theirs is not None else await self.theirs(action.channel, action.location)
        check_subscriptions(action.location, self.settings.access_policy.who_may, theirs=theirs)
        if action.location.channel.workspace:
            check_open(action.about, action.ours)
            await self._check_target(action.channel, action.kind, action.ours)
        if action.subscription_id:
            shown = await self._kept(action.channel, action.subscription_id)
        else:
            shown = await self._begun(action.channel, action.location)
        await response.open(subscription_modal(shown, choose=_chooses(shown)))

    async def _check_target(self, channel: Channel, kind: int, ours: int | None) -> None:
        """Check that digests can be posted to a channel.

        Raises:
            NotAllowed: not to this type of channel, or the bot lacks a permission, or the forum a tag.
        """
        check_place(kind)
        check_ours(ours, kind)
        if kind in FORUMS:
            await self._check_forum(channel)

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

    async def _begun(self, channel: Channel, location: Location) -> Subscription:
        """Return a new subscription, in the time zone of the server's last one or in a likely one."""
        try:
            async with asyncio.timeout(_BEFORE_A_WINDOW):
                subscriptions = await self.service.store.subscriptions()
        except (TimeoutError, StoreError):
            subscriptions = ()
        there = [
            each for each in subscriptions if each.channel.platform == PLATFORM and _same_server(each.channel, channel)
        ]
        last = there[-1].timezone if there else None
        zone = zone_of(location.locale, last=last, default=self.settings.timezone)
        return replace(_new(channel, location), timezone=zone)

    async def _base(self, channel: Channel, subscription_id: str, location: Location) -> Subscription:
        """Return the subscription that a draft changes: the stored one, or a new one.

        Raises:
            BadCommand: the subscription does not exist.
            StoreError, TimeoutError: the database does not answer.
        """
        if not subscription_id.strip("-"):
            return _new(channel, location)
        return await self._kept(channel, subscription_id)

    async def _kept(self, channel: Channel, subscription_id: str) -> Subscription:
        try:
            async with asyncio.timeout(_BEFORE_A_WINDOW):
                subscription = await self.service.store.subscription(subscription_id)
        except TimeoutError as error:
            raise StoreError(gettext("The database did not answer in time."), hint=gettext("Try again.")) from error
        if subscription is None or subscription.channel != channel:
            raise BadCommand(
                gettext("This subscription no longer exists."),
                hint=gettext("/paper subscriptions lists this channel's subscriptions."),
            )
        return subscription

    async def written(self, payload: object, response: InteractionResponse) -> None:
        """Read a submitted window of a subscription, and show the draft.

        Raises:
            RequestError: the window is not ours.
            AcknowledgementFailed: the interaction cannot be answered any more.
        """
        location, fields = location_of(payload), fields_of(payload)
        subscription_id, place, window = place_in(payload)
        state = state_in(at(payload, "message"))
        changes = state.changes if state else {}
        base = await self._base(replace(location.channel, channel=place), subscription_id, location)
        options, errors = self._entered(fields, with_changes(base, changes), location)
        channel = base.channel
        if fields.get("channel", place) != place:
            try:
                channel = await self._chosen(payload, fields["channel"], location)
            except RequestError as error:
                errors |= labelled([("channel", f"{error} {error.hint}".strip())])
        new = DraftState(changes=changes_of(options, base))
        if not errors and not fits(new):
            errors = {"": gettext(TOO_LONG)}
        if errors:
            kept = DraftState(changes=changes, window=window, typed=fields)
            shown = broken(with_changes(base, changes), kept, errors.values())
        else:
            shown = self._drawn(replace(base, channel=channel), new)
        # A window that was opened from a draft's message changes that message; any other message stays.
        await (response.change(shown) if state else response.show_one(shown))

    def _entered(
        self, fields: Mapping[str, str], before: Subscription, location: Location
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the options of a subscription with those of a submitted window, and everything that is wrong."""
        options = entered(fields, before)
        errors = errors_of(options, before.channel)
        named = readable_sources(options["source"])
        asked = Subscribe(channel=before.channel, user=location.user, subscription=before)
        wrong = self.service.source_errors(named, asked) if named != before.sources else ()
        first = errors.get("source", "")
        told = f"{first} {' '.join(wrong)}" if first else labelled([("source", " ".join(wrong))])["source"]
        return options, {**errors, "source": told} if wrong else errors

    async def _chosen(self, payload: object, named: str, location: Location) -> Channel:
        """Return the channel that a person chose in the first window, if they and the bot may post digests there.

        Raises:
            NotAllowed: they may not, or the bot may not.
        """
        told = resolved(payload, "channels", named)
        channel = replace(location.channel, channel=named)
        # Discord sends them with the channel, the bot's since July 2026 (docs.discord.com, Change Log).
        theirs = (
            number_at(told, "permissions") if text_at(told, "permissions") else await self.theirs(channel, location)
        )
        check_subscriptions(location, self.settings.access_policy.who_may, theirs=theirs)
        ours = number_at(told, "app_permissions") if text_at(told, "app_permissions") else None
        check_open(told, ours)
        await self._check_target(channel, number_at(told, "type"), ours)
        return channel

    def _drawn(self, base: Subscription, state: DraftState) -> Json:
        subscription = with_changes(base, state.changes)
        due = next_due(subscription, self.service.clock())
        return draft(subscription, state, next_due=due.at if due else None)

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
        state, base = action.state, await self._base(action.channel, action.subscription_id, action.location)
        subscription = with_changes(base, state.changes)
        if action.what in (Control.CHANGE, Control.OPTIONS):
            window = state.window if action.what is Control.CHANGE else "".join(action.chosen)
            if window not in WINDOWS:
                raise unreadable()
            typed = state.typed if action.what is Control.CHANGE else {}
            choose = _chooses(subscription) and not window
            await response.open(subscription_modal(subscription, window=window, choose=choose, typed=typed))
        elif action.what is Control.PREVIEW:
            request = Preview(channel=subscription.channel, user=action.location.user, subscription=subscription)
            await self.answer(
                response, partial(self.reply, AnswerRequest(location=action.location, requests=(request,)))
            )
        elif action.what is Control.KEEP:
            await self._keep(subscription, action, response)
        elif action.chosen:
            changes = {**state.changes, **chosen(action.what, action.chosen[0])}
            await response.change(self._drawn(base, DraftState(changes=changes)))

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
        if not subscription.id:
            # The draft may have stood there for an hour: the channel may be another one now.
            await self.check(subscription.channel)
            # The id is the same if the button is clicked twice, so that one subscription is saved.
            name = hashlib.sha256(f"{subscription.channel} {action.location.message}".encode()).hexdigest()[:_NAME]
            subscription = replace(subscription, id=name)
        request = Subscribe(channel=subscription.channel, user=action.location.user, subscription=subscription)
        return await self.reply(AnswerRequest(location=action.location, requests=(request,)))


def _chooses(subscription: Subscription) -> bool:
    """Return whether a person chooses the channel: of a new subscription, in a server."""
    return not subscription.id and bool(subscription.channel.workspace)


def _new(channel: Channel, location: Location) -> Subscription:
    """Return a new subscription in the language of the server, or else of the person who makes it.

    A server that nobody gave a language is English for Discord, so that English says nothing.
    """
    known = load_languages()
    named = known.of(location.server_locale) if channel.workspace else ENGLISH
    language = named if named != ENGLISH else known.of(location.locale)
    return Subscription(id="", channel=channel, language="" if language == ENGLISH else language.code)


def _same_server(one: Channel, other: Channel) -> bool:
    return one.workspace == other.workspace and (bool(one.workspace) or one.channel == other.channel)
