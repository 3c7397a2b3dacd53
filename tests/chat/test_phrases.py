"""The pieces of sentences, on plain and on hostile text."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import (
    MAX_URL,
    clean,
    counted,
    cut,
    day_text,
    listed,
    pieces,
    safe_url,
    sentence,
    short_day,
)


def twice(text: str) -> int:
    """Measure as a platform that counts every character double."""
    return 2 * len(text)


@given(text=st.text())
def test_clean_is_one_harmless_line(text: str) -> None:
    """Cleaned text has no line break, control or format character and no double space, and stays as it is."""
    cleaned = clean(text)
    assert {unicodedata.category(char) for char in cleaned}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert "  " not in cleaned
    assert cleaned == clean(cleaned)


def test_clean_removes_what_hides_or_reorders() -> None:
    """Escape codes are gone; direction overrides and zero-width characters are gone."""
    assert "ab c d" == clean("\x1b[2Ja\u202eb\u200b  c\r\nd\U0001d173")


@given(text=st.text(), most=st.integers(min_value=0, max_value=60))
def test_cut_stays_within_the_limit(text: str, most: int) -> None:
    """Cut text never measures more than allowed, however it is measured; text that fits stays whole."""
    assert len(cut(text, most)) <= most
    assert twice(cut(text, most, twice)) <= most
    if len(text) <= most:
        assert text == cut(text, most)


def test_cut_ends_after_a_word() -> None:
    """A text is cut after a whole word and says so with an ellipsis; a text without spaces at the limit."""
    assert "Attention is…" == cut("Attention is all you need", 16)
    assert "Attention is all…" == cut("Attention is all, you need", 18)
    assert "x" * 9 + "…" == cut("x" * 30, 10)
    assert "" == cut("Attention", 0)


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/1706.03762",
        "http://export.arxiv.org/abs/1706.03762v2",
        "https://doi.org/10.1145/3292500.3330701",
        "https://example.org/a?b=c&d=%20e#f",
        "https://user.example.org/~name/(paper)",
    ],
)
def test_usual_addresses_stay_as_they_are(url: str) -> None:
    """An ordinary address is safe as it is."""
    assert url == safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/x",
        "//example.org",
        "https://",
        "https://arxiv.org@evil.example/",
        "https://arxiv.org/\x1b[2J",
        "https://arxiv.org/\u202efdp",
        "https://[broken",
        "https://arxiv.org/" + "x" * MAX_URL,
    ],
)
def test_unsafe_addresses_are_dropped(url: str) -> None:
    """What is no web address, hides its host or hides characters is not linked."""
    assert "" == safe_url(url)


def test_address_cannot_end_its_link() -> None:
    """Characters that end a link in a chat's markup are percent-encoded; what is encoded stays so."""
    assert "https://a.example/1%7Cx%3E%22%3C" == safe_url('https://a.example/1|x>"<')
    assert "https://a.example/%7C%20%C3%A9" == safe_url("https://a.example/%7C é")


@given(url=st.text().map(lambda text: f"https://a.example/{text}"))
def test_address_is_plain_ascii_or_nothing(url: str) -> None:
    """A safe address holds no character that could end a link, and is safe already."""
    safe = safe_url(url)
    assert safe.isascii()
    assert set(safe).isdisjoint("<>|\"'` \\{}^\x1b\n")
    assert safe == safe_url(safe)


def test_counts_and_lists() -> None:
    """Counts agree with their noun; lists read as in a sentence."""
    assert "1 paper" == counted(1, "paper")
    assert "0 papers" == counted(0, "paper")
    assert "1,234 upvotes" == counted(1234, "upvote")
    assert "a" == listed(["a"])
    assert "a, b and c" == listed(["a", "b", "c"])
    assert "a or b" == listed(["a", "b"], "or")


def test_days_are_english_whatever_the_locale() -> None:
    """Days are written out, or short with a three-letter month."""
    assert "Tuesday 24 November 2026" == day_text(date(2026, 11, 24))
    assert "1 May 2026" == short_day(date(2026, 5, 1))


def test_sentences_end() -> None:
    """A sentence ends with a full stop unless it has an ending of its own; nothing stays nothing."""
    assert "it is late." == sentence("it is late")
    assert "is it late?" == sentence("is it late?\n")
    assert "" == sentence(" \x00")


@given(text=st.text().map(clean), most=st.integers(min_value=2, max_value=60))
def test_pieces_are_the_whole_text_within_the_limit(text: str, most: int) -> None:
    """Every piece fits, however it is measured, none is empty, and together they are the text but for spaces."""
    for measure in (len, twice):
        some = list(pieces(text, most, measure))
        assert all(0 < measure(piece) <= most for piece in some)
        assert text.replace(" ", "") == "".join(some).replace(" ", "")


def test_pieces_are_broken_between_words() -> None:
    """A word is torn only where the limit would be far away otherwise."""
    assert ["one two", "three"] == list(pieces("one two three", 8))
    assert ["abcdefgh", "ij"] == list(pieces("abcdefghij", 8))
    assert [] == list(pieces("", 8))
