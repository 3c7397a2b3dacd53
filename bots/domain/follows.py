"""What people and channels follow, and who agreed to be mentioned in a channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.channels import Reader

#: What one person or one channel may follow: each is compared with every paper, and nobody keeps a longer list in mind.
MOST_FOLLOWED = 50
#: Characters of what is followed; a query takes as many, and names and subjects are shorter.
LONGEST_FOLLOW = 300


class FollowKind(StrEnum):
    """What is followed."""

    #: A person: every paper of theirs is wanted.
    AUTHOR = "author"
    #: A subject in plain words: papers near to it are wanted.
    TOPIC = "topic"
    #: A filter: papers that match it are wanted.
    QUERY = "query"


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """Something that is followed."""

    kind: FollowKind
    #: As the person typed it, on one line.
    text: str
    at: datetime

    @property
    def key(self) -> tuple[FollowKind, str]:
        """What makes two follows the same: the kind and the text, in any case."""
        return self.kind, self.text.casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class Consents:
    """Who may be mentioned in a channel."""

    #: Whether someone who may manage the channel has switched mentions on.
    allowed: bool = False
    #: The people who agreed to be mentioned there, each as the person who follows things; sorted by id.
    readers: tuple[Reader, ...] = ()


class MentionStep(StrEnum):
    """What to do about being mentioned under papers of a channel's digests."""

    SHOW = "show"
    #: The person agrees to be mentioned, or does not any more.
    ON = "on"
    OFF = "off"
    #: For the whole channel.
    ALLOW = "allow"
    FORBID = "forbid"
