"""The parsers for all sources: an unreadable value becomes empty or None."""

import pytest

from bots.sources import reading
from bots.sources.reading.authors import names, split_direct


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Thu, 18 Sep 2025 00:00:00 -0400", "2025-09-18T00:00:00-04:00"),
        ("  18 Sep 2025 12:30:00 GMT ", "2025-09-18T12:30:00+00:00"),
        ("Thu, 18 Sep 2025 12:30:00 -0000", "2025-09-18T12:30:00+00:00"),
    ],
)
def test_dates_of_feeds_keep_their_zone(written: str, read: str) -> None:
    """A date in a feed becomes an aware instant in its own time zone, or in UTC if it has none."""
    found = reading.mail_instant(written)
    assert found is not None
    assert read == found.isoformat()


@pytest.mark.parametrize(
    "written", ["", "yesterday", "Thu, 99 Sep 2025 00:00:00 GMT", "1 Jan 3000 00:00:00 GMT", 7, None]
)
def test_what_is_no_date_of_a_feed_is_none(written: object) -> None:
    """Any other value becomes None without an error."""
    assert reading.mail_instant(written) is None


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("<p>SourceQuery &amp; <b>answer</b>,\n twice</p>", "SourceQuery & answer, twice"),
        ("a < b and &lt;i&gt;", "a < b and <i>"),
        ("<script", "<script"),
        (f"&#{'9' * 5000};", f"&#{'9' * 5000};"),
        ("\x1b[31mred\x1b[", "red["),
    ],
)
def test_html_becomes_text(part: str, text: str) -> None:
    """Tags are removed, references decoded once, control characters removed; hostile HTML raises nothing."""
    assert text == reading.html_text(part)


@pytest.mark.parametrize("written", ["on \x00 two", "on\t\x00\ttwo", "\x00 on \ufeff two \x00", "on\x00 two"])
def test_a_control_character_leaves_no_second_space(written: str) -> None:
    """Text has single spaces, also where a control character stood between two."""
    assert "on two" == reading.html_text(written)


def test_html_is_cut_at_its_limit() -> None:
    """A text is truncated at its limit."""
    assert "aaa" == reading.html_text("<p>aaaa</p>", 3)


@pytest.mark.parametrize("sequence", ["\x1b[31m", "&#27;[31m", "&#x1B;[0m", "&#27[1;31m", "\x1b]0;title\x07"])
def test_no_remnant_of_a_colour_is_left(sequence: str) -> None:
    """A sequence of a terminal leaves titles, abstracts and names whole, its ESC an entity or not."""
    assert "red apples" == reading.html_text(f"{sequence}red ap{sequence}ples")
    assert ["Ada Lovelace", "Alan Turing"] == split_direct(f"{sequence}Ada Lovelace, Alan{sequence} Turing")
    assert ("Ada Lovelace",) == names([f"{sequence}Ada Lovelace{sequence}"])


def test_a_value_has_no_remnant_of_a_colour() -> None:
    """A colour in a field of JSON is removed whole; the same signs without ESC are text."""
    assert "red apples [31m" == reading.text("\x1b[31mred apples\x1b[0m [31m")
