"""A choice of shards is read as an operator writes it, and processes share shards so that each is held once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.shards import MOST_SHARDS, ShardChoice, next_move, ranges, read_shards


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("auto", ShardChoice()),
        (" Auto ", ShardChoice()),
        ("8", ShardChoice(count=8)),
        ("0-3/8", ShardChoice(count=8, own=(0, 1, 2, 3))),
        ("0, 5-6 / 8", ShardChoice(count=8, own=(0, 5, 6))),
        ("7/8", ShardChoice(count=8, own=(7,))),
    ],
)
def test_a_choice_is_read(text: str, choice: ShardChoice) -> None:
    """Spaces and capitals do not matter."""
    assert choice == read_shards(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "give auto"),
        ("many", "give auto"),
        ("0-3", "give auto"),
        ("/8", "give auto"),
        ("0-/8", "give auto"),
        ("-1/8", "give auto"),
        ("0", f"1 to {MOST_SHARDS}"),
        ("99999", f"1 to {MOST_SHARDS}"),
        ("0-8/8", "there is no shard 8: 8 shards are numbered 0 to 7"),
        ("3-1/8", "3-1 ends before it begins"),
        ("0-3,2/8", "shard 2 is named twice"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    """The error names the number that is wrong, or the ways to write a choice."""
    with pytest.raises(ValueError, match=says):
        read_shards(text)


def some_of(count: int) -> st.SearchStrategy[tuple[int, set[int]]]:
    """Return a number of shards, and some of them."""
    return st.tuples(st.just(count), st.sets(st.integers(0, count - 1), min_size=1))


@given(st.integers(1, 60).flatmap(some_of))
def test_a_choice_is_written_as_it_is_read(given: tuple[int, set[int]]) -> None:
    """What a log or the doctor shows can be set again."""
    choice = ShardChoice(count=given[0], own=tuple(sorted(given[1])))
    assert choice == read_shards(str(choice))


def test_numbers_are_written_as_ranges() -> None:
    """A run of numbers is written with its ends."""
    assert "0-2, 5, 7-8" == ranges([8, 7, 0, 1, 2, 5])


@given(
    count=st.integers(1, 40),
    sharing=st.integers(1, 7),
    fixed=st.sets(st.integers(0, 39), max_size=5),
    before=st.lists(st.integers(0, 9), max_size=40),
    at_once=st.integers(1, 4),
    order=st.randoms(use_true_random=False),
)
def test_every_shard_is_held_and_all_hold_as_many(
    count: int, sharing: int, fixed: set[int], before: list[int], at_once: int, order: object
) -> None:
    """Whoever held what before: after some steps each shard has a holder, and none has two more than another."""
    names = [f"p{number}" for number in range(sharing)]
    held = {shard: "fixed" for shard in fixed if shard < count}
    for shard, number in enumerate(before[:count]):
        if shard not in held and number < sharing:
            held[shard] = names[number]
    for _ in range(4 * count + 8):
        order.shuffle(names)  # type: ignore[attr-defined]  # a Random, which hypothesis does not name
        for me in names:
            move = next_move(me, count, names, held, at_once=at_once)
            assert len(move.leave) <= at_once
            held |= {shard: me for shard in move.take if shard not in held}
            for shard in move.leave:
                assert me == held.pop(shard)
    assert set(range(count)) == set(held)
    own = [sum(holder == name for holder in held.values()) for name in names]
    assert max(own) - min(own) <= 1
