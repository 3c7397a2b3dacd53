"""Splitting a digest into messages."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bots.domain.digests import split_entries

sizes = st.lists(st.integers(min_value=0, max_value=12))


def as_it_is(size: int) -> int:
    """Return the size of a piece that is its own size."""
    return size


@given(pieces=sizes, budget=st.integers(min_value=1, max_value=20), most=st.integers(min_value=1, max_value=5))
def test_groups_hold_everything_within_the_limits(pieces: list[int], budget: int, most: int) -> None:
    """Groups hold every piece once, in order; none is empty, and only a single piece may exceed the budget."""
    groups = split_entries(pieces, as_it_is, budget, most)
    assert pieces == [piece for group in groups for piece in group]
    assert all(1 <= len(group) <= most for group in groups)
    assert all(sum(group) <= budget or len(group) == 1 for group in groups)


@given(pieces=sizes, budget=st.integers(min_value=12, max_value=20), most=st.integers(min_value=1, max_value=5))
def test_no_group_is_opened_early(pieces: list[int], budget: int, most: int) -> None:
    """The first piece of a group would not have fitted into the previous group."""
    groups = split_entries(pieces, as_it_is, budget, most)
    for before, after in pairwise(groups):
        assert len(before) == most or sum(before) + after[0] > budget


def test_nothing_makes_no_groups() -> None:
    """No pieces make no groups."""
    assert () == split_entries((), as_it_is, 10, 3)
