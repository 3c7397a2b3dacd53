"""The stage that a plug-in's author implements for the contracts: a channel of the platform, as its readers see it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self
from unicodedata import category
from urllib.parse import unquote

from bots.domain.channels import Channel
from bots.domain.replies import Reply
from bots.ports import Adapter, Clock
from bots.testing.failing import Fault
from summarizer.text.invisible import without_invisible


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One message as its readers see it, with markup rendered."""

    text: str
    #: Targets of its links, including those that the platform makes of bare addresses.
    links: tuple[str, ...] = ()
    #: Who is notified: names, or words such as `@channel`.
    pings: tuple[str, ...] = ()


class Stage:
    """An empty channel of the platform and the adapter that posts to it; an async context manager.

    Inherit from it, set the attributes, and return the messages that a reader of `channel` sees. Stages must not share
    messages.
    """

    #: The adapter under test, connected.
    adapter: Adapter
    channel: Channel
    #: Another channel that the adapter can post to.
    elsewhere: Channel
    #: The clock from which the platform takes the times of messages.
    clock: Clock
    #: Maximum difference between the platform's clock and ours.
    skew = timedelta()
    #: Whether a repeated post of a key shows one message.
    knows_keys = False
    #: Whether the platform can confirm that a key was never posted; if not, `find` raises HistoryClosed.
    can_be_asked = True
    #: Whether `find` finds the posts of this adapter; False only if the platform never supports a query.
    finds_its_own = True

    async def __aenter__(self) -> Self:
        """Start the resources of the stage, for example a fake server."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the resources."""

    def messages(self) -> Sequence[Shown]:
        """Return the messages that a reader of `channel` sees, oldest first."""
        raise NotImplementedError

    async def show(self, reply: Reply) -> None:
        """Display a reply in `channel`, as in response to a person; only `ConversationContract` calls it."""
        raise NotImplementedError

    def fail(self, fault: Fault) -> None:
        """Make the platform respond to the next request with a fault; only `FaultContract` calls it."""
        raise NotImplementedError

    def seen(self) -> str:
        """Return all text that a reader of `channel` sees."""
        return "\n".join(message.text for message in self.messages())

    def injected(self, links: Iterable[str]) -> list[str]:
        """Return what external text injected: notifications, hidden characters, links other than `links`."""
        messages = self.messages()
        allowed = set(map(unquote, links))
        pings = [ping for message in messages for ping in message.pings]
        strange = [link for message in messages for link in message.links if unquote(link) not in allowed]
        return [*hidden_in(self.seen()), *pings, *strange]


def hidden_in(text: str) -> list[str]:
    """Return the characters of a text that hide or reorder others: control, zero-width and direction-changing ones.

    Joiners inside an emoji or a word of a script that writes with them, and the tags of a flag, belong to the text.
    """
    shown = without_invisible(text)
    removed = [char for char in (Counter(text) - Counter(shown)).elements() if category(char) in ("Cc", "Cf", "Cs")]
    control = [char for char in shown if char != "\n" and category(char) == "Cc"]
    return [repr(char) for char in (*removed, *control)]
