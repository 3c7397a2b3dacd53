"""The plug-ins of installed packages: adapters, sources and engines, found by name and imported when used.

A package registers under one of three entry-point groups. Our own plug-ins are in tables as well, so that a checkout
with old or missing metadata finds them. A plug-in that fails affects only itself.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bots.chat.secret_texts import passwords_in
from bots.config.raw_values import in_section
from bots.config.settings import Settings, everything, refuse_misspelt
from bots.config.source_catalogue import SOURCES, KnownSource, load
from bots.config.values import Setting
from bots.domain.errors import SettingsError
from bots.ports import AdapterPlugin
from summarizer import ENGINES, PluginError, PluginGroup, engine_settings

_log = logging.getLogger(__name__)

ADAPTERS = PluginGroup(
    group="paperwire.adapters",
    kind="adapter",
    built_in={
        "console": "bots.console.plugin:PLUGIN",
        "discord": "bots.discord.plugin:PLUGIN",
        "email": "bots.email.plugin:PLUGIN",
        "fakechat": "bots.fakechat.plugin:PLUGIN",
        "slack": "bots.slack.plugin:PLUGIN",
        "webhook": "bots.webhook.plugin:PLUGIN",
        "web": "bots.web.plugin:PLUGIN",
    },
)
#: By the first word of the section of their settings: `[adapters.NAME]`.
GROUPS: Mapping[str, PluginGroup] = {"adapters": ADAPTERS, "engines": ENGINES, "sources": SOURCES}


def adapter_plugin(name: str) -> AdapterPlugin:
    """Return the record that is registered for an adapter.

    Raises:
        PluginError: there is none, or it cannot be used; the hint names the remedy.
    """
    found = ADAPTERS.load(name)
    if isinstance(found, AdapterPlugin):
        return found
    shown = f"a value of type {type(found).__name__}"
    raise PluginError(
        f"The adapter {name!r} of {ADAPTERS.package(name)} is registered as {shown}, not as an AdapterPlugin.",
        hint=f"Report it to its authors; until it is fixed, uninstall {ADAPTERS.package(name)}.",
    )


def section_of(name: str, plugin: AdapterPlugin) -> str:
    """Return the section of an adapter's settings."""
    return plugin.section or f"adapters.{name}"


def declared_by(section: str) -> tuple[Setting, ...]:
    """Return the settings of the plug-in of a section, in that section.

    Raises:
        PluginError: the plug-in cannot be loaded, or its declarations are wrong.
    """
    kind, _, name = section.partition(".")
    try:
        found = in_section(section, tuple(_declared(kind, name)))
        for setting in found:
            if setting.default or not setting.required:
                setting.read(setting.default)
    except PluginError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}".rstrip(": .")
        package = GROUPS[kind].package(name)
        raise PluginError(
            f"The settings of the {GROUPS[kind].kind} {name!r} of {package} cannot be used: {said}.",
            hint=f"Report it to its authors; until it is fixed, uninstall {package}.",
        ) from error
    return found


def _declared(kind: str, name: str) -> Iterator[Setting]:
    if kind == "adapters":
        yield from adapter_plugin(name).declared
    elif kind == "sources":
        yield from _of_source(name)
    else:
        for each in engine_settings(name):
            yield Setting(
                name=each.name, says=each.says, default=each.default, read=each.read,
                secret=each.secret, required=each.required,
            )  # fmt: skip


def _of_source(name: str) -> tuple[Setting, ...]:
    found = load(name)
    if isinstance(found, KnownSource):
        return found.description.settings
    reason, hint = (found.reason, found.hint) if found else (f"There is no source {name!r}.", "")
    raise PluginError(reason, hint=hint)


def installed_settings() -> tuple[Setting, ...]:
    """Return the settings of all third-party plug-ins, each in its section; a broken plug-in has none."""
    found: list[Setting] = []
    for kind, group in GROUPS.items():
        for name in group.third_party():
            try:
                found += declared_by(f"{kind}.{name}")
            except PluginError as error:
                _log.warning("a plug-in cannot be used", extra={"plugin": name, "error": f"{error} {error.hint}"})
    return tuple(found)


def engine_options(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the values of the settings of third-party engines, by the engine's name; a broken engine is left out."""
    options: dict[str, dict[str, Any]] = {}
    for section in _used(settings):
        kind, _, name = section.partition(".")
        try:
            if kind == "engines":
                options[name] = settings.plugin(section, declared_by(section))
        except PluginError as error:
            _log.error("a plug-in cannot be used", extra={"plugin": section, "error": f"{error} {error.hint}"})
    return options


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return all configured texts that must not be displayed: secrets, and all settings of a broken plug-in."""
    texts = [settings.typed.text(each)[0] for each in everything() if each.secret]
    for section, variables in _sections(settings).items():
        try:
            secret = [each for each in declared_by(section) if each.secret]
            texts += [settings.typed.text(each)[0] for each in secret]
        except PluginError:
            texts += [settings.typed.file[place] for place in settings.typed.names(section)]
            texts += [settings.typed.variables[variable] for variable in variables]
    # Each key of a list of keys is a secret, but a password may itself have a comma, and each of its parts be short.
    secrets = [part.strip() for text in texts for part in (text, *text.split(",")) if part.strip()]
    given = (settings.database, *settings.typed.file.values(), *settings.typed.variables.values())
    # And so is the password in an address.
    return (*secrets, *settings.around, *(password for text in given for password in passwords_in(text)))


def _sections(settings: Settings) -> dict[str, list[str]]:
    try:
        return _used(settings)
    except SettingsError:
        return {}


def check_sections(settings: Settings) -> None:
    """Check the settings of plug-ins against the installed plug-ins.

    A plug-in that cannot be loaded is skipped: its settings are not known, and its failure affects only itself.

    Raises:
        SettingsError: no package provides the plug-in, it has no such setting, or the value is wrong.
    """
    for section, variables in _used(settings).items():
        try:
            declared = declared_by(section)
        except PluginError as error:
            _log.error("a plug-in cannot be used", extra={"plugin": section, "error": f"{error} {error.hint}"})
            continue
        known = {each.variable for each in declared}
        for variable in variables:
            if variable not in known:
                refuse_misspelt(variable, known, certain=True)
        settings.plugin(section, declared)


def _used(settings: Settings) -> dict[str, list[str]]:
    """Return the sections of plug-ins that have settings, each with the variables that set them.

    Raises:
        SettingsError: no package provides one of the plug-ins.
    """
    used: dict[str, list[str]] = {section: [] for section in settings.typed.sections()}
    for section in used:
        kind, _, name = section.partition(".")
        if name not in GROUPS[kind].third_party():
            raise _not_installed(f"{settings.file} sets {section}", kind, name)
    ours = {each.variable for each in everything()}
    for variable in settings.typed.plugged(ours):
        used.setdefault(_owner(variable), []).append(variable)
    for variable in settings.typed.plugged(ours, of_a_cluster=True):
        if section := _declaring(variable):
            used.setdefault(section, []).append(variable)
    return used


def _declaring(variable: str) -> str:
    """Return the section that declares a variable whose name looks like one of a cluster; empty if there is none."""
    with suppress(SettingsError, PluginError):
        section = _owner(variable)
        if variable in {each.variable for each in declared_by(section)}:
            return section
    return ""


def _owner(variable: str) -> str:
    """Return the section of a variable: of all that match, the one with the longest name."""
    sections = [f"{kind}.{name}" for kind, group in GROUPS.items() for name in group.third_party()]
    starts = {section: Setting(section=section, name="_", says="", read=str).variable for section in sections}
    found = [section for section, start in starts.items() if variable.startswith(start[:-1])]
    if found:
        return max(found, key=lambda section: len(starts[section]))
    _, kind, rest = variable.split("_", 2)
    raise _not_installed(f"The variable {variable} is set", kind.lower(), rest.lower())


def _not_installed(where: str, kind: str, name: str) -> SettingsError:
    group = GROUPS[kind]
    if any(name == ours or name.startswith(f"{ours}_") for ours in group.built_in):
        return SettingsError(
            f"{where}, but that {group.kind} is built in and has its settings in another section.",
            hint="`paperwire init` writes a file that shows where every setting belongs.",
        )
    installed = ", ".join(group.third_party()) or "none"
    return SettingsError(
        f"{where}, but no installed package registers that name under {group.group} (registered: {installed}).",
        hint="Install its package where Paperwire is installed, with pip or pipx inject, or remove the setting.",
    )
