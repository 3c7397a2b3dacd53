"""Which sources a request may use."""

from collections.abc import Callable, Sequence

from bots.domain import requests
from bots.domain.errors import NotAllowed, PaperwireError
from bots.presentation.source_text import is_local
from bots.selection import parse_query
from bots.usecases.problems import problem


def check_sources(specs: Sequence[str], asked: requests.Asked) -> None:
    """Restrict requests from a chat to sources outside this machine.

    Raises:
        NotAllowed: the request names a file of this machine and does not come from this machine.
    """
    if not asked.trusted and any(map(is_local, specs)):
        raise NotAllowed(
            "Only the operator of Paperwire can use a file as a source.",
            hint="Ask them to subscribe this channel to it, or choose another source.",
        )


def check_all(specs: Sequence[str], query: str, asked: requests.Asked, open_source: Callable[[str], object]) -> None:
    """Check what a subscription reads: that its filter can be read, and that its sources exist and may be used.

    Raises:
        BadQuery: the filter cannot be read.
        NotAllowed: as `check_sources`.
        SettingsError: there is no such source.
    """
    parse_query(query)
    check_sources(specs, asked)
    for spec in specs:
        open_source(spec)


def source_errors(specs: Sequence[str], asked: requests.Asked, open_source: Callable[[str], object]) -> tuple[str, ...]:
    """Return what is wrong with each source that a request may not use or that does not exist."""
    return tuple(filter(None, (_error(spec, asked, open_source) for spec in specs)))


def _error(spec: str, asked: requests.Asked, open_source: Callable[[str], object]) -> str:
    try:
        check_sources((spec,), asked)
        open_source(spec)
    except PaperwireError as error:
        told = problem(error, trusted=asked.trusted)
        return f"{told.message} {told.hint}".strip()
    return ""
