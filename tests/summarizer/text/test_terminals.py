"""What a terminal would obey is removed whole; the same signs without ESC are text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import collapse, to_plain
from summarizer.text.terminals import resolve_entities


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[31m", "\x1b[0m", "\x1b[K", "\x1b[1;38;5;200m", "\x1b[38:2::1:2:3m", "\x1b[?25l", "\x1b[2J", "\x9b31m",
     "\x1b]0;A title\x07", "\x1b]8;;https://evil.example\x1b\\", "\x1b(B"],
)  # fmt: skip
def test_a_sequence_is_removed_with_its_escape(sequence: str) -> None:
    """No remnant of a colour, a window's title or a character set is left, inside a word or at its edges."""
    assert "red apples" == to_plain(f"{sequence}red ap{sequence}ples{sequence}")
    assert "red apples" == collapse(f"{sequence}red ap{sequence}ples{sequence}")


@pytest.mark.parametrize("escape", ["&#27;", "&#027;", "&#x1b;", "&#X1B;", "&#x00001b;", "&#27"])
@pytest.mark.parametrize(
    "sequence", ["{}[31m", "{}[1;38;5;200m", "{}]0;A title\x07", "{}(B", "{}&#91;31m", "{}[&#51;1m"]
)
def test_a_sequence_whose_escape_is_an_entity_is_removed(escape: str, sequence: str) -> None:
    """HTML drops the character ESC of a reference, so its sequence goes with it and leaves no "[31m"."""
    written = sequence.format(escape)
    assert "red apples" == to_plain(f"{written}red ap{written}ples{written}")
    assert "red apples" == resolve_entities(f"{written}red ap{written}ples{written}", loosely=True)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("&amp;#27;[31m", "&#27;[31m"),
        ("&#x1bf;[31m", "\u01bf[31m"),
        ("&#271;[31m", "\u010f[31m"),
        ("R&amp;D [31m", "R&D [31m"),
    ],
)
def test_a_reference_is_resolved_once(written: str, text: str) -> None:
    """What a reference stands for is no reference again, and another character takes nothing with it."""
    assert text == to_plain(written)
    assert text == resolve_entities(written, loosely=True)


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
