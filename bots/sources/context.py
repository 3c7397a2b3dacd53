"""The context with which every source is opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bots.chat.secret_texts import without_secrets
from bots.config.values import address
from bots.domain.errors import SettingsError
from bots.sources.web import Web


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceContext:
    """The services and settings that a source receives."""

    #: HTTP client for the hosts that the source's description names, with their rate limits.
    web: Web
    #: The value of each setting that the description declares, by name.
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: The operator's e-mail address, which some services want in each request; empty if it is not set.
    contact: str = ""
    #: Base folder for the relative path of a `file:` source.
    folder: Path = Path()
    #: Whether `file:` is restricted to that folder: true where people in chats name sources.
    fenced: bool = False

    def address(self, name: str) -> str:
        """Return the base address in a setting, without its trailing slash.

        Raises:
            SettingsError: the setting is not an http address.
        """
        held = self.settings.get(name)
        try:
            base = address(held) if isinstance(held, str) else ""
        except ValueError:
            base = ""
        if not base or "@" in base:
            raise SettingsError(
                f"The setting sources.{name}, “{without_secrets(str(held))[:80]}”, is no address.",
                hint="Write https://HOST, or http://HOST:PORT.",
            )
        return base
