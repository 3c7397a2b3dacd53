"""Translate Discord's error responses into delivery errors, with a hint for the fix."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import discord

from bots.discord.channel_kinds import LOCK, ChannelKind
from bots.discord.permissions import ADD_A_TAG, Permission, names_of, needed_in
from bots.discord.transport import said_by
from bots.domain.channels import Channel
from bots.domain.errors import (
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PostRefused,
    PostTooLarge,
    PostUnknown,
    SettingsError,
)
from bots.translation.speech import gettext_lazy, gettext_noop

_ELSEWHERE = gettext_noop("Subscribe in a text channel, an announcement channel, a thread or a forum.")
_WRONG_KIND = (gettext_noop("Digests cannot be posted in that type of channel."), _ELSEWHERE)
_AUTOMOD = (
    gettext_noop("The server's AutoMod blocked the digest."),
    gettext_noop("Someone with the permission {right} can exempt Paperwire's role: Server Settings, AutoMod."),
)
_GIVE = gettext_noop(
    "Someone with the permission {right} can mend that: Edit Channel, Permissions, add Paperwire, allow {permissions}."
)
#: Permanent refusals (docs.discord.com, JSON Error Codes): what is wrong, in words, and what a member can do.
GONE: Mapping[int, tuple[str, str]] = {
    10003: (gettext_noop("The channel or thread was deleted."), gettext_noop("Subscribe in another one.")),
    10004: (
        gettext_noop("Paperwire is no longer in this server."),
        gettext_noop("Ask whoever runs Paperwire for the link that invites it again."),
    ),
    50001: (gettext_noop("Paperwire cannot see that channel: it lacks the permission {permissions}."), _GIVE),
    50007: (
        gettext_noop("That person does not accept direct messages from Paperwire."),
        gettext_noop("Allow direct messages from this server."),
    ),
    50008: _WRONG_KIND,
    50013: (gettext_noop("Paperwire lacks a permission in that channel."), _GIVE),
    50024: _WRONG_KIND,
    50083: LOCK,
    160005: LOCK,
    40066: (
        gettext_noop("Only moderators may use that forum's tags."),
        gettext_noop(
            "Allow Paperwire the permission {permissions} there, or add a tag named papers that everyone may use."
        ),
    ),
    40067: (gettext_noop("That forum requires a tag on each post."), ADD_A_TAG),
    200000: _AUTOMOD,
    200001: _AUTOMOD,
    340013: (gettext_noop("This server does not let apps post there."), gettext_noop("Subscribe in another channel.")),
}
#: The permissions that some of them name, and the one that a person needs to mend them.
_RIGHTS: Mapping[int, Permission] = {
    50001: Permission.VIEW_CHANNEL,
    50013: needed_in(ChannelKind.TEXT),
    40066: Permission.MANAGE_THREADS,
}
_MENDS: Mapping[int, Permission] = {200000: Permission.MANAGE_SERVER, 200001: Permission.MANAGE_SERVER}
#: Nothing was posted, and a retry would fail too: our message is too large or ill-formed.
_TOO_LARGE = frozenset({50006, 50035, 40005})
#: Temporary refusals: retry later.
_LATER = frozenset({20016, 20028, 30046, 40062, 130000, 110000})
#: The thread does not exist any more, or cannot be created there; the channel still exists.
NO_THREAD = frozenset({10003, 50001, 50013, 50024, 50083, 160002, 160005, 160006, 10008})
#: The thread exists already.
THREAD_EXISTS = 160004
#: The message with this nonce was posted, and has been deleted since.
DELETED_SINCE = 10008
#: The message is published already.
PUBLISHED = 40033
#: The channel is a forum, which accepts posts but no messages.
FORUM = 50008
#: The forum requires a tag on each post.
NEEDS_TAG = 40067
#: What the operator does, who alone sees this hint.
_LOOK_AT_IT = "paperwire doctor shows what is wrong with the token."
#: What a member does about a refusal that has no words of its own.
_CHECK = gettext_noop("Check that Paperwire is in that channel and may post there, or subscribe in another one.")


@contextmanager
def translated(channel: Channel | None, *, asking: bool = False) -> Iterator[None]:
    """Translate the errors of requests to Discord into delivery errors.

    Args:
        channel: the channel of the request; None if it concerns none.
        asking: whether the request reads the history; without the permission to read it, `HistoryClosed` is raised.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise PostRefused(gettext_lazy("Discord's rate limit is reached."), retry_after=error.retry_after) from error
    except discord.HTTPException as error:
        raise meaning(channel or "the call", error.status, error.code, said_by(error), asking=asking) from error
    except SettingsError as error:
        raise PostRefused(str(error), hint=error.hint, everywhere=True) from error
    except aiohttp.ClientConnectorError as error:
        # Discord was not reached: nothing was posted.
        raise PostRefused(gettext_lazy("Discord cannot be reached: {why}.", why=str(error)), everywhere=True) from error
    except (TimeoutError, aiohttp.ClientError, discord.DiscordException, OSError, ValueError) as error:
        raise PostUnknown(gettext_lazy("Discord did not answer: {error}.", error=type(error).__name__)) from error


def meaning(
    channel: Channel | str, status: int, code: int, said: str, *, asking: bool = False, retry_after: float | None = None
) -> DeliveryError:
    """Return the delivery error for an error response.

    Args:
        channel: the channel of the request.
        status: the HTTP status.
        code: Discord's own error code; 0 if it sent none.
        said: Discord's description of the error.
        asking: whether the request reads the history.
        retry_after: seconds, if Discord sent them.
    """
    if status == 401:
        return PostRefused(
            gettext_lazy("Discord refused the token: {why}.", why=said), hint=_LOOK_AT_IT, everywhere=True
        )
    if status == 429 or code in _LATER:
        # Without an error code of Discord's it comes from the proxy in front of Discord, which blocks every request.
        return PostRefused(
            gettext_lazy("Discord's rate limit is reached: {why}.", why=said),
            retry_after=retry_after,
            everywhere=status == 429 and not code,
        )
    if asking and code in (50001, 50013):
        refused = gone(code)
        told = gettext_lazy(
            "Paperwire may not read what was posted in {channel} ({code}): {why}",
            channel=str(channel),
            code=str(code),
            why=refused,
        )
        return HistoryClosed(told, hint=refused.hint)
    if code in GONE:
        return gone(code)
    if code in _TOO_LARGE or status == 413:
        return PostTooLarge(gettext_lazy("Discord refused the message as too large or malformed: {why}.", why=said))
    if status in (403, 404):
        return ChannelGone(
            gettext_lazy("Discord does not let Paperwire post in that channel: {why}.", why=said),
            hint=gettext_lazy(_CHECK),
        )
    return PostUnknown(gettext_lazy("Discord failed: {why}.", why=said))


def gone(code: int) -> ChannelGone:
    """Return the delivery error of a permanent refusal."""
    why, remedy = GONE[code]
    values = {
        "permissions": names_of(_RIGHTS.get(code, Permission(0))),
        "right": names_of(_MENDS.get(code, Permission.MANAGE_CHANNELS)),
    }
    return ChannelGone(gettext_lazy(why, **values), hint=gettext_lazy(remedy, **values))
