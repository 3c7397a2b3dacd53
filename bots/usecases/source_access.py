"""Which sources a request may use."""

from collections.abc import Callable, Sequence

from bots.domain import requests
from bots.domain.errors import NotAllowed, PaperwireError
from bots.presentation.source_text import is_local
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
