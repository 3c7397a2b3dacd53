"""What Discord's refusals mean for a part of a digest, and what helps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import discord

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

#: Refused for good, and what helps (docs.discord.com, JSON Error Codes).
GONE: Mapping[int, str] = {
    10003: "The channel or thread was deleted: subscribe in another.",
    10004: "Paperwire is not in that server any more: paperwire discord invite",
    50001: "Let Paperwire see the channel: Edit Channel, Permissions, View Channel.",
    50007: "That person takes no messages from Paperwire.",
    50008: "Choose a text channel, an announcement channel, a thread or a forum.",
    50013: "Give Paperwire what it lacks there; paperwire doctor says what: Edit Channel, Permissions.",
    50024: "Choose a text channel, an announcement channel, a thread or a forum.",
    160005: "The thread is locked: unlock it, or subscribe in its channel.",
    40066: "Only moderators may use that forum's tags: let Paperwire manage threads, or add a tag named papers.",
    40067: "The forum wants a tag on each post: add one named papers.",
    200000: "The server's AutoMod blocked the digest: exempt Paperwire's role in its rules.",
    200001: "The server's AutoMod blocked the digest: exempt Paperwire's role in its rules.",
    340013: "The server does not let apps post there.",
}
#: Nothing was posted, and the same will never be: what we made is too large or ill-formed.
_TOO_LARGE = frozenset({50006, 50035, 40005})
#: Not now.
_LATER = frozenset({20016, 20028, 30046, 40062, 130000, 110000})
#: There is no such thread any more, or none can be begun there; the channel is still there.
NO_THREAD = frozenset({10003, 50001, 50013, 50024, 50083, 160002, 160005, 160006, 10008})
#: The thread is there already.
THREAD_EXISTS = 160004
#: What was sent under this nonce was deleted since: it was there.
DELETED_SINCE = 10008
#: The post is published already.
PUBLISHED = 40033
#: The channel is a forum, which takes posts and no messages.
FORUM = 50008
_LOOK_AT_IT = "paperwire doctor says what is wrong with the token."


@contextmanager
def translated(channel: Channel, *, asking: bool = False) -> Iterator[None]:
    """Turn what Discord answers into what delivery understands.

    Args:
        channel: where it was asked.
        asking: whether a history is read; then what may not be read can never be asked.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise PostRefused("Discord asks to wait.", retry_after=error.retry_after) from error
    except discord.HTTPException as error:
        raise meaning(channel, error.status, error.code, said_by(error), asking=asking) from error
    except SettingsError as error:
        raise PostRefused(str(error), hint=error.hint, everywhere=True) from error
    except aiohttp.ClientConnectorError as error:
        # Never reached: nothing was posted.
        raise PostRefused(f"Discord cannot be reached: {error}.", everywhere=True) from error
    except (TimeoutError, aiohttp.ClientError, discord.DiscordException, OSError, ValueError) as error:
        raise PostUnknown(f"Discord did not answer: {type(error).__name__}.") from error


def meaning(
    channel: Channel, status: int, code: int, said: str, *, asking: bool = False, retry_after: float | None = None
) -> DeliveryError:
    """Return what an answer means for delivery.

    Args:
        channel: where it was asked.
        status: of HTTP.
        code: Discord's own; 0 where it gave none.
        said: its word for it.
        asking: whether a history was to be read.
        retry_after: seconds, where it said.
    """
    if status == 401:
        return PostRefused(f"Discord does not take the token: {said}.", hint=_LOOK_AT_IT, everywhere=True)
    if status == 429 or code in _LATER:
        # Without a word of its own it is the guard in front of Discord, which shuts everything out.
        return PostRefused(
            f"Discord asks to wait: {said}.", retry_after=retry_after, everywhere=status == 429 and not code
        )
    if asking and code in (50001, 50013):
        return HistoryClosed(f"Discord does not let us read {channel}: {said}.", hint=GONE[code])
    if code in GONE:
        return ChannelGone(f"Discord refused {channel}: {said}.", hint=GONE[code])
    if code in _TOO_LARGE or status == 413:
        return PostTooLarge(f"Discord found the message too large or ill-formed: {said}.")
    if status in (403, 404):
        return ChannelGone(f"Discord refused {channel}: {said}.", hint="paperwire doctor looks at the channel.")
    return PostUnknown(f"Discord failed: {said}.")
