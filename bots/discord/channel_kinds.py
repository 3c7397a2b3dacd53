"""Channel types, the tags of a forum, and the time in a snowflake id. Pure functions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from bots.translation.speech import gettext_noop

#: docs.discord.com, Snowflakes: milliseconds since the first second of 2015, above 22 bits.
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
#: A post takes five tags at most (docs.discord.com, Start Thread in Forum or Media Channel).
_MOST_TAGS = 5
#: Names of the tags that fit a digest on any topic.
OUR_TAGS = ("paperwire", "papers", "paper", "digest", "digests", "paper digest")
#: Why nothing can be posted to a locked thread, and what mends it.
LOCK = (
    gettext_noop("The thread is locked, so nothing can be posted there."),
    gettext_noop("Unlock the thread, or subscribe in its channel."),
)
#: docs.discord.com, Channel Flags.
_REQUIRE_TAG = 1 << 4


class ChannelKind(IntEnum):
    """Types of channels (docs.discord.com, Channel Types)."""

    TEXT = 0
    DIRECT = 1
    GROUP = 3
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


THREADS = frozenset({ChannelKind.ANNOUNCEMENT_THREAD, ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD})
#: Channel types that a subscription can post to: they accept the bot's messages and are permanent.
TARGETS = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, *sorted(THREADS), ChannelKind.FORUM)
FORUMS = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})


def when(snowflake: str) -> datetime:
    """Return the instant at which an id was created; Discord's epoch if it is not an id."""
    return _EPOCH + timedelta(milliseconds=int(snowflake) >> 22) if snowflake.isdigit() else _EPOCH


def snowflake_at(instant: datetime) -> str:
    """Return the smallest id that could have been created at an instant."""
    return str(max(int((instant - _EPOCH).total_seconds() * 1000), 0) << 22)


def tags_of(channel: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the ids of the forum tags for a digest; None if the forum requires a tag and has none for us."""
    tags: Sequence[Mapping[str, Any]] = channel.get("available_tags") or ()
    ours = [str(tag["id"]) for tag in tags if str(tag.get("name", "")).strip().casefold() in OUR_TAGS]
    if not ours and int(channel.get("flags") or 0) & _REQUIRE_TAG:
        return None
    return tuple(ours[:_MOST_TAGS])
