"""Searches the libraries, all at once; a failure costs only itself, and what does not answer is not waited for."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bots.chat.phrases import listed
from bots.domain.errors import SourceBusy, SourceDown, SourceError, SourceUnreachable
from bots.domain.field_search import FieldSearch
from bots.domain.papers import Paper
from bots.ports import FieldLibrary, Library
from bots.translation.speech import gettext, ngettext
from bots.usecases.library_calls import called, marked, names_of, odd, said_of


class NotInTime(SourceDown):
    """A library had not answered when there was enough to show."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """A library's answer to a search: papers, or why there are none."""

    library: str
    papers: tuple[Paper, ...] = ()
    error: SourceError | None = None


async def search_all(
    libraries: Sequence[Library],
    words: str,
    limit: int,
    *,
    in_fields: FieldSearch | None = None,
    enough: asyncio.Event | None = None,
) -> list[Searched]:
    """Return the answer of each library, all searched at once.

    Args:
        libraries: the libraries.
        words: what to search for.
        limit: papers of each.
        in_fields: the same by fields, for the libraries that can search in them.
        enough: once it is set, libraries that have not answered are no longer waited for.
    """
    tasks = [asyncio.create_task(search(library, words, limit, in_fields=in_fields)) for library in libraries]
    signal = asyncio.create_task((enough or asyncio.Event()).wait())
    try:
        while not (signal.done() or all(task.done() for task in tasks)):
            await asyncio.wait(
                [signal, *(task for task in tasks if not task.done())], return_when=asyncio.FIRST_COMPLETED
            )
        return [
            task.result() if task.done() else Searched(library=library.name, error=NotInTime("It did not answer."))
            for task, library in zip(tasks, libraries, strict=True)
        ]
    finally:
        for task in (signal, *tasks):
            task.cancel()


async def search(library: Library, words: str, limit: int, *, in_fields: FieldSearch | None = None) -> Searched:
    """Return a library's papers that match some words, or the reason why it could not be searched.

    A library that can search in single fields is asked for those, if any are given.
    """
    try:
        if in_fields is not None and isinstance(library, FieldLibrary):
            fielded, asked = library, in_fields
            found = await called(library, lambda: fielded.search_fields(asked, limit))
        else:
            found = await called(library, lambda: library.search(words, limit))
        if not isinstance(found, tuple) or not all(isinstance(each, Paper) for each in found):
            raise odd(library, found)
    except SourceError as error:
        return Searched(library=library.name, error=error)
    return Searched(library=library.name, papers=tuple(marked(library, each) for each in found))


def search_notes(answers: Iterable[Searched]) -> tuple[str, ...]:
    """Return which libraries could not be searched and why; a reason that several share is said once."""
    failures = {answer.library: answer.error for answer in answers if answer.error}
    down, occupied = (names_of(failures, kind) for kind in (SourceUnreachable, SourceBusy))
    shared = []
    if down:
        shared.append(
            ngettext(
                "{names} could not be searched, because it cannot be reached.",
                "{names} could not be searched, because they cannot be reached.",
                len(down),
                names=listed(down),
            )
        )
    if occupied:
        shared.append(
            ngettext(
                "{names} could not be searched, because it is busy.",
                "{names} could not be searched, because they are busy.",
                len(occupied),
                names=listed(occupied),
            )
        )
    late = names_of(failures, NotInTime)
    if late:
        shared.append(gettext("{names} did not answer in time.", names=listed(late)))
    others = [
        gettext("{names} could not be searched: {why}", names=name, why=said_of(error))
        for name, error in failures.items()
        if name not in (*down, *occupied, *late)
    ]
    return (*shared, *others)
