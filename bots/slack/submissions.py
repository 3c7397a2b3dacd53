"""Respond to submitted modals: at once, or, if that takes longer, in the modal when the answer is ready."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import text_at
from bots.chat.waiting import PATIENCE, announce_if_slow
from bots.domain.channels import Channel
from bots.domain.errors import PaperwireError, RequestError
from bots.domain.replies import Problem, Reply, Trouble
from bots.slack.actions import AnswerRequest
from bots.slack.blocks import Json, said
from bots.slack.failures import FAILURES, ours, unanswered
from bots.slack.fields import Refused, refused
from bots.slack.form_handler import Submitted, waiting
from bots.slack.form_modal import form_modal
from bots.slack.handler import ActionHandler, Body, Call, location_or_none
from bots.slack.modal_windows import fill_or_tell
from bots.slack.modals import modal, read_share, read_summarize, reply_modal
from bots.slack.payloads import location_of
from bots.slack.response_targets import target
from bots.slack.subscription_form import form_of, hides_error, notes_of
from bots.translation.speech import gettext, pgettext
from bots.usecases.problems import problem

_log = logging.getLogger(__name__)

Ack = Callable[..., Awaitable[Any]]


class Submissions:
    """Receives submitted modals."""

    def __init__(self, handler: ActionHandler) -> None:
        self._handler = handler

    async def summarize(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Summarise the text in the submitted modal and show the blurb there."""
        read = _read_or_problem(read_summarize, body)
        if isinstance(read, Refused):
            await ack(response_action="errors", errors=dict(read.errors))
            return
        if isinstance(read, Problem):
            await ack(response_action="update", view=_told(read, body))
            return
        announce = partial(ack, response_action="update", view=waiting(read))
        reply, announced = await announce_if_slow(self._handler.answer(read, client), announce, patience=PATIENCE)
        if announced:
            await self._show_later(reply, Call(body, client))
        else:
            await ack(**_in_modal(reply, body, "abstract"))

    async def subscribe(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Store the subscription in the submitted modal; all validation errors appear under their fields at once.

        If Slack is slow to tell whether the bot can post in the channel, the modal waits, and keeps what was typed.
        """
        call = Call(body, client)
        announce = partial(ack, response_action="update", view=_checking(body))
        done, announced = await announce_if_slow(self._submitted(call), announce, patience=PATIENCE)
        # A problem closes no form: what was typed stays, and can be sent in again.
        result = _under_sources(done.result) if isinstance(done.result, Problem) else done.result
        if isinstance(result, Refused):
            await self._show_errors(result, call, ack, announced=announced)
        elif announced:
            await self._show_later(result, call)
        else:
            await ack(**_in_modal(result, body, "source"))
        await self._redraw_home(result, call)
        if done.ask is not None and not isinstance(done.result, Refused):
            await self._handler.announce(done.ask, call, done.result)

    async def share(self, ack: Ack, body: Body, client: AsyncWebClient) -> None:
        """Show a paper in the channel that was chosen in the submitted modal."""

        async def shared() -> Reply:
            try:
                return await self._handler.share(read_share(body), Call(body, client))
            except PaperwireError as error:
                return problem(error)
            except FAILURES as error:
                return unanswered(error)

        announce = partial(ack, response_action="update", view=_checking(body))
        reply, announced = await announce_if_slow(shared(), announce, patience=PATIENCE)
        if announced:
            await self._show_later(reply, Call(body, client))
        else:
            await ack(**_in_modal(reply, body, "place"))

    async def _submitted(self, call: Call) -> Submitted:
        try:
            return await self._handler.forms.submitted(call.body, call.client)
        except PaperwireError as error:
            return Submitted(result=problem(error))
        except Exception:  # noqa: BLE001 - a bug must not leave a person with a form that does nothing
            _log.exception("a form could not be read")
            return Submitted(result=ours())

    async def _show_errors(self, wrong: Refused, call: Call, ack: Ack, *, announced: bool) -> None:
        """Show each error under its field; if the form hides one of the fields, or waits, above the whole form."""
        if not announced and not hides_error(call.body.get("view"), wrong):
            await ack(response_action="errors", errors=dict(wrong.errors))
            return
        notes = notes_of(wrong)
        try:
            kept = await self._handler.forms.kept(call.body)
            view = form_modal(form_of(call.body, kept=kept, notes=notes))
            told = Problem(message=gettext("Nothing was subscribed."), hint=" ".join(notes))
        except PaperwireError as error:
            told = problem(error)
            view = _told(told, call.body)
        if announced:
            await self._fill_or_tell(view, told, call)
        else:
            await ack(response_action="update", view=view)

    async def _show_later(self, reply: Reply, call: Call) -> None:
        location = location_of(call.body)
        view = reply_modal(reply, location.channel, direct=location.direct)
        await self._fill_or_tell(view, reply, call)

    async def _fill_or_tell(self, view: Json, reply: Reply, call: Call) -> None:
        beside = target(call.client, location_of(call.body), call.body)
        try:
            await fill_or_tell(call.client, text_at(call.body, "view", "id"), view, reply, beside)
        except FAILURES as error:
            _log.warning("an answer could not be shown", extra={"error": repr(error)[:200]})

    async def _redraw_home(self, result: Reply | Refused, call: Call) -> None:
        location = location_or_none(call.body)
        if location and location.direct and not isinstance(result, Refused | Problem):
            await self._handler.redraw_home(location, call.client)


def _in_modal(reply: Reply, body: Body, field: str) -> dict[str, Any]:
    """Return the response to a submitted modal: an update with the reply, or an error under one field."""
    if isinstance(reply, Problem) and reply.kind in (Trouble.REQUEST, Trouble.SETTINGS):
        wrong = refused([(field, f"{reply.message} {reply.hint}".strip())])
        return {"response_action": "errors", "errors": dict(wrong.errors)}
    location = location_of(body)
    view = reply_modal(reply, location.channel, direct=location.direct)
    return {"response_action": "update", "view": view}


def _under_sources(told: Problem) -> Refused:
    """Return a problem as an error under the first field that every form has."""
    return refused([("source", f"{told.message} {told.hint}".strip())])


def _told(told: Problem, body: Body) -> Json:
    """Return a problem as a modal, even for a payload that names no channel."""
    location = location_or_none(body)
    return reply_modal(told, location.channel if location else Channel(platform="slack"))


def _checking(body: Body) -> Json:
    """Return the placeholder modal of a form that is being checked; what it is about stays in its metadata."""
    location = location_or_none(body)
    channel = location.channel if location else Channel(platform="slack")
    direct = location.direct if location else ""
    return modal(pgettext("title", "One moment"), [said(gettext("Checking…"))], channel=channel, about={"home": direct})


def _read_or_problem(
    read: Callable[[object], AnswerRequest | Refused], body: Body
) -> AnswerRequest | Refused | Problem:
    try:
        return read(body)
    except RequestError as error:
        return problem(error)
