"""Execute what people do with the subscription form: open it, show all of it, preview it, submit it."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at, text_at
from bots.domain.errors import NotAllowed, PaperwireError
from bots.domain.replies import DigestReply, Problem, Reply
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Subscription
from bots.slack.actions import AnswerRequest, OpenPreview, OpenSubscribe, RedrawForm
from bots.slack.blocks import Json, said
from bots.slack.channel_access import check_access
from bots.slack.fields import Refused, has_field, refused
from bots.slack.form_modal import PLACE, form_modal
from bots.slack.modal_windows import fill, fill_or_tell, lay
from bots.slack.modals import modal, preview_modal, reply_modal
from bots.slack.payloads import location_of
from bots.slack.people import People
from bots.slack.permissions import Permissions
from bots.slack.response_targets import EphemeralTarget
from bots.slack.responses import Responder
from bots.slack.subscription_form import (
    chosen_channel,
    form_of,
    notes_of,
    read_preview,
    read_subscribe,
    sources_in,
    subscribe_modal,
    subscription_in,
)
from bots.translation.speech import gettext, pgettext
from bots.usecases.service import Service
from bots.usecases.subscription_choice import chosen

Body = Mapping[str, Any]
#: Hexadecimal digits of a subscription id: short enough to read out, and unique among ten thousand.
_NAME = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """The result of a submitted form: validation errors, or a reply."""

    result: Reply | Refused
    #: What was asked for, if the form could be read.
    ask: AnswerRequest | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormHandler:
    """Opens, shows and submits subscription forms."""

    service: Service
    people: People
    permissions: Permissions
    responder: Responder

    async def open(self, action: OpenSubscribe, client: AsyncWebClient) -> None:
        """Open the form, for who may subscribe.

        Raises:
            NotAllowed: the person may not, or the subscription belongs to another channel.
            PaperwireError: the window cannot be opened, or the database cannot be read.
        """
        location = action.location
        # Together: a trigger id, which opens a modal, expires after three seconds.
        zone, _, subscription = await asyncio.gather(
            self.people.zone(client, location.reader),
            self.permissions.check_opening(location, client),
            self._edited(action),
        )
        if subscription is not None and subscription.channel != location.channel:
            said = gettext("That subscription belongs to another channel.")
            raise NotAllowed(said, hint=gettext("Edit it in that channel."))
        if subscription is None and action.subscription_id:
            raise _has_ended()
        choose = bool(location.direct) or location.channel.channel == location.user
        view = subscribe_modal(
            location.channel, zone=zone, subscription=subscription, choose=choose, direct=location.direct
        )
        if not await lay(client, location, view):
            said = gettext("The form could not be opened: Slack waits three seconds for it.")
            raise PaperwireError(said, hint=gettext("Try again."))

    async def _edited(self, action: OpenSubscribe) -> Subscription | None:
        if action.named is None:
            return await self._stored(action.subscription_id)
        return chosen(await self.service.store.subscriptions(action.location.channel), action.named, "edit")

    async def _stored(self, name: str) -> Subscription | None:
        return await self.service.store.subscription(name) if name else None

    async def redraw(self, action: RedrawForm, body: Body, client: AsyncWebClient) -> None:
        """Show all fields of the form or the few, with what was entered so far."""
        form = form_of(body, kept=await self.kept(body), unfolded=action.unfolded)
        if not await fill(client, action.location.view, form_modal(form), view_hash=action.location.view_hash):
            said = gettext("Slack could not redraw the form.")
            raise PaperwireError(said, hint=gettext("Press the button again."))

    async def preview(self, action: OpenPreview, body: Body, client: AsyncWebClient) -> None:
        """Push a preview of the subscription onto the form, or what the form needs first."""
        read = read_preview(body, kept=await self.kept(body))
        location = action.location
        beside = EphemeralTarget(client, location)
        if isinstance(read, Refused):
            wrong = " ".join(notes_of(read))
            told = Problem(message=gettext("The preview needs a correction in the form."), hint=wrong)
            view = reply_modal(told, location.channel)
            await fill_or_tell(client, await lay(client, location, view), view, told, beside)
            return
        view_id = await lay(client, location, waiting(read))
        reply = await self.responder.reply(read.request, check=lambda: self.permissions.check(read, client))
        shown = (
            preview_modal(reply.digest) if isinstance(reply, DigestReply) else reply_modal(reply, read.location.channel)
        )
        # Three modals on each other: the form itself was not replaced, and a preview may not replace it.
        await fill_or_tell(client, "" if view_id == location.view else view_id, shown, reply, beside)

    async def kept(self, body: Body) -> Subscription | None:
        """Return the stored subscription that a modal edits; None for a new subscription or another channel's."""
        subscription = await self._stored(subscription_in(at(body, "view")))
        return subscription if subscription and subscription.channel == location_of(body).channel else None

    async def _still_kept(self, body: Body) -> Subscription | None:
        """Return the stored subscription that a modal edits; None for a new subscription.

        Raises:
            NotAllowed: it has ended meanwhile; a new one would lack what the form does not show.
        """
        kept = await self.kept(body)
        if kept is None and subscription_in(at(body, "view")):
            raise _has_ended()
        return kept

    async def submitted(self, body: Body, client: AsyncWebClient) -> Submitted:
        """Store the subscription in a submitted form, or return all that is wrong with it at once.

        Raises:
            PaperwireError: the database cannot be read, or the modal is not ours.
        """
        await self.permissions.check_opening(location_of(body), client)
        read = read_subscribe(body, kept=await self._still_kept(body))
        errors = dict(read.errors) if isinstance(read, Refused) else {}
        for name, wrong in (await self._outside_errors(body, client)).items():
            errors[name] = f"{errors[name]} {wrong}" if name in errors else wrong
        if errors or isinstance(read, Refused):
            return Submitted(result=refused(errors.items()))
        ask = _named(read, body)
        reply = await self.responder.reply(
            ask.request, check=lambda: self.permissions.check(ask, client, asked_access=True)
        )
        return Submitted(result=reply, ask=ask)

    async def _outside_errors(self, body: Body, client: AsyncWebClient) -> dict[str, str]:
        """Return what is wrong with the sources and with the channel, which only others than the grammar know."""
        view, location = at(body, "view"), location_of(body)
        asked = Subscribe(
            channel=location.channel, user=location.user, subscription=Subscription(id="", channel=location.channel)
        )
        errors = {}
        if wrong := self.service.source_errors(sources_in(body), asked):
            errors["source"] = " ".join(wrong)
        try:
            await check_access(client, chosen_channel(body))
        except PaperwireError as error:
            name = PLACE if has_field(view, PLACE) else "source"
            errors[name] = f"{errors.get(name, '')} {error} {error.hint}".strip()
        return errors


def _has_ended() -> NotAllowed:
    return NotAllowed(gettext("That subscription has ended."), hint=gettext("Make a new one."))


def waiting(ask: AnswerRequest) -> Json:
    """Return the placeholder modal that is open until the reply is ready."""
    about = {"home": ask.location.direct}
    return modal(
        pgettext("title", "One moment"), [said(gettext("Reading…"))], channel=ask.location.channel, about=about
    )


def _named(ask: AnswerRequest, body: Body) -> AnswerRequest:
    """Return a new subscription with an id derived from its modal, so that resubmitting it creates no other."""
    request, view = ask.request, text_at(body, "view", "id")
    if not isinstance(request, Subscribe) or request.subscription.id or not view:
        return ask
    name = hashlib.sha256(f"{ask.location.channel} {view}".encode()).hexdigest()[:_NAME]
    return replace(ask, request=replace(request, subscription=replace(request.subscription, id=name)))
