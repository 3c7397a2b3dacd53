"""Posting: one part has one result, whatever the platform responds; the admin is notified of every manual decision."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.delivery.admin_notices import AdminNotices
from bots.delivery.part_delivery import LEASE
from bots.delivery.steps import LONGEST_WAIT, MAX_ATTEMPTS, WhenUnknown
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.runs import DeliveryState, RunState
from bots.domain.subscriptions import Subscription
from bots.fakechat.chat import MAX_CHARS
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support import hostile
from tests.support.doubles import ADMIN, Bench, a_bench
from tests.support.factories import CHANNEL, a_blurb, a_digest, a_paper, an_entry, five_papers
from tests.support.refusing import Sleepy
from tests.support.scenes import due, ended, opened, shown, states


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        # A platform without idempotency keys is the hard case.
        made.chat.key_window = None
        yield made


async def test_a_refusal_is_waited_out(bench: Bench) -> None:
    """A platform that says "in 7 seconds" gets the part again after 7 seconds, and not before."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=7)

    run = await due(bench)

    assert RunState.DONE == run.state
    first, second = bench.chat.attempts
    assert timedelta(seconds=7) == second.at - first.at


async def test_a_long_refusal_puts_the_run_off(bench: Bench) -> None:
    """A platform that says "in an hour" gets no post for an hour; the run waits in the ledger."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=3600)

    run = await due(bench)
    assert RunState.RUNNING == run.state
    assert bench.clock() + timedelta(hours=1) == run.not_before

    bench.clock.turn(hours=1)
    await bench.executor.execute(run.key)
    assert RunState.DONE == (await ended(bench, run.key)).state
    assert 2 == len(bench.chat.attempts)


async def test_a_refusal_that_does_not_end_is_given_up(bench: Bench) -> None:
    """After the last attempt the part is dead and the run failed, with the reason; no wait exceeds ten minutes."""
    bench.chat.trouble(Fault.REFUSE)
    key = await opened(bench)

    while (await ended(bench, key)).state in (RunState.QUEUED, RunState.RUNNING):
        await bench.executor.execute(key)
        bench.clock.turn(seconds=LONGEST_WAIT.total_seconds())

    assert RunState.FAILED == (await ended(bench, key)).state
    (part,) = await bench.store.deliveries(key)
    assert (DeliveryState.DEAD, True) == (part.state, part.last_error.startswith(f"refused {MAX_ATTEMPTS} times: "))
    assert MAX_ATTEMPTS == len(bench.chat.attempts)


async def test_what_a_refusal_asks_for_holds_for_every_run(bench: Bench) -> None:
    """While a channel's pause lasts that a refusal asked for, another run's message to it waits as well."""
    bench.chat.trouble(Fault.REFUSE, times=1, retry_after=30)
    waited: list[float] = []

    async def slept(_seconds: float) -> None:
        begun = bench.clock()
        other = await bench.executor.post_now(a_digest())
        assert RunState.DONE == other.state
        waited.append((bench.clock() - begun).total_seconds())

    key = await opened(bench)
    await replace(bench.executor, sleep=slept).execute(key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert [True] == [seconds >= 30 for seconds in waited]


async def test_a_lost_answer_is_looked_for_and_never_posted_twice(bench: Bench) -> None:
    """A message that arrived without a response is found and recorded as sent once the lease has expired."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)

    run = await due(bench)

    assert RunState.DONE == run.state
    assert 1 == len(bench.chat.messages)
    assert [LEASE.total_seconds()] == bench.clock.slept


async def test_a_post_that_never_arrived_is_posted_again(bench: Bench) -> None:
    """If the connection broke before the message was accepted, it is posted again only after the lease expired."""
    bench.chat.trouble(Fault.LOST_BEFORE, times=1)

    run = await due(bench)

    assert RunState.DONE == run.state
    assert 1 == len(bench.chat.messages)
    first, second = bench.chat.attempts
    assert LEASE <= second.at - first.at


async def test_a_part_nobody_can_ask_about_is_held_and_the_admin_is_told(bench: Bench) -> None:
    """Without history it is unknown whether the message arrived: it is held, not posted twice, and a person decides."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    bench.chat.trouble(Fault.NO_HISTORY)

    run = await due(bench)

    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await bench.store.deliveries(run.key)}
    assert 1 == len(bench.chat.messages)
    await noticed(bench)
    assert "may or may not have been posted" in shown(bench, ADMIN.channel)
    assert f"paperwire retry {run.key} --repost" in shown(bench, ADMIN.channel)


async def noticed(bench: Bench) -> None:
    """Post the waiting notices, as the scheduler's next poll does."""
    await bench.executor.resume(bench.dispatcher)
    await bench.dispatcher.drain()


async def test_who_would_rather_have_it_twice_gets_it(bench: Bench) -> None:
    """With `repost` a part whose state cannot be queried is posted again."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    bench.chat.trouble(Fault.NO_HISTORY)
    reposting = replace(bench.executor.part_delivery, when_unknown=WhenUnknown.REPOST)
    key = await opened(bench)

    await replace(bench.executor, part_delivery=reposting).execute(key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert 2 == len(bench.chat.messages)


async def test_a_channel_that_is_gone_pauses_its_subscription_and_the_admin_is_told_once(bench: Bench) -> None:
    """A deleted channel fails once: its subscription is paused with the reason, and one notice says how to go on."""
    bench.chat.trouble(Fault.GONE, CHANNEL.channel)

    run = await due(bench)
    await noticed(bench)
    await noticed(bench)

    assert RunState.FAILED == run.state
    subscription = await bench.store.subscription("order")
    assert subscription
    assert (False, "The channel was deleted.") == (subscription.enabled, subscription.off_because)
    assert 1 == shown(bench, ADMIN.channel).count("The subscription order for fakechat:papers is paused")
    assert "paperwire resume order" in shown(bench, ADMIN.channel)


@pytest.mark.parametrize("ended", [True, False])
async def test_a_pause_undoes_nothing_that_happened_meanwhile(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, ended: bool
) -> None:
    """A subscription that is ended or edited while its digest fails is not brought back, and keeps the edit."""

    async def meanwhile(_self: AdminNotices, _about: str, subscription: Subscription, _error: object) -> None:
        if ended:
            await bench.store.drop_subscription("order")
        else:
            await bench.store.keep_subscription(replace(subscription, query="robots"))

    monkeypatch.setattr(AdminNotices, "_tell_owners", meanwhile)
    bench.chat.trouble(Fault.GONE, CHANNEL.channel)
    await due(bench)
    subscription = await bench.store.subscription("order")
    expected = None if ended else ("robots", False)
    assert expected == (subscription and (subscription.query, subscription.enabled))


async def test_an_admin_channel_that_is_gone_makes_no_notice_of_itself(bench: Bench) -> None:
    """A notice that cannot be delivered is only logged."""
    bench.chat.trouble(Fault.GONE)
    await due(bench)

    await noticed(bench)
    await noticed(bench)

    assert 2 == len(await bench.store.runs())
    assert not bench.chat.messages


async def test_a_part_refused_for_its_size_is_split_and_every_paper_comes(bench: Bench) -> None:
    """A part that the platform finds too large is posted as two, in order, with each paper once."""
    bench.chat.trouble(Fault.TOO_LARGE, times=1)

    run = await due(bench)

    assert RunState.DONE == run.state
    parts = await bench.store.deliveries(run.key)
    assert [(1, 2), (2, 2)] == [(part.part.number, part.part.total) for part in parts]
    places = [shown(bench).index(paper.title.split(":")[0]) for paper in five_papers()]
    assert sorted(places) == places
    assert all(1 == shown(bench).count(paper.title.split(":")[0]) for paper in five_papers())


async def test_a_part_that_is_never_small_enough_is_dead_and_the_subscription_stays(bench: Bench) -> None:
    """A part that cannot be made smaller is given up with the reason, and the next digest is still due."""
    bench.chat.trouble(Fault.TOO_LARGE)

    run = await due(bench)

    assert RunState.FAILED == run.state
    assert "too large" in run.note
    subscription = await bench.store.subscription("order")
    assert subscription
    assert subscription.enabled


def long_digest(count: int) -> Digest:
    papers = [a_paper(id=f"x:{number}", title=f"Paper {number}") for number in range(count)]
    blurb = a_blurb(text="It is shown that this holds. " * 30)
    return a_digest(entries=tuple(an_entry(paper=paper, blurb=blurb) for paper in papers))


async def test_parts_of_a_digest_come_in_order_however_the_answers_are_lost(bench: Bench) -> None:
    """While the state of a part is unknown, no later part is posted."""
    bench.chat.trouble(Fault.LOST_BEFORE, times=3)

    await bench.executor.post_now(long_digest(20))

    assert list(range(20)) == [int(number) for number in re.findall(r"\. Paper (\d+)", shown(bench))]


async def test_one_slow_channel_holds_up_no_other(bench: Bench) -> None:
    """While one channel does not respond, another gets its digest."""
    gate = asyncio.Event()
    bench.chat.trouble(Fault.SLOW, CHANNEL.channel, gate=gate)
    slow = await opened(bench)
    other = await opened(bench, id="other", channel=Channel(platform="fakechat", channel="other"))

    await bench.dispatcher.dispatch(slow)
    await bench.executor.execute(other)

    assert five_papers()[0].title in shown(bench, "other")
    gate.set()
    await bench.dispatcher.drain()
    assert five_papers()[0].title in shown(bench)


@hostile.patient
@given(st.lists(st.sampled_from([Fault.REFUSE, Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.TOO_LARGE]), max_size=8))
async def test_whatever_the_chat_does_each_paper_is_shown_once(faults: list[Fault]) -> None:
    """After any finite sequence of faults each paper is in the channel once and no message exceeds the limit."""
    async with a_bench(MemoryStore()) as bench:
        bench.chat.key_window = None
        for fault in faults:
            bench.chat.trouble(fault, times=1, retry_after=1)
        run = await due(bench)
        while (await ended(bench, run.key)).state is RunState.RUNNING:
            bench.clock.turn(minutes=11)
            await bench.executor.execute(run.key)

        assert DeliveryState.AMBIGUOUS not in await states(bench)
        assert all(sum(map(len, message.blocks)) <= MAX_CHARS for message in bench.chat.messages)
        if RunState.DONE == (await ended(bench, run.key)).state:
            assert all(1 == shown(bench).count(paper.title.split(":")[0]) for paper in five_papers())


async def test_who_waited_too_long_for_a_turn_does_not_double(bench: Bench) -> None:
    """If another process posts and loses the response while one waits for its turn, the part is not posted twice."""
    key = await opened(bench)
    gate = asyncio.Event()
    bench.chat.trouble(Fault.SLOW_ANSWER, times=1, gate=gate)
    (rate_limiter,) = bench.executor.part_delivery.rate_limiters.values()
    async with rate_limiter.turn(CHANNEL):
        waiting = asyncio.create_task(bench.executor.execute(key))
        while not await bench.store.deliveries(key):  # noqa: ASYNC110 - the store in memory has no event to wait for
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        (part,) = await bench.store.deliveries(key)
        now = bench.clock()
        assert await bench.store.lease(part.key, now=now, until=now + LEASE, attempts=part.attempts)
        gate.set()
        await bench.chat.post(CHANNEL.channel, ["What the other process posted."], key=part.key)
        bench.clock.turn(seconds=LEASE.total_seconds() + 1)
    await waiting

    assert 1 == len(bench.chat.messages)
    assert RunState.DONE == (await ended(bench, key)).state


async def test_a_machine_that_slept_between_lease_and_post_posts_nothing(bench: Bench) -> None:
    """A process that sleeps a minute between lease and post does not post: another may already look the part up."""
    key = await opened(bench)
    asleep = Sleepy(bench.store, bench)
    executor = replace(bench.executor, part_delivery=replace(bench.executor.part_delivery, ledger=asleep))

    await executor.execute(key)

    assert RunState.DONE == (await ended(bench, key)).state
    assert 1 == len(bench.chat.messages)
    assert LEASE - timedelta(seconds=1) < bench.chat.attempts[0].at - (await ended(bench, key)).created
