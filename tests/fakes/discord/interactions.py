"""An interaction: what a person did, on its way to the app, and everything the app did about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from tests.fakes.discord.problems import Json
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.world import Channel, Flag, Guild, Message, User


class Kind(IntEnum):
    """docs.discord.com, Interaction object, "Interaction Type"."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """docs.discord.com, Interaction Response object, "Interaction Callback Type"."""

    PONG = 1
    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(kw_only=True, slots=True, eq=False)
class Interaction:
    """One thing a person did, from the press to the last follow-up."""

    id: str
    token: str
    kind: Kind
    user: User
    channel: Channel
    guild: Guild | None
    payload: Json
    #: What it goes by: "/paper lookup", or a custom_id.
    names: tuple[str, ...]
    #: When it was done, by the clock.
    at: float
    #: The message it was done in or to.
    message: Message | None = None
    #: What a modal came from.
    before: "Interaction | None" = None
    #: The app is not in the server, the person brought it along.
    outsider: bool = False
    #: What the app answers is for that person's eyes only, whatever it asks for.
    hushed: bool = False
    show: Callable[[Message], Seen]
    began: float = field(default_factory=time.perf_counter)
    #: Real seconds until the app's first answer was taken.
    acked_after: float | None = None
    #: The first answer, as the app sent it.
    callback: Json | None = None
    #: The message that the first answer made or changed.
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    #: The modal it opened, as the app sent it.
    modal: Json | None = None
    #: What it suggested: names and values.
    choices: list[tuple[str, Any]] = field(default_factory=list)
    #: pending, acked, timeout, or offline where nobody was there to take it.
    outcome: str = "pending"
    #: The status that the app's server answered with, over HTTP.
    statuses: list[int] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        """Whether the app answered in time."""
        return self.acked_after is not None

    @property
    def finished(self) -> bool:
        """Whether it was answered or given up."""
        return self.outcome != "pending"

    @property
    def response(self) -> Seen | None:
        """The first answer as the person sees it now; None where it is no message, or is gone."""
        gone = self.original is None or self.original.deleted
        return None if self.original is None or gone else self.show(self.original)

    @property
    def deferred(self) -> bool:
        """Whether a message was promised and is still to come."""
        return self.callback is not None and self.callback["type"] == Reply.DEFERRED and not self.filled

    @property
    def filled(self) -> bool:
        """Whether there is something in the first answer."""
        return self.original is not None and not self.original.flags & Flag.LOADING
