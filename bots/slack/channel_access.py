"""Whether the bot can post in a channel, asked before anything is promised there; it joins public channels."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import at
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, ChannelGone, DeliveryError, NotAllowed, PaperwireError, PostUnknown
from bots.slack.refusals import LATER, LOST, reason
from bots.slack.web_client import UNCONFIRMED, headers_of, said_by
from bots.translation.speech import gettext

#: Seconds for all calls of one check; a person waits for it.
_CHECK = 5.0
_POST_ANYWHERE = "chat:write.public"
_HIDDEN = frozenset({"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"})
#: Ids of channels, group messages, direct messages and people; a name such as #papers can change hands.
_ID = re.compile(r"[CGDUW][A-Z0-9]+")
#: For the operator, who alone names channels.
_FORM = "Give slack:WORKSPACE:CHANNEL with its id: open the channel's details, and copy the Channel ID at the bottom."


async def check_access(client: AsyncWebClient, channel: Channel, *, otherwise: str = "") -> None:
    """Return if the bot can post in a channel; join it if it is public and the bot is not in it.

    Args:
        client: the Web API client of the workspace.
        channel: the channel.
        otherwise: what was not done, as a clause in the current language; empty: nothing was subscribed.

    Raises:
        NotAllowed: the bot cannot post there; the hint says what a person can do.
        PaperwireError: Slack did not answer.
    """
    otherwise = otherwise or gettext("nothing was subscribed")
    try:
        async with asyncio.timeout(_CHECK):
            await _check(client, channel.channel)
    except _NotInIt as error:
        raise _not_in_it(otherwise) from error
    except SlackApiError as error:
        raise _refusal(error, otherwise) from error
    except (*UNCONFIRMED, ValueError) as error:
        said = gettext("Slack did not answer when Paperwire asked whether it may post in that channel.")
        raise PaperwireError(said, hint=_again()) from error


async def check_channel(client_of: Callable[[str], Awaitable[AsyncWebClient]], channel: Channel) -> None:
    """Return if digests can be posted to a channel that the operator named; see `ChecksChannels.check_channel`.

    Raises:
        BadCommand: the id is none of Slack's.
        ChannelGone: the bot cannot post there.
        PostUnknown: Slack does not tell.
    """
    if not _ID.fullmatch(channel.channel):
        raise BadCommand(f"{channel} is no channel of Slack.", hint=_FORM)
    try:
        await check_access(
            await client_of(channel.workspace), channel, otherwise=gettext("nothing was posted or subscribed")
        )
    except NotAllowed as error:
        raise ChannelGone(str(error), hint=error.hint) from error
    except DeliveryError:
        raise
    except PaperwireError as error:
        raise PostUnknown(str(error), hint=error.hint) from error


async def _check(client: AsyncWebClient, channel: str) -> None:
    if channel.startswith("D"):
        await _check_direct(client, channel)
    elif channel.startswith(("C", "G")):
        await _check_channel(client, channel)


async def _check_direct(client: AsyncWebClient, channel: str) -> None:
    """Check that these direct messages are with the bot: a command can be typed in anybody's."""
    try:
        await client.conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        if said_by(error)[0] in _HIDDEN:
            raise NotAllowed(
                gettext("Paperwire cannot post in a conversation between other people."),
                hint=gettext("Subscribe in a channel, or in your direct messages with Paperwire."),
            ) from error
        # Whether the history may be read says nothing about posts.
        if said_by(error)[0] in LOST and said_by(error)[0] != "missing_scope":
            raise


async def _check_channel(client: AsyncWebClient, channel: str) -> None:
    answer = await client.conversations_info(channel=channel)
    about = answer.get("channel") or {}
    if at(about, "is_archived"):
        raise NotAllowed(gettext("That channel is archived."), hint=gettext("Unarchive it, or choose another channel."))
    if at(about, "is_member"):
        return
    if at(about, "is_private") or at(about, "is_mpim"):
        raise _NotInIt
    try:
        await client.conversations_join(channel=channel)
    except SlackApiError as error:
        if said_by(error)[0] in LOST and said_by(error)[0] != "missing_scope":
            raise
        if _POST_ANYWHERE not in _granted(answer.headers):
            raise _NotInIt from error


def _granted(headers: Mapping[str, Any]) -> frozenset[str]:
    lowered = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    return frozenset(each.strip() for each in lowered.get("x-oauth-scopes", "").split(","))


class _NotInIt(Exception):
    """The bot is not in the channel and cannot join it."""


def _not_in_it(otherwise: str) -> NotAllowed:
    return NotAllowed(
        gettext("Paperwire is not in that channel and cannot post there yet."),
        hint=gettext("In the channel, type /invite @Paperwire, then try again: {undone}.", undone=otherwise),
    )


def _refusal(error: SlackApiError, otherwise: str) -> PaperwireError:
    said, status = said_by(error)
    if said in _HIDDEN:
        return _not_in_it(otherwise)
    if said == "missing_scope":
        # Without it nothing is known about the channel, so nothing is promised.
        needed = str(getattr(error.response, "data", {}).get("needed", "") or "channels:read")
        if needed.startswith("mpim"):
            return NotAllowed(
                gettext("Paperwire cannot post in group messages."), hint=gettext("Subscribe in a channel.")
            )
        return NotAllowed(
            gettext(
                "Paperwire cannot see whether it may post there: the app lacks the permission {permission}.",
                permission=needed,
            ),
            hint=gettext("Ask whoever runs Paperwire to install it again with all of its permissions."),
        )
    why, remedy = reason(said)
    if why:
        return NotAllowed(gettext("Paperwire cannot post there: {why}.", why=why), hint=remedy)
    wait = headers_of(error).get("retry-after") if status == 429 or said in LATER else None
    hint = gettext("Try again in {wait} seconds.", wait=wait) if wait else _again()
    return PaperwireError(gettext("Slack did not say whether Paperwire may post in that channel."), hint=hint)


def _again() -> str:
    return gettext("Try again in a minute.")
