"""What an engine is given when it is opened: what was set for it, and time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


class Secret:
    """A text that is never shown by accident: printing, formatting and comparing it give nothing away."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself; only where it is sent."""
        return self._value

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return bool(self._value)

    def __repr__(self) -> str:
        """Return stars, or nothing where there is nothing to hide."""
        return "Secret('***')" if self._value else "Secret('')"

    def __str__(self) -> str:
        """Return stars, or nothing where there is nothing to hide."""
        return "***" if self._value else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSetup:
    """The world an engine is opened in."""

    #: Gives the present instant, aware: budgets end with the day, pauses with the second.
    clock: Callable[[], datetime]
    #: Evenly spread over 0 to 1: pauses of several callers must not end together.
    random: Callable[[], float]
    #: What was set, by name: `remote_url`. A name that was not set is absent or empty.
    options: Mapping[str, str | Secret] = field(default_factory=dict)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def text(self, name: str) -> str:
        """Return an option; empty where it is not set."""
        value = self.options.get(name, "")
        return value if isinstance(value, str) else value.reveal()


def still() -> EngineSetup:
    """Return a world in which nothing is set and time stands still."""
    return EngineSetup(clock=lambda: datetime.fromtimestamp(0, UTC), random=lambda: 0.5)
