"""The fair queue: people before the background, workspaces and people in turn, and nobody waits for ever."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.turns import PASSED_OVER, FairQueue, Shares
from bots.domain.channels import Reader


def who(name: str) -> Reader | None:
    """Return the person `workspace/user`; a dash is work in the background."""
    workspace, _, user = name.partition("/")
    return None if name == "-" else Reader(platform="slack", workspace=workspace, user=user)


async def served(names: Sequence[str], at_once: int = 1) -> list[str]:
    """Return the order in which callers that wait at the same time have their turns."""
    queue, order = FairQueue(at_once), list[str]()
    for _ in range(at_once):
        await queue.enter(None)

    async def caller(name: str) -> None:
        async with queue.turn(who(name)):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(caller(name))
        await asyncio.sleep(0)
        for _ in range(at_once):
            queue.leave()
    return order


@pytest.mark.parametrize(
    ("waiting", "order"),
    [
        # One person's many requests do not hold another's single one.
        ("a/x a/x a/x a/y", "a/x a/y a/x a/x"),
        # A workspace with many people does not hold another with one.
        ("a/x a/y a/z b/u", "a/x b/u a/y a/z"),
        # Both together: workspaces in turn, and in each its people in turn.
        ("a/x a/x a/y b/u b/u", "a/x b/u a/y b/u a/x"),
        # People first, however late they come.
        ("- - a/x b/y", "a/x b/y - -"),
        # One person alone, and the background alone, are served in the order in which they came.
        ("a/x a/x", "a/x a/x"),
        ("- -", "- -"),
        # The background has every fifth turn at least.
        ("- - " + "a/x " * 9, "a/x a/x a/x a/x - a/x a/x a/x a/x - a/x"),
    ],
)
async def test_turns_are_fair(waiting: str, order: str) -> None:
    """The next turn is that of the workspace, and in it of the person, whose last turn is longest ago."""
    assert order.split() == await served(waiting.split())


async def test_an_empty_queue_has_a_turn_at_once() -> None:
    """Without anybody waiting a turn begins at once, as many at a time as the queue allows."""
    queue = FairQueue(2)
    await asyncio.wait_for(queue.enter(who("a/x")), 1)
    await asyncio.wait_for(queue.enter(None), 1)
    third = asyncio.create_task(queue.enter(who("a/x")))
    await asyncio.sleep(0)
    assert (1, False) == (queue.waiting, third.done())
    queue.leave()
    await asyncio.wait_for(third, 30)
    assert 0 == queue.waiting


@pytest.mark.parametrize("late", [False, True], ids=["while it waits", "as its turn comes"])
async def test_a_caller_that_gives_up_takes_no_turn(late: bool) -> None:
    """A cancelled caller's turn goes to the next one, even if the turn came at the same moment."""
    queue = FairQueue(1)
    await queue.enter(None)
    first, second = (asyncio.create_task(queue.enter(who(name))) for name in ("a/x", "a/y"))
    await asyncio.sleep(0)
    if late:
        queue.leave()
    first.cancel()
    await asyncio.sleep(0)
    if not late:
        queue.leave()
    await asyncio.wait_for(second, 30)
    assert (True, 0) == (first.cancelled(), queue.waiting)


names = st.lists(st.sampled_from(["-", "a/x", "a/y", "a/z", "b/x", "c/x"]), max_size=40)


@given(names, st.integers(1, 3))
async def test_everybody_has_a_turn(waiting: list[str], at_once: int) -> None:
    """Whoever waits, and however many turns there are at once, each caller has exactly one turn."""
    assert sorted(waiting) == sorted(await served(waiting, at_once))


@given(names)
async def test_no_wait_is_longer_than_the_others_turns(waiting: list[str]) -> None:
    """Between two turns of a person, no other person of the workspace has two; the background waits four turns."""
    order = await served(waiting)
    for mine in {name for name in order if name != "-"}:
        turns = [place for place, name in enumerate(order) if name == mine]
        for first, second in pairwise(turns):
            between = [name for name in order[first + 1 : second] if name != "-" and name[0] == mine[0]]
            assert len(between) == len(set(between))
    if "-" in order:
        background = [place for place, name in enumerate(order) if name == "-"]
        assert all(
            later - earlier <= PASSED_OVER + 1 for earlier, later in zip([-1, *background], background, strict=False)
        )


async def test_a_person_has_one_turn_at_a_time() -> None:
    """Of one person's eight turns one is in progress, so that another person has the second at once."""
    shares, in_progress, most = Shares(2), list[str](), list[str]()
    go_on = asyncio.Event()

    async def takes(name: str) -> None:
        reader = who(name)
        assert reader is not None
        async with shares.turn(reader):
            in_progress.append(name)
            most.append(",".join(sorted(in_progress)))
            await go_on.wait()
            in_progress.remove(name)

    tasks = [asyncio.create_task(takes("a/many")) for _ in range(8)]
    await asyncio.sleep(0.01)
    tasks += [asyncio.create_task(takes(name)) for name in ("a/one", "b/two")]
    await asyncio.sleep(0.01)
    assert ["a/many", "a/one"] == in_progress
    go_on.set()
    await asyncio.gather(*tasks)
    assert not any("a/many,a/many" in each for each in most)
    assert 10 == len(most)
    assert {} == shares._own


async def test_a_person_who_gives_up_frees_their_turn() -> None:
    """A cancelled turn, in progress or waiting, leaves the next one to the same person."""
    shares, reader = Shares(1), Reader(platform="slack", user="ada")

    async def takes() -> None:
        async with shares.turn(reader):
            await asyncio.sleep(60)

    tasks = [asyncio.create_task(takes()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
        await asyncio.sleep(0)
    async with asyncio.timeout(30), shares.turn(reader):
        pass
    assert {} == shares._own
