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

    @property
    def liked(self) -> bool:
        """Whether the person wants such papers."""
        return self is not Sign.HIDDEN


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """What one person said of one paper in one channel."""

    #: The paper as it was then.
    paper: Paper
    sign: Sign
    #: The platform's id of the person; empty where the platform has none.
    user: str
    at: datetime
