"""Quotas: requests within the limits pass, others are refused in plain words, and no person pays for another."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Reader
from bots.domain.errors import TooMany
from bots.store.memory import MemoryStore
from bots.usecases.quotas import Quota, Quotas
from tests.support.doubles import Hand

ADA, BOB, NOBODY = (Reader(platform="slack", workspace="T1", user=user) for user in ("ada", "bob", ""))
PREVIEWS = Quota(kind="preview", person=2, workspace=3)


def quotas() -> tuple[Quotas, Hand]:
    """Return quotas with empty counters, and their clock."""
    clock = Hand()
    return Quotas(counters=MemoryStore(), clock=clock), clock


async def passes(counted: Quotas, reader: Reader, quota: Quota = PREVIEWS) -> bool:
    """Return whether one more request is allowed."""
    try:
        await counted.spend(reader, quota)
    except TooMany:
        return False
    return True


async def test_one_more_than_allowed_is_refused_politely() -> None:
    """The refusal states the limit, what it counts, and when it is reset."""
    counted, _ = quotas()
    assert [True, True] == [await passes(counted, ADA) for _ in range(2)]
    with pytest.raises(TooMany, match="You have used up today's limit of 2 previews") as caught:
        await counted.spend(ADA, PREVIEWS)
    assert "midnight UTC" in caught.value.hint


async def test_a_workspace_has_its_own_limit() -> None:
    """The requests of all people in a workspace count towards its limit."""
    counted, _ = quotas()
    assert [True, True, True, False] == [await passes(counted, who) for who in (ADA, ADA, BOB, BOB)]
    with pytest.raises(TooMany, match="All users here together have used up today's limit of 3 previews"):
        await counted.spend(replace(BOB, user="eve"), PREVIEWS)


async def test_who_asks_in_vain_uses_up_nothing_of_the_others() -> None:
    """Ada's refused requests do not use up Bob's quota."""
    counted, _ = quotas()
    assert 2 == [await passes(counted, ADA) for _ in range(50)].count(True)
    assert await passes(counted, BOB)


async def test_a_day_begins_anew() -> None:
    """Counts are reset at midnight UTC."""
    counted, clock = quotas()
    assert [True, True, False] == [await passes(counted, ADA) for _ in range(3)]
    clock.turn(hours=15)
    assert await passes(counted, ADA)


async def test_without_limits_nothing_is_refused() -> None:
    """None means no limit, for a person and for a workspace."""
    counted, _ = quotas()
    assert all([await passes(counted, ADA, Quota(kind="preview")) for _ in range(99)])


async def test_somebody_without_an_id_counts_for_the_workspace_once() -> None:
    """People without an id are indistinguishable: only the workspace's limit applies, once per request."""
    counted, _ = quotas()
    assert [True, True, True, False] == [await passes(counted, NOBODY) for _ in range(4)]


@given(
    asked=st.lists(st.sampled_from((ADA, BOB)), max_size=20),
    person=st.integers(0, 5),
    workspace=st.integers(0, 8),
)
async def test_no_limit_is_passed(asked: list[Reader], person: int, workspace: int) -> None:
    """In any sequence of requests neither a person nor a workspace exceeds its limit."""
    counted, _ = quotas()
    quota = Quota(kind="preview", person=person, workspace=workspace)
    through = [who for who in asked if await passes(counted, who, quota)]
    assert person >= max(map(through.count, (ADA, BOB)))
    assert workspace >= len(through)
