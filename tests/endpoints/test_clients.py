"""Telling clients apart, and limiting how often each may ask."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bots.endpoints.clients import _MOST, Visits, client_of
from tests.support.doubles import Hand


def asked(peer: str, named: str = "") -> Any:
    """Return a request from an address, with what a proxy says."""
    headers = {"X-Forwarded-For": named} if named else {}
    return cast("Any", SimpleNamespace(remote=peer, headers=headers))


@pytest.mark.parametrize(
    ("peer", "named", "client"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.7", "2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("2606:4700:1:2::9", "", "2606:4700:1:2::/64"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_a_client(peer: str, named: str, client: str) -> None:
    """A proxy beside us is believed, nobody else is; a network of IPv6 is one client."""
    assert client == client_of(asked(peer, named))


def test_a_window() -> None:
    """Each client has its own window, and a new one when it is over."""
    clock = Hand()
    visits = Visits(2, 60.0, clock.ticks)
    assert [True, True, False, True] == [visits.admit(name) for name in ("a", "a", "a", "b")]
    clock.turn(seconds=60)
    assert visits.admit("a")


def test_many_clients_take_little() -> None:
    """A flood of clients does not fill the memory."""
    visits = Visits(1, 60.0, Hand().ticks)
    for number in range(_MOST + 50):
        visits.admit(str(number))
    assert _MOST == len(visits._windows)
