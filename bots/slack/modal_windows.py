"""Answer in modals; where a modal cannot be opened or filled, the answer goes to the person as a message."""

import logging

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.domain.replies import Reply
from bots.slack.blocks import Json
from bots.slack.payloads import Location
from bots.slack.responses import ResponseTarget, show
from bots.slack.web_client import UNCONFIRMED, said_by

_log = logging.getLogger(__name__)


async def lay(client: AsyncWebClient, location: Location, view: Json) -> str:
    """Open a modal, or push it onto the one that was clicked in, and return its id; empty if Slack does not let us.

    Slack shows three modals on each other: a fourth replaces the third.
    """
    on_modal = bool(location.view) and not location.home
    put = client.views_push if on_modal else client.views_open
    try:
        opened = await put(trigger_id=location.trigger, view=view)
        return str(opened["view"]["id"])
    except SlackApiError as error:
        said = said_by(error)[0]
        _log.warning("a window could not be opened", extra={"error": said})
        if on_modal and said == "push_limit_reached" and await fill(client, location.view, view):
            return location.view
    except UNCONFIRMED as error:
        _log.warning("a window could not be opened", extra={"error": type(error).__name__})
    return ""


async def fill(client: AsyncWebClient, view_id: str, view: Json, *, view_hash: str = "") -> bool:
    """Replace the content of an open modal, and return whether it is shown: the person may have closed it."""
    try:
        await client.views_update(view_id=view_id, view=view, hash=view_hash or None)
    except SlackApiError as error:
        _log.info("a window could not be filled", extra={"error": said_by(error)[0]})
        return said_by(error)[0] == "hash_conflict"
    except UNCONFIRMED as error:
        _log.warning("a window could not be filled", extra={"error": type(error).__name__})
        return False
    return True


async def fill_or_tell(client: AsyncWebClient, view_id: str, view: Json, reply: Reply, beside: ResponseTarget) -> None:
    """Show a reply in an open modal; if it is not there any more or too small, show it as a message.

    Raises:
        SlackApiError, ClientError, OSError: the message was not accepted either.
    """
    if not view_id or not await fill(client, view_id, view):
        await show(reply, beside)
