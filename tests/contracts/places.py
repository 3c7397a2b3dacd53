"""Every adapter in a place where a test can read what its readers see; a new adapter is added to `PLACES`."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol

from bots.console.app import Console, ConsoleSettings
from bots.discord.settings import MessageFormat
from bots.domain.channels import Channel
from bots.domain.replies import Reply
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.ports import Adapter
from tests.contracts.discord_place import DiscordPlace
from tests.contracts.slack_place import SlackPlace
from tests.support.doubles import Hand


class Place(Protocol):
    """An adapter, and the texts that its readers see."""

    hand: Hand
    channel: Channel
    #: Another channel that the adapter can post to.
    elsewhere: Channel
    #: Maximum difference between the platform's clock and ours.
    skew: timedelta
    #: Whether two posts with one key show one message.
    knows_keys: bool
    #: Whether the platform can confirm that a key was never posted.
    can_be_asked: bool

    @property
    def adapter(self) -> Adapter:
        """The adapter under test."""
        ...

    async def show(self, reply: Reply) -> None:
        """Show a reply in the channel."""
        ...

    def seen(self) -> str:
        """Return all text a reader sees."""
        ...

    def injected(self, links: Iterable[str]) -> list[str]:
        """Return what third-party text injected: mentions, control characters, links other than `links`."""
        ...


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LINK = re.compile(r"\x1b\]8;(?:id=\d+)?;([^\x1b\x07]*)\x1b\\")


class ConsolePlace:
    """A terminal of 80 columns, with or without colours."""

    knows_keys = True
    can_be_asked = False
    elsewhere = Channel(platform="console", channel="elsewhere")
    skew = timedelta()

    def __init__(self, *, colour: bool) -> None:
        self.hand = Hand()
        self.channel = Channel(platform="console", channel="terminal")
        self.stream = io.StringIO()
        self.colour = colour
        self.console = Console(ConsoleSettings(stream=self.stream, colour=colour, width=80), self.hand)

    @property
    def adapter(self) -> Adapter:
        return self.console

    async def show(self, reply: Reply) -> None:
        await self.console.show(reply)

    def seen(self) -> str:
        printed = self.stream.getvalue()
        return _COLOURS.sub("", _LINK.sub("", printed)) if self.colour else printed

    def injected(self, links: Iterable[str]) -> list[str]:
        targets = set(_LINK.findall(self.stream.getvalue())) - {""} if self.colour else set()
        hidden = [repr(char) for char in self.seen() if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")]
        return hidden + sorted(targets - set(links))


class FakeChatPlace:
    """A channel of the fake chat."""

    can_be_asked = True
    elsewhere = Channel(platform="fakechat", channel="elsewhere")
    skew = timedelta()

    def __init__(self, *, knows_keys: bool) -> None:
        self.hand = Hand()
        self.knows_keys = knows_keys
        self.channel = Channel(platform="fakechat", channel="papers")
        self.chat = FakeChat(clock=self.hand)
        if not knows_keys:
            self.chat.key_window = None
        self.connected = FakeChatAdapter(self.chat)

    @property
    def adapter(self) -> Adapter:
        return self.connected

    async def show(self, reply: Reply) -> None:
        await self.connected.show(self.channel, reply)

    def seen(self) -> str:
        return "\n".join(message.text for message in self.chat.messages)

    def injected(self, links: Iterable[str]) -> list[str]:
        targets = {link.url for message in self.chat.messages for link in message.links}
        hidden = [repr(char) for char in self.seen() if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")]
        return [*hidden, *self.chat.pings, *sorted(targets - set(links))]


PLACES: dict[str, Callable[[], Place]] = {
    "console": lambda: ConsolePlace(colour=False),
    "console in colour": lambda: ConsolePlace(colour=True),
    "fakechat": lambda: FakeChatPlace(knows_keys=True),
    "fakechat without keys": lambda: FakeChatPlace(knows_keys=False),
    "slack": SlackPlace,
    "discord": DiscordPlace,
    "discord in embeds": lambda: DiscordPlace(look=MessageFormat.EMBEDS),
}
