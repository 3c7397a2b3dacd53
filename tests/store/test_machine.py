"""The memory store and SQLite never differ after the same random history of a ledger."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.papers import PaperId
from bots.domain.runs import DeliveryState, Run, RunState
from bots.ports import Store
from tests.store.stores import a_run, at, on, opened, some_parts
from tests.support.factories import DAY, a_paper

_Answer = TypeVar("_Answer")

CHANNELS = [Channel(platform="fakechat", channel="a"), Channel(platform="slack", workspace="T1", channel="a")]
NAMES = [*(PaperId.arxiv(f"2601.0000{place}") for place in (1, 2)), PaperId(scheme="doi", value="10.1/x")]
RUNS = [a_run(name, on(DAY + timedelta(days=day)), created=at(day)) for name in ("a", "b") for day in (0, 1)]
PARTS = [part for run in RUNS for part in some_parts(run, 2)]

runs = st.sampled_from(RUNS)
keys = st.sampled_from([*(part.key for part in PARTS), "nobody"])
minutes = st.integers(0, 30)
channels = st.sampled_from(CHANNELS)


class LedgerMachine(RuleBasedStateMachine):
    """Calls both stores alike, and compares every result and, after every step, all records."""

    @initialize()
    def open(self) -> None:
        """Open both stores, empty."""
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.stores = self.runner.run(self._open())

    async def _open(self) -> tuple[Store, Store]:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        memory = await self.stack.enter_async_context(opened("memory", folder))
        return memory, await self.stack.enter_async_context(opened("sqlite", folder))

    def teardown(self) -> None:
        """Close both stores."""
        if hasattr(self, "runner"):
            self.runner.run(self.stack.aclose())
            self.runner.close()

    def both(self, ask: Callable[[Store], Awaitable[_Answer]]) -> None:
        """SourceQuery both the same and compare the answers, refusals too."""

        async def answer(store: Store) -> object:
            try:
                return await ask(store)
            except StoreError as error:
                return type(error)

        memory, sqlite = (self.runner.run(answer(store)) for store in self.stores)
        assert memory == sqlite

    @rule(run=runs, state=st.sampled_from(RunState))
    def open_run(self, run: Run, state: RunState) -> None:
        """Open a run."""
        self.both(lambda store: store.open_run(replace(run, state=state)))

    @rule(run=runs, state=st.sampled_from(RunState), minute=minutes)
    def move_run(self, run: Run, state: RunState, minute: int) -> None:
        """Set the state of a run that may not exist."""
        self.both(lambda store: store.move_run(run.key, state, now=at(minute), note=f"{state} {minute}"))

    @rule(run=runs, channel=channels, total=st.integers(0, 3), listed=st.lists(st.sampled_from(NAMES), max_size=2))
    def plan(self, run: Run, channel: Channel, total: int, listed: list[PaperId]) -> None:
        """Plan a run that may not exist or may be planned already."""
        parts = [
            replace(part, key=PARTS[place].key, part=replace(part.part, paper_ids=tuple(listed)))
            for place, part in enumerate(some_parts(run, total, channel), start=2 * RUNS.index(run))
            if place < len(PARTS)
        ]
        self.both(lambda store: store.plan(run.key, parts))

    @rule(key=keys, now=minutes, length=st.integers(1, 5))
    def lease(self, key: str, now: int, length: int) -> None:
        """Lease a part."""
        self.both(lambda store: store.lease(key, now=at(now), until=at(now + length)))

    @rule(key=keys, minute=minutes)
    def confirm(self, key: str, minute: int) -> None:
        """Confirm a part."""
        self.both(lambda store: store.confirm(key, f"m{minute}", now=at(minute)))

    @rule(key=keys, state=st.sampled_from([DeliveryState.PLANNED, DeliveryState.AMBIGUOUS, DeliveryState.DEAD]))
    def release(self, key: str, state: DeliveryState) -> None:
        """Release a part."""
        self.both(lambda store: store.release(key, state, error=str(state)))

    @rule(
        paper=st.sampled_from(NAMES),
        aliases=st.frozensets(st.sampled_from(NAMES)),
        version=st.none() | st.integers(1, 3),
    )
    def remember(self, paper: PaperId, aliases: frozenset[PaperId], version: int | None) -> None:
        """Record that several names belong to one paper."""
        listed = a_paper(id=paper, aliases=aliases - {paper}, version=version, abstract=f"Version {version}.")
        self.both(lambda store: store.remember([listed], source="s", day=DAY))

    @invariant()
    def the_same_stands_recorded(self) -> None:
        """All records of both stores are equal."""
        if hasattr(self, "stores"):
            self.both(everything)


async def everything(store: Store) -> list[object]:
    """Return the content of a store, read through every query it supports."""
    posted = [await store.posted(channel, NAMES) for channel in CHANNELS]
    papers = [await store.paper(name) for name in NAMES]
    parts = [await store.deliveries(), await store.deliveries(state=DeliveryState.SENT)]
    return [await store.runs(), await store.last_run("a"), *parts, *posted, *papers]


@pytest.mark.parametrize("histories", [5, pytest.param(150, marks=[pytest.mark.slow, pytest.mark.timeout(600)])])
def test_memory_and_sqlite_never_differ(histories: int) -> None:
    """After any sequence of calls both stores return the same results and hold the same records."""
    drawn = settings(max_examples=histories, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(LedgerMachine, settings=drawn)
