"""Interfaces to the database: what people said of papers, what they follow, and who agreed to be mentioned."""

from datetime import datetime
from typing import Protocol

from bots.domain.channels import Channel, Reader
from bots.domain.feedback import MOST_LEARNED, Feedback, Sign
from bots.domain.follows import Consents, Follow
from bots.domain.papers import PaperId


class Tastes(Protocol):
    """Stores what people said of papers in a channel. Any name of a paper identifies it."""

    async def keep_feedback(self, channel: Channel, feedback: Feedback) -> None:
        """Store what a person said of a paper; one of another sign stays, one of the same sign is replaced."""
        ...

    async def drop_feedback(self, channel: Channel, paper_id: PaperId, sign: Sign, *, user: str | None = None) -> bool:
        """Delete what was said of a paper by this sign, by a person or by everyone; return False if it was not."""
        ...

    async def feedback(self, channel: Channel, *, limit: int = MOST_LEARNED) -> tuple[Feedback, ...]:
        """Return the latest feedback of a channel, the latest first; what was said at one instant by id and person."""
        ...

    async def reset_feedback(self, channel: Channel) -> int:
        """Delete all feedback of a channel; return how many statements it had."""
        ...


class Follows(Protocol):
    """Stores what people and channels follow, and who agreed to be mentioned in a channel."""

    async def keep_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """Let a person or a channel follow something; return False and change nothing if they do already."""
        ...

    async def drop_follow(self, who: Channel | Reader, follow: Follow) -> bool:
        """End that a person or a channel follows something; return False if they do not."""
        ...

    async def follows(self, who: Channel | Reader) -> tuple[Follow, ...]:
        """Return what a person or a channel follows, oldest first."""
        ...

    async def agree(self, channel: Channel, reader: Reader, *, now: datetime) -> bool:
        """Record that a person may be mentioned in a channel; return False if they may already.

        A reader without a user stands for the channel: mentions are allowed there at all.
        """
        ...

    async def withdraw(self, channel: Channel, user: str) -> bool:
        """Record that a person, or without a user anyone, may not be mentioned in a channel; False if so already."""
        ...

    async def consents(self, channel: Channel) -> Consents:
        """Return who may be mentioned in a channel."""
        ...
