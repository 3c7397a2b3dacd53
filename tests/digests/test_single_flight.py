"""Several processes that need the same blurb at the same time send its abstract to the engine once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bots.chat.asker import ANSWER_WITHIN, asking
from bots.digests.blurbs import BlurbService
from bots.digests.single_flight import LEASE, LONGEST_WAIT, WORK, SingleFlight
from bots.domain.channels import Reader
from bots.domain.errors import StoreError
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from summarizer import Abstract, Blurb, EngineDown, Style
from summarizer.engines.chain import ChainEngine
from summarizer.errors import Unfit
from tests.support.doubles import ToldSummarizer
from tests.support.factories import a_blurb, five_papers

ABSTRACT = Abstract(text=five_papers()[0].abstract, title=five_papers()[0].title)
PATIENCE = 30.0


@dataclass(kw_only=True)
class Engine:
    """An engine that answers when it is let, counts its calls, and fails on request."""

    engine: str = "slow"
    model: str = "1"
    calls: int = 0
    failures: list[Exception] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:  # noqa: ARG002 - the port's
        """Return a blurb once the event is set, or raise the next of the failures."""
        self.calls += 1
        self.called.set()
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        return replace(a_blurb(), engine=self.engine, model=self.model)


@dataclass(kw_only=True)
class Place:
    """A database, its clock, and the processes that share both."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: HandClock = field(default_factory=HandClock)
    engine: Engine = field(default_factory=Engine)
    #: Whether waiting advances the clock.
    passes: bool = True

    def process(self, holder: str, *, sleep: Callable[[float], Awaitable[None]] | None = None) -> BlurbService:
        """Return the blurb service of one more process; its waiting takes no time of ours."""
        flight = SingleFlight(
            leases=self.store, clock=self.clock, ticks=self.clock.ticks, sleep=sleep or self.sleep, holder=holder
        )
        return BlurbService(summarizer=self.engine, cache=self.store, clock=self.clock, flight=flight)

    async def sleep(self, seconds: float) -> None:
        """Advance the clock by a wait; the pause between two signs of life of a holder never ends."""
        await asyncio.sleep(0)
        if seconds == LEASE.total_seconds() / 3:
            await asyncio.Event().wait()
        if self.passes:
            self.clock.turn(seconds=seconds)


async def asked(service: BlurbService) -> Blurb:
    """Return the blurb of the public abstract."""
    return await asyncio.wait_for(service.blurb(ABSTRACT, Style.ONE_LINE, public=True), PATIENCE)


async def yielded(times: int = 20) -> None:
    """Let every other task take some steps."""
    for _ in range(times):
        await asyncio.sleep(0)


async def test_many_processes_and_one_call() -> None:
    """Eight processes with thirteen channels each ask at once: the engine is called once, and all get its blurb."""
    place = Place(passes=False)
    processes = [place.process(f"{number}") for number in range(8)]
    waiting = [asyncio.create_task(asked(each)) for each in processes for _ in range(13)]
    await place.engine.called.wait()
    await yielded()
    place.engine.open.set()
    made = await asyncio.gather(*waiting)
    assert (104, 1, 1) == (len(made), len(set(made)), place.engine.calls)
    assert await place.store.hold_leases(WORK, ["blurb any"], holder="x", now=place.clock(), until=place.clock())


async def test_a_dead_process_is_replaced() -> None:
    """What a killed process was making is made by another once its lease has expired, and by one of many."""
    place = Place()
    place.engine.open.set()
    dead = place.process("dead")
    name = await held_name(place, dead)
    await place.store.hold_leases(WORK, [name], holder="dead", now=place.clock(), until=place.clock() + LEASE)
    await asyncio.gather(*(asked(place.process(f"{number}")) for number in range(4)))
    assert 1 == place.engine.calls
    assert LEASE.total_seconds() <= place.clock.ticks() < LONGEST_WAIT


@pytest.mark.parametrize("within", [ANSWER_WITHIN, -1.0])
async def test_a_person_does_not_wait_for_a_dead_process(within: float) -> None:
    """The lease of one that died on another machine outlasts a person's patience, so the blurb is made here first."""
    place = Place()
    place.engine.open.set()
    name = await held_name(place, place.process("dead"))
    await place.store.hold_leases(WORK, [name], holder="dead", now=place.clock(), until=place.clock() + LEASE)
    with asking(Reader(platform="slack", user="U1"), within=within):
        await asked(place.process("living"))
    assert place.clock.ticks() <= ANSWER_WITHIN / 2


async def held_name(place: Place, process: BlurbService) -> str:
    """Return the name of the lease of the abstract's blurb, as a process takes it and is then killed."""
    gate = place.engine.open
    place.engine.open = asyncio.Event()
    killed = asyncio.create_task(asked(process))
    await place.engine.called.wait()
    [(_, name)] = place.store._leases
    for task in process._made.values():
        task.cancel()
    killed.cancel()
    with suppress(asyncio.CancelledError):
        await killed
    await yielded()
    place.engine.open, place.engine.calls = gate, 0
    return name


async def test_nobody_waits_for_ever() -> None:
    """A process that is alive and takes longer than anybody may wait is not waited for: the blurb is made here too."""
    place = Place()
    slow = asyncio.create_task(asked(place.process("slow")))
    await place.engine.called.wait()
    [(_, name)] = place.store._leases

    async def beside(seconds: float) -> None:
        await place.sleep(seconds)
        assert await place.store.hold_leases(
            WORK, [name], holder="slow", now=place.clock(), until=place.clock() + LEASE
        )

    place.engine.called.clear()
    other = asyncio.create_task(asked(place.process("other", sleep=beside)))
    await place.engine.called.wait()
    assert LONGEST_WAIT <= place.clock.ticks() < LONGEST_WAIT + 2
    place.engine.open.set()
    assert await slow == await other


async def test_a_slow_making_is_not_taken_for_a_death() -> None:
    """As long as its process lives, a lease is prolonged, however long the engine takes."""
    place = Place()
    turns, long_after = iter(range(12)), asyncio.Event()

    async def living(seconds: float) -> None:
        await asyncio.sleep(0)
        if next(turns, None) is None:
            long_after.set()
            await asyncio.Event().wait()
        place.clock.turn(seconds=seconds)

    slow = asyncio.create_task(asked(place.process("slow", sleep=living)))
    await long_after.wait()
    [(_, name)] = place.store._leases
    assert not await place.store.hold_leases(WORK, [name], holder="x", now=place.clock(), until=place.clock() + LEASE)
    assert place.clock.ticks() > 3 * LEASE.total_seconds()
    place.engine.open.set()
    await slow
    assert not place.store._leases


async def test_a_failure_lets_the_next_one_try() -> None:
    """A process whose engine fails gives the lease back at once; the one that waited calls its own engine."""
    place = Place()
    place.engine.failures = [EngineDown("It rests.")]
    waiting = [asyncio.create_task(asked(place.process(f"{number}"))) for number in range(2)]
    await place.engine.called.wait()
    place.engine.open.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert ["Blurb", "EngineDown"] == sorted(type(each).__name__ for each in found)
    assert place.clock.ticks() < 1


async def test_a_private_text_has_no_lease() -> None:
    """The text of one workspace is made at once, whoever makes it too, and its name is nowhere in the database."""
    place = Place()
    tasks = [
        asyncio.create_task(place.process(f"{number}").blurb(ABSTRACT, Style.ONE_LINE, public=False))
        for number in range(2)
    ]
    await yielded()
    assert (2, {}) == (place.engine.calls, place.store._leases)
    place.engine.open.set()
    await asyncio.gather(*tasks)


class Broken(MemoryStore):
    """A database that cannot be written."""

    async def hold_leases(self, *asked: Any, **rest: Any) -> frozenset[str]:  # noqa: ARG002 - the port's
        """Fail."""
        raise StoreError("The disk is full.")


async def test_without_a_lease_the_blurb_is_made() -> None:
    """A database that cannot be written does not prevent a digest."""
    place = Place(store=Broken())
    place.engine.open.set()
    assert "slow" == (await asked(place.process("one"))).engine


@pytest.mark.parametrize(
    ("failure", "calls"),
    [(Unfit("The abstract does not support it."), [1, 1, 2]), (EngineDown("It rests."), [1, 2, 3])],
)
async def test_what_a_model_cannot_write_is_asked_once_a_day(failure: Exception, calls: list[int]) -> None:
    """If a model's text is refused, every process uses the other engine's blurb until midnight; not if it was down."""
    place = Place()
    first = ToldSummarizer(engine="first", failing={ABSTRACT.title: failure})
    place.engine = ChainEngine([first, ToldSummarizer()])  # type: ignore[assignment]  # an engine too
    found, told = [], []
    for hours in (0, 14, 1.5):
        place.clock.turn(hours=hours)
        told.append((await asked(place.process(f"{hours}"))).engine)
        found.append(len(first.asked))
    assert ["told"] * 3 == told
    assert calls == found
    first.failing.clear()
    place.clock.turn(hours=24)
    assert ("first", True) == ((made := await asked(place.process("later"))).engine, made.settled)


async def test_one_process_does_a_piece_of_work_and_then_nobody_for_a_while() -> None:
    """After the work its process keeps the turn for the time of rest; a failure gives it back at once."""
    place, rest = Place(), timedelta(minutes=15)
    one, two = (place.process(name).flight for name in "ab")
    assert one
    assert two
    async with one.alone("work", rest=rest) as first, two.alone("work", rest=rest) as second:
        assert (True, False) == (first, second)
    place.clock.turn(minutes=14)
    async with two.alone("work", rest=rest) as again:
        assert not again
    place.clock.turn(minutes=2)
    with pytest.raises(StoreError):
        await failing(two)
    async with one.alone("work", rest=rest) as after:
        assert after


async def failing(flight: SingleFlight) -> None:
    """Begin the work and fail."""
    async with flight.alone("work", rest=timedelta(minutes=15)) as alone:
        assert alone
        raise StoreError("The disk is full.")
