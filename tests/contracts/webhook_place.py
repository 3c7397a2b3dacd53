"""The webhook adapter with a receiver, whose program shows every text that it gets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from types import SimpleNamespace, TracebackType
from typing import Any, Self, cast

from bots.domain.channels import Channel
from bots.store.memory import MemoryStore
from bots.testing import Fault, Shown, Stage
from bots.testing.failing import RETRY_AFTER
from bots.usecases.service import Service
from bots.webhook.app import connect
from bots.webhook.settings import WebhookSettings
from tests.fakes.webhook_receiver import At, ReceiverFault, WebhookReceiver
from tests.support.doubles import Hand

FAULTS: Mapping[Fault, ReceiverFault] = {
    Fault.BUSY: ReceiverFault(status=429, headers=(f"Retry-After: {RETRY_AFTER:.0f}",)),
    Fault.DOWN: ReceiverFault(status=500),
    Fault.TOO_LARGE: ReceiverFault(status=413),
    Fault.GONE: ReceiverFault(status=410),
    Fault.FORBIDDEN: ReceiverFault(status=403),
    Fault.LOST_BEFORE: ReceiverFault(),
    Fault.LOST_AFTER: ReceiverFault(at=At.AFTER),
    Fault.GARBLED: ReceiverFault(status=511),
}
_LINKS = ("url", "code")


class WebhookPlace(Stage):
    """The address of a program that shows what it gets."""

    knows_keys = True
    can_be_asked = False
    finds_its_own = False

    def __init__(self) -> None:
        self.hand = self.clock = Hand()
        self.receiver = WebhookReceiver(self.clock)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.receiver)
        self.store = MemoryStore()
        service = cast("Service", SimpleNamespace(store=self.store, clock=self.clock))
        settings = WebhookSettings(private_hosts=frozenset({self.receiver.host}))
        self.adapter: Any = await self._open.enter_async_context(connect(settings, service))
        self.channel = await self.named("/ada")
        self.elsewhere = await self.named("/grace")
        return self

    async def named(self, path: str) -> Channel:
        """Return the channel of a path, whose key the receiver then knows."""
        address = Channel(platform="webhook", channel=f"{self.receiver.url}{path}")
        channel: Channel = await self.adapter.channel_named(address)
        kept = await self.adapter._poster.receivers.of(channel)
        assert kept is not None
        self.receiver.secrets[path] = kept.secrets["secret"]
        return channel

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.__aexit__(kind, error, trace)
        assert kind is not None or [] == self.receiver.wrongs

    def messages(self) -> Sequence[Shown]:
        return [shown(got.payload) for got in self.receiver.inbox("/ada")]

    def fail(self, fault: Fault) -> None:
        self.receiver.faults.append(FAULTS[fault])


def shown(payload: Any) -> Shown:
    """Return every text of a message, and every link that a program would make of it."""
    links = tuple(paper[name] for paper in payload["papers"] for name in _LINKS if paper[name])
    return Shown(text="\n".join(_texts(payload)), links=links)


def _texts(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for each, inner in value.items():
            yield from _texts(inner, each)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)
    elif isinstance(value, str) and name not in _LINKS:
        yield value
