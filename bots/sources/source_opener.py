"""Opens sources by their spec, both built-in and third-party ones."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bots.config.source_catalogue import BrokenSource, Catalogue, KnownSource
from bots.domain.errors import NotSetUp, PaperwireError, SettingsError
from bots.ports import Library, Source
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources.context import SourceContext
from bots.translation.speech import gettext_lazy

_log = logging.getLogger(__name__)

#: Returns the value of each setting that a source declares, by name. Raises SettingsError if a value is wrong.
ReadSettings = Callable[[KnownSource], Mapping[str, Any]]


class SourceOpener:
    """Opens each source with an HTTP client and settings of its own, so that it cannot access those of another."""

    def __init__(self, catalogue: Catalogue, *, client: Client, settings: ReadSettings, folder: Path) -> None:
        """Create the opener without opening a source.

        Args:
            catalogue: the installed sources.
            client: the HTTP client that all sources share.
            settings: returns the settings of a source.
            folder: base folder for the relative path of a `file:` source.
        """
        self._known = {each.name: each for each in catalogue.sources}
        self._broken = {each.name: each for each in catalogue.broken}
        self._libraries = catalogue.libraries
        self._client = client
        self._settings = settings
        self._folder = folder

    def __call__(self, spec: str) -> Source:
        """Return the source of a spec.

        Raises:
            SettingsError: the source does not exist or cannot be used, or its argument or a setting is wrong.
        """
        name, _, argument = spec.partition(":")
        known = self._find(name)
        try:
            opened: Source = known.opens.open(argument, self._context(known))
        except PaperwireError:
            raise
        except Exception as error:  # third-party code may raise anything
            raise _unusable(known, f"cannot be opened: {type(error).__name__}: {error}") from error
        if not isinstance(getattr(opened, "spec", None), str) or not callable(getattr(opened, "recent", None)):
            raise _unusable(known, "cannot be used: the object it opens has no `spec` or no `recent`")
        return opened

    def libraries(self, specs: Sequence[str] | None = None) -> list[Library]:
        """Return the libraries for look-ups and searches, in the order of their queries.

        Args:
            specs: the libraries to open; None is every source that declares itself a library, except private ones, as
                everyone searches them, and those that lack a setting. A third-party one among these that cannot be
                opened is left out and logged.

        Raises:
            SettingsError: one of the specs cannot be opened or searched.
        """
        if specs is not None:
            return [_as_library(spec, self(spec)) for spec in specs]
        opened = (self._library(known) for known in self._libraries if not known.description.private)
        return [library for library in opened if library is not None]

    def _library(self, known: KnownSource) -> Library | None:
        try:
            return _as_library(known.name, self(known.name))
        except NotSetUp:
            # One that needs a key is off until the operator has one; `doctor` says so.
            return None
        except PaperwireError as error:
            if not known.package:
                raise
            _log.warning("The library %s is skipped: %s", known.name, error)
            return None

    def _find(self, name: str) -> KnownSource:
        if name in self._known:
            return self._known[name]
        if name in self._broken:
            raise _refused(self._broken[name])
        # Not those of this machine: a chat's members read the hint, and only the operator may use them.
        known = sorted(each.name for each in self._known.values() if not each.description.local)
        hint = gettext_lazy("Known sources: {names}.", names=", ".join(known))
        raise SettingsError(gettext_lazy("There is no source “{text}”.", text=name), hint=hint)

    def _context(self, known: KnownSource) -> SourceContext:
        settings = self._settings(known)
        return SourceContext(
            web=self._client.web(reach_of(known.description, settings)),
            settings=settings,
            contact=self._client.contact,
            folder=self._folder,
        )


def _refused(broken: BrokenSource) -> SettingsError:
    return SettingsError(broken.reason, hint=broken.hint)


def _unusable(known: KnownSource, reason: str) -> SettingsError:
    named = f" of {known.package}" if known.package else ""
    return SettingsError(f"The source “{known.name}”{named} {reason}.")


def _as_library(spec: str, source: object) -> Library:
    wanted = ("lookup", "search")
    if not all(callable(getattr(source, each, None)) for each in wanted) or not isinstance(_name_of(source), str):
        raise SettingsError(f"The source “{spec}” cannot be searched: it has no `name`, `lookup` or `search`.")
    library: Library = source  # type: ignore[assignment]  # checked on the lines above; plug-ins are untyped here
    return library


def _name_of(source: object) -> object:
    return getattr(source, "name", None)
