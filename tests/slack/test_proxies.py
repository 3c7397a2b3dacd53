"""The environment's proxy: Slack is asked through it, and this machine and hosts of NO_PROXY are not."""

import pytest

from bots.slack.web_client import new_client, proxy_for
from tests.fakes.slack.server import FakeSlack

_PROXY = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://slack.com/api/", _PROXY),
        ("wss://wss-primary.slack.com/link", _PROXY),
        ("http://127.0.0.1:8080/api/", None),
        ("http://localhost/api/", None),
        ("https://[::1]/api/", None),
        ("https://gateway.lab.example/api/", None),
    ],
)
def test_hosts_behind_the_proxy(monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None) -> None:
    """Slack's hosts are asked through the proxy; loopback and the hosts of NO_PROXY are asked directly."""
    monkeypatch.setenv("HTTPS_PROXY", _PROXY)
    monkeypatch.setenv("NO_PROXY", "lab.example")
    assert proxy == proxy_for(url)


async def test_a_server_on_this_machine_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy that refuses, a client still reaches a server on loopback, such as the demo's."""
    monkeypatch.setenv("HTTPS_PROXY", _PROXY)
    async with FakeSlack() as slack:
        installation = slack.hub.install(slack.workspace())
        answer = await new_client(installation.token, slack.api).auth_test()
    assert answer["ok"] is True
