"""A receiver of webhooks with the chat server's interface: the same mishaps and stages, and a scene's addresses."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.store._secrets import new_key
from bots.webhook.signature import new_secret
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched
from tests.fakes.webhook_receiver import At, ReceiverFault, WebhookReceiver
from tests.support.factories import NOW

#: Longer than a worker's request may take.
_HANGS = 1.5
_AT_ONCE = ("Retry-After: 0",)
_FAULTS: Mapping[Mishap, ReceiverFault] = {
    Mishap.ANSWER_LOST: ReceiverFault(at=At.AFTER),
    Mishap.REFUSED: ReceiverFault(status=429, headers=_AT_ONCE),
    Mishap.DOWN_BEFORE: ReceiverFault(status=503, headers=_AT_ONCE),
    Mishap.DOWN_AFTER: ReceiverFault(at=At.AFTER, status=502),
    Mishap.HANGS: ReceiverFault(status=503, headers=_AT_ONCE, after=_HANGS),
    Mishap.RESET: ReceiverFault(),
    Mishap.HALF_OPEN: ReceiverFault(at=At.AFTER, status=204, after=_HANGS),
    Mishap.TOO_LARGE: ReceiverFault(status=413),
    Mishap.CLOSED: ReceiverFault(status=410),
}


class WebhookServer:
    """A receiver and the addresses of everybody in the scene."""

    def __init__(self, *, seed: int = 0) -> None:
        #: Called for every message when it is received and when it is accepted.
        self.heed: Callable[[Stage, str], None] = lambda _stage, _key: None
        self.fake = WebhookReceiver(lambda: datetime.now(UTC))
        self.fake.heed = lambda named, accepted: self.heed(Stage.ACCEPTED if accepted else Stage.RECEIVED, named)
        self.fake.mishap = self._mishap
        self.credentials: list[Credential] = []
        #: Encrypts the addresses and keys in the database.
        self.key = new_key()
        self._switched: list[Switched] = []
        self._random = random.Random(seed)  # noqa: S311 - the mishaps are to be the same again

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        await self.fake.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening; a message that was not signed right makes it fail."""
        await self.fake.__aexit__(kind, error, trace)
        assert kind is not None or [] == self.fake.wrongs

    @property
    def url(self) -> str:
        """Host and port."""
        return self.fake.host

    def channel(self, name: str) -> Channel:
        """Return an address as a subscription names it."""
        secret, channel = new_secret(), Channel(platform="webhook", workspace=name, channel="inbox")
        self.fake.secrets[f"/{name}"] = secret
        self.credentials.append(
            Credential(
                kind=CredentialKind.WEBHOOK, id=name, channel=channel, created=NOW,
                secrets={"url": f"{self.fake.url}/{name}", "secret": secret},
            )
        )  # fmt: skip
        return channel

    def switch(self, *mishaps: Switched) -> None:
        """Switch mishaps on; the first that applies to a message decides its outcome."""
        self._switched += [each for each in mishaps if each.kind is Kind.POST]

    def _mishap(self, path: str) -> ReceiverFault | None:
        struck = next((each for each in self._switched if each.strikes(Kind.POST, path, self._random)), None)
        return _FAULTS[struck.mishap] if struck else None
