"""Who is mentioned under a paper: never anyone who has not agreed, and never many."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.digests.vectors import VectorService
from bots.digests.who_cares import MOST_OF_DAY, MOST_OF_DIGEST, MOST_OF_PAPER, WhoCares
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Entry
from bots.domain.errors import StoreError
from bots.domain.follows import Consents, Follow, FollowKind
from bots.store.memory import MemoryStore
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, five_papers

PEOPLE = ("ada", "bob", "cat", "dan", "eve")


def person(user: str) -> Reader:
    """Return a member of the workspace."""
    return Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user=user)


def a_digest() -> Digest:
    """Return a digest of five papers, of which every one has the same author and the word "the"."""
    papers = [replace(paper, authors=("Ada Lovelace",)) for paper in five_papers()]
    return Digest(channel=CHANNEL, day=DAY, entries=tuple(Entry(paper=paper) for paper in papers))


def who_cares(store: MemoryStore) -> WhoCares:
    """Return what is tested, over a store."""
    return WhoCares(follows=store, counters=store, vectors=VectorService(cache=store, clock=lambda: NOW))


async def everyone(_channel: Channel, users: Collection[str]) -> frozenset[str]:
    """Say that all of the people are there."""
    return frozenset(users)


async def prepared(*, agreed: Collection[str], following: Collection[str], allowed: bool = True) -> MemoryStore:
    """Return a store in which some people agreed, and some follow the author of every paper."""
    store = MemoryStore()
    for user in agreed:
        await store.agree(CHANNEL, person(user), now=NOW)
    for user in following:
        await store.keep_follow(person(user), Follow(kind=FollowKind.AUTHOR, text="Ada Lovelace", at=NOW))
    if allowed:
        await store.agree(CHANNEL, person(""), now=NOW)
    return store


def named(digest: Digest) -> list[str]:
    """Return everyone who is mentioned, each as often as they are."""
    return [user for entry in digest.entries for user in entry.care]


people = st.sets(st.sampled_from(PEOPLE))


@settings(max_examples=60, deadline=None)
@given(agreed=people, following=people, there=people, elsewhere=people, allowed=st.booleans(), times=st.integers(1, 4))
async def test_nobody_who_has_not_agreed_is_mentioned(
    agreed: set[str], following: set[str], there: set[str], elsewhere: set[str], *, allowed: bool, times: int
) -> None:
    """Whoever is mentioned agreed in this channel, follows something that fits, and can read it; within every limit."""
    store = await prepared(agreed=agreed, following=following, allowed=allowed)
    for user in elsewhere:
        await store.agree(replace(CHANNEL, channel="C9"), person(user), now=NOW)

    async def present(_channel: Channel, _users: Collection[str]) -> frozenset[str]:
        return frozenset(there | {"mallory"})  # an adapter that says more than it was asked

    of_day = Counter[str]()
    for _ in range(times):
        digest = await who_cares(store).named(a_digest(), present)
        mentioned = named(digest)
        assert set(mentioned) <= (agreed & following & there if allowed else set())
        assert len(mentioned) <= MOST_OF_DIGEST
        assert all(len(entry.care) == len(set(entry.care)) <= MOST_OF_PAPER for entry in digest.entries)
        of_day.update(mentioned)
    assert all(count <= MOST_OF_DAY for count in of_day.values())


async def test_who_agreed_and_follows_is_mentioned_and_others_get_their_turn() -> None:
    """Two under the first paper, a third person under the next, and then no more."""
    store = await prepared(agreed=PEOPLE[:3], following=PEOPLE[:3])
    digest = await who_cares(store).named(a_digest(), everyone)
    assert [2, 1, 0, 0, 0] == [len(entry.care) for entry in digest.entries]
    assert set(PEOPLE[:3]) == set(named(digest))


async def test_the_limit_of_a_day_holds_over_digests() -> None:
    """One member is mentioned three times on one day, and again on the next."""
    store = await prepared(agreed=["ada"], following=["ada"])
    counts = [len(named(await who_cares(store).named(a_digest(), everyone))) for _ in range(3)]
    assert (MOST_OF_DAY, 0) == (sum(counts), counts[-1])
    tomorrow = replace(a_digest(), day=DAY.replace(day=DAY.day + 1))
    assert named(await who_cares(store).named(tomorrow, everyone))


async def test_a_topic_and_a_query_match_by_content() -> None:
    """A followed subject matches by meaning, a followed filter by its words; neither matches another paper."""
    store = await prepared(agreed=["ada", "bob"], following=())
    await store.keep_follow(
        person("ada"), Follow(kind=FollowKind.TOPIC, text="attention and machine translation", at=NOW)
    )
    await store.keep_follow(person("bob"), Follow(kind=FollowKind.QUERY, text="ti:attention", at=NOW))
    attention = a_paper()
    other = replace(five_papers()[-1], title="Growth of wheat in dry soil", abstract="We water wheat. " * 9, authors=())
    digest = Digest(channel=CHANNEL, day=DAY, entries=(Entry(paper=attention), Entry(paper=other)))
    made = await who_cares(store).named(digest, everyone)
    assert ({"ada", "bob"}, ()) == (set(made.entries[0].care), made.entries[1].care)


async def test_a_failure_mentions_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """A store that cannot be read costs the mentions, and not the digest."""

    class Broken(MemoryStore):
        async def consents(self, channel: Channel) -> Consents:
            raise StoreError(str(channel))

    digest = a_digest()
    assert digest == await who_cares(Broken()).named(digest, everyone)
    assert "no members are mentioned" in caplog.text
    assert "Traceback" not in caplog.text
