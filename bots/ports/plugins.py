"""The record that a package registers for its chat adapter: what can be set for it, and how it is connected."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from bots.config.values import Setting, declared
from bots.ports.external import Adapter

#: Called as `connect(settings, service)`, with `listening=` as well where the plug-in listens.
Connect = Callable[..., AbstractAsyncContextManager[Adapter]]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterPlugin:
    """How the adapter of a chat is set up and connected; registered under `paperwire.adapters`.

    Its name in the entry-point group is the platform's name: that of its section, and of `Channel.platform`.
    """

    #: What can be set in `[adapters.NAME]` or as `PAPERWIRE_ADAPTERS_NAME_*`: records, or a dataclass whose fields are
    #: made with `setting`. The adapter is connected when one of them is set, or when there are none.
    settings: tuple[Setting, ...] | type = ()
    #: Returns an asynchronous context manager that yields the adapter. Called as `connect(settings, service)`, where
    #: settings maps each name to the value that was read, or is an instance of the dataclass. SettingsError says what
    #: is set wrongly and stops the program; what else it raises costs this platform only.
    connect: Connect
    #: Whether people can speak to it. It is then called with `listening=True` where they are to be answered, as by
    #: `paperwire run`, and with `listening=False` where it only posts or is checked.
    listens: bool = False
    #: Where its settings stand; empty is `adapters.NAME`.
    section: str = ""
    #: The settings that show that the platform is meant to be used; empty is any of them.
    meant_by: tuple[str, ...] = ()
    #: Names of general settings that it is given as well: `timezone`, `contact`.
    shared: tuple[str, ...] = ()
    #: Whether it is connected only by the program that names it, as the terminal is, and never for being installed.
    by_hand: bool = False

    @property
    def declared(self) -> tuple[Setting, ...]:
        """The settings, however they are given."""
        return declared(self.settings) if isinstance(self.settings, type) else self.settings

    def told(self, values: Mapping[str, Any]) -> Any:
        """Return what `connect` is given for the values that were read, by name."""
        return self.settings(**values) if isinstance(self.settings, type) else dict(values)
