"""A standing order becomes a digest: sources side by side, the choice, the blurbs."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bots.blurbs import BlurbDesk
from bots.channels import Subscription
from bots.digest import Digest, Entry, Harvest, SourceNote
from bots.harvesting import Harvester
from bots.papers import Paper, PaperId
from bots.phrases import listed, source_text
from bots.ports import Store
from bots.selection import Pick, choose, parse_query
from summarizer import Style

#: So many blurbs are made at once: enough to keep a remote engine busy, few enough to be polite to it.
_BLURBS_AT_ONCE = 8

#: Told how many of how many blurbs are made.
Watch = Callable[[int, int], None]


def unwatched(_done: int, _of: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Makes digests."""

    store: Store
    blurbs: BlurbDesk
    harvester: Harvester

    async def digest(
        self, order: Subscription, days: Sequence[date], *, before: datetime | None = None, watch: Watch = unwatched
    ) -> Digest:
        """Return the digest of a standing order for some days; a silent source or a failed blurb is named, not fatal.

        Args:
            order: the order.
            days: whose lists are read, oldest first.
            before: leave out only papers that were posted before this instant; None leaves out all that ever were.
            watch: told how many of how many blurbs are made.

        Raises:
            BadQuery: the order's filter cannot be read.
            StoreError: the database cannot be read or written.
        """
        query = parse_query(order.query)
        crop = await self.harvester.harvest(order.sources, days)
        posted = await self.store.posted(order.channel, _names(crop.papers), before=before)
        posted |= await self.store.turned_down(order.channel, _names(crop.papers))
        if before is None:
            # In another digest of the channel that is not at its end, or held: chosen again, they would come twice.
            posted |= await self.store.coming(order.channel)
        choice = choose(
            crop.papers, query=query, categories=order.categories, order=order.order, limit=order.limit, posted=posted
        )
        uncategorised = (_without_categories(order, harvest) for harvest in crop.harvests)
        return Digest(
            channel=order.channel,
            day=days[-1],
            first_day=days[0] if len(days) > 1 else None,
            entries=await self.entries(choice.picks, order.style, watch=watch),
            style=order.style,
            notes=(*crop.notes, *filter(None, uncategorised)),
            tally=choice.tally,
            nearest_miss=choice.nearest_miss,
            threaded=order.threaded,
            topic=_topic(order),
        )

    async def entries(self, picks: Sequence[Pick], style: Style, *, watch: Watch = unwatched) -> tuple[Entry, ...]:
        """Return the chosen papers as they are shown, in order; told how many are done."""
        gate, done = asyncio.Semaphore(_BLURBS_AT_ONCE), 0

        async def entry(pick: Pick) -> Entry:
            nonlocal done
            async with gate:
                made = await self.blurbs.entry(pick.paper, style, why=pick.why)
            done += 1
            watch(done, len(picks))
            return made

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(entry(pick)) for pick in picks]
        return tuple(task.result() for task in tasks)


def _without_categories(order: Subscription, harvest: Harvest) -> SourceNote | None:
    """Say so when a filter by category can let nothing of a source through, because it names none."""
    if not order.categories or not harvest.papers or any(paper.categories for paper in harvest.papers):
        return None
    reason = "it names no categories, so the filter by category leaves all of its papers out; filter by words instead."
    return SourceNote(source=harvest.source, reason=reason, failed=False)


def _names(papers: tuple[Paper, ...]) -> frozenset[PaperId]:
    return frozenset(name for paper in papers for name in paper.names)


def _topic(order: Subscription) -> str:
    parts = [listed(map(source_text, order.sources)) if order.sources else "", ", ".join(order.categories), order.query]
    return " · ".join(part for part in parts if part)
