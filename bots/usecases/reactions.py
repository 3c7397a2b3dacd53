"""Lets a channel's ranking learn from reactions to its digests: a heart or a thumb, on a message of ours."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.feedback import Feedback, Sign
from bots.ports import Clock, Ledger, Shelf, Tastes

_log = logging.getLogger(__name__)

#: A message with more papers than this tells too little of each; a compact digest has twenty.
_MOST_PAPERS = 20
#: What a reaction says, by its character without a colour of skin; by the names that chats have for them.
OPINIONS: Mapping[str, Sign] = {
    **dict.fromkeys(
        ("👍", "❤", "♥", "🧡", "💛", "💚", "💙", "💜", "🩷", "😍", "🔥", "🎉", "⭐", "🌟", "💯"), Sign.LIKED
    ),
    **dict.fromkeys(("+1", "thumbsup", "heart", "heart_eyes", "fire", "tada", "star", "100"), Sign.LIKED),
    **dict.fromkeys(("👎", "-1", "thumbsdown"), Sign.DISLIKED),
}
#: Signs that colour a character or choose its picture, but do not change what it says.
_VARIANTS = "\ufe0e\ufe0f\u200d" + "".join(chr(0x1F3FB + tone) for tone in range(5))
_HEARTS = ("_heart", "heart_on_fire")


def opinion_of(name: str) -> Sign | None:
    """Return what a reaction says of a paper; None if it says neither that it fits nor that it does not.

    Args:
        name: a character such as "👍🏽", or a name such as "+1::skin-tone-3".
    """
    bare = "".join(each for each in name.partition("::")[0] if each not in _VARIANTS)
    if bare.endswith(_HEARTS) and bare != "broken_heart":
        return Sign.LIKED
    return OPINIONS.get(bare)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """A reaction that a person put on a message, or took off."""

    #: Where the message is; without an id, somewhere in the workspace.
    channel: Channel
    message: str
    user: str
    #: A character, or a name of one.
    name: str
    removed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reactions:
    """Hears reactions. One on a message that is not of a digest, or that says nothing of a paper, changes nothing."""

    ledger: Ledger
    shelf: Shelf
    tastes: Tastes
    clock: Clock

    async def hear(self, reaction: Reaction) -> int:
        """Let the ranking of a digest's channel learn from a reaction, or unlearn it; return the number of papers.

        A failure is logged, because nobody waits for an answer to a reaction.
        """
        sign = opinion_of(reaction.name)
        if sign is None or not reaction.user:
            return 0
        try:
            return await self._heard(reaction, sign)
        except StoreError as error:
            _log.error("a reaction could not be recorded", extra={"error": str(error)})
            return 0

    async def _heard(self, reaction: Reaction, sign: Sign) -> int:
        part = await self.ledger.message(reaction.channel, reaction.message)
        if part is None or not 0 < len(part.part.paper_ids) <= _MOST_PAPERS:
            return 0
        channel, ids = part.part.channel, part.part.paper_ids
        if reaction.removed:
            return sum(
                [await self.tastes.drop_feedback(channel, each, sign, user=reaction.user) for each in ids], start=0
            )
        papers = [await self.shelf.paper(each, place=channel) for each in ids]
        known = [paper for paper in papers if paper is not None]
        for paper in known:
            said = Feedback(paper=paper, sign=sign, user=reaction.user, at=self.clock(), among=len(ids))
            await self.tastes.keep_feedback(channel, said)
        return len(known)
