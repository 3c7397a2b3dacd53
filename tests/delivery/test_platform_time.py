"""A lost message is looked for by the platform's own time, whatever this machine's clock shows."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bots.delivery.steps import UNSURE
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import PostRefused, PostUnknown
from bots.domain.runs import RunState
from bots.store.memory import MemoryStore
from tests.delivery.test_half_posted import until_it_ends
from tests.support.doubles import Bench, Hand, a_bench
from tests.support.factories import five_papers
from tests.support.scenes import due, ended, opened
from tests.support.stranger import CHANNEL as TIN_CAN
from tests.support.stranger import Stranger, joined


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


@dataclass(kw_only=True)
class Timely(Stranger):
    """A platform that tells its time, years from ours, and finds only what was posted at or after an instant of it."""

    hand: Hand
    ahead: timedelta = timedelta(days=1500)
    failing: list[Exception] = field(default_factory=list)
    at: dict[str, datetime] = field(default_factory=dict)
    sinces: list[datetime] = field(default_factory=list)

    async def platform_time(self) -> datetime:
        """Return the platform's time, or raise the next given error."""
        if self.failing:
            raise self.failing.pop(0)
        return self.hand() + self.ahead

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Store the message with its time."""
        self.at[key] = self.hand() + self.ahead
        return await super().post(part, key, root=root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the key if a message was posted with it since then."""
        self.sinces.append(since)
        found = await super().find(channel, key, since, root=root)
        return found if found is not None and self.at[key] >= since else None


def _lost_once() -> Callable[[object], object]:
    left = [PostUnknown("lost")]

    def bug(key: object) -> object:
        if left:
            raise left.pop()
        return key

    return bug


@pytest.mark.parametrize("jump", [timedelta(), timedelta(minutes=5), timedelta(days=1), timedelta(days=-1)])
@pytest.mark.parametrize("ahead", [timedelta(days=1500), timedelta(days=-1500), timedelta(minutes=-5)])
async def test_a_lost_message_is_looked_for_by_the_platforms_time(
    bench: Bench, ahead: timedelta, jump: timedelta
) -> None:
    """Whatever our clock shows, and wherever it jumps before the search, a message that arrived is found."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Timely(hand=bench.clock, ahead=ahead, bugs={"post": _lost_once()}, arrives=True)
    joined(bench, stranger)
    key = await opened(bench, channel=TIN_CAN)

    async def jumps(seconds: float) -> None:
        bench.clock.turn(seconds=seconds)
        if not stranger.sinces:
            bench.clock.now += jump
            stranger.ahead -= jump

    # The jump must not make the digest too late.
    executor = replace(bench.executor, sleep=jumps, window=timedelta(days=30))
    bench = replace(bench, executor=executor)
    await until_it_ends(bench, key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert 1 == len(stranger.posted)


async def test_a_platform_that_does_not_tell_its_time_yet_is_not_posted_to(bench: Bench) -> None:
    """If the platform's time cannot be read, nothing is posted: the part is tried again after a wait."""
    bench.sources["told"].papers = five_papers()[:1]
    errors = [PostUnknown("no answer"), PostRefused("later", retry_after=7)]
    stranger = Timely(hand=bench.clock, failing=list(errors))
    joined(bench, stranger)

    run = await due(bench, channel=TIN_CAN)

    assert RunState.DONE == run.state
    (part,) = await bench.store.deliveries(run.key)
    assert (1, 3, []) == (len(stranger.posted), part.attempts, stranger.sinces)
    assert [2.0, 7.0] == bench.clock.slept


@pytest.mark.parametrize("given", [None, "noon", datetime(2026, 1, 1)], ids=["none", "text", "naive"])  # noqa: DTZ001 - what it must not be
async def test_a_platform_without_a_time_is_searched_a_day_earlier(bench: Bench, given: Any) -> None:
    """Without the platform's time, or with a value that is none, a search begins a day before our own first attempt."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Timely(hand=bench.clock, ahead=timedelta(), bugs={"post": _lost_once()}, arrives=True)

    async def told() -> Any:
        return given

    stranger.platform_time = told  # type: ignore[method-assign]  # a platform that does not know
    joined(bench, stranger)
    began = bench.clock()

    run = await due(bench, channel=TIN_CAN)

    assert (RunState.DONE, 1) == (run.state, len(stranger.posted))
    assert [began - UNSURE] == stranger.sinces


async def test_a_part_of_an_older_version_is_searched_by_the_measured_difference(bench: Bench) -> None:
    """A part of before an upgrade, without the platform's time, is searched for earlier if our clock is ahead."""
    bench.sources["told"].papers = five_papers()[:1]
    stranger = Timely(hand=bench.clock, ahead=timedelta(days=-3), bugs={"post": _lost_once()}, arrives=True)
    joined(bench, stranger)
    key = await opened(bench, channel=TIN_CAN)
    ledger = bench.store
    began = bench.clock()

    class Older:
        """A ledger that does not know the platform's time."""

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def lease(self, part: str, **given: Any) -> bool:
            return await ledger.lease(part, **{**given, "posted_after": None})

    part_delivery = replace(bench.executor.part_delivery, ledger=Older())  # type: ignore[arg-type]  # a ledger otherwise
    await replace(bench.executor, part_delivery=part_delivery).execute(key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert [began - timedelta(days=3) - UNSURE] == stranger.sinces
    assert 1 == len(stranger.posted)
