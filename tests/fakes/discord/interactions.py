"""An interaction: a person's action on its way to the app, and the app's responses to it."""

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
    """One action of a person, from the click to the last follow-up."""

    id: str
    token: str
    kind: Kind
    user: User
    channel: Channel
    guild: Guild | None
    payload: Json
    #: The names that faults match: "/paper lookup", or a custom_id.
    names: tuple[str, ...]
    #: Time of the action, by the fake's clock.
    at: float
    #: The message that has the component, or the target of the command.
    message: Message | None = None
    #: The interaction that opened the modal.
    before: "Interaction | None" = None
    #: Whether the app is not in the server and the person installed it for themselves.
    outsider: bool = False
    #: Whether the app's responses are ephemeral whatever flags it sets.
    hushed: bool = False
    show: Callable[[Message], Seen]
    began: float = field(default_factory=time.perf_counter)
    #: Real seconds until the app's initial response.
    acked_after: float | None = None
    #: The initial response as sent.
    callback: Json | None = None
    #: The message that the initial response created or changed.
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    #: The modal as sent.
    modal: Json | None = None
    #: The suggestions: names and values.
    choices: list[tuple[str, Any]] = field(default_factory=list)
    #: pending, acked or timeout.
    outcome: str = "pending"
    #: Statuses of the app's HTTP responses.
    statuses: list[int] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        """Whether the app responded in time."""
        return self.acked_after is not None

    @property
    def finished(self) -> bool:
        """Whether the app responded, or the time ran out."""
        return self.outcome != "pending"

    @property
    def response(self) -> Seen | None:
        """The initial response as the person sees it now; None if it is not a message or is deleted."""
        gone = self.original is None or self.original.deleted
        return None if self.original is None or gone else self.show(self.original)

    @property
    def deferred(self) -> bool:
        """Whether a deferred message has still to be filled in."""
        return self.callback is not None and self.callback["type"] == Reply.DEFERRED and not self.filled

    @property
    def filled(self) -> bool:
        """Whether the initial response has content."""
        return self.original is not None and not self.original.flags & Flag.LOADING
