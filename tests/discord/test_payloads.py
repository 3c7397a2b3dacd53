"""What comes over the gateway is read without trust."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.discord.payloads import INTERACTION, event_in

_LEAF = st.none() | st.integers() | st.text(max_size=5)
_JSON = _LEAF | st.lists(_LEAF, max_size=3) | st.dictionaries(st.sampled_from("td"), _LEAF)


def test_an_event_is_read() -> None:
    """An event that is passed on has its name and its data."""
    assert (INTERACTION, {"id": "1"}) == event_in('{"op": 0, "s": 1, "t": "INTERACTION_CREATE", "d": {"id": "1"}}')


@pytest.mark.parametrize(
    "message",
    [
        '{"t": "MESSAGE_CREATE", "d": {"content": "x"}}',
        '{"t": "MESSAGE_CREATE", "d": {"content": "\\"INTERACTION_CREATE\\""}}',
        '{"t": "GUILD_CREATE", "d": {"name": "INTERACTION_CREATE"}}',
        '{"t": "INTERACTION_CREATE", "d": ',
        '{"t": "INTERACTION_CREATE", "d": null}',
        '{"t": "INTERACTION_CREATE"}',
        '["INTERACTION_CREATE"]',
        '"INTERACTION_CREATE"',
        '{"t": "INTERACTION_CREATE", "d": ' + "[" * 100_000,
    ],
)
def test_everything_else_is_none(message: str) -> None:
    """Other events, texts that only name one, and what is no event have no name."""
    assert ("", {}) == event_in(message)


@settings(max_examples=50)
@given(said=_JSON, before=st.text(max_size=20))
def test_nothing_raises(said: object, before: str) -> None:
    """Whatever is sent, it is an event or none."""
    for message in (json.dumps(said), before + '"INTERACTION_CREATE"', json.dumps({"t": INTERACTION, "d": said})):
        name, data = event_in(message)
        assert (name == INTERACTION) == bool(name)
        assert isinstance(data, dict)
