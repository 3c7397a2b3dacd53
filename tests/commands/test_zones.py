"""Tests of time zones as people name them."""

from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands.zones import zone_of, zones_named
from bots.domain.errors import BadQuery


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Berlin", "Europe/Berlin"), ("berlin", "Europe/Berlin"), ("München", "Europe/Berlin"),
        ("Munich", "Europe/Berlin"),
        ("New York", "America/New_York"), ("NYC", "America/New_York"), ("new york city", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"), ("SF", "America/Los_Angeles"), ("Palo Alto", "America/Los_Angeles"),
        ("Bangalore", "Asia/Kolkata"), ("Bengaluru", "Asia/Kolkata"), ("Zürich", "Europe/Zurich"),
        ("Zuerich", "Europe/Zurich"), ("Genève", "Europe/Zurich"), ("Wien", "Europe/Vienna"), ("東京", "Asia/Tokyo"),
        ("Tokio", "Asia/Tokyo"), ("北京", "Asia/Shanghai"), ("São Paulo", "America/Sao_Paulo"), ("Kyiv", "Europe/Kyiv"),
        ("Germany", "Europe/Berlin"), ("UK", "Europe/London"), ("California", "America/Los_Angeles"),
        ("Berlin time", "Europe/Berlin"), ("in Berlin", "Europe/Berlin"), ("Washington, D.C.", "America/New_York"),
        ("Cambridge, USA", "America/New_York"), ("Cambridge (UK)", "Europe/London"),
        ("CET", "CET"), ("CEST", "CET"), ("PST", "America/Los_Angeles"), ("EST", "America/New_York"),
        ("Eastern Time", "America/New_York"), ("JST", "Asia/Tokyo"), ("GMT", "GMT"), ("utc", "UTC"),
        ("UTC+2", "Etc/GMT-2"), ("GMT-5", "Etc/GMT+5"), ("UTC +02:00", "Etc/GMT-2"), ("+0530", "Asia/Kolkata"),
        ("UTC+0", "UTC"), ("Europe/Berlin", "Europe/Berlin"), ("america/new york", "America/New_York"),
    ],
)  # fmt: skip
def test_a_zone_is_named_by_a_place_an_abbreviation_or_an_offset(text: str, zone: str) -> None:
    """Cities and countries in any case, with or without accents; what people call the hours; hours from UTC."""
    assert ZoneInfo(zone) == zone_of(text)


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("Cambridge", ("Europe/London", "America/New_York")),
        ("IST", ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin")),
        ("USA", ("America/New_York", "America/Los_Angeles")),
        ("Valencia", ("America/Caracas", "Europe/Madrid")),
    ],
)
def test_a_name_in_several_zones_is_asked_back(text: str, zones: tuple[str, ...]) -> None:
    """The error names the zones that may be meant."""
    with pytest.raises(BadQuery, match=f"“{text}” is in several time zones") as caught:
        zone_of(text)
    assert [] == [zone for zone in zones if zone not in caught.value.hint]


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("Berln", "Europe/Berlin"),
        ("Los Angles", "America/Los_Angeles"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Stockhollm", "Europe/Stockholm"),
    ],
)
def test_a_near_miss_is_suggested(text: str, guess: str) -> None:
    """A misspelt city gets the zone that it is in."""
    with pytest.raises(BadQuery, match="is no time zone") as caught:
        zone_of(text)
    assert guess in caught.value.hint


@pytest.mark.parametrize("text", ["UTC+15", "UTC+5:17", "Narnia", "", "../../etc/passwd", "x" * 300])
def test_what_is_no_zone_is_told_how_to_write_one(text: str) -> None:
    """The hint asks for a city."""
    with pytest.raises(BadQuery, match="is no time zone") as caught:
        zone_of(text)
    assert "Write a city, such as Berlin" in caught.value.hint


#: Old names without the summer time of their place: people who type them mean the place.
_FIXED = {"EST", "MST", "HST"}


def test_every_name_of_the_database_is_its_own_zone() -> None:
    """A stored zone can always be read back."""
    assert [] == [name for name in available_timezones() - _FIXED if (name,) != zones_named(name)]


@given(st.text(max_size=80))
def test_any_text_is_zones_or_none(text: str) -> None:
    """Every zone that a text may mean exists."""
    assert set(zones_named(text)) <= available_timezones()
