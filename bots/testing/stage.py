"""What a plug-in's author gives the adapter contracts: a channel of the platform, and what its readers see in it."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from bots.domain.channels import Channel
from bots.domain.replies import Reply
from bots.ports import Adapter, Clock
from bots.testing.failing import Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One message as its readers see it, markup resolved."""

    text: str
    #: Where its links lead, those that the platform makes of bare addresses included.
    links: tuple[str, ...] = ()
    #: Who is notified by it: names, or words such as `@channel`.
    pings: tuple[str, ...] = ()


class Stage:
    """An empty channel of the platform and the adapter that posts to it; an async context manager.

    Inherit, set the attributes, and return the messages that a reader of `channel` sees. Nothing of one stage may be
    seen on another.
    """

    #: The adapter under test, connected.
    adapter: Adapter
    channel: Channel
    #: Another channel that the adapter can post to.
    elsewhere: Channel
    #: The time that the platform stamps messages with.
    clock: Clock
    #: By how much the platform's clock may differ from ours.
    skew = timedelta()
    #: Whether posting a key again shows one message.
    knows_keys = False
    #: Whether the platform can say that a key was never posted; if not, `find` raises HistoryClosed.
    can_be_asked = True
    #: Whether `find` finds what this very adapter posted; False only where nothing can ever be asked.
    finds_its_own = True

    async def __aenter__(self) -> Self:
        """Open what the stage needs, for example a fake server."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""

    def messages(self) -> Sequence[Shown]:
        """Return the messages that a reader of `channel` sees, oldest first."""
        raise NotImplementedError

    async def show(self, reply: Reply) -> None:
        """Show a reply in `channel`, as a person's request is answered; only `ConversationContract` asks for it."""
        raise NotImplementedError

    def fail(self, fault: Fault) -> None:
        """Make the platform answer the next request with a fault; only `FaultContract` asks for it."""
        raise NotImplementedError

    def seen(self) -> str:
        """Return all text that a reader sees."""
        return "\n".join(message.text for message in self.messages())

    def injected(self, links: Iterable[str]) -> list[str]:
        """Return what outside text has smuggled in: notifications, hidden characters, links other than `links`."""
        messages = self.messages()
        allowed = set(map(unquote, links))
        pings = [ping for message in messages for ping in message.pings]
        strange = [link for message in messages for link in message.links if unquote(link) not in allowed]
        return [*hidden_in(self.seen()), *pings, *strange]


def hidden_in(text: str) -> list[str]:
    """Return the characters of a text that no reader sees: control, invisible and direction-changing ones."""
    return [repr(char) for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")]
