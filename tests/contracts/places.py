"""The stages of our own adapters for the contracts: each lets a test see what its readers see."""

import io
import re
from collections.abc import Iterable

from bots.console.app import Console, ConsoleSettings
from bots.domain.channels import Channel
from bots.domain.replies import Reply
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.testing import Shown, Stage
from bots.testing.stage import hidden_in
from tests.support.doubles import Hand

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LINK = re.compile(r"\x1b\]8;(?:id=\d+)?;([^\x1b\x07]*)\x1b\\")


class ConsolePlace(Stage):
    """A terminal of 80 columns, with or without colours."""

    knows_keys = True
    can_be_asked = False
    elsewhere = Channel(platform="console", channel="elsewhere")

    def __init__(self, *, colour: bool) -> None:
        self.clock = Hand()
        self.channel = Channel(platform="console", channel="terminal")
        self.stream = io.StringIO()
        self.colour = colour
        self.adapter = self.console = Console(ConsoleSettings(stream=self.stream, colour=colour, width=80), self.clock)

    async def show(self, reply: Reply) -> None:
        await self.console.show(reply)

    def seen(self) -> str:
        printed = self.stream.getvalue()
        return _COLOURS.sub("", _LINK.sub("", printed)) if self.colour else printed

    def injected(self, links: Iterable[str]) -> list[str]:
        targets = set(_LINK.findall(self.stream.getvalue())) - {""} if self.colour else set()
        return hidden_in(self.seen()) + sorted(targets - set(links))


class FakeChatPlace(Stage):
    """A channel of the fake chat."""

    elsewhere = Channel(platform="fakechat", channel="elsewhere")

    def __init__(self, *, knows_keys: bool) -> None:
        self.clock = Hand()
        self.knows_keys = knows_keys
        self.channel = Channel(platform="fakechat", channel="papers")
        self.chat = FakeChat(clock=self.clock)
        if not knows_keys:
            self.chat.key_window = None
        self.adapter = self.connected = FakeChatAdapter(self.chat)

    async def show(self, reply: Reply) -> None:
        await self.connected.show(self.channel, reply)

    def messages(self) -> tuple[Shown, ...]:
        return tuple(
            Shown(text=message.text, links=tuple(link.url for link in message.links), pings=message.pings)
            for message in self.chat.messages
        )
