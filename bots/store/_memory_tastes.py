"""What people said of papers, and the vectors of public papers, in dictionaries."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bots.domain.channels import Channel
from bots.domain.feedback import MOST_LEARNED, Feedback, Sign
from bots.domain.papers import PaperId
from bots.store._memory_index import MemoryIndex
from bots.store.records import same_instants
from bots.store.rules import BLURB_DAYS, utc

_Key = tuple[PaperId, str, Sign]


class MemoryTastes(MemoryIndex):
    """Stores feedback and vectors; see `bots.ports.Tastes` and `VectorCache`."""

    def __init__(self) -> None:
        super().__init__()
        self._feedback: dict[Channel, dict[_Key, Feedback]] = {}
        self._vectors: dict[str, tuple[bytes, datetime]] = {}

    async def keep_feedback(self, channel: Channel, said: Feedback) -> None:
        """Store what a person said of a paper; one of another sign stays, one of the same sign is replaced."""
        kept = replace(said, paper=same_instants(said.paper), at=utc(said.at))
        self._feedback.setdefault(channel, {})[said.paper.id, said.user, said.sign] = kept

    async def drop_feedback(self, channel: Channel, paper_id: PaperId, sign: Sign, *, user: str | None = None) -> bool:
        """Delete what was said of a paper by this sign; return False if it was not."""
        said, names = self._feedback.get(channel, {}), self.names(paper_id, channel)
        gone = [key for key in said if key[0] in names and key[2] is sign and user in (None, key[1])]
        for key in gone:
            del said[key]
        if not said:
            self._feedback.pop(channel, None)
        return bool(gone)

    async def feedback(self, channel: Channel, *, limit: int = MOST_LEARNED) -> tuple[Feedback, ...]:
        """Return the latest feedback of a channel, the latest first."""
        said = sorted(self._feedback.get(channel, {}).items(), key=lambda each: (str(each[0][0]), *each[0][1:]))
        return tuple(sorted((kept for _, kept in said), key=lambda kept: kept.at, reverse=True)[: max(limit, 0)])

    async def reset_feedback(self, channel: Channel) -> int:
        """Delete all feedback of a channel; return how many statements it had."""
        return len(self._feedback.pop(channel, {}))

    async def vectors(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return the vectors stored under some of the keys."""
        return {key: self._vectors[key][0] for key in keys if key in self._vectors}

    async def keep_vectors(self, vectors: Mapping[str, bytes], *, now: datetime) -> None:
        """Store each vector under its key."""
        for key, vector in vectors.items():
            self._vectors.setdefault(key, (vector, utc(now)))

    def _expire_vectors(self, now: datetime) -> int:
        old = [key for key, (_, made) in self._vectors.items() if made < utc(now) - timedelta(days=BLURB_DAYS)]
        for key in old:
            del self._vectors[key]
        return len(old)

    def _forget_feedback(self, platform: str, workspace: str) -> int:
        theirs = [each for each in self._feedback if (each.platform, each.workspace) == (platform, workspace)]
        return sum(len(self._feedback.pop(channel)) for channel in theirs)
