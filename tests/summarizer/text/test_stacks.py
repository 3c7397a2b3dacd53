"""Combining marks: what writing needs stays whole, and no stack of marks reaches a chat."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import collapse, to_plain
from summarizer.text.stacks import MOST_ACCENTS, MOST_MARKS, without_stacks

#: Words with as many marks on one letter as their scripts write.
WRITTEN = [
    "Tiếng Việt",
    unicodedata.normalize("NFD", "Tiếng Việt ở Thủ Đô"),
    "हिन्दी क्ष्म्य र्स्प्रे",
    "বাংলা র‍্যাব",
    "සිංහල ශ්‍රී",
    "نمی‌خواهم کتاب‌ها",
    "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ",
    "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "ภาษาไทย น้ำ ที่สุด",
    "မြန်မာ မြွှိုင့် ကျွန်ုပ်",
    "ཧཱུྃ བསྒྲུབས སྐྱེས",
    "ខ្មែរ ស្ត្រី",
    "👩🏽‍🔬 👨‍👩‍👧‍👦 1️⃣ ❤️ 🏳️‍🌈",
    "x̄ ẋ v⃗ â⃗ ɔ̃̀ː",
    "葛󠄀城 邉󠄂",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_writing_stays_whole(text: str) -> None:
    """Letters with the marks that their scripts need, joiners in words and whole emoji stay as they are."""
    assert text == collapse(text)


@pytest.mark.parametrize("marks", ["\u0301", "\u0300\u0316\u0334", "\u0e49", "\u0651\u064e", "\u20dd"])
def test_a_stack_is_thinned_out(marks: str) -> None:
    """Of a hundred marks on a letter the first few stay; the letters after it keep theirs."""
    shown = collapse(f"Ze{marks * 100}ro a\u0301")
    assert len([char for char in shown if unicodedata.category(char)[0] == "M"]) <= MOST_MARKS + 1
    assert "Zero a" == "".join(char for char in shown if unicodedata.category(char)[0] != "M")
    assert shown.endswith("a\u0301")


def test_joiners_hold_no_stack_together() -> None:
    """A joiner between marks of a script that has joiners begins no new letter."""
    stack = "\u0628" + "\u064e\u200c" * 50 + "\u0628"
    assert sum(char == "\u064e" for char in collapse(stack)) <= MOST_MARKS


def _stacks(text: str) -> tuple[int, int]:
    """Return the most marks, and the most accents among them, on one letter of a text."""
    most = accents = run = own = 0
    for char in text:
        if unicodedata.category(char)[0] == "M":
            run, own = run + 1, own + ("\u0300" <= char <= "\u036f")
            most, accents = max(most, run), max(accents, own)
        elif char not in "\u200c\u200d":
            run = own = 0
    return most, accents


_MARKS = st.characters(categories=("Mn", "Mc", "Me"))
_ANY = st.lists(st.one_of(st.text(min_size=1, max_size=3), _MARKS, st.sampled_from("\u0301\u200c\u200d\u0e49ab ")))


@given(_ANY)
def test_no_text_has_a_stack(parts: list[str]) -> None:
    """Whatever a text holds, no letter carries more marks than writing needs, and letters are never dropped."""
    text = "".join(parts)
    shown = without_stacks(text)
    most, accents = _stacks(shown)
    assert most <= MOST_MARKS
    assert accents <= MOST_ACCENTS
    bare = [char for char in text if unicodedata.category(char)[0] != "M"]
    assert bare == [char for char in shown if unicodedata.category(char)[0] != "M"]
    assert shown == without_stacks(shown)


@given(st.integers(min_value=1, max_value=300))
def test_selectors_carry_no_message(number: int) -> None:
    """Of selectors behind Chinese characters those that select a form stay: one each, of the first 32, and a few."""
    message = "".join(f"漢{chr(0xE0100 + at * 7 % 240)}" for at in range(number))
    shown = to_plain(message)
    kept = [char for char in shown if "\U000e0100" <= char <= "\U000e01ef"]
    assert len(kept) <= 16
    assert all(char <= "\U000e011f" for char in kept)
    assert "漢" * number == "".join(char for char in shown if char not in kept)


def test_one_selector_for_one_character() -> None:
    """A second selector behind the same character selects nothing, and is removed."""
    assert "葛\U000e0100城" == collapse("葛\U000e0100\U000e0101\U000e0102城")
