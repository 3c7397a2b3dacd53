"""Tests of what is believed of a platform's requests: an address in them must be the platform's own."""

import pytest
from httpx import URL
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.untrusted import is_theirs

HOSTS = frozenset({"cdn.example.org"})
API = "https://api.example.org/v1"


@pytest.mark.parametrize(
    ("url", "configured"),
    [
        ("https://cdn.example.org/a.txt?x=1", API),
        ("https://CDN.example.org/", API),
        ("https://api.example.org/files/1", API),
        ("http://127.0.0.1:8080/reply/1", "http://127.0.0.1:8080/api/"),
    ],
)
def test_a_platforms_own_addresses_are_theirs(url: str, configured: str) -> None:
    """A known host over https is allowed, and so is the configured address with its own scheme and port."""
    assert is_theirs(url, HOSTS, configured)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://cdn.example.org/",
        "https://cdn.example.org:8443/",
        "https://cdn.example.org.evil.example/",
        "https://evil.example/cdn.example.org",
        "https://cdn.example.org@evil.example/",
        "https://evil.example\\@cdn.example.org/",
        "https://cdn.example.org./",
        "//cdn.example.org/",
        "http://api.example.org/v1",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1",
        "https://cdn.example.org:x/",
        "file:///etc/passwd",
        "gopher://cdn.example.org/",
    ],
)
def test_no_other_address_is_theirs(url: str) -> None:
    """Another scheme, port or host, a user name, and an address of this machine or its network are refused."""
    assert not is_theirs(url, HOSTS, API)


PIECES = st.sampled_from(
    ["https", "http", ":", "/", "//", "cdn.example.org", "evil.example", "@", "\\", "#", "?", "443", ".", " ", "\t"]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_another_reader_of_addresses_agrees(url: str) -> None:
    """Whatever passes leads to a known host also in the reading of another library."""
    if is_theirs(url, HOSTS, API):
        read = URL(url)
        assert ("https", None) == (read.scheme, read.port)
        assert read.host in {*HOSTS, "api.example.org"}
