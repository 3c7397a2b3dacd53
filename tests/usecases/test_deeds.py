"""Who changed what in a workspace is recorded, by ids and without their words; what a plan allows is enforced."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.domain.channels import Reader
from bots.domain.errors import StoreError, TooMany
from bots.domain.plans import Deed, Plan
from bots.domain.replies import Problem, Subscribed
from bots.domain.requests import (
    Edit,
    Hidden,
    ListSubscriptions,
    NotForUs,
    Pause,
    Resume,
    Search,
    Subscribe,
    Summarize,
    Unsubscribe,
)
from bots.store.memory import MemoryStore
from bots.usecases.quotas import Quota, Quotas
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, NOW, a_paper, a_subscription
from tests.usecases.test_service_pastes import ABSTRACT

ADA = Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user="U1")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def actions(bench: Bench) -> list[str]:
    """Return what was recorded, oldest first."""
    return [deed.action for deed in reversed(await bench.store.deeds(CHANNEL, 50))]


async def test_every_change_is_recorded(bench: Bench) -> None:
    """A subscription's life is in the record, each step with its id and its channel, and who took it."""
    new = a_subscription(id="", sources=("told",), query="our secret project")
    made = await bench.service.answer(Subscribe(channel=CHANNEL, user="U1", subscription=new))
    assert isinstance(made, Subscribed)
    name = made.subscription.id
    await bench.service.answer(Edit(channel=CHANNEL, user="U2", subscription_id=name, options=(("limit", "3"),)))
    await bench.service.answer(Pause(channel=CHANNEL, user="U2", subscription_id=name))
    await bench.service.answer(Resume(channel=CHANNEL, user="U2", subscription_id=name))
    await bench.service.answer(NotForUs(channel=CHANNEL, user="U2", paper_id=a_paper().id))
    await bench.service.answer(Unsubscribe(channel=CHANNEL, user="U1", subscription_id=name))

    where = CHANNEL.channel
    assert [
        f"subscribe subscription {name} in {where}",
        f"edit subscription {name} in {where}",
        f"pause subscription {name} in {where}",
        f"resume subscription {name} in {where}",
        f"notforus paper {a_paper().id} in {where}",
        f"unsubscribe subscription {name} in {where}",
    ] == await actions(bench)
    deeds = await bench.store.deeds(CHANNEL, 50)
    assert ["U1", "U2", "U2", "U2", "U2", "U1"] == [deed.actor for deed in reversed(deeds)]
    assert "secret" not in repr(deeds)


async def test_what_changes_nothing_is_not_recorded(bench: Bench) -> None:
    """Questions, lists and refusals leave no record."""
    for request in (
        Search(channel=CHANNEL, user="U1", words="attention"),
        ListSubscriptions(channel=CHANNEL, user="U1"),
        Hidden(channel=CHANNEL, user="U1"),
        NotForUs(channel=CHANNEL, user="U1", paper_id=a_paper().id, sure=False),
        Unsubscribe(channel=CHANNEL, user="U1", subscription_id="nowhere"),
    ):
        await bench.service.answer(request)
    assert [] == await actions(bench)


async def test_a_record_that_fails_undoes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The change was made, and the person is told so; the log has what could not be recorded."""

    async def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(MemoryStore, "keep_deed", full)
    with caplog.at_level(logging.WARNING):
        made = await bench.service.answer(
            Subscribe(channel=CHANNEL, user="U1", subscription=a_subscription(sources=("told",)))
        )
    assert isinstance(made, Subscribed)
    assert "a change could not be recorded" in caplog.text


async def test_a_plan_limits_subscriptions(bench: Bench) -> None:
    """A workspace may have as many as its plan says; the refusal names the number."""
    here = replace(CHANNEL, workspace="T1")
    await bench.store.keep_plan(here, Plan(subscriptions=1))
    wanted = [
        a_subscription(id=name, channel=here, sources=("told",), query=name) for name in ("first", "second", "first")
    ]
    replies = [await bench.service.answer(Subscribe(channel=here, user="U1", subscription=each)) for each in wanted]
    assert [False, True, False] == [isinstance(reply, Problem) for reply in replies], replies
    assert "1 is the most" in str(replies[1])


@pytest.mark.parametrize(
    ("plan", "allowed"), [(Plan(), 3), (Plan(person_requests=1), 1), (Plan(requests=2), 2), (Plan(requests=0), 0)]
)
async def test_a_plan_limits_requests(plan: Plan, allowed: int) -> None:
    """A plan's number replaces the one that everybody has, also zero."""
    store = MemoryStore()
    await store.keep_plan(CHANNEL, plan)
    quotas = Quotas(counters=store, clock=lambda: NOW, plans=store)
    passed = 0
    for _ in range(4):
        try:
            await quotas.spend(ADA, Quota(kind="request", person=3, workspace=9))
        except TooMany:
            break
        passed += 1
    assert allowed == passed


async def test_a_plan_limits_pasted_abstracts(bench: Bench) -> None:
    """The engine works for a workspace alone only as often as its plan says; the operator is not counted."""
    await bench.store.keep_plan(CHANNEL, Plan(pastes=1))
    paste = Summarize(channel=CHANNEL, user="U1", text=ABSTRACT)
    first, second = [await bench.service.answer(paste) for _ in range(2)]
    assert (False, True) == (isinstance(first, Problem), isinstance(second, Problem))
    assert "1 condensed abstract" in str(second)
    assert not isinstance(await bench.service.answer(replace(paste, trusted=True)), Problem)


async def test_without_a_plan_pastes_are_not_counted(bench: Bench) -> None:
    """Nobody pays for a limit that nobody set: no count is written."""
    await bench.service.answer(Summarize(channel=CHANNEL, user="U1", text=ABSTRACT))
    assert await bench.store.spend(replace(ADA, user=""), "condensed abstract", day=NOW.date(), limit=1)


def test_a_deed_has_no_default() -> None:
    """Who did something is always said, if only that it was the operator."""
    with pytest.raises(TypeError):
        Deed(at=NOW, action="edit")  # type: ignore[call-arg]
