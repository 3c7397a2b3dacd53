"""What a terminal would obey is removed whole; the same signs without ESC are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import collapse, to_plain


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[31m", "\x1b[0m", "\x1b[K", "\x1b[1;38;5;200m", "\x1b[38:2::1:2:3m", "\x1b[?25l", "\x1b[2J", "\x9b31m",
     "\x1b]0;A title\x07", "\x1b]8;;https://evil.example\x1b\\", "\x1b(B"],
)  # fmt: skip
def test_a_sequence_is_removed_with_its_escape(sequence: str) -> None:
    """No remnant of a colour, a window's title or a character set is left, inside a word or at its edges."""
    assert "red apples" == to_plain(f"{sequence}red ap{sequence}ples{sequence}")
    assert "red apples" == collapse(f"{sequence}red ap{sequence}ples{sequence}")


@pytest.mark.parametrize("text", ["The code [31m sets red", "a [0m b", "]0;x", "(B) and [K]"])
def test_text_without_an_escape_stays(text: str) -> None:
    """A paper on terminals may name a sequence: without ESC it is text."""
    assert text == to_plain(text)


def test_an_escape_alone_takes_nothing_with_it() -> None:
    """An ESC before what is no sequence is removed alone."""
    assert "red [x] ›y" == collapse("red\x1b [x] \x9b›y")


@given(st.text(alphabet="\x1b\x9b[]()0;m\\\x07Bx \n"))
def test_no_escape_is_left(text: str) -> None:
    """Any text is accepted, and no ESC is in the result."""
    assert set("\x1b\x9b").isdisjoint(to_plain(text) + collapse(text))
