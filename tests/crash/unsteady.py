"""Unreliable doubles: a chat that fails, a source that is down, a database whose disk is full or dead."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bots.domain.errors import SourceDown, StoreError
from bots.domain.harvests import Harvest
from bots.domain.papers import Paper, PaperId
from bots.fakechat.chat import FakeChat
from bots.fakechat.faults import Fault
from bots.ports import SourceQuery, Store
from tests.support.doubles import ToldSource
from tests.support.factories import a_paper

_PAPERS_A_DAY = 12
#: Probability per post; together about one post in eight fails.
_FAULTS = {
    Fault.LOST_AFTER: 0.04,
    Fault.LOST_BEFORE: 0.03,
    Fault.REFUSE: 0.04,
    Fault.TOO_LARGE: 0.01,
    Fault.FORBID: 1e-3,
}
#: Probability, for posts with a lost connection, that the history is closed as well.
_CLOSED = 0.1
_SOURCE_DOWN = 0.03
_DATABASE_REFUSES = 0.0005


class PowerCut(BaseException):
    """Ends the whole program; not an Exception, so no handler catches it."""


@dataclass(kw_only=True)
class Fragile:
    """Wraps a store: some calls fail with a full disk, and all fail once the power is cut."""

    store: Store
    random: Random
    #: Calls until the power cut; None means never.
    left: int | None = None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)

        async def call(*arguments: Any, **named: Any) -> Any:
            if self.left is not None:
                self.left -= 1
                if self.left < 0:
                    raise PowerCut
            if self.random.random() < _DATABASE_REFUSES:
                raise StoreError("The database has no room left to grow.")
            return await method(*arguments, **named)

        return call


@dataclass(kw_only=True)
class DailySource(ToldSource):
    """Lists a dozen new papers every day; their texts repeat, so that each blurb is built only once."""

    random: Random = field(default_factory=Random)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the day's papers, or raise SourceDown at random."""
        if self.random.random() < _SOURCE_DOWN:
            raise SourceDown("no route.")
        number = ask.day.toordinal()
        papers = tuple(_paper(number, place) for place in range(_PAPERS_A_DAY))
        return Harvest(source=self.spec, papers=papers)


def _paper(day: int, place: int) -> Paper:
    return a_paper(
        id=PaperId.arxiv(f"{day % 10000:04}.{place:05}"), title=f"Paper {place}", url="https://arxiv.org/abs/1706.03762"
    )


@dataclass(kw_only=True)
class UnsteadyChat(FakeChat):
    """A chat with random faults that drops old messages to save memory."""

    random: Random = field(default_factory=Random)
    #: How often each key was posted.
    shown: Counter[str] = field(default_factory=Counter)

    async def post(self, channel: str, blocks: Any, *, key: str = "") -> Any:
        """Post with a random fault switched on for this one call."""
        # Only this channel: another may still need its closed history for a search.
        self.heal(channel)
        if trouble := next((fault for fault, share in _FAULTS.items() if self.random.random() < share), None):
            self.trouble(trouble, channel, times=1, retry_after=self.random.choice((None, 1.0, 30.0, 400.0)))
            if trouble in (Fault.LOST_AFTER, Fault.LOST_BEFORE) and self.random.random() < _CLOSED:
                self.trouble(Fault.NO_HISTORY, channel)
        before = len(self.messages)
        try:
            return await super().post(channel, blocks, key=key)
        finally:
            self.shown.update(message.key for message in self.messages[before:])
            self.attempts.clear()

    def forget(self, before: datetime) -> None:
        """Drop old messages."""
        self.messages[:] = [message for message in self.messages if message.posted_at >= before]
