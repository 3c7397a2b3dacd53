"""The record that a package registers for its chat adapter: its settings, and the function that connects it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from bots.config.values import Setting, declared
from bots.ports.external import Adapter

#: Called as `connect(settings, service)`, with `listening=` in addition if the plug-in listens.
Connect = Callable[..., AbstractAsyncContextManager[Adapter]]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterPlugin:
    """Defines how a chat adapter is set up and connected; registered under `paperwire.adapters`.

    Its name in the entry-point group is the name of the platform: in its section, and in `Channel.platform`.
    """

    #: The settings in `[adapters.NAME]` or `PAPERWIRE_ADAPTERS_NAME_*`: records, or a dataclass whose fields are made
    #: with `setting`. The adapter is connected if one of them is set, or if there are none.
    settings: tuple[Setting, ...] | type = ()
    #: Returns an asynchronous context manager that yields the adapter. Called as `connect(settings, service)`, where
    #: settings maps each name to its value, or is an instance of the dataclass. A SettingsError for a wrong setting
    #: stops the program; any other exception affects only this platform.
    connect: Connect
    #: Whether people can send it requests. If so, it is called with `listening=True` to respond to them, as by
    #: `paperwire run`, and with `listening=False` to only post or be checked.
    listens: bool = False
    #: The section of its settings; empty means `adapters.NAME`.
    section: str = ""
    #: The settings that indicate that the platform is used; empty means any of them.
    meant_by: tuple[str, ...] = ()
    #: Names of general settings that it also receives: `timezone`, `contact`.
    shared: tuple[str, ...] = ()
    #: Whether only a program that names it connects it, as for the terminal, and not its installation alone.
    by_hand: bool = False

    @property
    def declared(self) -> tuple[Setting, ...]:
        """The declared settings, from the records or from the dataclass."""
        return declared(self.settings) if isinstance(self.settings, type) else self.settings

    def settings_for_connect(self, values: Mapping[str, Any]) -> Any:
        """Return the settings as `connect` receives them, from their values by name."""
        return self.settings(**values) if isinstance(self.settings, type) else dict(values)
