"""Where the client may connect to, and what it makes of connections that fail."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from bots.outbound.client import NoAnswer, NotAllowed, NotSent, Outbound, check_address
from tests.fakes.webhook_receiver import At, ReceiverFault, WebhookReceiver
from tests.support.doubles import Hand


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "https://user:pw@example.org/", "https://127.0.0.1/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data", "https://localhost/", "https://db.internal/", "https://2130706433/",
        "https://0x7f.1/", "https://nas/", "ftp://example.org/", "javascript:alert(1)", "https://", "x",
        "https://example.org:99999/", "https://example.org/#a", "file:///etc/passwd", "https://exa mple.org/",
    ],
)  # fmt: skip
def test_what_may_not_be_contacted(url: str) -> None:
    """An address that is not https, names a user, or is no public host by its name is refused before any look-up."""
    with pytest.raises(NotAllowed):
        check_address(url)


@pytest.mark.parametrize("url", ["https://example.org/hook?token=x", "https://hooks.example.co.uk:8443/a/b"])
def test_what_may_be_contacted(url: str) -> None:
    """A public host over https is allowed, on any port."""
    assert url == check_address(url)


def test_the_operator_may_allow_hosts() -> None:
    """A host of the operator's own network is allowed with exactly its port."""
    allowed = frozenset({"n8n.lan:5678"})
    assert "http://n8n.lan:5678/hook" == check_address("http://n8n.lan:5678/hook", allowed)
    for url in ("http://n8n.lan/hook", "http://n8n.lan:5679/", "http://other.lan:5678/"):
        with pytest.raises(NotAllowed):
            check_address(url, allowed)


@pytest.mark.parametrize(
    "addresses",
    [
        ("10.0.0.1",), ("93.184.216.34", "127.0.0.1"), ("::ffff:10.0.0.1",), ("64:ff9b::a00:1",), ("::127.0.0.1",),
        ("::ffff:0:127.0.0.1",), ("64:ff9b:1::a00:1",), ("fec0::1",), ("2002:7f00:1::",), ("fe80::1%eth0",), ("::",),
        ("100.64.0.1",), ("192.0.0.1",), ("2001::7f00:1",), ("255.255.255.255",), ("ff02::1",),
    ],
)  # fmt: skip
async def test_a_public_name_may_not_lead_inside(addresses: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name whose address is private, even one of several, is refused before anything is sent."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    async def found(_host: str) -> Sequence[str]:
        return addresses

    async with Outbound(agent="x", resolve=found) as outbound:
        with pytest.raises(NotAllowed, match="public internet"):
            await outbound.send("POST", "https://rebind.example.org/", headers={})


async def test_a_name_without_an_address_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the name has no address nothing was sent."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    async def none(_host: str) -> Sequence[str]:
        raise OSError("no such name")

    async with Outbound(agent="x", resolve=none) as outbound:
        with pytest.raises(NotSent):
            await outbound.send("POST", "https://gone.example.org/", headers={})


async def test_what_was_sent_and_what_was_not() -> None:
    """A refused connection sent nothing; a connection that broke later may have; a redirect is an answer like any."""
    async with WebhookReceiver(Hand()) as receiver:
        host, url = receiver.host, f"{receiver.url}/x"
        async with Outbound(agent="x", private_hosts=frozenset({host})) as outbound:
            for fault in (ReceiverFault(), ReceiverFault(at=At.BEFORE)):
                receiver.faults.append(fault)
                with pytest.raises(NoAnswer):
                    await outbound.send("POST", url, headers={}, body=b"{}")
            receiver.faults.append(ReceiverFault(status=302, headers=("Location: http://127.0.0.1:1/",)))
            assert 302 == (await outbound.send("POST", url, headers={}, body=b"{}")).status
    async with Outbound(agent="x", private_hosts=frozenset({host})) as outbound:
        with pytest.raises(NotSent):
            await outbound.send("POST", url, headers={}, body=b"{}")


async def test_a_slow_receiver_is_given_up() -> None:
    """An exchange ends in its time, and the request may have arrived."""
    async with WebhookReceiver(Hand()) as receiver:
        receiver.faults.append(ReceiverFault(status=204, after=30))
        async with Outbound(agent="x", private_hosts=frozenset({receiver.host}), seconds=0.2) as outbound:
            with pytest.raises(NoAnswer):
                await outbound.send("POST", f"{receiver.url}/x", headers={}, body=b"{}")


async def test_receivers_with_one_address_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names with one address, as on a shared host: each has a connection of its own, whose certificate is its."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    sent: list[dict[str, Any]] = []

    def recorded(*_given: Any, **more: Any) -> Any:
        sent.append(more)
        raise httpx.ConnectError("not here")

    async def found(_host: str) -> Sequence[str]:
        return ("93.184.216.34",)

    async with Outbound(agent="x", resolve=found) as outbound:
        monkeypatch.setattr(outbound._client, "stream", recorded)
        for host in ("one.example.org", "two.example.org"):
            with pytest.raises(NotSent):
                await outbound.send("POST", f"https://{host}/", headers={})
    assert ["one.example.org", "two.example.org"] == [each["extensions"]["sni_hostname"] for each in sent]
    assert [("one.example.org", "close"), ("two.example.org", "close")] == [
        (each["headers"]["Host"], each["headers"]["Connection"]) for each in sent
    ]


async def test_no_receiver_sets_a_cookie() -> None:
    """A cookie of one receiver is not kept, so that no other one is sent it."""
    async with WebhookReceiver(Hand()) as receiver:
        receiver.faults.append(ReceiverFault(status=204, headers=("Set-Cookie: planted=1; Path=/",)))
        async with Outbound(agent="x", private_hosts=frozenset({receiver.host})) as outbound:
            sent = await outbound.send("POST", f"{receiver.url}/x", headers={}, body=b"{}")
            assert "planted=1; Path=/" == sent.headers["set-cookie"]
            assert [] == list(outbound._client.cookies.jar)
