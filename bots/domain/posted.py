"""Papers that were posted in a channel, each with its time and its message."""

from dataclasses import dataclass
from datetime import datetime

from bots.domain.papers import Paper


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class PostedMark:
    """A message's place in the order in which a channel's messages were posted."""

    at: datetime
    #: The key of the message's part in the ledger.
    part_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedPaper:
    """A paper and the first message that showed it in a channel."""

    #: As it is known now.
    paper: Paper
    mark: PostedMark
