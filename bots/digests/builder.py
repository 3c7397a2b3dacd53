"""Makes a digest from a subscription: queries the sources concurrently, selects papers, adds blurbs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bots.chat.phrases import cut, listed
from bots.digests.blurbs import BlurbService
from bots.digests.channel_ranking import ChannelRanking
from bots.digests.source_reader import SourcePapers, SourceReader
from bots.digests.vectors import VectorService
from bots.digests.who_cares import WhoCares
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, SourceNote
from bots.domain.harvests import Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import apart, same_paper, unique
from bots.domain.slots import Slot, days_read
from bots.domain.subscriptions import Subscription
from bots.ports import Store
from bots.presentation.source_text import source_text
from bots.presentation.subscription_text import query_text
from bots.selection import Choice, Order, Pick, Sifted, parse_query, sift
from bots.translation.speech import gettext, gettext_lazy
from summarizer import Style

if TYPE_CHECKING:
    from bots.ranking.ranker import Ranking

_log = logging.getLogger(__name__)

#: Blurbs made at the same time: enough to keep a remote engine busy, few enough to be polite to it.
_BLURBS_AT_ONCE = 8
#: Longest text of interests in a header, which has one line.
_INTERESTS_SHOWN = 100

#: Callback that receives how many of how many blurbs are made.
Watch = Callable[[int, int], None]


def unwatched(_done: int, _of: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chosen:
    """What was chosen for a digest, and from what."""

    found: SourcePapers
    sifted: Sifted
    choice: Choice
    unranked: tuple[SourceNote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestBuilder:
    """Makes digests from subscriptions."""

    store: Store
    blurbs: BlurbService
    source_reader: SourceReader
    #: The vectors of papers, for everyone who compares them.
    vectors: VectorService

    @property
    def channel_ranking(self) -> ChannelRanking:
        """Ranks papers for channels."""
        return ChannelRanking(tastes=self.store, followed=self.store, vectors=self.vectors)

    @property
    def who_cares(self) -> WhoCares:
        """Names the members whom papers might interest."""
        return WhoCares(follows=self.store, counters=self.store, vectors=self.vectors)

    async def of_slot(self, subscription: Subscription, slot: Slot, *, before: datetime | None = None) -> Digest:
        """Return the digest of a slot: what was listed since the subscription's last digest that was posted whole.

        Args:
            subscription: what the channel wants to read.
            slot: when the digest is due, on the subscription's clock.
            before: leave out only papers that were posted before this instant, as for a digest of the past.

        Raises:
            BadQuery: the subscription's filter cannot be read.
            StoreError: the database cannot be read or written.
        """
        return await self.digest(subscription, await self._days(subscription, slot), before=before)

    async def digest(
        self,
        subscription: Subscription,
        days: Sequence[date],
        *,
        before: datetime | None = None,
        watch: Watch = unwatched,
    ) -> Digest:
        """Return the digest of a subscription for some days; a failed source or blurb is named and is not fatal.

        Args:
            subscription: the subscription.
            days: the days whose lists are read, oldest first.
            before: leave out only papers that were posted before this instant; None leaves out all that ever were.
            watch: receives how many of how many blurbs are made.

        Raises:
            BadQuery: the subscription's filter cannot be read.
            StoreError: the database cannot be read or written.
        """
        chosen = await self._chosen(subscription, days, subscription.limit, before)
        found, sifted, choice = chosen.found, chosen.sifted, chosen.choice
        if sifted.withdrawn:
            # A channel reads their number; the operator may want to know which they are.
            named = ", ".join(str(paper.id) for paper in sifted.withdrawn)
            _log.info("withdrawn papers are left out", extra={"subscription": subscription.id, "papers": named})
        uncategorised = (_without_categories(subscription, harvest) for harvest in found.harvests)
        return Digest(
            channel=subscription.channel,
            day=days[-1],
            first_day=days[0] if len(days) > 1 else None,
            entries=await self.entries(choice.picks, subscription.style, watch=watch),
            style=subscription.style,
            notes=(*found.notes, *filter(None, uncategorised), *chosen.unranked),
            tally=choice.tally,
            nearest_miss=choice.nearest_miss,
            withdrawn=sifted.withdrawn,
            threaded=subscription.threaded,
            topic=_topic(subscription),
            look=subscription.look,
        )

    async def coming(self, subscription: Subscription, slot: Slot, *, today: date, spare: int) -> tuple[Paper, ...]:
        """Return the papers that the digest of a coming slot would have if it were made now, the first ones first.

        Args:
            subscription: what the channel wants to read.
            slot: when the digest is due, on the subscription's clock.
            today: the last day whose list may be out.
            spare: how many papers more are returned: votes and lists change until the slot.

        Raises:
            BadQuery: the subscription's filter cannot be read.
            StoreError: the database cannot be read or written.
        """
        days = [day for day in await self._days(subscription, slot) if day <= today]
        if not days:
            return ()
        chosen = await self._chosen(subscription, days, subscription.limit + spare, None)
        return tuple(pick.paper for pick in chosen.choice.picks)

    async def _days(self, subscription: Subscription, slot: Slot) -> tuple[date, ...]:
        last = await self.store.last_run(subscription.id, whole=True, until=slot.earlier)
        return days_read(subscription, slot, last.slot if last else None)

    async def _chosen(
        self, subscription: Subscription, days: Sequence[date], limit: int, before: datetime | None
    ) -> "_Chosen":
        query = parse_query(subscription.query)
        found = await self.source_reader.harvest(subscription.sources, days, subscription.channel)
        papers, posted = await self._unposted(subscription.channel, found.papers, before)
        sifted = sift(
            papers,
            query=query,
            categories=subscription.categories,
            sort_by=subscription.sort_by,
            posted=posted,
        )
        ranking, unranked = await self.channel_ranking.ranked(subscription, sifted.fitting, days)
        return _Chosen(found=found, sifted=sifted, choice=sifted.choice(limit, _order(ranking)), unranked=unranked)

    async def _unposted(
        self, channel: Channel, papers: tuple[Paper, ...], before: datetime | None
    ) -> tuple[tuple[Paper, ...], frozenset[PaperId]]:
        """Return the papers under ids of their own, and the ids that are not to be posted here again."""
        posted = await self._posted(channel, papers, before)
        own = tuple([await self._own(paper, posted, channel) for paper in papers])
        if own == papers:
            return own, posted
        # A list that is read has each paper once; under another id, one may be another's twin.
        return unique(own), await self._posted(channel, own, before)

    async def _posted(self, channel: Channel, papers: tuple[Paper, ...], before: datetime | None) -> frozenset[PaperId]:
        posted = await self.store.posted(channel, _names(papers), before=before)
        posted |= await self.store.turned_down(channel, _names(papers))
        # Papers in another digest of the channel that is unfinished or held: choosing them again would post them twice.
        return posted | await self.store.coming(channel) if before is None else posted

    async def _own(self, paper: Paper, posted: frozenset[PaperId], channel: Channel) -> Paper:
        """Return a paper without an id under which another paper was posted, such as the DOI of a whole volume."""
        shared = paper.names & posted
        if not shared or any(name.scheme == "arxiv" for name in shared):
            return paper
        known = await self.store.paper(min(shared), place=channel)
        return paper if known is None or same_paper(known, paper) else apart(paper, known)

    async def entries(self, picks: Sequence[Pick], style: Style, *, watch: Watch = unwatched) -> tuple[Entry, ...]:
        """Return the chosen papers as they are shown, in order; `watch` receives how many are done."""
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


def _without_categories(subscription: Subscription, harvest: Harvest) -> SourceNote | None:
    """Return a note if a category filter excludes all papers of a source, because it names no categories."""
    if not subscription.categories or not harvest.papers or any(paper.categories for paper in harvest.papers):
        return None
    reason = gettext_lazy(
        "its papers have no categories, so the category filter excludes all of them; filter by words instead."
    )
    return SourceNote(source=harvest.source, reason=reason, failed=False, listed=True)


def _order(ranking: "Ranking | None") -> Order | None:
    """Return the order of a ranking as the selection takes it."""
    if ranking is None:
        return None
    return Order(
        picks=tuple(Pick(paper=each.paper, why=each.why) for each in ranking.papers),
        far=len(ranking.far),
        nearest=next(iter(ranking.far), None),
    )


def _names(papers: tuple[Paper, ...]) -> frozenset[PaperId]:
    return frozenset(name for paper in papers for name in paper.names)


def _topic(subscription: Subscription) -> str:
    sources = listed(map(source_text, subscription.sources)) if subscription.sources else ""
    interests = cut(subscription.interests, _INTERESTS_SHOWN)
    near = gettext("nearest to: {interests}", interests=interests) if interests.strip() else ""
    query = query_text(subscription.query)
    return " · ".join(part for part in (sources, ", ".join(subscription.categories), query, near) if part)
