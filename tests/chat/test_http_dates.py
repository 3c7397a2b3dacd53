"""Times in HTTP headers: dates and pauses, whatever a server sends."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.http_dates import instant, retry_after

_NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
_DATE = "Mon, 30 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    "written",
    [_DATE, "Monday, 30-Nov-26 12:00:00 GMT", "Mon, 30 Nov 2026 13:00:00 +0100", "Mon, 30 Nov 2026 12:00:00 -0000"],
)
def test_a_date_in_each_form(written: str) -> None:
    """Every form of date that a server may send is read as an instant in UTC."""
    assert _NOON == instant(written)


@pytest.mark.parametrize("written", ["", "soon", "2026-11-30", "Mon, 99 Nov 2026 12:00:00 GMT", "0", _DATE * 20])
def test_what_is_no_date(written: str) -> None:
    """Other text is no instant."""
    assert instant(written) is None


@pytest.mark.parametrize(("headers", "seconds"), [
    ({"Retry-After": "7"}, 7.0),
    ({"retry-after": " 0.25 "}, 0.25),
    ({"Retry-After": 3}, 3.0),
    ({"Retry-After": "Mon, 30 Nov 2026 12:01:30 GMT", "Date": _DATE}, 90.0),
    ({"Retry-After": _DATE, "Date": "Mon, 30 Nov 2026 12:01:30 GMT"}, 0.0),
    # Without the server's own time, its date says nothing: our clock may be wrong.
    ({"Retry-After": _DATE}, None),
    ({"Retry-After": "-5"}, None),
    ({"Retry-After": "1e9"}, None),
    ({"Retry-After": "inf"}, None),
    ({"Retry-After": "nan"}, None),
    ({"Retry-After": "9" * 400}, None),
    ({"Date": _DATE}, None),
    ({}, None),
])  # fmt: skip
def test_how_long_a_server_asks_to_wait(headers: dict[str, object], seconds: float | None) -> None:
    """A pause is read as seconds, or as a date compared with the server's own; anything else asks for none."""
    assert seconds == retry_after(headers)


@given(st.text(), st.text())
def test_any_text_is_accepted(pause: str, date: str) -> None:
    """Whatever the headers contain, there is no error, and a pause is finite and not negative."""
    found = retry_after({"Retry-After": pause, "Date": date})
    assert found is None or 0 <= found < float("inf")


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])))
def test_what_was_written_is_read(when: datetime) -> None:
    """A date in the form of RFC 9110 is read back to the second, in every year that the form can express."""
    utc = when.astimezone(UTC) if 2 <= when.year <= 9998 else _NOON
    day, month = "Mon Tue Wed Thu Fri Sat Sun".split()[utc.weekday()], "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    written = f"{day}, {utc.day:02} {month.split()[utc.month - 1]} {utc.year:04} {utc:%H:%M:%S} GMT"
    read = instant(written)
    assert read is not None
    # Years below 100 mean the century of their digits in the oldest form.
    assert utc.replace(microsecond=0) == read or utc.year < 1000
