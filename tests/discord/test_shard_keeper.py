"""Processes on one database share the shards of the gateway: each is connected once, whoever joins or dies.

The connections are doubles here; `test_shards.py` has real ones.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bots.discord.connection import TOO_FEW, Shard
from bots.discord.identifies import GatewayFacts, IdentifyGate
from bots.discord.shard_keeper import ShardKeeper
from bots.domain.errors import StoreError
from bots.domain.leases import CONNECTED, SHARD
from bots.domain.shards import ShardChoice, read_shards
from bots.store.memory import MemoryStore
from tests.support.factories import NOW

LAPSE = 25.0


@dataclass
class Wire:
    """A shard without a connection."""

    number: int
    count: int
    is_up: bool = True
    closed_with: int = 0
    latency: float | None = 0.05
    is_open: bool = False

    @property
    def name(self) -> str:
        """The shard, as `3/8`."""
        return f"{self.number}/{self.count}"

    def open(self) -> None:
        """Open it."""
        self.is_open = True

    async def close(self) -> None:
        """Close it."""
        self.is_open = False


@dataclass
class Fleet:
    """Processes on one store, and what Discord says of the gateway."""

    store: MemoryStore = field(default_factory=MemoryStore)
    ahead: timedelta = timedelta()
    shards: int = 4
    wires: dict[str, list[Wire]] = field(default_factory=dict)
    keepers: dict[str, ShardKeeper] = field(default_factory=dict)

    def add(self, name: str, choice: str = "auto") -> ShardKeeper:
        """Start a process."""
        clock = lambda: NOW + self.ahead  # noqa: E731 - a clock of one line
        wires = self.wires[name] = []

        async def ask() -> GatewayFacts:
            return GatewayFacts(shards=self.shards, max_concurrency=1, remaining=900, total=1000, reset_after=0)

        def open_(number: int, count: int) -> Shard:
            wires.append(Wire(number, count))
            return wires[-1]  # type: ignore[return-value]  # a double

        gate = IdentifyGate(self.store, clock, ask)
        read: ShardChoice = read_shards(choice)
        self.keepers[name] = ShardKeeper(read, leases=self.store, clock=clock, gate=gate, open_=open_, lapse=LAPSE)
        return self.keepers[name]

    async def runs(self, seconds: float) -> None:
        """Let time pass, with the processes' steps in it."""
        for _ in range(max(1, round(seconds / (LAPSE / 3)))):
            for keeper in list(self.keepers.values()):
                await keeper.step()
            self.ahead += timedelta(seconds=LAPSE / 3)

    def open(self, name: str) -> set[str]:
        """Return the shards that a process has open."""
        return {wire.name for wire in self.wires[name] if wire.is_open}

    def all_open(self) -> list[str]:
        """Return the shards that are open, each as often as it is."""
        return sorted(wire.name for name in self.keepers for wire in self.wires[name] if wire.is_open)


@pytest.fixture
def fleet() -> Fleet:
    """No process yet."""
    return Fleet()


ALL = ["0/4", "1/4", "2/4", "3/4"]


async def test_one_process_has_all_shards_at_once(fleet: Fleet) -> None:
    """Whoever runs a single process has nothing to set, and waits for nobody."""
    keeper = fleet.add("a")
    assert not keeper.report().is_open
    await fleet.runs(1)
    assert ALL == fleet.all_open()
    assert (4, 4, True) == (keeper.report().wanted, keeper.report().open, keeper.report().has_been_open)


async def test_processes_share_and_each_shard_is_open_once(fleet: Fleet) -> None:
    """Processes that join get their share, one shard at a time, and no shard is ever open twice."""
    for name in "abc":
        fleet.add(name)
        for _ in range(6):
            await fleet.runs(1)
            assert len(set(fleet.all_open())) == len(fleet.all_open())
        assert ALL == fleet.all_open()
    assert [1, 1, 2] == sorted(len(fleet.open(name)) for name in "abc")


async def test_the_shards_of_a_dead_process_are_taken_over(fleet: Fleet) -> None:
    """Within 40 seconds of its last sign of life; the process that stands by is ready meanwhile."""
    for name in "ab":
        fleet.add(name)
        await fleet.runs(30)
    del fleet.keepers["a"]
    lost, died = fleet.open("a"), fleet.ahead
    assert lost
    while len(fleet.open("b")) < 4:
        await fleet.runs(1)
        assert fleet.ahead - died <= timedelta(seconds=40)
    assert set(ALL) == fleet.open("b")


async def test_what_a_process_gives_up_at_its_end_is_taken_at_once(fleet: Fleet) -> None:
    """A shutdown leaves nothing to wait for."""
    first = fleet.add("a")
    await fleet.runs(1)
    fleet.add("b")
    await first.close()
    del fleet.keepers["a"]
    assert set() == fleet.open("a")
    await fleet.runs(1)
    assert ALL == fleet.all_open()


async def test_a_process_that_slept_gives_up_what_others_took_over(fleet: Fleet) -> None:
    """One that was stopped for a minute and goes on has its share again afterwards, and no shard twice."""
    for name in "ab":
        fleet.add(name)
        await fleet.runs(30)
    asleep = fleet.keepers.pop("a")
    await fleet.runs(60)
    fleet.keepers["a"] = asleep
    await fleet.runs(30)
    assert ALL == fleet.all_open()
    assert 2 == len(fleet.open("a"))


async def test_two_processes_that_name_the_same_shard_are_told(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """The second stands by for it and takes it over when the first has died."""
    fleet.add("a", "0-2/4")
    fleet.add("b", "2-3/4")
    await fleet.runs(20)
    assert (set(ALL[:3]), {"3/4"}) == (fleet.open("a"), fleet.open("b"))
    (told,) = [each for each in caplog.records if "stands by" in each.message]
    assert "2" == told.shards  # type: ignore[attr-defined]  # from `extra`
    assert fleet.keepers["b"].report().is_open
    del fleet.keepers["a"]
    await fleet.runs(40)
    assert {"2/4", "3/4"} == fleet.open("b")


async def test_a_process_with_another_number_of_shards_is_told(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """It connects nothing, or servers would belong to two shards; it says so once, and is not ready."""
    fleet.add("a", "4")
    other = fleet.add("b", "0-4/5")
    await fleet.runs(30)
    assert (ALL, set()) == (fleet.all_open(), fleet.open("b"))
    (told,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "discord.shards says 0-4/5, but the other processes have 4 shards" in told.getMessage()
    assert not other.report().is_open


async def test_a_later_process_takes_the_number_that_the_others_have(fleet: Fleet) -> None:
    """Discord's recommendation may have grown by one meanwhile."""
    fleet.add("a")
    await fleet.runs(1)
    fleet.shards = 5
    fleet.add("b")
    await fleet.runs(40)
    assert ALL == fleet.all_open()


def outgrown(fleet: Fleet) -> None:
    """Discord closes a connection because the bot is in too many servers for so few shards."""
    fleet.shards = 6
    fleet.wires["a"][0].closed_with = TOO_FEW


def doubled(fleet: Fleet) -> None:
    """A process that starts learns that twice as many shards are recommended."""
    fleet.shards = 8
    fleet.add("c")


@pytest.mark.parametrize(("grows", "count"), [(outgrown, 6), (doubled, 8)])
async def test_a_bot_that_grows_gets_more_shards(fleet: Fleet, grows: Callable[[Fleet], None], count: int) -> None:
    """All processes change to the new number."""
    fleet.add("a")
    fleet.add("b")
    await fleet.runs(30)
    grows(fleet)
    await fleet.runs(60)
    assert [f"{number}/{count}" for number in range(count)] == fleet.all_open()


async def test_a_number_that_was_set_is_kept_and_its_limit_told(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """If Discord refuses the number that an operator set, the log says which one to set."""
    keeper = fleet.add("a", "4")
    await fleet.runs(1)
    outgrown(fleet)
    await fleet.runs(30)
    assert ALL == fleet.all_open()
    (told,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert "too many servers for 4 shards; Discord recommends 6" in told.getMessage()
    assert "too many servers" in keeper.report().problem


async def test_an_outage_of_the_database_is_told_once(
    fleet: Fleet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is away the keeper tries all the time; it says once each that it is away and back."""
    caplog.set_level(logging.INFO, "bots.discord.shard_keeper")
    keeper, steps, done = fleet.add("a"), [0], asyncio.Event()

    async def step() -> None:
        steps[0] += 1
        if steps[0] < 4:
            raise StoreError("The database is away.")
        done.set()

    async def no_time(_seconds: float) -> None:
        await yielded(0)

    yielded = asyncio.sleep
    monkeypatch.setattr(keeper, "step", step)
    monkeypatch.setattr("bots.discord.shard_keeper.asyncio.sleep", no_time)
    keeping = asyncio.create_task(keeper.keep())
    await done.wait()
    await yielded(0)
    keeping.cancel()
    said = [each.message for each in caplog.records]
    assert [
        "the shards of Discord's gateway cannot be shared out",
        "the shards of Discord's gateway are shared out again",
    ] == said


async def test_others_can_read_how_the_shards_stand(fleet: Fleet) -> None:
    """The leases say which shards are connected: the doctor and the status of another process read them."""
    fleet.add("a")
    await fleet.runs(1)
    fleet.wires["a"][1].is_up = False
    await fleet.runs(1)
    leases = await fleet.store.leases(SHARD, now=NOW + fleet.ahead)
    assert {"0/4", "2/4", "3/4"} == {lease.name for lease in leases if lease.note == CONNECTED}
    report = fleet.keepers["a"].report()
    assert (4, 3, False, 900) == (report.wanted, report.open, report.is_open, report.starts_left)
    assert {"0": 0.05, "2": 0.05, "3": 0.05} == report.latencies
