"""A custom id is read back as it was written, and foreign ids are not taken for ours."""

import pytest

from bots.discord.controls import MAX_ID, Control, control_id, read_control_id, subscription_held, subscription_of_value
from tests.discord.papers import CHANNEL
from tests.support.factories import a_subscription


@pytest.mark.parametrize("held", ["", "arxiv:1706.03762", "2:odd", "doi:10.1/a:b:2", "text:\nx", "a1 b2", "12"])
@pytest.mark.parametrize("turn", [1, 2, 12])
def test_ids_are_read_back(held: str, turn: int) -> None:
    """The value read from a custom id is the value written, with any count before it."""
    assert (Control.SAVE, held) == read_control_id(control_id(Control.SAVE, held, turn))


def test_foreign_ids_are_none_of_ours() -> None:
    """An id that we did not write, or that has an unknown verb, is not read."""
    assert [None] * 4 == [read_control_id(each) for each in ("", "save:1", "pw:dance:arxiv:1", "pw:save")]


def test_an_id_is_never_too_long() -> None:
    """A custom id that would be longer than Discord accepts is empty."""
    longest = "x" * (MAX_ID - len("pw:save:"))
    assert MAX_ID == len(control_id(Control.SAVE, longest))
    assert "" == control_id(Control.SAVE, f"{longest}x")


def test_a_subscription_is_held_with_its_channel() -> None:
    """A subscription's button names the subscription and its channel; an id of an unexpected format has no button."""
    assert ("a1b2c3", "901") == subscription_of_value(subscription_held(a_subscription(channel=CHANNEL)))
    assert ("-", "901") == subscription_of_value("- 901")
    assert "" == subscription_held(a_subscription(id="no good", channel=CHANNEL))
    assert [("", "")] * 3 == [subscription_of_value(held) for held in ("", "a1b2c3", "a1 b2 c3")]
