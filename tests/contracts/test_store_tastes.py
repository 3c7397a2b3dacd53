"""The contract of every store for what people said of papers, and for the vectors of public papers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import PaperId
from bots.ports import Store
from bots.store.rules import BLURB_DAYS
from tests.store.stores import KINDS, at, opened
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, five_papers

ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)
OTHER = replace(CHANNEL, channel="C9")
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def said(sign: Sign = Sign.SAVED, *, user: str = "ada", minutes: int = 0) -> Feedback:
    """Return a statement about one paper."""
    return Feedback(paper=a_paper(), sign=sign, user=user, at=at(minutes))


async def test_what_was_said_comes_back_whole_and_the_latest_first(store: Store) -> None:
    """Every field is read back; the order is by time, and a limit keeps the latest."""
    papers = five_papers()
    statements = [replace(said(minutes=number), paper=paper) for number, paper in enumerate(papers)]
    for each in statements:
        await store.keep_feedback(CHANNEL, each)
    assert tuple(reversed(statements)) == await store.feedback(CHANNEL)
    assert (statements[-1],) == await store.feedback(CHANNEL, limit=1)
    assert () == await store.feedback(CHANNEL, limit=0)


async def test_saying_it_again_counts_once(store: Store) -> None:
    """One sign of one person on one paper is one statement, with its latest time; other signs and people stay."""
    for each in (said(), said(Sign.HIDDEN), said(user="bob"), said(minutes=5)):
        await store.keep_feedback(CHANNEL, each)
    assert [said(minutes=5), said(Sign.HIDDEN), said(user="bob")] == list(await store.feedback(CHANNEL))


async def test_feedback_is_taken_back_by_sign_person_and_any_name(store: Store) -> None:
    """A statement goes with its sign and person only; without a person, everyone's goes; any name of the paper does."""
    paper = replace(a_paper(), aliases=frozenset({DOI}))
    await store.remember([paper], source="told", day=DAY)
    for user in ("ada", "bob"):
        for sign in (Sign.SAVED, Sign.HIDDEN):
            await store.keep_feedback(CHANNEL, said(sign, user=user))
    assert [True, False] == [await store.drop_feedback(CHANNEL, DOI, Sign.SAVED, user="ada") for _ in range(2)]
    assert await store.drop_feedback(CHANNEL, a_paper().id, Sign.HIDDEN)
    assert [said(user="bob")] == list(await store.feedback(CHANNEL))


async def test_a_channel_sees_and_resets_its_own_only(store: Store) -> None:
    """Neither another channel nor one of the same name in another workspace is read or reset."""
    for place in (CHANNEL, ELSEWHERE, OTHER):
        await store.keep_feedback(place, said())
    assert [1, 0] == [await store.reset_feedback(CHANNEL) for _ in range(2)]
    assert ((), 1, 1) == (
        await store.feedback(CHANNEL),
        len(await store.feedback(ELSEWHERE)),
        len(await store.feedback(OTHER)),
    )
    assert not await store.drop_feedback(CHANNEL, a_paper().id, Sign.SAVED)
    assert 1 == len(await store.feedback(ELSEWHERE))


async def test_many_at_once_keep_one_statement(store: Store) -> None:
    """Of twenty simultaneous calls none fails, and one statement is stored."""
    await asyncio.gather(*(store.keep_feedback(CHANNEL, said()) for _ in range(20)))
    assert (said(),) == await store.feedback(CHANNEL)


async def test_vectors_come_back_and_expire(store: Store) -> None:
    """A vector is read back by its key, kept as first written, and deleted when its time has come."""
    many = {f"key{number}": bytes([number % 256]) * 768 for number in range(1200)}
    await store.keep_vectors(many, now=NOW)
    await store.keep_vectors({"key1": b"other"}, now=NOW)
    assert many == await store.vectors([*many, "unknown"])
    assert {} == await store.vectors([])
    await store.keep_vectors({"late": b"v"}, now=NOW + timedelta(days=2))
    assert 1200 == await store.expire(now=NOW + timedelta(days=BLURB_DAYS, minutes=1))
    assert {"late": b"v"} == await store.vectors(["key1", "late"])
