"""What people said of papers in a channel, from which the channel's ranking learns."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.papers import Paper

#: The latest statements that a channel's ranking learns from. Fitting takes some 20 ms for these; a channel with five
#: clicks a day reaches this number in four months, in which its interests may have changed anyway.
MOST_LEARNED = 500


class Sign(StrEnum):
    """How a person showed what they think of a paper."""

    #: They saved it.
    SAVED = "saved"
    #: They asked for more papers like it.
    MORE = "more"
    #: They hid it from the channel's digests: "Not for us".
    HIDDEN = "hidden"
    #: They gave it as an example of what the channel wants to read.
    EXAMPLE = "example"
    #: They reacted to its message with a heart, a thumb up or the like; with a thumb down.
    LIKED = "liked"
    DISLIKED = "disliked"

    @property
    def liked(self) -> bool:
        """Whether the person wants such papers."""
        return self not in (Sign.HIDDEN, Sign.DISLIKED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """What one person said of one paper in one channel."""

    #: The paper as it was then.
    paper: Paper
    sign: Sign
    #: The platform's id of the person; empty where the platform has none.
    user: str
    at: datetime
    #: How many papers they spoke of at once: a reaction is on a whole message, and says less of each of its papers.
    among: int = 1
