"""The contract of every store for the papers that were posted in a channel: `bots.ports.Archive`."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.posted import PostedMark, PostedPaper
from bots.ports import Store
from tests.store.stores import KINDS, a_run, at, on, opened, some_parts
from tests.support.factories import CHANNEL, DAY, a_paper

ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def post(store: Store, *messages: tuple[Paper, ...], channel: Channel = CHANNEL, day: int = 0) -> list[str]:
    """Post one run with these messages, a minute apart; return the keys of its parts."""
    for papers in messages:
        await store.remember(papers, source="arxiv:cs.CL", day=DAY, place=channel)
    run = a_run(f"s{channel.workspace}", on(DAY + timedelta(days=day)))
    await store.open_run(run)
    parts = [
        replace(planned, part=replace(planned.part, paper_ids=tuple(paper.id for paper in papers)))
        for planned, papers in zip(some_parts(run, len(messages), channel), messages, strict=True)
    ]
    for number, part in enumerate(await store.plan(run.key, parts)):
        await store.confirm(part.key, f"m{number}", now=at(1440 * day + number))
    return [part.key for part in parts]


def numbered(*numbers: int) -> tuple[Paper, ...]:
    """Return papers with these numbers in their ids."""
    return tuple(a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}") for number in numbers)


async def test_the_last_message_comes_first(store: Store) -> None:
    """Posted papers come by message, the last first, in the order within the message, with time and part."""
    first, second = await post(store, numbered(2, 1), numbered(3))
    expected = [("Paper 3", at(1), second), ("Paper 2", at(0), first), ("Paper 1", at(0), first)]
    found = await store.posted_papers(CHANNEL)
    assert expected == [(each.paper.title, each.mark.at, each.mark.part_key) for each in found]


async def test_a_paper_counts_for_its_first_message(store: Store) -> None:
    """A paper that a later message shows again is returned once, with the first message."""
    first, _ = await post(store, numbered(1), numbered(1, 2))
    found = await store.posted_papers(CHANNEL)
    assert ["Paper 2", "Paper 1"] == [each.paper.title for each in found]
    assert first == found[-1].mark.part_key


async def test_pages_lose_and_repeat_nothing(store: Store) -> None:
    """Read page by page from the mark of the last paper, the papers are those that are read at once."""
    for day in range(5):
        await post(store, numbered(10 * day, 10 * day + 1), numbered(10 * day + 2), day=day)
    whole, paged = await store.posted_papers(CHANNEL), list[PostedPaper]()
    before: PostedMark | None = None
    while page := await store.posted_papers(CHANNEL, limit=2, before=before):
        paged += page
        before = page[-1].mark
    assert list(whole) == paged
    assert 15 == len(whole)


async def test_no_message_is_divided(store: Store) -> None:
    """A page that reaches its limit within a message has the whole message."""
    await post(store, numbered(1, 2, 3))
    assert 3 == len(await store.posted_papers(CHANNEL, limit=1))
    assert () == await store.posted_papers(CHANNEL, limit=0)


async def test_a_channel_has_only_its_own(store: Store) -> None:
    """What another workspace posted in a channel of the same name is not returned, and neither is an unsent part."""
    await post(store, numbered(1), channel=ELSEWHERE)
    assert () == await store.posted_papers(CHANNEL)
    run = a_run()
    await store.open_run(run)
    await store.plan(run.key, some_parts(run))
    assert () == await store.posted_papers(CHANNEL)


async def test_a_private_paper_is_returned_where_it_belongs(store: Store) -> None:
    """A private paper is returned in its own workspace, in the private record."""
    secret = a_paper(id=PaperId.titled("Secret draft"), title="Secret draft", private=True)
    await post(store, (secret,), channel=ELSEWHERE)
    assert ["Secret draft"] == [each.paper.title for each in await store.posted_papers(ELSEWHERE)]


async def test_a_paper_has_all_that_became_known(store: Store) -> None:
    """The record is the present one: a merge after the post shows, and a paper under two ids is one."""
    doi = PaperId(scheme="doi", value="10.5555/1")
    one, other = numbered(1)[0], a_paper(id=doi, title="Paper 1", venue="NeurIPS")
    await post(store, (one, other))
    joined = replace(one, aliases=frozenset({doi}), venue="ICML")
    await store.remember([joined], source="arxiv:cs.CL", day=DAY)
    assert 1 == len(await store.posted_papers(CHANNEL))


async def test_sent_parts_come_as_they_were_composed(store: Store) -> None:
    """The parts that a channel was sent come back, the last tried first; planned ones and those elsewhere do not."""
    await post(store, numbered(1), numbered(2))
    await post(store, numbered(3), channel=ELSEWHERE)
    run = a_run("later", on(DAY + timedelta(days=3)))
    await store.open_run(run)
    first, second = await store.plan(run.key, some_parts(run, 2, CHANNEL))
    await store.lease(first.key, now=at(9000), until=at(9001))
    await store.confirm(first.key, "m9", now=at(9000))
    found = await store.sent_parts(CHANNEL, limit=9)
    assert first.key == found[0].key
    assert first.part.payload == found[0].part.payload
    assert 3 == len(found)
    assert second.key not in {each.key for each in found}
    assert 1 == len(await store.sent_parts(ELSEWHERE, limit=9))
    assert 1 == len(await store.sent_parts(CHANNEL, limit=1))
