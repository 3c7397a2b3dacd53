"""The contract of every store for people and one-time events: `bots.ports.Readers` and `Counters`."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel, Reader
from bots.domain.papers import Paper, PaperId
from bots.ports import Store
from bots.store.memory import MemoryStore
from tests.store.stores import KINDS, at, opened
from tests.support import hostile
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, five_papers

ADA = Reader(platform="fakechat", workspace="T1", user="ada")
BOB = replace(ADA, user="bob")
ADA_ELSEWHERE = replace(ADA, workspace="T2")
ELSEWHERE = Channel(platform="fakechat", workspace="T2", channel=CHANNEL.channel)
ARXIV = PaperId.arxiv("1706.03762")
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def save_all(store: Store, reader: Reader = ADA) -> tuple[Paper, ...]:
    """Save five papers, a minute apart, and return them."""
    for minute, paper in enumerate(five_papers()):
        assert await store.save_paper(reader, paper, now=at(minute))
    return five_papers()


# ── saved papers ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_saved_paper_comes_back_as_it_was_saved(store: Store) -> None:
    """A saved paper is read back with every field, although it was never on the shelf."""
    paper = a_paper(aliases=frozenset({DOI}), venue="NeurIPS 2017", version=7, keywords=("attention",))
    await store.save_paper(ADA, paper, now=NOW)
    assert (paper,) == await store.saved_papers(ADA)


async def test_the_last_saved_comes_first(store: Store) -> None:
    """Papers are listed by the time they were saved, the last first; those of one instant by id."""
    await save_all(store)
    assert tuple(reversed(five_papers())) == await store.saved_papers(ADA)
    for paper in five_papers():
        await store.save_paper(BOB, paper, now=NOW)
    assert sorted(paper.id for paper in five_papers()) == [paper.id for paper in await store.saved_papers(BOB)]


async def test_a_list_is_its_readers_own(store: Store) -> None:
    """A list is invisible and unchangeable for another person, even one with the same id in another workspace."""
    await save_all(store)
    assert ((), ()) == (await store.saved_papers(BOB), await store.saved_papers(ADA_ELSEWHERE))
    assert [False, False] == [await store.unsave_paper(reader, ARXIV) for reader in (BOB, ADA_ELSEWHERE)]
    assert 5 == len(await store.saved_papers(ADA))


async def test_a_paper_is_saved_once(store: Store) -> None:
    """Saving a paper again returns False and keeps its position; of fifty simultaneous calls one returns True."""
    await save_all(store)
    assert not await store.save_paper(ADA, replace(five_papers()[0], title="Other"), now=at(60))
    assert tuple(reversed(five_papers())) == await store.saved_papers(ADA)
    won = await asyncio.gather(*(store.save_paper(BOB, a_paper(), now=NOW) for _ in range(50)))
    assert 1 == won.count(True)


async def test_a_paper_is_one_under_all_its_names(store: Store) -> None:
    """A paper saved under one name is on the list under its other names too, and can be removed by any of them."""
    await store.remember([a_paper(aliases=frozenset({DOI}))], source="arxiv:cs.CL", day=DAY)
    await store.save_paper(ADA, a_paper(id=DOI), now=NOW)
    assert not await store.save_paper(ADA, a_paper(), now=NOW)
    assert await store.unsave_paper(ADA, ARXIV)
    assert () == await store.saved_papers(ADA)


async def test_a_paper_is_saved_once_under_whatever_names(store: Store) -> None:
    """Of twenty simultaneous calls that save a paper, half of them under its other name, one returns True."""
    await store.remember([a_paper(aliases=frozenset({DOI}))], source="arxiv:cs.CL", day=DAY)
    named = [a_paper(id=name) for name in (ARXIV, DOI) for _ in range(10)]
    won = await asyncio.gather(*(store.save_paper(ADA, paper, now=NOW) for paper in named))
    assert 1 == won.count(True)


async def test_what_is_taken_off_a_list_is_gone_once(store: Store) -> None:
    """Removing a paper returns True the first time and False after, and it can be saved again."""
    await save_all(store)
    assert [True, False] == [await store.unsave_paper(ADA, ARXIV) for _ in range(2)]
    assert 4 == len(await store.saved_papers(ADA))
    assert await store.save_paper(ADA, a_paper(), now=at(9))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 5),
        (" \n", 5),
        ("attention", 5),
        ("flashattention", 1),
        ("FLASHatt", 1),
        ("language models", 1),
        ("models phlogiston", 0),
        ("…", 0),
        ("%", 0),
    ],
)
async def test_words_are_looked_for_in_title_and_abstract(store: Store, words: str, found: int) -> None:
    """All words must match, in any case, as words or as their beginnings; signs alone match nothing."""
    await save_all(store)
    assert found == len(await store.saved_papers(ADA, words))


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    """An instant without a time zone is refused, and nothing is saved."""
    with pytest.raises(ValueError, match="has no time zone"):
        await store.save_paper(ADA, a_paper(), now=datetime(2026, 11, 24))  # noqa: DTZ001 the claim
    assert () == await store.saved_papers(ADA)


# ── turned down ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_turned_down_is_so_in_its_channel(store: Store) -> None:
    """A paper turned down in a channel is not turned down in another, even of the same name in another workspace."""
    assert await store.turn_down(CHANNEL, ARXIV, user="ada", now=NOW)
    asked = [paper.id for paper in five_papers()]
    assert frozenset({ARXIV}) == await store.turned_down(CHANNEL, asked)
    assert frozenset() == await store.turned_down(ELSEWHERE, asked)
    assert frozenset() == await store.turned_down(CHANNEL, asked[1:])


async def test_a_person_turns_a_paper_down_once(store: Store) -> None:
    """Turning a paper down a second time returns False; another person's vote is separate."""
    said = [await store.turn_down(CHANNEL, ARXIV, user=user, now=NOW) for user in ("ada", "ada", "bob")]
    assert [True, False, True] == said


async def test_turned_down_under_one_name_is_turned_down_under_all(store: Store) -> None:
    """All names of a paper on the shelf are turned down, whether the shelf learns them before or after."""
    await store.turn_down(CHANNEL, DOI, user="ada", now=NOW)
    assert frozenset() == await store.turned_down(CHANNEL, [ARXIV])
    await store.remember([a_paper(aliases=frozenset({DOI}))], source="arxiv:cs.CL", day=DAY)
    assert frozenset({ARXIV, DOI}) == await store.turned_down(CHANNEL, [ARXIV, DOI])


# ── what happens once ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_event_is_new_to_one_caller(store: Store) -> None:
    """If fifty callers report the same event at once, exactly one of them gets True."""
    won = await asyncio.gather(*(store.once("slack", "Ev1", now=NOW) for _ in range(50)))
    assert 1 == won.count(True)


async def test_events_are_told_apart_by_kind_and_key(store: Store) -> None:
    """The same key with another kind is another event."""
    told = [("slack", "Ev1"), ("slack", "Ev2"), ("command", "Ev1"), ("slack", "Ev1")]
    assert [True, True, True, False] == [await store.once(kind, key, now=NOW) for kind, key in told]


async def test_an_event_is_remembered_for_a_day(store: Store) -> None:
    """An event is remembered for 24 hours; a minute later it is new, and is remembered from then on."""
    day = timedelta(days=1)
    moments = (NOW, NOW + day, NOW + day + timedelta(minutes=1), NOW + day * 2)
    assert [True, False, True, False] == [await store.once("slack", "Ev1", now=moment) for moment in moments]


# ── what is used up ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_used_up_is_refused(store: Store) -> None:
    """The limit itself can be used up and not exceeded, and a refused amount is not counted."""
    amounts = (2, 3, 1, 1)
    spent = [await store.spend(ADA, "preview", day=DAY, amount=amount, limit=4) for amount in amounts]
    assert [True, False, True, True] == spent
    assert not await store.spend(ADA, "preview", day=DAY, limit=4)


async def test_counts_are_apart(store: Store) -> None:
    """Counts are separate by person, workspace, kind and day; the workspace as a whole has its own count."""
    tomorrow = DAY + timedelta(days=1)
    others = [
        (ADA, "preview", DAY), (BOB, "preview", DAY), (ADA_ELSEWHERE, "preview", DAY), (ADA, "paste", DAY),
        (ADA, "preview", tomorrow), (replace(ADA, user=""), "preview", DAY),
    ]  # fmt: skip
    for _ in range(2):
        assert all([await store.spend(who, kind, day=day, limit=2) for who, kind, day in others])
    assert not any([await store.spend(who, kind, day=day, limit=2) for who, kind, day in others])


async def test_nobody_gets_more_by_asking_at_once(store: Store) -> None:
    """Of fifty simultaneous calls exactly as many succeed as the limit allows."""
    won = await asyncio.gather(*(store.spend(ADA, "preview", day=DAY, limit=7) for _ in range(50)))
    assert 7 == won.count(True)


@pytest.mark.parametrize("amount", [0, -1])
async def test_nobody_uses_less_than_one(store: Store, amount: int) -> None:
    """A count can only grow."""
    with pytest.raises(ValueError, match="cannot be spent"):
        await store.spend(ADA, "preview", day=DAY, amount=amount, limit=5)


async def test_no_limit_lets_nothing_through(store: Store) -> None:
    """A limit of zero allows nothing."""
    assert not await store.spend(ADA, "preview", day=DAY, limit=0)


# ── arbitrary content ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
@hostile.patient
@given(papers=st.lists(hostile.papers, max_size=4, unique_by=lambda paper: paper.id), words=hostile.texts)
async def test_every_kind_of_store_finds_the_same(
    kind: str, tmp_path_factory: pytest.TempPathFactory, papers: list[Paper], words: str
) -> None:
    """With any papers and words each store returns the same as the memory store, with papers unchanged."""
    plain = MemoryStore()
    async with opened(kind, tmp_path_factory.mktemp("store")) as store:
        for minute, paper in enumerate(papers):
            assert await plain.save_paper(ADA, paper, now=at(minute)) is await store.save_paper(
                ADA, paper, now=at(minute)
            )
        assert tuple(reversed(papers)) == await store.saved_papers(ADA)
        assert await plain.saved_papers(ADA, words) == await store.saved_papers(ADA, words)


@pytest.mark.parametrize("kind", KINDS)
@hostile.patient
@given(
    asked=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 5)), max_size=20),
    limit=st.integers(0, 12),
)
async def test_a_limit_holds_whatever_is_asked(
    kind: str, tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[str, int]], limit: int
) -> None:
    """The amounts that are allowed never exceed the limit, and no amount that fits is refused."""
    used = {"a": 0, "b": 0}
    async with opened(kind, tmp_path_factory.mktemp("store")) as store:
        for user, amount in asked:
            fits = used[user] + amount <= limit
            assert fits is await store.spend(replace(ADA, user=user), "x", day=DAY, amount=amount, limit=limit)
            used[user] += amount * fits
