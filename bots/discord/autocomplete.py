"""Autocomplete suggestions: papers that are stored here, and sources; no network access."""

import asyncio
import logging
from collections.abc import Mapping

from bots.chat.phrases import clean, cut
from bots.discord.payloads import focused_of, location_of
from bots.domain.errors import PaperwireError
from bots.domain.papers import Paper
from bots.ports import Store
from bots.presentation import digest_text
from bots.presentation.source_text import choices

_log = logging.getLogger(__name__)

#: docs.discord.com, Autocomplete: 25 choices, names and values of 100 characters.
_MOST = 25
_MAX = 100
#: Seconds. Discord allows three, but a person does not wait that long for a suggestion.
_WITHIN = 1.0

#: Every example of every source may be meant by what is typed.
_MOST_SOURCES = 500

Choices = tuple[tuple[str, str], ...]


async def suggestions(store: Store, payload: object) -> Choices:
    """Return suggestions as name and value; empty if the database fails or takes longer than `_WITHIN` seconds."""
    option, typed = focused_of(payload)
    if option == "source":
        return sources(typed)
    try:
        async with asyncio.timeout(_WITHIN):
            place = location_of(payload).channel
            papers = await store.search_papers(" ".join(clean(typed).split()), _MOST, place=place)
    except (TimeoutError, PaperwireError) as error:
        _log.info("suggestions could not be made", extra={"error": str(error)})
        return ()
    return tuple(each for each in map(_choice, papers) if each)


def _choice(paper: Paper) -> tuple[str, str] | None:
    value = digest_text.id_of(paper) if paper.id.scheme in ("arxiv", "doi") else str(paper.id)
    # A truncated id would name a different paper.
    if len(value) > _MAX or value.endswith("…"):
        return None
    return cut(digest_text.title_of(paper), _MAX) or value, value


def sources(typed: str, known: Mapping[str, str] | None = None) -> Choices:
    """Return the sources that match the text after the last comma, each appended to the sources typed before it.

    Args:
        typed: what the person has typed.
        known: specs of sources by what they list; None for those of the installed sources.
    """
    before, comma, last = typed.rpartition(",")
    words = last.strip().casefold()
    first = f"{before.strip()}, " if comma else ""
    offered = (choices(most=_MOST_SOURCES) if known is None else known).items()
    found = [(said, f"{first}{spec}") for spec, said in offered if words in f"{spec} {said}".casefold()]
    mine = [(typed.strip(), typed.strip())] if words and not any(typed.strip() == value for _, value in found) else []
    listed = [*mine, *((f"{first}{said}", value) for said, value in found)]
    return tuple((cut(name, _MAX), value) for name, value in listed if name and len(value) <= _MAX)[:_MOST]
