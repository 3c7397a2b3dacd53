"""Delivery: every slot's digest is posted once, in full or reported as incomplete, whatever the platform responds."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bots.delivery.part_delivery import LEASE
from bots.delivery.run_executor import CLAIM
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, PostRefused, SourceDown
from bots.domain.runs import DeliveryState, Run, RunState
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, a_digest, five_papers
from tests.support.refusing import Refusing
from tests.support.scenes import due, ended, opened, shown, states


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_due_digest_is_posted_and_its_papers_count_as_seen(bench: Bench) -> None:
    """Five papers are posted in the chat, the run is done, and all five are recorded for the channel."""
    run = await due(bench)

    assert RunState.DONE == run.state
    assert {DeliveryState.SENT} == await states(bench)
    assert all(paper.title.split(":")[0] in shown(bench) for paper in five_papers())
    ids = [paper.id for paper in five_papers()]
    assert frozenset(ids) == await bench.store.posted(CHANNEL, ids)


async def test_the_next_day_brings_only_what_is_new(bench: Bench) -> None:
    """A paper posted on one day is not posted on the next, even when its source still lists it."""
    await due(bench)
    bench.chat.messages.clear()
    bench.clock.turn(days=1)

    await due(bench)

    assert not any(paper.title in shown(bench) for paper in five_papers())
    assert bench.chat.messages  # on a day with nothing new the digest still says so


async def test_a_run_that_ended_is_not_carried_out_again(bench: Bench) -> None:
    """Carrying out a finished run posts nothing."""
    run = await due(bench)
    posted = len(bench.chat.messages)

    await bench.executor.execute(run.key)
    await bench.executor.execute("no such run")

    assert posted == len(bench.chat.messages)


async def test_a_payload_is_frozen_when_it_is_planned(bench: Bench) -> None:
    """After a stop the planned payload is posted, although the source has changed since."""
    run = await stopped_at_its_first_post(bench)
    planned = [delivery.part for delivery in await bench.store.deliveries(run.key)]

    bench.sources["told"].papers = five_papers()[:1]
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await bench.executor.execute(run.key)

    assert planned == [delivery.part for delivery in await bench.store.deliveries(run.key)]
    assert five_papers()[4].title in shown(bench)


async def stopped_at_its_first_post(bench: Bench) -> Run:
    """Start a run, and cancel it while its first post waits for a response."""
    gate = asyncio.Event()
    slow = bench.chat.trouble(Fault.SLOW, gate=gate)
    key = await opened(bench)
    await bench.dispatcher.dispatch(key)
    while not bench.chat.attempts:  # noqa: ASYNC110 - the chat in memory has no event to wait for
        await asyncio.sleep(0)
    await bench.dispatcher.stop(0)
    await bench.executor.part_delivery.settle(0)
    slow.left = 0
    return await ended(bench, key)


async def test_a_run_that_is_stopped_is_free_for_the_next_process(bench: Bench) -> None:
    """A stopped run can be claimed at once by the next process; its part in flight waits for its lease."""
    run = await stopped_at_its_first_post(bench)

    assert (RunState.RUNNING, None) == (run.state, run.not_before)
    assert (run.key,) == await bench.store.ready(bench.clock())
    assert {DeliveryState.SENDING} == await states(bench)


async def test_a_stopped_executor_begins_nothing(bench: Bench) -> None:
    """After `stop` a dispatched run is left for the next process."""
    key = await opened(bench)
    bench.executor.stop()

    await bench.executor.execute(key)

    assert RunState.QUEUED == (await ended(bench, key)).state
    assert not bench.chat.attempts


async def test_a_run_that_another_process_has_is_left_to_it(bench: Bench) -> None:
    """While one process has claimed a run, another makes no digest of it; once the claim has expired, it does."""
    key = await opened(bench)
    now = bench.clock()
    assert await bench.store.claim(key, now=now, until=now + CLAIM)

    await bench.executor.execute(key)
    assert not bench.chat.messages

    bench.clock.turn(seconds=CLAIM.total_seconds())
    await bench.executor.execute(key)
    assert RunState.DONE == (await ended(bench, key)).state


async def test_what_the_database_refuses_is_taken_up_again(bench: Bench) -> None:
    """A full disk in the middle of a run fails nothing: the run is released, and continues some seconds later."""
    key = await opened(bench)
    full = Refusing(bench.store, "plan")
    executor = replace(bench.executor, store=full)

    await executor.execute(key)
    assert RunState.QUEUED == (await ended(bench, key)).state
    assert (key,) == await bench.store.ready(bench.clock() + timedelta(seconds=10))

    bench.clock.turn(seconds=10)
    await bench.executor.execute(key)
    assert RunState.DONE == (await ended(bench, key)).state


async def test_a_post_that_could_not_be_recorded_is_not_posted_again(bench: Bench) -> None:
    """If the disk is full just after the chat accepted a message, the message is found later and not posted again."""
    bench.chat.key_window = None
    key = await opened(bench)
    executor = replace(
        bench.executor, part_delivery=replace(bench.executor.part_delivery, ledger=Refusing(bench.store, "confirm"))
    )

    await executor.execute(key)
    bench.clock.turn(seconds=(CLAIM + LEASE).total_seconds())
    await bench.executor.execute(key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert 1 == len(bench.chat.messages)


async def test_begun_runs_are_resumed(bench: Bench) -> None:
    """A run that was opened but not carried out is carried out at the next start."""
    key = await opened(bench)

    assert 1 == await bench.executor.resume(bench.dispatcher)
    await bench.dispatcher.drain()

    assert RunState.DONE == (await ended(bench, key)).state
    assert 0 == await bench.executor.resume(bench.dispatcher)


async def test_a_run_without_its_subscription_is_skipped_with_the_reason(bench: Bench) -> None:
    """If a subscription ended between its slot and its run, the run is skipped and records that reason."""
    key = await opened(bench)
    await bench.store.drop_subscription("order")

    await bench.executor.execute(key)

    run = await ended(bench, key)
    assert RunState.SKIPPED == run.state
    assert "gone" in run.note
    assert not bench.chat.messages


async def test_what_is_left_of_an_ended_subscription_is_given_up(bench: Bench) -> None:
    """If a subscription ends during its digest, the part in flight is looked up and nothing more is posted."""
    run = await stopped_at_its_first_post(bench)
    await bench.store.drop_subscription("order")
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)

    await bench.executor.execute(run.key)

    assert {DeliveryState.DEAD} == await states(bench)
    assert RunState.FAILED == (await ended(bench, run.key)).state
    assert not bench.chat.messages


class Busy(FakeChatAdapter):
    """A chat whose history cannot be read for nine minutes."""

    asked = 0

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Refuse the first question."""
        self.asked += 1
        if self.asked == 1:
            raise PostRefused("Try later.", retry_after=540)
        return await super().find(channel, key, since, root=root)


async def test_a_run_that_waits_keeps_its_claim(bench: Bench) -> None:
    """However long a run waits, longer than a claim too, no other process takes it up before it goes on."""
    run = await stopped_at_its_first_post(bench)
    await bench.store.drop_subscription("order")
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    taken: list[tuple[float, bool]] = []

    async def slept(seconds: float) -> None:
        end = bench.clock() + timedelta(seconds=seconds)
        taken.append((seconds, await bench.store.claim(run.key, now=end, until=end + CLAIM)))
        bench.clock.turn(seconds=seconds)

    part_delivery = replace(bench.executor.part_delivery, adapters={Busy.platform: Busy(bench.chat)})
    await replace(bench.executor, part_delivery=part_delivery, sleep=slept).execute(run.key)

    assert [(540, False)] == taken
    assert {DeliveryState.DEAD} == await states(bench)


async def test_a_digest_on_demand_goes_through_the_ledger(bench: Bench) -> None:
    """A digest posted by hand is recorded; a second one to the same channel within the minute is refused."""
    run = await bench.executor.post_now(a_digest())

    assert RunState.DONE == run.state
    with pytest.raises(PostRefused, match="this minute"):
        await bench.executor.post_now(a_digest())


async def test_a_platform_that_is_not_connected_is_named(bench: Bench) -> None:
    """The error for a post to an adapter that is not connected names the connected ones."""
    with pytest.raises(ChannelGone, match="fakechat"):
        await bench.executor.post_now(a_digest(channel=Channel(platform="carrier-pigeon", channel="x")))


async def test_every_source_down_is_said_and_not_called_empty() -> None:
    """A digest whose only source failed reports the failure instead of claiming that there is nothing new."""
    async with a_bench(MemoryStore(), told=ToldSource(error=SourceDown("no route."))) as bench:
        run = await due(bench)

        assert RunState.DONE == run.state
        assert "no route" in shown(bench)
