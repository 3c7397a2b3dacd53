"""Reads the lists of papers that the pages show, and keeps their order for a while."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bots.chat.asker import asking
from bots.domain.channels import Reader
from bots.domain.digests import Entry
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import SortBy
from bots.selection import Pick
from bots.usecases.service import Service
from bots.web.periods import Period
from summarizer import Style

#: Papers of a page: with their abstracts they have some 35 kB, and a first page should have less than 50.
PER_PAGE = 15
#: Nobody reads on after so many papers; a month of all of arXiv has 25,000.
MOST_LISTED = 3000
#: A list changes when a source is read, some times a day.
_KEPT = timedelta(minutes=1)
#: Lists that are kept at a time, each with at most some 300 kB of ids.
_MOST_KEPT = 64
#: Seconds that a page waits for blurbs that are not made yet; they are there when it is opened again.
_TO_CONDENSE = 2.0
#: Days with a list that are looked for before a day.
_DAYS = 400

_Key = tuple[Period, SortBy]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """Reads lists; one that is asked for again within a minute is not sorted again."""

    service: Service
    _kept: "dict[_Key, tuple[float, asyncio.Task[tuple[PaperId, ...]]]]" = field(default_factory=dict)

    async def names(self, period: Period, sort_by: SortBy) -> Sequence[PaperId]:
        """Return the ids of the papers of a period, the best first.

        Raises:
            StoreError: the database cannot be read.
        """
        key, now = (period, sort_by), asyncio.get_running_loop().time()
        made, task = self._kept.pop(key, (0.0, None))
        if task is None or now - made > _KEPT.total_seconds() or (task.done() and _has_failed(task)):
            made, task = now, asyncio.create_task(self._listed(period, sort_by))
        self._kept[key] = (made, task)
        for old in list(self._kept)[:-_MOST_KEPT]:
            del self._kept[old]
        # The first reader may go away; the others that wait for the same list must still get it.
        return await asyncio.shield(task)

    async def _listed(self, period: Period, sort_by: SortBy) -> tuple[PaperId, ...]:
        return await self.service.store.listed_papers(period.first, period.last, sort_by=sort_by, limit=MOST_LISTED)

    async def papers(self, names: Sequence[PaperId], page: int) -> tuple[Paper, ...]:
        """Return the papers of one page of a list, from 1."""
        start = (page - 1) * PER_PAGE
        return await self.service.store.public_papers(names[start : start + PER_PAGE])

    async def newest_day(self, until: date) -> date | None:
        """Return the last day with a list; None if there was none yet."""
        found = await self.service.store.listed_days(until, limit=1)
        return found[0][0] if found else None

    async def entries(self, papers: Sequence[Paper], style: Style = Style.ONE_LINE) -> tuple[Entry, ...]:
        """Return papers with their blurbs; one that is not made in time has the start of the abstract in its place."""
        # All readers together are one person, so that a program that reads every page does not hold up the digests.
        with asking(Reader(platform="web"), within=_TO_CONDENSE):
            return await self.service.digest_builder.entries([Pick(paper=each) for each in papers], style)


def _has_failed(task: "asyncio.Task[tuple[PaperId, ...]]") -> bool:
    return task.cancelled() or task.exception() is not None
