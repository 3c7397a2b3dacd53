"""Webhooks: signatures that the specification's own example gives, ids that last, receivers and their secrets."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, ChannelGone, PostRefused, PostUnknown
from bots.outbound.client import Sent
from bots.store._secrets import new_key
from bots.store.sql import open_store
from bots.webhook.outgoing import digest_parts, smaller
from bots.webhook.receivers import Receivers
from bots.webhook.refusals import refusal_of
from bots.webhook.signature import message_id, new_secret, signed_headers
from tests.contracts.test_store_credentials import everything_in
from tests.contracts.webhook_place import WebhookPlace
from tests.fakes.webhook_receiver import At, ReceiverFault
from tests.support.factories import NOW, a_digest, a_long_digest


def test_the_example_of_the_specification() -> None:
    """The specification's example of a message and key has the signature that it says."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
    )
    assert {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    } == headers


def test_a_key_is_as_long_as_the_specification_asks() -> None:
    """A signing key has 24 to 64 random bytes, and each is another one."""
    one, other = new_secret(), new_secret()
    assert one != other
    assert 24 <= len(base64.b64decode(one.removeprefix("whsec_"))) <= 64


async def test_a_repeated_message_is_shown_once() -> None:
    """A message whose answer was lost is sent again with the same id, body and a new time, and is shown once."""
    async with WebhookPlace() as place:
        (part,) = digest_parts(a_digest(channel=place.channel))
        place.receiver.faults.append(ReceiverFault(at=At.AFTER))
        with pytest.raises(PostUnknown):
            await place.adapter.post(part, "k1")
        place.hand.turn(seconds=900)
        assert message_id("k1") == await place.adapter.post(part, "k1")
        first, second = place.receiver.accepted
        assert (first.id, first.raw) == (second.id, second.raw)
        assert 1 == len(place.messages())


async def test_a_receiver_that_changed_its_key_is_told() -> None:
    """A receiver with another key refuses the message, and the subscription is paused with what to do."""
    async with WebhookPlace() as place:
        place.receiver.secrets["/ada"] = new_secret()
        (part,) = digest_parts(a_digest(channel=place.channel))
        with pytest.raises(ChannelGone) as refused:
            await place.adapter.post(part, "k1")
        assert "signing key" in refused.value.hint
        assert ["the signature is wrong"] == place.receiver.wrongs
        place.receiver.wrongs.clear()


async def test_a_receiver_is_stored_encrypted_and_once(tmp_path: Path) -> None:
    """The same address is the same channel; its text and key are not in the database's file."""
    file = tmp_path / "paperwire.sqlite3"
    async with open_store(file, keys=[new_key()]) as store:
        receivers = Receivers(store=store, clock=lambda: NOW)
        named = Channel.parse("webhook:https://hooks.example.org:8443/T0PSECRET?x=1")
        channel = await receivers.named(named)
        assert channel == await receivers.named(named) == await receivers.named(channel)
        assert "hooks" not in str(channel)
        assert channel != await receivers.named(Channel.parse("webhook:https://hooks.example.org/other"))
    assert b"T0PSECRET" not in everything_in(tmp_path)


@pytest.mark.parametrize("named", ["webhook:http://example.org/", "webhook:https://127.0.0.1/", "webhook:nowhere"])
async def test_a_wrong_address_says_what_to_give(named: str) -> None:
    """An address that may not be contacted, or an unknown id, is refused with an example."""
    async with WebhookPlace() as place:
        with pytest.raises(BadCommand) as refused:
            await place.adapter.channel_named(Channel.parse(named))
        assert "https://example.org/hook" in refused.value.hint


async def test_a_removed_receiver_gets_nothing() -> None:
    """A part for a webhook that was removed is given up."""
    async with WebhookPlace() as place:
        (part,) = digest_parts(a_digest(channel=replace(place.channel, workspace="gone")))
        with pytest.raises(ChannelGone, match="removed"):
            await place.adapter.post(part, "k1")


@pytest.mark.parametrize(
    ("status", "after", "kind", "pause"),
    [
        (200, "", None, None),
        (204, "", None, None),
        (301, "", ChannelGone, None),
        (404, "", ChannelGone, None),
        (429, "7", PostRefused, 7.0),
        (503, "Tue, 24 Nov 2026 09:01:00 GMT", PostRefused, 60.0),
        (503, "soon", PostRefused, None),
        (429, "9999999", PostRefused, 86400.0),
        (502, "", PostUnknown, None),
    ],
)
def test_what_an_answer_means(status: int, after: str, kind: type[Exception] | None, pause: float | None) -> None:
    """Each answer of a receiver is an error of its kind, with the pause that it asks for."""
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    error = refusal_of(Sent(status=status, headers={"retry-after": after}, body=b""), now)
    assert kind is (None if error is None else type(error))
    assert pause == getattr(error, "retry_after", None)


def test_a_long_digest_is_several_messages() -> None:
    """A digest that is too long for a message is several, and a single paper can be cut down to its title."""
    parts = digest_parts(a_long_digest(120))
    assert 120 == sum(len(part.paper_ids) for part in parts)
    assert len(parts) > 1
    (part,) = digest_parts(a_long_digest(1))
    steps = 0
    while shorter := smaller(part):
        (part,) = shorter
        steps += 1
    assert 1 < steps < 8
    assert part.payload["papers"][0]["title"] == "Paper 0"  # type: ignore[index]  # JSON
