"""The settings file and the environment as text, which is converted once the declaration of a setting is known."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bots.chat.secret_texts import without_secrets
from bots.config.values import Setting
from bots.domain.errors import SettingsError
from summarizer import Secret

#: The prefix of Paperwire's variables.
PREFIX = "PAPERWIRE_"
#: Sections of plug-ins: `[adapters.NAME]`, `[engines.NAME]`, `[sources.NAME]`.
KINDS = ("adapters", "engines", "sources")
#: Kubernetes sets variables for each service: one with the name paperwire-slack sets PAPERWIRE_SLACK_PORT
#: (kubernetes.io, Service, Environment variables).
OF_A_CLUSTER = re.compile(r"_SERVICE_(HOST|PORT\w*)$|_PORT(_\d+_(TCP|UDP|SCTP)\w*)?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """The text of the settings file and the environment, including settings that are not known."""

    #: Text by place: `adapters.mattermost.token`.
    file: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
    #: The variables with Paperwire's prefix.
    variables: Mapping[str, str] = field(default_factory=dict)

    def text(self, setting: Setting) -> tuple[str, str]:
        """Return the text of a setting and its origin; an empty variable counts as not set."""
        if self.variables.get(setting.variable):
            return self.variables[setting.variable], setting.variable
        return self.file.get(setting.place) or setting.default, setting.place

    def value(self, setting: Setting) -> Any:
        """Return the value of a setting: a secret one as a `Secret`, and None for a required one that is missing.

        Raises:
            SettingsError: the text is not valid; the message does not contain it if the setting is secret.
        """
        typed, where = self.text(setting)
        if setting.required and not typed:
            return None
        try:
            value = setting.read(typed)
        except Exception as error:  # a plug-in's reader may raise anything; in any case it cannot read the text
            said = str(error) if isinstance(error, ValueError) else f"its reader fails with {type(error).__name__}"
            # `name:password@host`, in whatever setting it was typed.
            secret = setting.secret or (":" in typed and "@" in typed)
            shown = where if secret else f"{where} = {typed!r}"
            hidden = said.replace(typed, "***") if secret and typed else said
            message = f"{shown} cannot be used: {hidden.rstrip('.')}."
            raise SettingsError(without_secrets(message), hint=setting.says) from error
        return Secret(value) if setting.secret and isinstance(value, str) else value

    def sections(self) -> tuple[str, ...]:
        """Return the sections of plug-ins that the file has."""
        placed = (place.rpartition(".")[0] for place in self.file)
        return tuple(dict.fromkeys(section for section in placed if is_plugged(section)))

    def plugged(self, ours: Container[str], *, of_a_cluster: bool = False) -> tuple[str, ...]:
        """Return the variables that set something for plug-ins and are not our own.

        Args:
            ours: the variables of our own settings.
            of_a_cluster: whether to return those whose name a cluster may have set instead, as Kubernetes does.
        """
        set_ = (name for name, value in self.variables.items() if value)
        names = (name for name in set_ if bool(OF_A_CLUSTER.search(name)) == of_a_cluster)
        return tuple(name for name in names if name.startswith(starts(KINDS)) and name not in ours)

    def names(self, section: str) -> tuple[str, ...]:
        """Return the places that the file sets in a section."""
        return tuple(place for place in self.file if place.rpartition(".")[0] == section)


def in_section(section: str, declared: Iterable[Setting]) -> tuple[Setting, ...]:
    """Return copies of the settings that belong to a section."""
    return tuple(replace(each, section=section) for each in declared)


def is_plugged(section: str) -> bool:
    """Return whether a section belongs to a plug-in."""
    kind, _, name = section.partition(".")
    return kind in KINDS and bool(name)


def starts(sections: Iterable[str]) -> tuple[str, ...]:
    """Return the prefixes of the variables that belong to sections."""
    return tuple(f"{PREFIX}{section.upper()}_" for section in sections if section)


def quoted(value: str) -> str:
    """Return a text as TOML writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
