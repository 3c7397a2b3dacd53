"""The log of what happened, in order, and how to wait for an entry."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.fakes.slack.problems import Json, Timeout

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One entry of the log."""

    at: float
    #: message, updated, deleted, ephemeral, view, home, command, action, event, call, ack, socket, fault, …
    kind: str
    team: str = ""
    #: The id of the person or the bot who did it.
    who: str = ""
    channel: str = ""
    text: str = ""
    more: Json = field(default_factory=dict)


class Happenings:
    """The log of one fake Slack."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = asyncio.Event()
        self.all: list[Happening] = []

    def add(
        self, kind: str, *, team: str = "", who: str = "", channel: str = "", text: str = "", more: Json | None = None
    ) -> None:
        """Append an entry and wake every waiter."""
        noted = Happening(at=self._clock(), kind=kind, team=team, who=who, channel=channel, text=text, more=more or {})
        self.all.append(noted)
        self._changed.set()
        self._changed = asyncio.Event()

    def of(self, *kinds: str) -> list[Happening]:
        """Return the entries of some kinds."""
        return [each for each in self.all if each.kind in kinds]

    async def changed(self) -> None:
        """Wait until an entry is added."""
        await self._changed.wait()

    async def until(
        self, look: Callable[[], T | None], *, within: float = 30.0, what: str = "what was waited for"
    ) -> T:
        """Call `look` now and after every new entry until it returns a true value, and return that.

        Raises:
            Timeout: `look` returned no true value within so many seconds.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    changed = self._changed
                    if seen := look():
                        return seen
                    await changed.wait()
        except TimeoutError:
            tail = "\n".join(f"  {each.kind}: {each.who} {each.text}" for each in self.all[-12:])
            raise Timeout(f"{what} did not happen within {within} s; the last that did:\n{tail}") from None
