"""Tests of times of day as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands.clocks import is_of_either_half, quiet_hours, time_at, times_in, times_of
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import Hours

NINE, FIVE, HALF = time(9), time(17), time(9, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, [NINE]) for text in ("9", "09", "9am", "9 am", "9AM", "9 a.m.", "9:00 a.m.", "9:00", "09.00", "9.00")),
        *(
            (text, [NINE])
            for text in ("0900", "900", "9 Uhr", "9:00 Uhr", "9h", "9h00", "9 heures", "9 horas", "09：00")
        ),
        *((text, [NINE]) for text in ("9 o'clock", "9 o’clock", "9時", "上午9点", "午前9時", "9 in the morning")),
        *(
            (text, [HALF])
            for text in ("9.30", "9:30", "0930", "930", "9h30", "9 Uhr 30", "9点半", "9時30分", "9:30 am")
        ),
        *((text, [FIVE]) for text in ("5pm", "5 p.m.", "17", "17:00", "1700", "17 Uhr", "17h", "5 in the afternoon")),
        *((text, [FIVE]) for text in ("午後5時", "下午5点", "5 du soir", "5 nachmittags", "5 de la tarde")),
        *((text, [time(12)]) for text in ("noon", "Midday", "12pm", "mittags", "midi", "mediodía", "中午")),
        *((text, [time(0)]) for text in ("midnight", "12am", "0:00", "0000", "Mitternacht", "minuit")),
        ("9am and 5pm", [NINE, FIVE]),
        ("9:00, 17:00", [NINE, FIVE]),
        ("9 17", [NINE, FIVE]),
        ("9 am 5 pm", [NINE, FIVE]),
        ("9 Uhr und 17 Uhr", [NINE, FIVE]),
        ("9h et 17h", [NINE, FIVE]),
        ("9:00 a.m. & 5 p.m.", [NINE, FIVE]),
        ("announced", []),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: list[time]) -> None:
    """Clocks of twelve and of 24 hours, with and without signs, in the languages of the commands, and lists of them."""
    assert expected == list(times_of(text))


@pytest.mark.parametrize("text", ["25:00", "24:00", "2460", "9:60", "13pm", "0am", "9.5", "soon", "9-10", "99999", "٩"])
def test_what_is_no_time_is_said_with_the_ways_to_write_one(text: str) -> None:
    """The message repeats the text, and the hint shows times that can be read."""
    with pytest.raises(BadQuery, match="is no time of day") as caught:
        times_of(text)
    assert text in str(caught.value)
    assert {"9am", "17:30"} <= set(caught.value.hint.replace(",", " ").replace(";", " ").split())


@given(st.times().map(lambda some: some.replace(second=0, microsecond=0, tzinfo=None)))
def test_any_time_is_read_in_every_form(clock: time) -> None:
    """Every minute of the day reads the same with a colon, a dot, without a sign and with am or pm."""
    half = f"{clock.hour % 12 or 12}:{clock.minute:02}{'pm' if clock.hour >= 12 else 'am'}"
    forms = (f"{clock:%H:%M}", f"{clock:%H.%M}", f"{clock:%H%M}", f"{clock:%H} Uhr {clock:%M}", f"{clock:%Hh%M}", half)
    assert {clock} == {time_at(form) for form in forms}


@given(st.text(max_size=30))
def test_any_text_is_times_or_none(text: str) -> None:
    """No text breaks the reader; what it takes for times can be read one by one."""
    assert all(time_at(part) is not None for part in times_in(text))


def test_an_hour_alone_may_be_of_either_half() -> None:
    """People say "at 5" in the afternoon; 7 to 12 are hours of a morning's digest, and 05 is written for 05:00."""
    assert ["1", "5", "6"] == [text for text in ("1", "5", "6", "7", "9", "05", "17", "5am") if is_of_either_half(text)]


@pytest.mark.parametrize(
    "text", ["22:00-07:00", "10pm–7am", "22 to 7", "from 22:00 till 7", "between 22 and 7", "22 bis 7 Uhr"]
)
def test_quiet_hours_are_a_range(text: str) -> None:
    """A range has a dash or a word between its ends."""
    assert Hours(start=time(22), end=time(7)) == quiet_hours(text)
