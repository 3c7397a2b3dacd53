"""The platforms that are set up, and the function that connects each, for our own and third-party adapters alike."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from bots.bootstrap.plugins import ADAPTERS, adapter_plugin, declared_by, section_of
from bots.config.raw_values import in_section
from bots.config.settings import Settings
from bots.config.values import Setting
from bots.domain.errors import SettingsError
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service
from summarizer import PluginError

_log = logging.getLogger(__name__)

#: Connects an adapter until the context exits.
Connector = Callable[[Service], AbstractAsyncContextManager[Adapter]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """A platform that is set up; calling it with the service returns its connection."""

    name: str
    plugin: AdapterPlugin
    #: The value of each of its settings, and of the general settings that it shares, by name.
    values: Mapping[str, Any]
    #: Whether the adapter responds to people.
    listening: bool

    def __call__(self, service: Service) -> AbstractAsyncContextManager[Adapter]:
        """Return the connection; an exception of the plug-in is not caught."""
        told = self.plugin.settings_for_connect(self.values)
        if self.plugin.listens:
            return self.plugin.connect(told, service, listening=self.listening)
        return self.plugin.connect(told, service)


def platforms(settings: Settings, *, listening: bool) -> tuple[Platform, ...]:
    """Return the platforms that are set up; one that cannot be loaded is logged and left out.

    Args:
        settings: the settings.
        listening: whether the adapters respond to people.

    Raises:
        SettingsError: the settings of a platform are incomplete, or a value is wrong.
    """
    found = []
    for name in ADAPTERS.names():
        try:
            there = platform(settings, name, listening=listening)
        except PluginError as error:
            _leave_out(settings, name, error)
        else:
            found += [there] if there else []
    return tuple(found)


def _leave_out(settings: Settings, name: str, error: PluginError) -> None:
    # Only a warning for a platform without settings, whose package may be installed for no purpose; the doctor reports
    # it too.
    level = logging.ERROR if settings.typed.names(f"adapters.{name}") else logging.WARNING
    _log.log(level, "an adapter is skipped", extra={"platform": name, "error": f"{error} {error.hint}"})


def platform(settings: Settings, name: str, *, listening: bool = False) -> Platform | None:
    """Return a platform by name; None if no setting indicates that it is used.

    Raises:
        SettingsError: its settings are incomplete, or a value is wrong.
        PluginError: no adapter has that name, or it cannot be loaded.
    """
    plugin = adapter_plugin(name)
    section = section_of(name, plugin)
    declared = plugin.declared if name in ADAPTERS.built_in else declared_by(section)
    given = settings.given(section, declared)
    if plugin.by_hand or (declared and not given.intersection(plugin.meant_by or given)):
        return None
    values = settings.plugin(section, declared)
    _check_required(name, in_section(section, declared), values)
    shared = {each: getattr(settings, each) for each in plugin.shared}
    return Platform(name=name, plugin=plugin, values={**shared, **values}, listening=listening)


def how_to_set_up(name: str) -> str:
    """Return the setting that switches an installed platform on, as a hint; empty if none of that name is installed."""
    try:
        plugin = adapter_plugin(name)
        declared = plugin.declared if name in ADAPTERS.built_in else declared_by(section_of(name, plugin))
    except PluginError:
        return ""
    switches = [each for each in declared if each.name in plugin.meant_by[:1] or each.required]
    if plugin.by_hand or not switches:
        return ""
    said = " and ".join(f"{each.place} (or {each.variable})" for each in switches)
    return f"Set {said}, then check it: paperwire doctor"


def _check_required(name: str, declared: tuple[Setting, ...], values: Mapping[str, Any]) -> None:
    missing = [each for each in declared if each.required and values[each.name] is None]
    if missing:
        said = ", ".join(f"{each.place} (or {each.variable})" for each in missing)
        raise SettingsError(
            f"The setup of the adapter {name} is incomplete: set {said}.",
            hint=" ".join(f"{each.name}: {each.says}" for each in missing),
        )
