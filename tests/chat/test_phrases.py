"""The pieces of sentences, on plain and on hostile text."""

import unicodedata
from datetime import date, time
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import (
    MAX_URL,
    clean,
    clock_text,
    counted,
    cut,
    day_text,
    listed,
    pieces,
    safe_url,
    sentence,
    short_day,
    zone_text,
)
from bots.testing.stage import hidden_in


def twice(text: str) -> int:
    """Measure as a platform that counts every character double."""
    return 2 * len(text)


@given(text=st.text())
def test_clean_is_one_harmless_line(text: str) -> None:
    """Cleaned text has no line break, control or hidden character and no double space, and stays as it is."""
    cleaned = clean(text)
    assert {unicodedata.category(char) for char in cleaned}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})
    assert [] == hidden_in(cleaned)
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


#: Characters as readers see them, each of several code points.
WHOLE = (
    "\U0001f469\u200d\U0001f52c",  # a woman scientist
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",  # a family
    "\U0001f469\U0001f3fd\u200d\U0001f680",  # an astronaut with a skin colour
    "\U0001f1e9\U0001f1ea",  # a flag
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
    "1\ufe0f\u20e3",  # a keycap
    "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
    "e\u0301",  # an accent of its own
    "\u0915\u094d\u200d\u0937\u093f",  # Devanagari with a joiner
)


#: In Sinhala, in Persian, and at the end of a word in Devanagari.
JOINED = ("\u0d9a\u0dca\u200d\u0dba", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0928\u094d\u200d")


@pytest.mark.parametrize("shown", [*WHOLE, *JOINED])
def test_what_belongs_to_a_character_or_a_word_stays(shown: str) -> None:
    """Joiners of emoji, of Persian and of Indic words, selectors and the tags of a flag are kept."""
    assert shown == clean(shown)
    assert f"a {shown} b" == clean(f" a  {shown}\n b")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("pass\u200dword", "password"),
        ("pass\u200cword", "password"),
        ("a\ufe0fb", "ab"),
        ("\u200d\U0001f52c", "\U0001f52c"),
        ("\U0001f469\u200d", "\U0001f469"),
        ("\U0001f469\u200b\u200d\U0001f52c", "\U0001f469\U0001f52c"),
        ("\u0645\u202e\u200c\u0645", "\u0645\u0645"),
        ("\u0645\u200c\u200c\u0645", "\u0645\u0645"),
        ("x\U000e0067\U000e0062\U000e007f", "x"),
        ("\U0001f3f4" + "\U000e0068" * 40 + "\U000e007f", "\U0001f3f4"),
    ],
)
def test_what_shapes_nothing_is_removed(text: str, kept: str) -> None:
    """A joiner, a selector or a tag is kept only beside what it shapes, so that nothing is hidden with it."""
    assert kept == clean(text)


@given(words=st.lists(st.sampled_from((*WHOLE, "x")), max_size=200), most=st.integers(9, 400))
def test_no_character_is_cut_in_half(words: list[str], most: int) -> None:
    """A cut text consists of the first whole characters of the text, and so does each piece of a long one."""
    text, ends = "".join(words), set(accumulate(map(len, words), initial=0))
    assert cut(text, most) == text or len(cut(text, most).removesuffix("\u2026")) in ends
    made = list(pieces(text, most))
    assert text == "".join(made)
    assert set(accumulate(map(len, made), initial=0)) <= ends


def test_a_character_without_end_is_cut_all_the_same() -> None:
    """A letter with a thousand accents costs no more than others, and stays within the limit."""
    shown = cut("e" + "\u0301" * 100_000, 100)
    assert 100 >= len(shown) > 50


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "Berlin time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/GMT-5", "UTC+5"),
        ("Etc/GMT+11", "UTC-11"),
    ],
)
def test_a_time_zone_is_named_by_its_city(zone: str, said: str) -> None:
    """People name the city of a time zone; the signs of the zones without a city are turned to the usual ones."""
    assert said == zone_text(ZoneInfo(zone))


def test_a_time_of_day_has_no_leading_zero() -> None:
    """Times are written as people write them."""
    assert ("9:00", "0:05", "17:30") == (clock_text(time(9)), clock_text(time(0, 5)), clock_text(time(17, 30)))
