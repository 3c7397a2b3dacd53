"""The setup with which an engine is opened: options, clock, random numbers and sleep."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


class Secret:
    """A text that is not exposed by accident: printing, formatting and comparing it reveal nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text; only call this where it is sent."""
        return self._value

    def __bool__(self) -> bool:
        """Return whether the text is not empty."""
        return bool(self._value)

    def __repr__(self) -> str:
        """Return asterisks; nothing between the quotes if the text is empty."""
        return "Secret('***')" if self._value else "Secret('')"

    def __str__(self) -> str:
        """Return asterisks; an empty string if the text is empty."""
        return "***" if self._value else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSetup:
    """The environment of an engine: options, clock, random numbers and sleep."""

    #: Returns the current time, aware; budgets end with the day, pauses with the second.
    clock: Callable[[], datetime]
    #: Returns numbers evenly distributed over 0 to 1, so that the pauses of several callers do not end together.
    random: Callable[[], float]
    #: The options by name, such as `remote_url`; one that is not set is missing or empty.
    options: Mapping[str, str | Secret] = field(default_factory=dict)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def text(self, name: str) -> str:
        """Return an option's text; empty if it is not set."""
        value = self.options.get(name, "")
        return value if isinstance(value, str) else value.reveal()


def still() -> EngineSetup:
    """Return a setup without options, with a clock that stands still."""
    return EngineSetup(clock=lambda: datetime.fromtimestamp(0, UTC), random=lambda: 0.5)
