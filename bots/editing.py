"""A standing order becomes a digest: sources side by side, the choice, the blurbs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bots.blurbs import BlurbDesk
from bots.channels import Subscription
from bots.digest import Digest, Entry, Freshness, Harvest, SourceNote
from bots.errors import PaperwireError, StoreError
from bots.papers import Paper, PaperId, unique
from bots.phrases import listed, source_text
from bots.ports import Ask, OpenSource, Store
from bots.selection import Pick, choose, parse_query
from summarizer import Style

_log = logging.getLogger(__name__)

#: A source that has not answered by then is named as silent; the digest goes out without it. Seconds.
#: Sources give up by themselves after 240 s of politeness and retries; this is for those that do not.
SOURCE_PATIENCE = 300.0

#: So many blurbs are made at once: enough to keep a remote engine busy, few enough to be polite to it.
_BLURBS_AT_ONCE = 8

#: Told how many of how many blurbs are made.
Watch = Callable[[int, int], None]


def unwatched(_done: int, _of: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Makes digests; holds no state of its own."""

    store: Store
    blurbs: BlurbDesk
    open_source: OpenSource

    async def digest(self, order: Subscription, day: date, *, watch: Watch = unwatched) -> Digest:
        """Return the digest of a standing order for a day; a silent source or a failed blurb is named, not fatal.

        Raises:
            BadQuery: the order's filter cannot be read.
            StoreError: the database cannot be read or written.
        """
        query = parse_query(order.query)
        harvests = await self._harvests(tuple(dict.fromkeys(order.sources)), day)
        papers = unique(tuple(paper for harvest, _ in harvests for paper in harvest.papers))
        posted = await self.store.posted(order.channel, _names(papers))
        choice = choose(
            papers, query=query, categories=order.categories, order=order.order, limit=order.limit, posted=posted
        )
        return Digest(
            channel=order.channel,
            day=day,
            entries=await self.entries(choice.picks, order.style, watch=watch),
            style=order.style,
            notes=tuple(
                note for harvest, note in harvests for note in (note, _without_categories(order, harvest)) if note
            ),
            tally=choice.tally,
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

    async def _harvests(self, specs: Sequence[str], day: date) -> list[tuple[Harvest, SourceNote | None]]:
        """Ask the sources side by side, each told what it listed before; a fault of the database is no source's."""
        asks = [Ask(day=day, known=await self.store.known(spec, day)) for spec in specs]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._harvest(spec, ask)) for spec, ask in zip(specs, asks, strict=True)]
        harvests = [task.result() for task in tasks]
        for harvest, _ in harvests:
            await self._remember(harvest, day)
        return harvests

    async def _harvest(self, spec: str, ask: Ask) -> tuple[Harvest, SourceNote | None]:
        try:
            async with asyncio.timeout(SOURCE_PATIENCE):
                harvest = await self.open_source(spec).recent(ask)
        except PaperwireError as error:
            return Harvest(source=spec), SourceNote(source=spec, reason=str(error))
        except TimeoutError:
            reason = f"it did not answer within {SOURCE_PATIENCE:.0f} seconds."
            return Harvest(source=spec), SourceNote(source=spec, reason=reason)
        except Exception:  # noqa: BLE001 - a stranger's source may crash: that source, not the digest
            _log.exception("a source failed", extra={"source": spec})
            return Harvest(source=spec), SourceNote(source=spec, reason="it failed; the log says how.")
        return harvest, _note(harvest)

    async def _remember(self, harvest: Harvest, day: date) -> None:
        """Put papers on the shelf; a full disk costs tomorrow's look-ups, not today's digest."""
        try:
            await self.store.remember(harvest.papers, source=harvest.source, day=day)
        except StoreError:
            _log.exception("papers could not be kept for look-ups", extra={"source": harvest.source})


def _note(harvest: Harvest) -> SourceNote | None:
    if harvest.state is Freshness.FRESH:
        return None
    honest = harvest.state in (Freshness.EMPTY, Freshness.STALE)
    return SourceNote(source=harvest.source, reason=harvest.note or harvest.state.value, failed=not honest)


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
