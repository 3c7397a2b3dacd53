"""Texts in the reader's language, and how each language writes days, times, numbers and lists."""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import clean, sentence
from bots.domain.errors import SourceDown
from bots.translation.formats import (
    clock_text,
    day_text,
    days_text,
    in_a_row,
    language_named,
    listed,
    month_text,
    sentences,
    short_day,
    weekday,
    zone_text,
)
from bots.translation.languages import ENGLISH, Language, load_languages
from bots.translation.speech import (
    current,
    gettext,
    gettext_lazy,
    localized,
    ngettext,
    ngettext_lazy,
    number_text,
    pgettext,
    speaking,
)
from bots.translation.stored_texts import recovered

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


def test_a_lazy_text_is_english_until_it_is_shown() -> None:
    """An error of one task is English in the log, and in the language of the person who reads it."""
    why = gettext_lazy("{source} is busy.", source="arXiv")
    error = SourceDown(gettext_lazy("No library could be searched: {why}", why=why), hint=gettext_lazy("Try again."))
    assert ("No library could be searched: arXiv is busy.", "Try again.") == (f"{error}", error.hint)
    with speaking(GERMAN):
        assert "Keine Bibliothek konnte durchsucht werden: arXiv ist ausgelastet." == localized(str(error))
        assert "Versuch es noch einmal." == localized(error.hint) == clean(error.hint)
        assert "plain" == localized("plain")
    assert "arXiv is busy." == localized(why)


def test_values_of_lazy_texts_are_made_where_they_are_shown() -> None:
    """Numbers, days and lists in a lazy text are those of its reader's language."""
    many = ngettext_lazy("{number} paper", "{number} papers", 1234)
    late = gettext_lazy("its list of {day}: {reason}", day=lambda: short_day(date(2026, 11, 24)), reason=many)
    assert "its list of 24 Nov 2026: 1,234 papers" == late
    with speaking(GERMAN):
        assert "die Liste vom 24. Nov. 2026: 1.234 Papers" == localized(late)


@given(ANY, st.text())
def test_a_lazy_text_with_hostile_values_is_shown(language: Language, words: str) -> None:
    """Braces and markup in a value are no part of the text around it, in every language."""
    told = gettext_lazy(
        "No paper matches “{words}”.", words=gettext_lazy("{source}: {reason}", source="x", reason=words)
    )
    with speaking(language):
        assert words in localized(told)


def test_a_stored_text_is_recovered() -> None:
    """A reason that was stored in English is recognised with its values, and what no table has stays."""
    stored = "Discord does not let Paperwire post in that channel: Missing Access (50001)."
    with speaking(GERMAN):
        assert "Discord lässt Paperwire in diesem Kanal nicht posten: Missing Access (50001)." == recovered(stored)
        assert "Der Abstract stützt „90%“ nicht." == recovered("The abstract does not support “90%”.")
        assert "3 papers" == recovered("3 papers")
        assert "It is so." == recovered("It is so.")
    assert stored == recovered(stored)


@given(ANY, st.text())
def test_anything_may_be_stored(language: Language, words: str) -> None:
    """No stored text is an error, and one that is recognised keeps its values."""
    with speaking(language):
        recovered(words)
        assert words.strip() in recovered(f"Discord failed: x{words}x.") or "\x00" in words or not words.isprintable()


def test_a_french_channel_has_the_word_of_its_chat() -> None:
    """Slack says "canal" and Discord "salon", whatever the table says."""
    known = load_languages()
    for chat, word, other in (("slack", "canal", "salon"), ("discord", "salon", "canal")):
        with speaking(known.of("fr-FR", chat)):
            for text in ("This channel has no subscriptions.", "Try again, or do it in that channel."):
                assert word in gettext(text)
                assert other not in gettext(text)
        assert known.of("fr-FR") == known.of("fr-FR", chat)


def test_sentences_stand_as_their_script_has_them() -> None:
    """Between Latin sentences is a space, after East Asian ones none."""
    assert ("One. Two.", "一。二。", "A.", "") == (
        sentences("One.", "Two."), sentences("一。", "", "二。"), sentences("", "A."), sentences()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("ko,ja;q=0.5,fr;q=0.7", "fr"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("zh-TW,zh;q=0.9", "zh_Hans"),
        ("*", "en"),
        ("de;q=0, fr", "fr"),
        ("", "en"),
        (",;q=,de;q=x", "en"),
    ],
)
def test_a_browser_names_languages(header: str, code: str) -> None:
    """The first of a browser's languages that Paperwire speaks is taken."""
    assert code == load_languages().accepted(header).code


@given(st.text(max_size=300))
def test_any_header_names_a_language(header: str) -> None:
    """Whatever a browser sends, there is a language."""
    assert load_languages().accepted(header) in list(load_languages())


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("German", "de"), ("deutsch", "de"), ("DE", "de"), ("de-AT", "de"), ("allemand", "de"), ("日本語", "ja"),
        ("Chinese", "zh_Hans"), ("中文", "zh_Hans"), ("zh-CN", "zh_Hans"), ("English", "en"), ("en-GB", "en"),
        ("English ", "en"), ("Englisch", "en"), ("Klingon", None), ("", None), ("ko", None), ("zh-TW", None),
    ],
)  # fmt: skip
def test_languages_are_named_in_any_language(said: str, code: str | None) -> None:
    """A language is read by its name in any of the six, and by its code."""
    found = language_named(said)
    assert code == (found.code if found else None)
