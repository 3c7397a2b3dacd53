"""The contract of every store for papers that were turned down in a channel: listed, and taken back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from bots.domain.replies import HiddenPaper
from bots.ports import Store
from tests.store.stores import KINDS, at, opened
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, five_papers

ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)
ARXIV = PaperId.arxiv("1706.03762")
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def test_a_refusal_is_taken_back_for_everyone_and_once(store: Store) -> None:
    """A paper that two people turned down is wanted again after one call; a second call finds nothing to withdraw."""
    for user in ("ada", "bob"):
        await store.turn_down(CHANNEL, ARXIV, user=user, now=NOW)
    assert [True, False] == [await store.take_back(CHANNEL, ARXIV) for _ in range(2)]
    assert (frozenset(), ()) == (await store.turned_down(CHANNEL, [ARXIV]), await store.hidden_papers(CHANNEL))
    assert await store.turn_down(CHANNEL, ARXIV, user="ada", now=at(5))
    assert [HiddenPaper(paper_id=ARXIV, at=at(5), by=("ada",))] == list(await store.hidden_papers(CHANNEL))


async def test_of_many_who_take_back_at_once_one_does(store: Store) -> None:
    """Of twenty simultaneous calls one returns True, and none fails."""
    await store.turn_down(CHANNEL, ARXIV, user="ada", now=NOW)
    won = await asyncio.gather(*(store.take_back(CHANNEL, ARXIV) for _ in range(20)))
    assert 1 == won.count(True)


async def test_a_refusal_is_taken_back_in_its_channel_only(store: Store) -> None:
    """Neither another channel, nor a channel of the same name elsewhere, nor another paper is touched."""
    other = replace(CHANNEL, channel="C9")
    for place in (CHANNEL, ELSEWHERE, other):
        await store.turn_down(place, ARXIV, user="ada", now=NOW)
    await store.turn_down(CHANNEL, DOI, user="ada", now=NOW)
    assert await store.take_back(CHANNEL, ARXIV)
    assert frozenset({DOI}) == await store.turned_down(CHANNEL, [ARXIV, DOI])
    for place in (ELSEWHERE, other):
        assert frozenset({ARXIV}) == await store.turned_down(place, [ARXIV, DOI])


async def test_a_refusal_is_taken_back_under_any_name(store: Store) -> None:
    """A paper that two people turned down under two names is one hidden paper, and any name takes it back."""
    await store.turn_down(CHANNEL, DOI, user="ada", now=NOW)
    await store.turn_down(CHANNEL, ARXIV, user="bob", now=at(3))
    assert [ARXIV, DOI] == [each.paper_id for each in await store.hidden_papers(CHANNEL)]
    await store.remember([a_paper(aliases=frozenset({DOI}))], source="arxiv:cs.CL", day=DAY)
    assert (HiddenPaper(paper_id=ARXIV, at=at(3), by=("ada", "bob")),) == await store.hidden_papers(CHANNEL)
    assert await store.take_back(CHANNEL, DOI)
    assert () == await store.hidden_papers(CHANNEL)


async def test_the_last_hidden_comes_first(store: Store) -> None:
    """Hidden papers are listed by when they were last turned down; those of one instant by id; and not elsewhere."""
    papers = [paper.id for paper in five_papers()]
    for minute, paper in enumerate(papers):
        await store.turn_down(CHANNEL, paper, user="ada", now=at(minute))
    await store.turn_down(CHANNEL, papers[0], user="bob", now=at(9))
    last_first = [papers[0], *reversed(papers[1:])]
    assert last_first == [each.paper_id for each in await store.hidden_papers(CHANNEL)]
    assert ("ada", "bob") == (await store.hidden_papers(CHANNEL))[0].by
    assert () == await store.hidden_papers(ELSEWHERE)
    for paper in papers:
        await store.turn_down(ELSEWHERE, paper, user="ada", now=NOW)
    assert sorted(papers, key=str) == [each.paper_id for each in await store.hidden_papers(ELSEWHERE)]


async def test_a_list_of_hidden_papers_leaves_with_its_workspace(store: Store) -> None:
    """When a workspace is purged its list of hidden papers is empty, and another workspace's stays."""
    for place in (CHANNEL, ELSEWHERE):
        await store.turn_down(place, ARXIV, user="ada", now=NOW)
    await store.purge_workspace(CHANNEL.platform, CHANNEL.workspace)
    assert [0, 1] == [len(await store.hidden_papers(place)) for place in (CHANNEL, ELSEWHERE)]
