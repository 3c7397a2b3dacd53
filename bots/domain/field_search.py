"""What a library that can search in single fields is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSearch:
    """Words and phrases by the field that must contain them; a paper must meet all of it."""

    #: In the title, the abstract or the keywords.
    anywhere: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ()
    #: Names of authors or parts of names; every word must be one of a name's, a single letter its initial.
    authors: tuple[str, ...] = ()
    #: Categories as people write them: `cs.CL`; `cs.*` and `cs` are all of an archive.
    categories: tuple[str, ...] = ()
    #: The first and the last year of publication, in UTC; None for no bound.
    first_year: int | None = None
    last_year: int | None = None
