"""What happened, in order, and a way to wait until something has."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tests.fakes.discord.problems import Json, Timeout

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One thing that happened."""

    at: float
    #: message, updated, deleted, published, thread, modal, command, press, call, ack, gateway, fault, notice, …
    kind: str
    #: The name of the person who did it; empty where it was the app.
    who: str = ""
    channel: str = ""
    text: str = ""
    more: Json = field(default_factory=dict)


class Happenings:
    """The record of one Discord."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._changed = asyncio.Event()
        self.all: list[Happening] = []

    def add(self, kind: str, *, who: str = "", channel: str = "", text: str = "", more: Json | None = None) -> None:
        """Note that something happened, and wake whoever waits."""
        self.all.append(Happening(at=self._clock(), kind=kind, who=who, channel=channel, text=text, more=more or {}))
        self.stir()

    def stir(self) -> None:
        """Wake whoever waits, so that they look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    def of(self, *kinds: str) -> list[Happening]:
        """Return what happened of some kinds."""
        return [each for each in self.all if each.kind in kinds]

    async def changed(self) -> None:
        """Wait until anything happens."""
        await self._changed.wait()

    async def until(self, look: Callable[[], T | None], *, within: float = 5.0, what: str = "what was waited for") -> T:
        """Look again after everything that happens, and return the first thing seen.

        Raises:
            Timeout: nothing was seen in so many seconds.
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
