"""Telling clients apart, and limiting how often each may ask."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.config.network_values import networks
from bots.endpoints.clients import _MOST, PROXIES, TrustedProxies, Visits, client_of
from tests.support.doubles import Hand


def asked(peer: str, *named: str, trusted: str | None = None) -> Any:
    """Return a request from an address, with what proxies say, at an endpoint that trusts some networks."""
    headers = SimpleNamespace(getall=lambda _name, _default: named)
    app = {} if trusted is None else {PROXIES: TrustedProxies(networks(trusted))}
    return cast("Any", SimpleNamespace(remote=peer, headers=headers, app=app))


@pytest.mark.parametrize(
    ("peer", "named", "client"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9, 1.1.1.1", "1.1.1.1"),
        ("127.0.0.1", "9.9.9.9, 127.0.0.1", "9.9.9.9"),
        ("::1", "1.1.1.1", "1.1.1.1"),
        ("::ffff:127.0.0.1", "1.1.1.1:4711", "1.1.1.1"),
        ("127.0.0.1", "[2606:4700:1:2:3:4:5:6]:443", "2606:4700:1:2::/64"),
        ("2606:4700:1:2::9", "", "2606:4700:1:2::/64"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        # In a private network are also other people's programs.
        ("10.0.0.7", "1.1.1.1", "10.0.0.7"),
        ("192.168.1.9", "1.1.1.1", "192.168.1.9"),
        ("fd00::7", "1.1.1.1", "fd00::/64"),
        ("169.254.1.1", "1.1.1.1", "169.254.1.1"),
    ],
)
def test_a_client(peer: str, named: str, client: str) -> None:
    """Without a setting a proxy on this machine is believed, nobody else is; a network of IPv6 is one client."""
    assert client == client_of(asked(peer, named) if named else asked(peer))


@pytest.mark.parametrize(
    ("trusted", "peer", "named", "client"),
    [
        ("10.0.5.0/24", "10.0.5.9", ("1.1.1.1",), "1.1.1.1"),
        ("10.0.5.0/24", "10.0.6.9", ("1.1.1.1",), "10.0.6.9"),
        ("10.0.5.0/24", "127.0.0.1", ("1.1.1.1",), "127.0.0.1"),
        # A load balancer before the proxy: the first that is not ours, from the end.
        ("10.0.5.0/24, 203.0.113.4", "10.0.5.9", ("6.6.6.6, 1.1.1.1, 203.0.113.4",), "1.1.1.1"),
        ("10.0.5.0/24", "10.0.5.9", ("6.6.6.6", "1.1.1.1"), "1.1.1.1"),
        # Rubbish before it was written by the client; rubbish at the end by nobody that is trusted.
        ("10.0.5.0/24", "10.0.5.9", ("x, 1.1.1.1",), "1.1.1.1"),
        ("10.0.5.0/24", "10.0.5.9", ("1.1.1.1, unknown",), "10.0.5.9"),
        ("2001:db8::/32", "2001:db8::7", ("1.1.1.1",), "1.1.1.1"),
        ("", "127.0.0.1", ("1.1.1.1",), "127.0.0.1"),
    ],
)
def test_only_proxies_of_the_settings_are_believed(
    trusted: str, peer: str, named: tuple[str, ...], client: str
) -> None:
    """Who is in the setting is believed about the last address that is not in it itself."""
    assert client == client_of(asked(peer, *named, trusted=trusted))


@given(forged=st.lists(st.ip_addresses().map(str) | st.text(max_size=20), max_size=30))
def test_no_header_of_a_client_changes_who_it_is(forged: list[str]) -> None:
    """Whatever a client writes itself, the proxy's own entry decides."""
    named = ", ".join([*(each.replace(",", "") for each in forged), "1.1.1.1"])
    assert "1.1.1.1" == client_of(asked("127.0.0.1", named))


def test_a_proxy_that_is_not_trusted_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """An operator whose load balancer is missing in the setting learns it, and a stranger cannot fill the log."""
    proxies = TrustedProxies()
    for peer in ("8.8.8.8", "10.0.0.7", "10.0.0.8"):
        proxies.client_of(peer, "1.1.1.1")
    assert ["10.0.0.7"] == [vars(record)["peer"] for record in caplog.records]
    assert "operations.trusted_proxies" in caplog.text


@pytest.mark.parametrize("wrong", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "everyone", "10.0.0.0/40"])
def test_networks_that_are_none_are_refused(wrong: str) -> None:
    """A network that is everybody, or an address with bits of a host, is refused with an example."""
    with pytest.raises(ValueError, match="give "):
        networks(wrong)


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


def test_clients_are_forgotten_after_their_window() -> None:
    """A page that one client reads every second remembers those of a minute, not all of them."""
    clock = Hand()
    visits = Visits(2, 60.0, clock.ticks)
    for number in range(500):
        clock.turn(seconds=1)
        assert visits.admit(str(number))
    assert 60 == len(visits._windows)
