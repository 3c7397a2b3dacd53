"""Which sources a request may use."""

from collections.abc import Callable, Sequence

from bots.config.source_catalogue import described
from bots.domain import requests
from bots.domain.errors import NotAllowed, PaperwireError
from bots.ports import OpenSource
from bots.presentation.source_text import is_local
from bots.selection import parse_query
from bots.translation.formats import sentences
from bots.translation.speech import gettext
from bots.usecases.problems import problem


def check_sources(specs: Sequence[str], asked: requests.Asked) -> None:
    """Restrict requests from a chat to sources outside this machine.

    Raises:
        NotAllowed: the request names a file of this machine and does not come from this machine.
    """
    if not asked.trusted and any(map(is_local, specs)):
        raise NotAllowed(
            gettext("Only the operator of Paperwire can use a file as a source."),
            hint=gettext("Ask them to subscribe this channel to it, or choose another source."),
        )


def check_all(specs: Sequence[str], query: str, asked: requests.Asked, open_source: OpenSource) -> tuple[str, ...]:
    """Check what a subscription reads, and return its sources as they are stored.

    Raises:
        BadQuery: the filter cannot be read.
        NotAllowed: as `check_sources`.
        SettingsError: there is no such source.
    """
    parse_query(query)
    check_sources(specs, asked)
    return plain_specs(specs, open_source)


def plain_specs(specs: Sequence[str], open_source: OpenSource) -> tuple[str, ...]:
    """Return the specs as they are stored and shown; an address has the marks of the chat that it was typed in.

    Raises:
        SettingsError: one of the sources does not exist, or its argument is wrong.
    """
    return tuple(dict.fromkeys(_plain(spec, open_source(spec).spec) for spec in specs))


def _plain(spec: str, opened: str) -> str:
    known = described(spec.partition(":")[0])
    return opened if known and known.open_web else spec


def source_errors(specs: Sequence[str], asked: requests.Asked, open_source: Callable[[str], object]) -> tuple[str, ...]:
    """Return what is wrong with each source that a request may not use or that does not exist."""
    return tuple(filter(None, (_error(spec, asked, open_source) for spec in specs)))


def _error(spec: str, asked: requests.Asked, open_source: Callable[[str], object]) -> str:
    try:
        check_sources((spec,), asked)
        open_source(spec)
    except PaperwireError as error:
        told = problem(error, trusted=asked.trusted)
        return sentences(told.message, told.hint)
    return ""
