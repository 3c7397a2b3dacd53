"""The contract of every store for unfinished parts and posted papers: the other half of `bots.ports.Ledger`."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, DeliveryState
from bots.ports import Store
from tests.store.stores import KINDS, a_run, at, on, one, opened, planned, some_parts
from tests.support.factories import CHANNEL, DAY, NOW, a_paper

RUN = a_run()
ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)
ARXIV = PaperId.arxiv("1706.03762")
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


# ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_parts_come_back_as_they_were_planned(store: Store) -> None:
    """Planning returns every part with every field, and so does a later query."""
    await store.open_run(RUN)
    parts = some_parts(RUN)
    assert parts == await store.plan(RUN.key, parts)
    assert parts == await store.deliveries(RUN.key)


async def test_a_plan_stands(store: Store) -> None:
    """A run that has parts keeps them: planning others returns the first ones with their payloads."""
    first = await planned(store)
    other = [replace(part, part=replace(part.part, payload={"text": "other"})) for part in some_parts(RUN, 2)]
    assert first == await store.plan(RUN.key, other)
    assert first == await store.deliveries()


async def test_plans_made_at_once_agree(store: Store) -> None:
    """Ten callers that plan the same run at once, each with its own parts, all get the same parts."""
    await store.open_run(RUN)

    async def plan(number: int) -> tuple[Delivery, ...]:
        mine = [replace(part, part=replace(part.part, payload={"by": number})) for part in some_parts(RUN)]
        return await store.plan(RUN.key, mine)

    answers = await asyncio.gather(*map(plan, range(10)))
    assert 10 == answers.count(answers[0])
    assert answers[0] == await store.deliveries(RUN.key)


async def test_a_planned_payload_is_frozen(store: Store) -> None:
    """A caller's change to a payload that was planned or returned does not reach the ledger."""
    await store.open_run(RUN)
    payload: dict[str, object] = {"blocks": [1, 2]}
    part = some_parts(RUN, 1)[0]
    given = (await store.plan(RUN.key, [replace(part, part=replace(part.part, payload=payload))]))[0]
    payload["blocks"] = "changed"
    cast("dict[str, object]", given.part.payload)["blocks"] = "changed"
    assert {"blocks": [1, 2]} == (await one(store, part.key)).part.payload


async def test_a_run_without_parts_has_none(store: Store) -> None:
    """Planning no parts records none, and allows a later plan."""
    await store.open_run(RUN)
    assert () == await store.plan(RUN.key, [])
    assert 3 == len(await store.plan(RUN.key, some_parts(RUN)))


async def test_a_run_that_was_never_opened_cannot_be_planned(store: Store) -> None:
    """Parts of an unknown run are refused, whatever other runs there are."""
    await store.open_run(a_run("another"))
    with pytest.raises(StoreError, match="There is no run"):
        await store.plan(RUN.key, some_parts(RUN))
    assert () == await store.deliveries()


async def test_a_plan_that_contradicts_itself_records_nothing(store: Store) -> None:
    """A plan with a duplicate part, a part of another run or another run's part key records nothing."""
    elsewhere = await planned(store, a_run("other"))
    await store.open_run(RUN)
    first, second, _ = some_parts(RUN)
    same_key, same_place = replace(second, key=first.key), replace(second, part=first.part)
    for bad in (same_key, same_place, elsewhere[0], replace(second, key=elsewhere[0].key)):
        with pytest.raises(StoreError):
            await store.plan(RUN.key, [first, bad])
    assert elsewhere == await store.deliveries()


async def test_a_payload_that_is_no_json_is_refused(store: Store) -> None:
    """A plan with a payload that cannot be sent as JSON is refused as a whole."""
    await store.open_run(RUN)
    for value in (float("nan"), object()):
        part = some_parts(RUN, 1)[0]
        with pytest.raises((ValueError, TypeError)):
            await store.plan(RUN.key, [replace(part, part=replace(part.part, payload={"value": value}))])
    assert () == await store.deliveries()


async def test_parts_come_in_the_order_of_run_and_number(store: Store) -> None:
    """Parts of the run opened first come first, in the order of their numbers, however they were planned."""
    later, earlier = a_run("a", created=at(1)), a_run("b", slot=on(DAY + timedelta(days=1)))
    for run in (later, earlier):
        await store.open_run(run)
        await store.plan(run.key, some_parts(run, 11)[::-1])
    wanted = [(run.key, number) for run in (earlier, later) for number in range(1, 12)]
    assert wanted == [(part.run_key, part.part.number) for part in await store.deliveries()]


async def test_parts_can_be_asked_for_by_state(store: Store) -> None:
    """A query for a state returns only the parts in that state, of one run or of all."""
    first, second, third = await planned(store)
    other = (await planned(store, a_run("other"), 1))[0]
    for part in (first, other):
        await store.confirm(part.key, "m", now=NOW)
    assert (second, third) == await store.deliveries(state=DeliveryState.PLANNED)
    assert [first.key] == [part.key for part in await store.deliveries(RUN.key, state=DeliveryState.SENT)]
    assert 2 == len(await store.deliveries(state=DeliveryState.SENT))
    assert () == await store.deliveries("nobody@never")


# ── leases and confirmations ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_part_is_taken_by_one(store: Store) -> None:
    """If twenty callers lease the same part at once, exactly one gets it."""
    key = (await planned(store))[0].key
    won = await asyncio.gather(*(store.lease(key, now=NOW, until=at(1)) for _ in range(20)))
    assert 1 == won.count(True)
    assert 1 == (await one(store, key)).attempts


async def test_a_taken_part_is_under_way(store: Store) -> None:
    """Leasing a part makes it `sending` until the lease expires, and counts the attempt."""
    part = (await planned(store))[0]
    assert await store.lease(part.key, now=NOW, until=at(1.5))
    taken = replace(part, state=DeliveryState.SENDING, attempts=1, lease_until=at(1.5), first_attempt_at=NOW)
    assert taken == await one(store, part.key)


async def test_a_lease_holds_until_it_lapses(store: Store) -> None:
    """A part is leased again once its lease has expired, and not before; its first attempt is kept."""
    key = (await planned(store))[0].key
    await store.lease(key, now=NOW, until=at(1))
    assert not await store.lease(key, now=at(1) - timedelta(microseconds=1), until=at(2))
    assert await store.lease(key, now=at(1), until=at(2))
    again = await one(store, key)
    assert (2, at(2), NOW) == (again.attempts, again.lease_until, again.first_attempt_at)


async def test_an_instant_of_any_zone_can_be_leased_with(store: Store) -> None:
    """A lease compares instants, independent of their time zones."""
    key = (await planned(store))[0].key
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    await store.lease(key, now=tokyo, until=tokyo + timedelta(minutes=1))
    assert not await store.lease(key, now=at(0.5), until=at(2))
    assert NOW == (await one(store, key)).first_attempt_at
    assert await store.lease(key, now=at(1), until=at(2))


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.AMBIGUOUS, DeliveryState.DEAD])
async def test_a_part_at_its_end_cannot_be_taken(store: Store, state: DeliveryState) -> None:
    """A part that is sent, ambiguous or dead cannot be leased, and neither can an unknown part."""
    key = (await planned(store))[0].key
    if state is DeliveryState.SENT:
        await store.confirm(key, "m1", now=NOW)
    else:
        await store.release(key, state)
    assert not await store.lease(key, now=at(60), until=at(61))
    assert not await store.lease("nobody", now=at(60), until=at(61))
    assert 0 == (await one(store, key)).attempts


async def test_a_confirmed_part_is_sent(store: Store) -> None:
    """A confirmed part is `sent`, has the platform's message id, and has neither a lease nor an error."""
    part = (await planned(store))[0]
    await store.lease(part.key, now=NOW, until=at(1))
    await store.release(part.key, DeliveryState.PLANNED, error="rate limited")
    await store.lease(part.key, now=at(2), until=at(3))
    await store.confirm(part.key, "1732438800.000100", now=at(2))
    sent = replace(part, state=DeliveryState.SENT, attempts=2, first_attempt_at=NOW, message_id="1732438800.000100")
    assert sent == await one(store, part.key)


async def test_a_part_can_be_confirmed_again(store: Store) -> None:
    """Confirming a part twice has the same effect as confirming it once."""
    part = (await planned(store))[0]
    for _ in range(2):
        await store.confirm(part.key, "m1", now=NOW)
    assert replace(part, state=DeliveryState.SENT, message_id="m1") == await one(store, part.key)


@pytest.mark.parametrize("state", [DeliveryState.PLANNED, DeliveryState.AMBIGUOUS, DeliveryState.DEAD])
async def test_a_refused_part_is_given_back(store: Store, state: DeliveryState) -> None:
    """A released part has its new state and error, no lease, and its attempts; only a planned part is leased again."""
    part = (await planned(store))[0]
    await store.lease(part.key, now=NOW, until=at(1))
    await store.release(part.key, state, error="channel_not_found")
    back = replace(part, state=state, attempts=1, first_attempt_at=NOW, last_error="channel_not_found")
    assert back == await one(store, part.key)
    assert (state is DeliveryState.PLANNED) == await store.lease(part.key, now=at(0.1), until=at(2))


async def test_a_sent_part_stays_sent(store: Store) -> None:
    """A refusal after the confirmation does not make a posted part look unposted."""
    part = (await planned(store))[0]
    await store.confirm(part.key, "m1", now=NOW)
    await store.release(part.key, DeliveryState.PLANNED, error="too late")
    assert replace(part, state=DeliveryState.SENT, message_id="m1") == await one(store, part.key)


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SENT])
async def test_a_part_is_not_given_back_as_under_way(store: Store, state: DeliveryState) -> None:
    """Only a lease makes a part `sending`, and only a confirmation makes it `sent`."""
    part = (await planned(store))[0]
    with pytest.raises(ValueError, match="cannot be released"):
        await store.release(part.key, state)
    assert part == await one(store, part.key)


async def test_an_unknown_part_is_an_error(store: Store) -> None:
    """Confirming or releasing a part that was never planned raises an error."""
    with pytest.raises(StoreError, match="no part 'nobody'"):
        await store.confirm("nobody", "m1", now=NOW)
    with pytest.raises(StoreError, match="no part 'nobody'"):
        await store.release("nobody", DeliveryState.DEAD)


# ── finding a posted message ─────────────────────────────────────────────────────────────────────────────────────────


async def test_the_papers_of_a_confirmed_part_are_seen(store: Store) -> None:
    """Papers count as posted once their part is confirmed, and not when it is planned or leased."""
    first, second, _ = await planned(store)
    everything = (*first.part.paper_ids, *second.part.paper_ids, ARXIV)
    await store.lease(first.key, now=NOW, until=at(1))
    assert frozenset() == await store.posted(CHANNEL, everything)
    await store.confirm(first.key, "m1", now=NOW)
    assert frozenset(first.part.paper_ids) == await store.posted(CHANNEL, everything)
    assert frozenset() == await store.posted(CHANNEL, ())


async def test_papers_are_seen_where_they_were_posted(store: Store) -> None:
    """A paper posted in one channel is new in every other, even in one with the same name in another workspace."""
    part = (await planned(store))[0]
    await store.confirm(part.key, "m1", now=NOW)
    for channel in (ELSEWHERE, replace(CHANNEL, channel="other"), replace(CHANNEL, platform="slack")):
        assert frozenset() == await store.posted(channel, part.part.paper_ids)


@pytest.mark.parametrize("learned", ["before", "after"])
async def test_a_posted_paper_is_known_by_all_its_names(store: Store, learned: str) -> None:
    """A paper posted under one name is found under another, whenever the store learned that both are one paper."""
    await store.open_run(RUN)
    part = some_parts(RUN, 1)[0]
    part = replace(part, part=replace(part.part, paper_ids=(ARXIV,)))
    await store.plan(RUN.key, [part])
    paper = a_paper(id=ARXIV, aliases=frozenset({DOI}))
    if learned == "before":
        await store.remember([paper], source="arxiv:cs.CL", day=DAY)
    await store.confirm(part.key, "m1", now=NOW)
    if learned == "after":
        assert frozenset() == await store.posted(CHANNEL, [DOI])
        await store.remember([paper], source="arxiv:cs.CL", day=DAY)
    assert frozenset({DOI}) == await store.posted(CHANNEL, [DOI])
    assert frozenset({ARXIV, DOI}) == await store.posted(CHANNEL, [DOI, ARXIV])


async def test_a_paper_can_be_posted_in_two_parts(store: Store) -> None:
    """A part can be confirmed even if it shows a paper that was posted before."""
    for name in ("one", "two"):
        part = (await planned(store, a_run(name), 1))[0]
        await store.confirm(part.key, name, now=NOW)
    assert {"one", "two"} == {part.message_id for part in await store.deliveries(state=DeliveryState.SENT)}


async def test_many_papers_can_be_asked_for_at_once(store: Store) -> None:
    """One query can compare a day's list of a whole archive, 2500 papers."""
    part = (await planned(store))[0]
    await store.confirm(part.key, "m1", now=NOW)
    listed = [PaperId.arxiv(f"2611.{number:05}") for number in range(2500)]
    assert frozenset(part.part.paper_ids) == await store.posted(CHANNEL, [*listed, *part.part.paper_ids])
