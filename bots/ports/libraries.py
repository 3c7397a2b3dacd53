"""Interfaces to services that papers can be looked up in."""

from typing import Protocol, runtime_checkable

from bots.domain.field_search import FieldSearch
from bots.domain.papers import Paper, PaperId


class Library(Protocol):
    """A service that papers can be looked up in.

    One with an attribute `searched` that is false is asked for papers by their ids only, and not for words.
    """

    #: Display name: "arXiv", "Hugging Face".
    name: str

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with this id.

        Raises:
            PaperNotFound: the library responded and does not have the paper.
            SourceDown, SourceRefused: the library could not be queried.
        """
        ...

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return at most `limit` papers that match, best first; an empty tuple if none match.

        Raises:
            SourceDown, SourceRefused: the library could not be queried.
        """
        ...


@runtime_checkable
class FieldLibrary(Protocol):
    """The optional method of a library that can search in single fields."""

    async def search_fields(self, asked: FieldSearch, limit: int) -> tuple[Paper, ...]:
        """Return at most `limit` papers that meet what is asked for, best first; an empty tuple if none do.

        A condition that the library cannot express is ignored, because the caller compares every paper with all of
        them; no paper that meets them may be ruled out.

        Raises:
            SourceDown, SourceRefused: the library could not be queried.
        """
        ...


@runtime_checkable
class VersionedLibrary(Protocol):
    """The optional method of a library that keeps earlier versions of its papers."""

    async def lookup_version(self, paper_id: PaperId, version: int) -> Paper:
        """Return one version of a paper; its `version` is the given one.

        Raises:
            PaperNotFound: the library responded and does not have this version.
            SourceDown, SourceRefused: the library could not be queried.
        """
        ...
