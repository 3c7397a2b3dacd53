"""What every source is opened with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bots.domain.errors import SettingsError
from bots.sources._http import Web


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceContext:
    """The world as a source may see it."""

    web: Web
    #: Other base addresses than the defaults, for mirrors and rehearsals: `{"huggingface": "http://127.0.0.1:8080"}`.
    places: Mapping[str, str] = field(default_factory=dict)
    #: Where the relative path of a `file:` source starts.
    folder: Path = Path()
    #: Whether `file:` may not leave that folder: true where people in chats name sources.
    fenced: bool = False

    def place(self, name: str, default: str) -> str:
        """Return a base address without its last slash.

        Raises:
            SettingsError: the override is no http address.
        """
        address = (self.places.get(name) or default).rstrip("/")
        try:
            parts = urlsplit(address)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
            _ = parts.port
        except ValueError:
            sound = False
        if not sound:
            raise SettingsError(
                f"The place of {name}, {address[:80]!r}, is no address.",
                hint="Write https://HOST, or http://HOST:PORT.",
            )
        return address
