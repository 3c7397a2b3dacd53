"""The catalogue of installed sources, built-in and third-party, with their descriptions.

Sources are found by their entry points and loaded by name on demand: importing this module loads none. Installed
packages do not change while a program runs, so they are searched once for each value of Python's path.
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
        "biorxiv": "bots.sources.biorxiv:Biorxiv",
        "medrxiv": "bots.sources.biorxiv:Medrxiv",
        "pubmed": "bots.sources.pubmed:PubMed",
        "semanticscholar": "bots.sources.semantic_scholar:SemanticScholar",
        "openreview": "bots.sources.openreview:OpenReview",
        "crossref": "bots.sources.crossref:Crossref",
        "openalex": "bots.sources.openalex:OpenAlex",
        "feed": "bots.sources.feed:FeedSource",
        "bib": "bots.sources.bibliography:Bibliography",
        "file": "bots.sources.file:PaperFile",
        "sample": "bots.sources.sample:SampleDay",
    },
)
#: The error message of a package may be a page long.
_MOST_SAID = 500
#: Our own sources share one section of the settings.
SHARED = "sources"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownSource:
    """An installed source that can be loaded."""

    #: The part of its specs before the colon.
    name: str
    description: SourceDescription
    #: The package that ships it, with its version; empty for a built-in source.
    package: str
    #: The class; it is opened by its `open(argument, context)`.
    opens: Any

    @property
    def section(self) -> str:
        """The section of the source's settings."""
        return f"sources.{self.name}" if self.package else SHARED


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenSource:
    """An installed source that cannot be used."""

    name: str
    package: str
    #: One sentence with the package and the problem.
    reason: str
    #: The remedy.
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """All installed sources: the built-in ones first, the others by name."""

    sources: tuple[KnownSource, ...] = ()
    broken: tuple[BrokenSource, ...] = ()

    @property
    def libraries(self) -> tuple[KnownSource, ...]:
        """The sources for look-ups and searches, in the order of their queries."""
        return tuple(sorted((each for each in self.sources if each.description.is_library), key=_rank))

    @property
    def descriptions(self) -> tuple[tuple[SourceDescription, ...], tuple[SourceDescription, ...]]:
        """The descriptions of our own sources, and those of other packages' sources."""
        ours = tuple(each.description for each in self.sources if not each.package)
        return ours, tuple(each.description for each in self.sources if each.package)

    @property
    def offered(self) -> tuple[KnownSource, ...]:
        """The sources that menus in chats offer."""
        return tuple(each for each in self.sources if each.description.offered and not each.description.local)


def _rank(source: KnownSource) -> int:
    return source.description.rank


def catalogue() -> Catalogue:
    """Return all installed sources; each of them is loaded."""
    return _catalogue(tuple(sys.path))


def load(name: str) -> KnownSource | BrokenSource | None:
    """Return the source of a name with its description, or the reason why it is broken; None if it is not installed."""
    return _load(name, tuple(sys.path))


@cache
def _catalogue(_places: tuple[str, ...]) -> Catalogue:
    loaded = [load(name) for name in (*SOURCES.built_in, *SOURCES.third_party())]
    return Catalogue(
        sources=tuple(each for each in loaded if isinstance(each, KnownSource)),
        broken=tuple(each for each in loaded if isinstance(each, BrokenSource)),
    )


@cache
def _load(name: str, _places: tuple[str, ...]) -> KnownSource | BrokenSource | None:
    if name not in SOURCES.built_in and name not in SOURCES.third_party():
        return None
    package = SOURCES.package(name)
    try:
        opens = SOURCES.load(name)
        wrong = [*faults(name, getattr(opens, "description", None)), *_missing(opens)]
    except PluginError as error:
        return _broken(
            BrokenSource(name=name, package=package, reason=cut(clean(str(error)), _MOST_SAID), hint=error.hint)
        )
    except Exception as error:  # noqa: BLE001 - even its attributes are third-party code
        return _misdescribed(name, package, [f"it fails with {type(error).__name__}"])
    if wrong:
        return _misdescribed(name, package, wrong)
    return KnownSource(name=name, description=opens.description, package=package, opens=opens)


def described(name: str) -> SourceDescription | None:
    """Return the description of a source; None if the source does not exist or cannot be used."""
    found = load(name)
    return found.description if isinstance(found, KnownSource) else None


def forget() -> None:
    """Clear the cache, so that newly installed packages are found: for programs that install them, and for tests."""
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
