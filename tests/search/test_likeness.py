"""Trigrams, signatures and typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.search.likeness import errors_between, likeness, signature
from bots.selection.words import row_of

WORDS = st.text("abcdeé漢", max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("vaswani", "vaswani", 0),
        ("vasvani", "vaswani", 1),
        ("atention", "attention", 1),
        ("attentoin", "attention", 1),
        ("atentoin", "attention", 2),
        ("diffusion", "diffussions", 2),
        ("cat", "dog", None),
        ("", "ab", 2),
        ("", "abc", None),
    ],
)
def test_typing_errors_are_counted(one: str, other: str, errors: int | None) -> None:
    """A letter too many, too few or wrong is one error, and so are two letters in the wrong order."""
    assert errors == errors_between(one, other, 2)


@given(one=WORDS, other=WORDS, most=st.integers(0, 3))
def test_errors_are_the_same_from_both_sides(one: str, other: str, most: int) -> None:
    """Errors are counted alike in both directions, are none only for equal words, and never exceed the limit."""
    found = errors_between(one, other, most)
    assert found == errors_between(other, one, most)
    assert (found == 0) == (one == other)
    assert found is None or found <= most


@given(word=st.text("abcde", min_size=3, max_size=9), at=st.integers(0, 8), letter=st.sampled_from("xyz"))
def test_one_typing_error_is_one(word: str, at: int, letter: str) -> None:
    """A letter inserted, left out or replaced is one error."""
    at %= len(word)
    for changed in (word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]):
        assert 1 == errors_between(word, changed, 2)


@given(one=st.text(max_size=40), other=st.text(max_size=40))
def test_likeness_is_a_share(one: str, other: str) -> None:
    """Likeness is between 0 and 1, the same from both sides, and 1 for equal texts."""
    first, second = row_of(one), row_of(other)
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert first.strip() == "" or 1 == likeness(first, first)


@given(text=st.text(max_size=80))
def test_a_signature_has_its_size(text: str) -> None:
    """Any text has a signature of 64 bytes, with at most one bit for each trigram."""
    marks = signature(text)
    assert 64 == len(marks)
    assert int.from_bytes(marks).bit_count() <= max(0, len(text) - 2)
