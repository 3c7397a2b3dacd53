"""What is followed, and who may be mentioned, in dictionaries."""

from dataclasses import replace
from datetime import datetime

from bots.domain.channels import Channel, Reader
from bots.domain.follows import Consents, Follow, FollowKind
from bots.store._memory_tastes import MemoryTastes
from bots.store.rules import utc


class MemoryFollows(MemoryTastes):
    """Stores what people and channels follow; see `bots.ports.Follows`."""

    def __init__(self) -> None:
        super().__init__()
        self._follows: dict[Channel | Reader, dict[tuple[FollowKind, str], Follow]] = {}
        self._consents: dict[Channel, dict[str, Reader]] = {}

    async def keep_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """Let a person or a channel follow something; return False and change nothing if they do already."""
        theirs = self._follows.setdefault(who, {})
        fresh = follow.key not in theirs
        theirs.setdefault(follow.key, replace(follow, at=utc(follow.at)))
        return fresh

    async def drop_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """End that a person or a channel follows something; return False if they do not."""
        theirs = self._follows.get(who, {})
        gone = theirs.pop(follow.key, None)
        if not theirs:
            self._follows.pop(who, None)
        return gone is not None

    async def follows(self, who: Channel | Reader) -> tuple[Follow, ...]:
        """Return what a person or a channel follows, oldest first."""
        return tuple(sorted(self._follows.get(who, {}).values(), key=lambda each: (each.at, *each.key)))

    async def agree(self, channel: Channel, reader: Reader, *, now: datetime) -> bool:  # noqa: ARG002 - the port's
        """Record that a person may be mentioned in a channel; return False if they may already."""
        here = self._consents.setdefault(channel, {})
        fresh = reader.user not in here
        here.setdefault(reader.user, reader)
        return fresh

    async def withdraw(self, channel: Channel, user: str) -> bool:
        """Record that a person, or without a user anyone, may not be mentioned in a channel; False if so already."""
        here = self._consents.get(channel, {})
        gone = here.pop(user, None)
        if not here:
            self._consents.pop(channel, None)
        return gone is not None

    async def consents(self, channel: Channel) -> Consents:
        """Return who may be mentioned in a channel."""
        here = self._consents.get(channel, {})
        return Consents(allowed="" in here, readers=tuple(here[user] for user in sorted(here) if user))

    def _forget_follows(self, platform: str, workspace: str) -> int:
        theirs = [each for each in self._follows if (each.platform, each.workspace) == (platform, workspace)]
        places = [each for each in self._consents if (each.platform, each.workspace) == (platform, workspace)]
        gone = sum(len(self._follows.pop(who)) for who in theirs)
        return gone + sum(len(self._consents.pop(channel)) for channel in places)
