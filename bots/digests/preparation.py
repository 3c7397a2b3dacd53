"""Condenses ahead the papers that coming digests are likely to choose, so that the digests find their blurbs stored."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bots.digests.builder import DigestBuilder
from bots.digests.single_flight import SingleFlight
from bots.domain.channels import Reader
from bots.domain.errors import BadQuery, PaperwireError
from bots.domain.papers import Paper
from bots.domain.slots import Slot, next_due
from bots.domain.subscriptions import Subscription
from bots.ports import Clock, Store
from bots.ports.beside import beside
from summarizer import Style

_log = logging.getLogger(__name__)

#: The piece of work that one process at a time does for each engine.
PREPARATION = "preparation"
#: How often lists are looked at: their sources publish once a day, some over hours.
EVERY = timedelta(minutes=15)
#: Seconds between two looks for whether the process that prepares has died.
_LOOK = 60.0
#: Papers beyond a digest's limit that are condensed for it: until it is due, votes change the order of a few.
SPARE = 2
#: Subscriptions whose papers are chosen at the same time; more would only wait for the database.
_CHOSEN_AT_ONCE = 4
#: Failures in a row after which the engine is taken to be down; what is left is for the next round.
_FAILURES_TO_STOP = 8
#: The count of blurbs made ahead belongs to no workspace: a public paper's blurb is everybody's.
_EVERYBODY = Reader(platform="", workspace="", user="")
_COUNTED = "prepared"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is condensed ahead, and how much of it."""

    #: Digests that are due within this time are prepared; zero for none.
    ahead: timedelta
    #: Blurbs made ahead on one day (UTC), of all processes together.
    most: int = 500
    #: Blurbs made at the same time.
    concurrency: int = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A paper that coming digests are likely to choose, in one style."""

    paper: Paper
    style: Style
    #: How many digests are likely to choose it, and when the first of them is due.
    digests: int
    due: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """What one round of preparation found and did."""

    digests: int = 0
    #: Blurbs that the digests need, each once.
    wanted: int = 0
    #: Of these: stored before, made now, made by another engine than the configured one, and not made.
    stored: int = 0
    made: int = 0
    substituted: int = 0
    failed: int = 0
    #: Left for a later round: beyond the day's number, or the engine is down.
    left: int = 0


@dataclass(kw_only=True, slots=True)
class Preparation:
    """Condenses papers ahead."""

    store: Store
    builder: DigestBuilder
    clock: Clock
    flight: SingleFlight
    plan: Plan
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    #: Returns whether the clock is right; None if nobody watches it.
    may_work: Callable[[], Awaitable[bool]] | None = None
    _next: datetime | None = field(default=None, init=False)

    # ── as long as the program runs ──────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Prepare in rounds until the context exits; of several processes, one does it."""
        async with beside(self._rounds() if self.plan.ahead else None, "preparation"):
            yield

    async def _rounds(self) -> None:
        while True:
            try:
                await self.round()
            except PaperwireError as error:
                _log.error("papers could not be condensed ahead; it is tried again", extra={"error": str(error)})
            except Exception:  # noqa: BLE001 - no failure may end the loop
                _log.exception("papers could not be condensed ahead; it is tried again")
            await self.sleep(_LOOK)

    async def round(self) -> Prepared | None:
        """Prepare if it is time and no other process does; return None otherwise.

        Raises:
            StoreError: the database cannot be read or written.
        """
        if self.may_work is not None and not await self.may_work():
            return None
        now = self.clock()
        if self._next is not None and timedelta() <= self._next - now <= EVERY:
            return None
        engine = self.builder.blurbs.summarizer
        # The blurbs of another engine serve no digest of ours.
        work = f"{PREPARATION} {engine.engine} {engine.model}"
        async with self.flight.alone(work, rest=EVERY) as alone:
            if not alone:
                return None
            done = await self.prepare()
            self._next = self.clock() + EVERY
        if done.made or done.failed or done.substituted:
            _log.info("papers were condensed ahead", extra={"made": done.made, "left": done.left})
        return done

    # ── one round ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def prepare(self) -> Prepared:
        """Condense the papers of every digest that is due soon; what is stored already is left as it is.

        Nothing but the stored blurbs records how far it came, so a round that was killed is continued by the next.

        Raises:
            StoreError: the database cannot be read or written.
        """
        found, missing = await self._found()
        return await _Round(preparation=self, found=found).make(missing)

    async def found(self) -> Prepared:
        """Return what would be condensed, without doing it.

        Raises:
            StoreError: the database cannot be read or written.
        """
        found, _ = await self._found()
        return found

    async def _found(self) -> tuple[Prepared, Sequence[Wanted]]:
        digests, wanted = await self.wanted()
        missing = [each for each in wanted if await self.builder.blurbs.known(each.paper, each.style) is None]
        found = Prepared(digests=digests, wanted=len(wanted), stored=len(wanted) - len(missing), left=len(missing))
        return found, missing

    async def wanted(self) -> tuple[int, tuple[Wanted, ...]]:
        """Return how many digests are due soon, and the public papers that they would choose: the most wanted first.

        The blurb of a private paper is never stored, so it is made with its digest.

        Raises:
            StoreError: the database cannot be read.
        """
        now = self.clock()
        due = [(each, found) for each in await self.store.subscriptions() if (found := next_due(each, now))]
        soon = [(each, found.slot, found.at) for each, found in due if found.at <= now + self.plan.ahead]
        gate = asyncio.Semaphore(_CHOSEN_AT_ONCE)

        async def chosen(subscription: Subscription, slot: Slot, at: datetime) -> list[Wanted]:
            async with gate:
                papers = await self._papers(subscription, slot, now)
            return [Wanted(paper=paper, style=subscription.style, digests=1, due=at) for paper in papers]

        papers = await asyncio.gather(*(chosen(*each) for each in soon))
        return len(soon), _joined(each for some in papers for each in some)

    async def _papers(self, subscription: Subscription, slot: Slot, now: datetime) -> Sequence[Paper]:
        today = now.astimezone(subscription.timezone).date()
        try:
            papers = await self.builder.coming(subscription, slot, today=today, spare=SPARE)
        except BadQuery:
            # Its digest will say so to its channel.
            return ()
        return [paper for paper in papers if not paper.private]


def _joined(found: Iterable[Wanted]) -> tuple[Wanted, ...]:
    joined: dict[tuple[str, str], Wanted] = {}
    for each in found:
        # Two sources may have abstracts of one paper that differ: each is condensed.
        key = (f"{each.paper.title}\x00{each.paper.abstract}\x00{each.paper.dollar_math}", each.style)
        other = joined.get(key)
        both = replace(other, digests=other.digests + 1, due=min(other.due, each.due)) if other else each
        joined[key] = both
    return tuple(sorted(joined.values(), key=lambda each: (-each.digests, each.due, str(each.paper.id))))


@dataclass(kw_only=True, slots=True)
class _Round:
    """The making of the blurbs of one round."""

    preparation: Preparation
    found: Prepared
    #: Failures since the last blurb by the configured engine.
    failures: int = 0

    async def make(self, missing: Sequence[Wanted]) -> Prepared:
        """Make the blurbs, as many at the same time as the plan allows."""
        coming = iter(missing)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.preparation.plan.concurrency):
                group.create_task(self._work(coming))
        done = self.found.made + self.found.substituted + self.found.failed
        return replace(self.found, left=len(missing) - done)

    async def _work(self, coming: Iterable[Wanted]) -> None:
        for each in coming:
            if self.failures >= _FAILURES_TO_STOP or not await self._allowed():
                return
            await self._one(each)

    async def _allowed(self) -> bool:
        plan, store = self.preparation.plan, self.preparation.store
        today = self.preparation.clock().date()
        return await store.spend(_EVERYBODY, _COUNTED, day=today, limit=plan.most)

    async def _one(self, each: Wanted) -> None:
        blurbs = self.preparation.builder.blurbs
        blurb = (await blurbs.entry(each.paper, each.style)).blurb
        if blurb is not None and blurb.engine == blurbs.summarizer.engine:
            self.found, self.failures = replace(self.found, made=self.found.made + 1), 0
            return
        if blurb is None:
            self.found = replace(self.found, failed=self.found.failed + 1)
        else:
            self.found = replace(self.found, substituted=self.found.substituted + 1)
        # A text that was refused says nothing about the next paper's.
        self.failures += blurb is None or not blurb.settled
