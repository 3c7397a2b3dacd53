"""Reads the lists of papers that the pages show, and keeps their order for a while."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bots.chat.asker import asking
from bots.domain.channels import Reader
from bots.domain.digests import Entry
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import SortBy
from bots.selection import Pick
from bots.usecases.service import Service
from bots.web.kept import Kept
from bots.web.periods import Period
from summarizer import Style
from summarizer.text.sentences import first_sentence

#: Papers of a page: with their abstracts they have some 35 kB, and a first page should have less than 50.
PER_PAGE = 15
#: Nobody reads on after so many papers; a month of all of arXiv has 25,000.
MOST_LISTED = 3000
#: Seconds; a list changes when a source is read, some times a day.
_KEPT = 60.0
#: Lists that are kept at a time, each with at most some 300 kB of ids.
_MOST_KEPT = 64
#: Seconds that a page waits for blurbs that are not made yet; they are there when it is opened again.
_TO_CONDENSE = 2.0
#: Pages for which blurbs or vectors are made at a time.
_AT_ONCE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """Reads lists; one that is asked for again within a minute is not sorted again."""

    service: Service
    #: Held while something is made that takes long; there are few, so that the processor is not overrun.
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _names: Kept[tuple[Period, SortBy], tuple[PaperId, ...]] = field(
        default_factory=lambda: Kept(seconds=_KEPT, most=_MOST_KEPT)
    )

    async def names(self, period: Period, sort_by: SortBy) -> Sequence[PaperId]:
        """Return the ids of the papers of a period, the best first.

        Raises:
            StoreError: the database cannot be read.
        """
        store = self.service.store
        return await self._names.get(
            (period, sort_by),
            lambda: store.listed_papers(period.first, period.last, sort_by=sort_by, limit=MOST_LISTED),
        )

    async def papers(self, names: Sequence[PaperId], page: int) -> tuple[Paper, ...]:
        """Return the papers of one page of a list, from 1."""
        start = (page - 1) * PER_PAGE
        return await self.service.store.public_papers(names[start : start + PER_PAGE])

    async def newest_day(self, until: date) -> date | None:
        """Return the last day with a list; None if there was none yet."""
        found = await self.service.store.listed_days(until, limit=1)
        return found[0][0] if found else None

    async def entries(self, papers: Sequence[Paper], style: Style = Style.ONE_LINE) -> tuple[Entry, ...]:
        """Return papers with their blurbs; one that is not made in time has the start of the abstract in its place.

        Those that are known come in any case. Others are made for a few pages at a time: thousands of pages that are
        opened at once, as by a program that copies the site, must leave the processor to the digests.
        """
        blurbs = self.service.digest_builder.blurbs
        known = dict(zip(papers, await asyncio.gather(*(blurbs.known(each, style) for each in papers)), strict=True))
        missing = [paper for paper, blurb in known.items() if blurb is None]
        made = {entry.paper: entry for entry in await self._made(missing, style)}
        return tuple(made[each] if each in made else Entry(paper=each, blurb=known[each]) for each in papers)

    async def _made(self, papers: Sequence[Paper], style: Style) -> tuple[Entry, ...]:
        if not papers:
            return ()
        if self.making.locked():
            return tuple(_waiting(each) for each in papers)
        # All readers together are one person, so that they do not hold up people in chats.
        async with self.making:
            with asking(Reader(platform="web"), within=_TO_CONDENSE):
                return await self.service.digest_builder.entries([Pick(paper=each) for each in papers], style)


def _waiting(paper: Paper) -> Entry:
    said = "many pages are being opened at this moment; open this one again in a minute."
    return Entry(paper=paper, fallback=first_sentence(paper.abstract), trouble=said)
