"""What every source is opened with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bots.config.values import address
from bots.domain.errors import SettingsError
from bots.sources.web import Web


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceContext:
    """The world as a source may see it."""

    #: Leads to the hosts that the source's description names, at their pace.
    web: Web
    #: What was read for each setting that the description declares, by name.
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: Where the relative path of a `file:` source starts.
    folder: Path = Path()
    #: Whether `file:` may not leave that folder: true where people in chats name sources.
    fenced: bool = False

    def address(self, name: str) -> str:
        """Return the base address that a setting holds, without its last slash.

        Raises:
            SettingsError: it holds no http address.
        """
        held = self.settings.get(name)
        try:
            base = address(held) if isinstance(held, str) else ""
        except ValueError:
            base = ""
        if not base or "@" in base:
            raise SettingsError(
                f"The setting {name}, {str(held)[:80]!r}, is no address.",
                hint="Write https://HOST, or http://HOST:PORT.",
            )
        return base
