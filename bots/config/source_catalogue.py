"""Which sources are installed, ours and other packages', and how each describes itself.

Sources are found by their entry points and loaded by name when somebody asks: importing this module loads none. What is
installed does not change while a program runs, so it is looked at once for each path that Python looks into.
"""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from bots.chat.phrases import clean, cut
from bots.config.source_descriptions import SourceDescription, faults
from summarizer import PluginError, PluginGroup

_log = logging.getLogger(__name__)

SOURCES = PluginGroup(
    group="paperwire.sources",
    kind="source",
    built_in={
        "huggingface": "bots.sources.huggingface:HuggingFace",
        "arxiv": "bots.sources.arxiv:Arxiv",
        "file": "bots.sources.file:PaperFile",
        "sample": "bots.sources.sample:SampleDay",
    },
)
#: What a package says when it fails may be a page.
_MOST_SAID = 500
#: Our own sources share one section of the settings.
SHARED = "sources"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSource:
    """A source that is installed and can be loaded."""

    #: What stands before the colon of its specs.
    name: str
    description: SourceDescription
    #: The package it comes from, with its version; empty for ours.
    package: str
    #: The class; its `open(argument, context)` is the door.
    opens: Any

    @property
    def section(self) -> str:
        """The section of the settings that its own stand in."""
        return f"sources.{self.name}" if self.package else SHARED


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenSource:
    """A source that is installed and cannot be used."""

    name: str
    package: str
    #: A sentence that names the package and what is wrong with it.
    reason: str
    #: What to do.
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """Every source that is installed; ours come first, others by name."""

    sources: tuple[KnownSource, ...] = ()
    broken: tuple[BrokenSource, ...] = ()

    @property
    def libraries(self) -> tuple[KnownSource, ...]:
        """The sources that look-ups and searches ask, in the order in which they are asked."""
        return tuple(sorted((each for each in self.sources if each.description.is_library), key=_rank))

    @property
    def descriptions(self) -> tuple[tuple[SourceDescription, ...], tuple[SourceDescription, ...]]:
        """How ours, and those of other packages, describe themselves."""
        ours = tuple(each.description for each in self.sources if not each.package)
        return ours, tuple(each.description for each in self.sources if each.package)

    @property
    def offered(self) -> tuple[KnownSource, ...]:
        """The sources that menus in chats offer."""
        return tuple(each for each in self.sources if each.description.offered and not each.description.local)


def _rank(source: KnownSource) -> int:
    return source.description.rank


def catalogue() -> Catalogue:
    """Return every source that is installed; loads each of them."""
    return _catalogue(tuple(sys.path))


def load(name: str) -> KnownSource | BrokenSource | None:
    """Return the source of a name as it describes itself, or what is wrong with it; None if none is installed."""
    return _load(name, tuple(sys.path))


@cache
def _catalogue(_places: tuple[str, ...]) -> Catalogue:
    loaded = [load(name) for name in (*SOURCES.built_in, *SOURCES.strangers())]
    return Catalogue(
        sources=tuple(each for each in loaded if isinstance(each, KnownSource)),
        broken=tuple(each for each in loaded if isinstance(each, BrokenSource)),
    )


@cache
def _load(name: str, _places: tuple[str, ...]) -> KnownSource | BrokenSource | None:
    if name not in SOURCES.built_in and name not in SOURCES.strangers():
        return None
    package = SOURCES.package(name)
    try:
        opens = SOURCES.load(name)
        wrong = [*faults(name, getattr(opens, "description", None)), *_missing(opens)]
    except PluginError as error:
        return _broken(
            BrokenSource(name=name, package=package, reason=cut(clean(str(error)), _MOST_SAID), hint=error.hint)
        )
    except Exception as error:  # noqa: BLE001 - even its attributes are a stranger's code
        return _misdescribed(name, package, [f"it fails with {type(error).__name__}"])
    if wrong:
        return _misdescribed(name, package, wrong)
    return KnownSource(name=name, description=opens.description, package=package, opens=opens)


def described(name: str) -> SourceDescription | None:
    """Return how the source of a name describes itself; None if there is no such source, or it cannot be used."""
    found = load(name)
    return found.description if isinstance(found, KnownSource) else None


def forget() -> None:
    """Look again at what is installed the next time: for programs that install while they run, and for tests."""
    _catalogue.cache_clear()
    _load.cache_clear()


def _misdescribed(name: str, package: str, wrong: list[str]) -> BrokenSource:
    reason = f"The source {name!r} of {package or 'Paperwire'} has a wrong description: {'; '.join(wrong)}."
    hint = f"Report it to its authors; until it is fixed, uninstall {package}."
    return _broken(BrokenSource(name=name, package=package, reason=reason, hint=hint))


def _broken(source: BrokenSource) -> BrokenSource:
    _log.warning("a source cannot be used", extra={"source": source.name, "error": source.reason})
    return source


def _missing(opens: Any) -> Iterator[str]:
    if not callable(getattr(opens, "open", None)):
        yield "it has no `open(argument, context)`"
    wanted = ("recent", "lookup", "search") if _says_library(opens) else ("recent",)
    yield from (f"it has no `{each}`" for each in wanted if not callable(getattr(opens, each, None)))


def _says_library(opens: Any) -> bool:
    return getattr(getattr(opens, "description", None), "is_library", False) is True
