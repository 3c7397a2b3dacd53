"""Finds the plug-ins in an entry-point group, built-in and third-party; each is imported only when it is loaded.

Both packages of this project use it: engines are found here, adapters and sources by `bots.bootstrap.plugins`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions, entry_points
from pkgutil import resolve_name
from typing import Any

from summarizer.errors import PluginError

#: A name is used before a colon, in a section of a TOML file, and in an environment variable.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: The entry points of this project may be older than its code: an editable install keeps its first metadata.
_OURS = ("bots", "summarizer")


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginGroup:
    """The plug-ins of one kind: built-in ones, and those that installed packages register."""

    #: The entry-point group: `paperwire.adapters`.
    group: str
    #: The word for one plug-in in a sentence: `adapter`.
    kind: str
    #: The built-in ones, by name, as `module:object`: found without any metadata.
    built_in: Mapping[str, str]

    def third_party(self) -> tuple[str, ...]:
        """Return the sorted names that other packages register, without the built-in ones."""
        return tuple(sorted({point.name for point in self._registered()} - self.built_in.keys()))

    def names(self) -> tuple[str, ...]:
        """Return all names, built-in and third-party, sorted."""
        return tuple(sorted({*self.built_in, *self.third_party()}))

    def package(self, name: str) -> str:
        """Return the package that registers a name, with its version; empty for a built-in and for an unknown name."""
        return "" if name in self.built_in else next((_package(point) for point in self._named(name)), "")

    def displaced(self) -> tuple[str, ...]:
        """Return one sentence for each package that registers a built-in name, which is not used."""
        taken = (point for point in self._registered() if point.name in self.built_in)
        return tuple(
            f"{_package(point)} registers the {self.kind} {point.name!r}, which is built in; the built-in one is used."
            for point in taken
        )

    def load(self, name: str) -> Any:
        """Return the object that is registered under a name, importing its module.

        Raises:
            PluginError: there is none, two packages register it, or it cannot be imported; the hint names the remedy.
        """
        if name in self.built_in:
            return self._imported(EntryPoint(name, self.built_in[name], self.group))
        found = self._named(name)
        if not found:
            known = ", ".join(self.names())
            raise PluginError(f"There is no {self.kind} named {name!r}. Known: {known}.", hint=self._install_hint())
        if len(found) > 1:
            packages = " and ".join(map(_package, found))
            raise PluginError(
                f"{packages} both register the {self.kind} {name!r}, so neither is used.",
                hint=f"Uninstall one of them, such as: pip uninstall {_project(found[-1])}",
            )
        if not _NAME.fullmatch(name):
            raise PluginError(f"{_package(found[0])} registers the {self.kind} {name!r}, which is not a valid name.")
        return self._imported(found[0])

    def _install_hint(self) -> str:
        return f"Install a package that registers it under {self.group} where Paperwire is installed."

    def _imported(self, point: EntryPoint) -> Any:
        named = f"The {self.kind} {point.name!r}{f' of {_package(point)}' if point.dist else ''}"
        try:
            return resolve_name(point.value.partition("[")[0].strip())
        except ModuleNotFoundError as error:
            if _is_within(point, error.name):
                raise PluginError(f"{named} cannot be loaded: {error}.", hint=_again(point)) from error
            raise PluginError(
                f"{named} needs the module {error.name!r}, which is not installed.", hint=_install(point)
            ) from error
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            said = f"{type(error).__name__}: {error}".rstrip(": .")
            raise PluginError(f"{named} cannot be loaded: {said}.", hint=_again(point)) from error

    def _named(self, name: str) -> list[EntryPoint]:
        """Return the registrations of a name; two that refer to the same object count as one."""
        return list({point.value: point for point in self._registered() if point.name == name}.values())

    def _registered(self) -> Iterable[EntryPoint]:
        """Yield the entry points that other packages register, in the order they are found."""
        return (point for point in _points(self.group) if re.split(r"[.:]", point.value)[0] not in _OURS)


def _points(group: str) -> Iterable[EntryPoint]:
    try:
        return tuple(entry_points(group=group))
    except Exception:  # noqa: BLE001 - one package with damaged metadata must not hide the others
        return tuple(_readable(group))


def _readable(group: str) -> Iterator[EntryPoint]:
    for package in distributions():
        with suppress(Exception):
            yield from [point for point in package.entry_points if point.group == group]


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package"


def _project(point: EntryPoint) -> str:
    extras = f"[{','.join(point.extras)}]" if point.extras else ""
    return f"{point.dist.name if point.dist else 'paperwire'}{extras}"


def _is_within(point: EntryPoint, missing: str | None) -> bool:
    """Return whether a missing module belongs to the plug-in itself."""
    return (missing or "").partition(".")[0] == point.module.partition(".")[0]


def _install(point: EntryPoint) -> str:
    wanted = _project(point)
    return f"Install what it needs where Paperwire is: pip install {wanted!r}, or pipx inject paperwire {wanted!r}"


def _again(point: EntryPoint) -> str:
    name = point.dist.name if point.dist else "paperwire"
    return (
        f"Report it to the authors of {name}; until it is fixed: pip uninstall {name}"
        if point.dist
        else f"Install {name} again."
    )
