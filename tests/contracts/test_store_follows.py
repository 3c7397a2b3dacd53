"""The contract of every store for follows and consents, and for the message that a reaction is on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bots.domain.channels import Channel, Reader
from bots.domain.feedback import Feedback, Sign
from bots.domain.follows import Consents, Follow, FollowKind
from bots.ports import Store
from tests.store.stores import KINDS, a_run, at, opened, some_parts
from tests.support.factories import CHANNEL, NOW, a_paper, a_subscription

ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)
OTHER = replace(CHANNEL, channel="C9")
ADA = Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user="ada")
BOB = replace(ADA, user="bob")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def follow(text: str = "Ada Lovelace", kind: FollowKind = FollowKind.AUTHOR, *, minutes: int = 0) -> Follow:
    """Return something that is followed."""
    return Follow(kind=kind, text=text, at=at(minutes))


async def test_what_is_followed_comes_back_oldest_first_to_who_follows_it(store: Store) -> None:
    """A person, another one, a channel and the same names elsewhere each have a list of their own."""
    mine = (follow(), follow("graphs", FollowKind.TOPIC, minutes=1), follow("au:x", FollowKind.QUERY, minutes=2))
    for each in reversed(mine):
        assert await store.keep_follow(ADA, each)
    assert await store.keep_follow(CHANNEL, follow("proteins", FollowKind.TOPIC))
    assert mine == await store.follows(ADA)
    assert (follow("proteins", FollowKind.TOPIC),) == await store.follows(CHANNEL)
    others = (BOB, replace(ADA, workspace="T2"), ELSEWHERE, OTHER, replace(CHANNEL, channel=ADA.user))
    assert [()] * 5 == [await store.follows(who) for who in others]


async def test_the_same_thing_is_followed_once_in_any_case(store: Store) -> None:
    """The second time changes nothing; another kind of the same words is something else."""
    assert [True, False] == [
        await store.keep_follow(ADA, follow(text, minutes=number))
        for number, text in enumerate(("Ada Lovelace", "ADA lovelace"))
    ]
    assert await store.keep_follow(ADA, follow(kind=FollowKind.TOPIC))
    assert (follow(), follow(kind=FollowKind.TOPIC)) == await store.follows(ADA)
    assert [True, False] == [await store.drop_follow(ADA, follow("ada LOVELACE")) for _ in range(2)]
    assert (follow(kind=FollowKind.TOPIC),) == await store.follows(ADA)


async def test_many_at_once_follow_once(store: Store) -> None:
    """Of ten simultaneous calls exactly one is the first."""
    assert [True] == [
        new for new in await asyncio.gather(*(store.keep_follow(ADA, follow()) for _ in range(10))) if new
    ]


async def test_consents_are_of_one_channel_and_one_person(store: Store) -> None:
    """Agreeing in one channel says nothing about another; withdrawing takes back only one's own."""
    switch = replace(ADA, user="")
    assert [True, False] == [await store.agree(CHANNEL, ADA, now=NOW) for _ in range(2)]
    assert Consents(allowed=False, readers=(ADA,)) == await store.consents(CHANNEL)
    await store.agree(CHANNEL, BOB, now=NOW)
    await store.agree(CHANNEL, switch, now=NOW)
    assert Consents(allowed=True, readers=(ADA, BOB)) == await store.consents(CHANNEL)
    assert [Consents(), Consents()] == [await store.consents(place) for place in (ELSEWHERE, OTHER)]
    assert [True, False] == [await store.withdraw(CHANNEL, "ada") for _ in range(2)]
    assert Consents(allowed=True, readers=(BOB,)) == await store.consents(CHANNEL)
    assert await store.withdraw(CHANNEL, "")
    assert Consents(readers=(BOB,)) == await store.consents(CHANNEL)


async def test_a_person_of_no_workspace_keeps_their_own_list(store: Store) -> None:
    """Where people belong to no server, consent in a server names the list of the person."""
    free = Reader(platform=CHANNEL.platform, user="ada")
    await store.agree(CHANNEL, free, now=NOW)
    assert (free,) == (await store.consents(CHANNEL)).readers


async def test_a_workspace_that_leaves_takes_its_follows_and_consents(store: Store) -> None:
    """Nothing of it is left, and nothing of another workspace goes."""
    for place in (CHANNEL, ELSEWHERE):
        reader = replace(ADA, workspace=place.workspace)
        await store.keep_follow(place, follow())
        await store.keep_follow(reader, follow())
        await store.agree(place, reader, now=NOW)
    await store.purge_workspace(CHANNEL.platform, CHANNEL.workspace)
    assert ((), (), Consents()) == (
        await store.follows(CHANNEL),
        await store.follows(ADA),
        await store.consents(CHANNEL),
    )
    assert (follow(),) == await store.follows(ELSEWHERE)
    assert 1 == len((await store.consents(ELSEWHERE)).readers)


async def test_a_message_leads_to_its_part(store: Store) -> None:
    """By channel and id, or by workspace and id; another channel's, an unknown or an unposted message leads nowhere."""
    await store.keep_subscription(a_subscription(channel=CHANNEL))
    run = a_run()
    await store.open_run(run)
    first, _second = await store.plan(run.key, some_parts(run, 2, CHANNEL))
    await store.confirm(first.key, "m1", now=NOW)
    found = await store.message(CHANNEL, "m1")
    assert found is not None
    assert (first.key, first.part.paper_ids) == (found.key, found.part.paper_ids)
    assert found == await store.message(replace(CHANNEL, channel=""), "m1")
    nowhere = ((OTHER, "m1"), (ELSEWHERE, "m1"), (CHANNEL, "m2"), (CHANNEL, ""))
    assert [None] * 4 == [await store.message(place, message) for place, message in nowhere]


async def test_a_statement_keeps_of_how_many_papers_it_was(store: Store) -> None:
    """A reaction on a message with five papers is read back as such."""
    said = Feedback(paper=a_paper(), sign=Sign.LIKED, user="ada", at=NOW, among=5)
    await store.keep_feedback(CHANNEL, said)
    assert (said,) == await store.feedback(CHANNEL)
