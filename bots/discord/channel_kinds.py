"""What kind of channel a digest goes to, what a forum calls its tags, and when something was written. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

#: docs.discord.com, Snowflakes: milliseconds since the first second of 2015, above 22 bits.
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
#: A post takes five at most (docs.discord.com, Start Thread in Forum or Media Channel).
_MOST_TAGS = 5
#: Names of tags that a digest belongs under, whatever it is about.
OUR_TAGS = ("paperwire", "papers", "paper", "digest", "digests", "paper digest")
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
#: Where a digest may be ordered: everything that takes messages of ours and stays.
TARGETS = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, *sorted(THREADS), ChannelKind.FORUM)
FORUMS = frozenset({ChannelKind.FORUM, ChannelKind.MEDIA})


def when(snowflake: str) -> datetime:
    """Return the instant that an id was made; the beginning for what is no id."""
    return _EPOCH + timedelta(milliseconds=int(snowflake) >> 22) if snowflake.isdigit() else _EPOCH


def snowflake_at(instant: datetime) -> str:
    """Return the smallest id that could have been made at an instant."""
    return str(max(int((instant - _EPOCH).total_seconds() * 1000), 0) << 22)


def tags_of(channel: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the ids of a forum's tags that a digest is posted under; None where it wants one and has none for us."""
    tags: Sequence[Mapping[str, Any]] = channel.get("available_tags") or ()
    ours = [str(tag["id"]) for tag in tags if str(tag.get("name", "")).strip().casefold() in OUR_TAGS]
    if not ours and int(channel.get("flags") or 0) & _REQUIRE_TAG:
        return None
    return tuple(ours[:_MOST_TAGS])
