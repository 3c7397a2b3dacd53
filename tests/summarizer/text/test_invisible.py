"""Invisible characters: those that shape what is visible stay, and no text is hidden in the others."""

import pytest

from summarizer.text.invisible import without_invisible


def _tagged(text: str) -> str:
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in text) + "\U000e007f"


@pytest.mark.parametrize("hidden", ["ignore", "secret", "ustx", "gbx", "engbg"])
def test_no_word_is_hidden_in_a_flag(hidden: str) -> None:
    """Tags that are no flag's are seen by no reader, and may carry words to a machine: the black flag alone stays."""
    assert "\U0001f3f4 a" == without_invisible(f"{_tagged(hidden)} a")


@pytest.mark.parametrize("part", ["gbeng", "gbsct", "gbwls"])
def test_flags_of_parts_of_countries_stay(part: str) -> None:
    """The flags of England, Scotland and Wales are one character each."""
    assert _tagged(part) == without_invisible(_tagged(part))


@pytest.mark.parametrize(
    "sign",
    ["\u034f", "\u17b4", "\u17b5", "\u180b", "\u180d", "\u180f", "\u2800", "\u2065", "\ufff0", "\ufff8", "\U0001d159"],
)
def test_nothing_invisible_is_left_in_a_word(sign: str) -> None:
    """A word with an ignorable character in it looks like another word than it is."""
    assert "paypal" == without_invisible(f"pay{sign}pal")


@pytest.mark.parametrize("text", ["ᠠ\u180bᠨ\u180d", "⠓⠑⠇⠇⠕\u2800⠺⠕⠗⠇⠙"])
def test_signs_that_shape_their_neighbours_stay(text: str) -> None:
    """The selectors of Mongolian letters and the space of Braille belong to their scripts."""
    assert text == without_invisible(text)
