"""Texts in the reader's language, and how each language writes days, times, numbers and lists."""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import sentence
from bots.translation.formats import (
    clock_text,
    day_text,
    days_text,
    in_a_row,
    listed,
    month_text,
    short_day,
    weekday,
    zone_text,
)
from bots.translation.languages import ENGLISH, Language, load_languages
from bots.translation.speech import current, gettext, ngettext, number_text, pgettext, speaking

GERMAN, JAPANESE = load_languages().of("de"), load_languages().of("ja-JP")
ANY = st.sampled_from(list(load_languages()))


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ("de-DE", "de"),
        ("de", "de"),
        ("es-LA", "es"),
        ("es-419", "es"),
        ("es_ES", "es"),
        ("fr-FR", "fr"),
        ("ja-JP", "ja"),
        ("zh-CN", "zh_Hans"),
        ("zh", "zh_Hans"),
        # Whoever reads traditional characters is better served with English than with the simplified ones.
        ("zh-TW", "en"),
        ("zh_Hant_HK", "en"),
        ("en-GB", "en"),
        ("ko-KR", "en"),
        ("", "en"),
        ("../de", "en"),
    ],
)
def test_the_language_of_a_locale(locale: str, code: str) -> None:
    """Locales of both platforms name a language; one that has no table is English."""
    assert code == load_languages().of(locale).code


@given(st.text(max_size=40))
def test_any_locale_names_a_language(locale: str) -> None:
    """Whatever a platform sends as a locale, there is a language."""
    assert load_languages().of(locale) in list(load_languages())


def test_a_text_is_in_the_language_of_its_reader() -> None:
    """The body of `speaking` speaks another language; after it everything is as before."""
    assert "Undo" == pgettext("button", "Undo")
    with speaking(GERMAN):
        assert "Rückgängig" == pgettext("button", "Undo")
        with speaking(JAPANESE):
            assert "元に戻す" == pgettext("button", "Undo")
        assert "Rückgängig" == pgettext("button", "Undo")
    assert ENGLISH == current()


async def test_a_task_inherits_the_language() -> None:
    """Work that is started for a person speaks their language, and work beside it its own."""

    async def said() -> str:
        await asyncio.sleep(0)
        return gettext("Try again.")

    with speaking(GERMAN):
        german = asyncio.create_task(said())
    english = asyncio.create_task(said())
    assert ("Versuch es noch einmal.", "Try again.") == (await german, await english)


def test_a_text_without_a_translation_stays_english() -> None:
    """What no table has is shown in English, in the right number."""
    with speaking(GERMAN):
        assert "No table has this." == gettext("No table has this.")
        assert "2 things" == ngettext("{number} thing", "{number} things", 2)
        assert "Undo" == pgettext("no such context", "Undo")


@pytest.mark.parametrize(
    ("locale", "none", "one", "two"),
    [
        ("en", "0 papers as BibTeX", "1 paper as BibTeX", "2 papers as BibTeX"),
        ("de", "0 Papers als BibTeX", "1 Paper als BibTeX", "2 Papers als BibTeX"),
        ("es", "0 artículos en BibTeX", "1 artículo en BibTeX", "2 artículos en BibTeX"),
        # French counts nothing in the singular (CLDR, plural rules).
        ("fr", "0 article en BibTeX", "1 article en BibTeX", "2 articles en BibTeX"),
        ("ja", "論文 0 件の BibTeX", "論文 1 件の BibTeX", "論文 2 件の BibTeX"),
    ],
)
def test_the_form_for_a_number(locale: str, none: str, one: str, two: str) -> None:
    """Each language has its own rule for which form a number takes."""
    with speaking(load_languages().of(locale)):
        found = [ngettext("{number} paper as BibTeX", "{number} papers as BibTeX", number) for number in (0, 1, 2)]
    assert [none, one, two] == found


@given(ANY, st.text())
def test_hostile_values_are_shown_as_they_are(language: Language, words: str) -> None:
    """Braces, percent signs and markup in a value are no part of the text around it."""
    with speaking(language):
        assert words in gettext("No paper matches “{words}”.", words=words)


def test_numbers_days_times_and_lists() -> None:
    """CLDR says how a language writes them; English is as it always was."""
    day = date(2026, 11, 24)
    shown = {
        "en": ("12,345", "Tuesday 24 November 2026", "24 Nov 2026", "Nov 2026", "9:05", "a, b and c", "a, b"),
        "de": ("12.345", "Dienstag, 24. November 2026", "24. Nov. 2026", "Nov. 2026", "09:05", "a, b und c", "a, b"),
        "es": ("12.345", "martes, 24 de noviembre de 2026", "24 nov 2026", "nov 2026", "9:05", "a, b y c", "a, b"),
        "ja": ("12,345", "2026年11月24日火曜日", "2026年11月24日", "2026年11月", "9:05", "a、b、c", "a、b"),
        "zh": ("12,345", "2026年11月24日星期二", "2026年11月24日", "2026年11月", "09:05", "a、b和c", "a，b"),
    }
    for locale, expected in shown.items():
        with speaking(load_languages().of(locale)):
            found = (number_text(12345), day_text(day), short_day(day), month_text(day), clock_text(time(9, 5)))
            assert expected == (*found, listed("abc"), in_a_row("ab"))


def test_names_of_weekdays_and_cities() -> None:
    """Weekdays and the cities of time zones have names in each language."""
    with speaking(GERMAN):
        assert ("Montag", "Ortszeit Tokio") == (weekday(0), zone_text(ZoneInfo("Asia/Tokyo")))
    with speaking(JAPANESE):
        assert ("月曜日", "東京時間") == (weekday(0), zone_text(ZoneInfo("Asia/Tokyo")))


@given(ANY, st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)), st.integers(0, 400))
def test_any_days_can_be_named(language: Language, first: date, more: int) -> None:
    """Every day, month and span of days has a text in every language."""
    with speaking(language):
        last = first + timedelta(days=more)
        assert all((day_text(first), short_day(first), month_text(first), days_text(first, last)))
        assert str(last.year) in days_text(first, last)


@given(ANY, st.times())
def test_any_time_can_be_told(language: Language, clock: time) -> None:
    """A time of day is that of the clock of 24 hours in every language."""
    with speaking(language):
        assert f"{clock:%H:%M}" == clock_text(clock).zfill(5)
        assert clock_text(clock) == clock_text(datetime.combine(date(2026, 1, 1), clock).time())


def test_a_sentence_ends_as_its_script_does() -> None:
    """A Japanese or Chinese sentence ends with its own full stop."""
    assert ("保存しました。", "已保存。", "Saved.", "Zum Beispiel 3.") == tuple(
        map(sentence, ("保存しました", "已保存。", "Saved", "Zum Beispiel 3"))
    )
