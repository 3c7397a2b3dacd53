"""The setup with which an engine is opened: options, clock, random numbers and sleep."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any


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
class EngineSetting:
    """A setting of a third-party engine, in `[engines.NAME]` or `PAPERWIRE_ENGINES_NAME_*`."""

    name: str
    #: One sentence for the person who sets it.
    says: str
    #: The value if it is not set, in the syntax of the file; empty means "not set".
    default: str = ""
    #: Converts the text; raises ValueError with the valid values. It is called with the default, too.
    read: Callable[[str], Any] = str.strip
    #: Whether the value must never be displayed; `read` should then return a `Secret`.
    secret: bool = False
    #: Whether the engine needs the setting.
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineSetup:
    """The environment of an engine: options, clock, random numbers and sleep."""

    #: Returns the current time, aware; budgets end with the day, pauses with the second.
    clock: Callable[[], datetime]
    #: Returns numbers evenly distributed over 0 to 1, so that the pauses of several callers do not end together.
    random: Callable[[], float]
    #: The options by name: `remote_url`. An option that was not set is absent or empty. A third-party engine receives
    #: the values of its own settings, as their `read` returned them.
    options: Mapping[str, Any] = field(default_factory=dict)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    #: Takes tokens of a day's allowance that several processes share: the day, how many, and the whole allowance;
    #: returns False, and takes none, if that many are not left. None if this process has the allowance alone.
    share: Callable[[date, int, int], Awaitable[bool]] | None = None
    #: The options of third-party engines, by the engine's name; each engine receives its own as `options`.
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return an option as text; empty if it is not set."""
        value = self.options.get(name, "")
        return value.reveal() if isinstance(value, Secret) else str(value)


def default_setup() -> EngineSetup:
    """Return a setup without options, with a clock that stands still."""
    return EngineSetup(clock=lambda: datetime.fromtimestamp(0, UTC), random=lambda: 0.5)
