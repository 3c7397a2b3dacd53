"""The contract of every store for plans and deeds: `bots.ports.Plans` and `Deeds`."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.plans import Deed, Plan
from bots.ports import Store
from bots.store.rules import AUDIT_DAYS
from tests.store.stores import KINDS, opened
from tests.support.factories import NOW

HERE, THERE = (Channel(platform="slack", workspace=team, channel="C1") for team in ("T1", "T2"))
PLAN = Plan(subscriptions=50, person_requests=10, requests=0, pastes=None)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def a_deed(number: int, *, days: int = 0) -> Deed:
    return Deed(at=NOW - timedelta(days=days), actor="U1", action=f"edit {number}")


async def test_a_plan_is_of_a_whole_workspace(store: Store) -> None:
    """A plan is read from every channel of its workspace, and from no other; a limit of zero is one."""
    await store.keep_plan(HERE, PLAN)
    assert PLAN == await store.workspace_plan(Channel(platform="slack", workspace="T1", channel="C9"))
    assert Plan() == await store.workspace_plan(THERE)
    assert Plan() == await store.workspace_plan(Channel(platform="discord", workspace="T1", channel="C1"))


async def test_a_plan_is_replaced_and_ended(store: Store) -> None:
    """The last plan holds; an empty one leaves no row."""
    await store.keep_plan(HERE, PLAN)
    await store.keep_plan(HERE, Plan(pastes=3))
    assert Plan(pastes=3) == await store.workspace_plan(HERE)
    await store.keep_plan(HERE, Plan())
    assert Plan() == await store.workspace_plan(HERE)


async def test_deeds_are_listed_newest_first(store: Store) -> None:
    """Of two at one instant the later recorded comes first; the limit cuts the oldest."""
    for deed in (a_deed(1, days=2), a_deed(2), a_deed(3), a_deed(4, days=1)):
        await store.keep_deed(HERE, deed)
    assert (a_deed(3), a_deed(2), a_deed(4, days=1)) == await store.deeds(HERE, 3)
    assert () == await store.deeds(THERE, 3)
    assert () == await store.deeds(HERE, 0)


@pytest.mark.parametrize(("age", "kept"), [(AUDIT_DAYS - 1, 1), (AUDIT_DAYS + 1, 0)])
async def test_a_deed_has_an_end(store: Store, age: int, kept: int) -> None:
    """A deed is deleted after some four hundred days; a plan is not."""
    await store.keep_deed(HERE, a_deed(1, days=age))
    await store.keep_plan(HERE, PLAN)
    await store.expire(now=NOW)
    assert (kept, PLAN) == (len(await store.deeds(HERE, 9)), await store.workspace_plan(HERE))


async def test_both_leave_with_their_workspace(store: Store) -> None:
    """A deletion leaves nothing of a workspace, and everything of the other."""
    for place in (HERE, THERE):
        await store.keep_deed(place, a_deed(1))
        await store.keep_plan(place, PLAN)
    await store.purge_workspace("slack", "T1")
    assert ((), Plan()) == (await store.deeds(HERE, 9), await store.workspace_plan(HERE))
    assert ((a_deed(1),), PLAN) == (await store.deeds(THERE, 9), await store.workspace_plan(THERE))
    assert ("T2",) == await store.workspaces("slack")
