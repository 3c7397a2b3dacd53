"""Calls the libraries one after the other until one has the paper; a failure costs only itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bots.chat.asker import ANSWER_WITHIN, asking, current
from bots.chat.phrases import listed
from bots.chat.secret_texts import for_chat
from bots.domain.errors import PaperNotFound, SourceBusy, SourceDown, SourceError, SourceRefused, SourceUnreachable
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import Paper
from bots.domain.same_paper import unique
from bots.ports import Library, VersionedLibrary
from bots.ports.bounded_calls import bounded
from bots.presentation.source_text import is_private
from bots.translation.formats import sentences
from bots.translation.speech import LazyText, gettext, gettext_lazy, gettext_noop, localized, ngettext

_log = logging.getLogger(__name__)

#: Seconds that a library may take for work in the background. A person waits for `bots.chat.asker.ANSWER_WITHIN`.
_PATIENCE = 120.0
#: Seconds after which the next library is asked as well: a library that is not busy has answered by then, and what
#: is left of a person's wait is enough for arXiv's pace of three seconds.
HEDGE = 2.0


#: The reason of a fault of a library's or a source's own code.
FAILED = gettext_noop("it failed; whoever runs Paperwire sees why in the log.")


class NotLookedUp(SourceDown):
    """No library has a paper, and some could not be asked."""

    def __init__(self, ref: PaperRef, failures: Mapping[str, SourceError]) -> None:
        #: What the libraries said, as full sentences.
        self.why = reasons(failures)
        said = gettext_lazy("{paper} could not be looked up: {why}", paper=_name(ref), why=self.why)
        super().__init__(said, hint=remedy(failures))


@dataclass(slots=True)
class _Shared:
    """A look-up under way, and how many callers wait for it."""

    task: asyncio.Task[Paper]
    callers: int = 0


#: Look-ups under way, by library and reference.
UnderWay = dict[tuple[str, PaperRef], _Shared]


async def first_found(
    libraries: Sequence[Library], ref: PaperRef, under_way: UnderWay, *, hedge: float = HEDGE
) -> Paper:
    """Return a paper from the first library that has it.

    The libraries are asked in order. If one takes its time, the next is asked at the same time. If one has the paper
    without its abstract, the others are asked for that.

    Args:
        libraries: the preferred one first.
        ref: the paper, in one version or in the latest.
        under_way: the look-ups under way; a library is not asked twice at the same time for the same paper.
        hedge: seconds after which the next library is asked as well.

    Raises:
        PaperNotFound: every library answered and none has it.
        NotLookedUp: none has it and at least one could not be asked.
    """
    failures: dict[str, SourceError] = {}
    waiting, tasks = list(libraries), dict[asyncio.Task[Paper], Library]()
    bare: Paper | None = None
    try:
        while waiting or tasks:
            if waiting:
                library = waiting.pop(0)
                tasks[asyncio.create_task(_joined(library, ref, under_way))] = library
            done, _ = await asyncio.wait(tasks, timeout=hedge if waiting else None, return_when=asyncio.FIRST_COMPLETED)
            for task in [each for each in tasks if each in done]:
                library = tasks.pop(task)
                try:
                    bare = _completed(bare, task.result())
                except PaperNotFound:
                    continue
                except SourceError as error:
                    failures[library.name] = error
                if bare is not None and bare.abstract:
                    return bare
    finally:
        for task in tasks:
            task.cancel()
    if bare is not None:
        return bare
    raise _nowhere(ref, libraries, failures)


def busy(name: str) -> LazyText:
    """Return that a library has no time for a request now."""
    return gettext_lazy("{source} is busy.", source=name)


def does_not_have(name: str, paper: object) -> LazyText:
    """Return that a library does not know a paper."""
    return gettext_lazy("{library} does not have {paper}.", library=name, paper=str(paper))


def _completed(bare: Paper | None, found: Paper) -> Paper:
    """Return a paper without an abstract together with what another library has of it."""
    return found if bare is None else unique((bare, found))[0]


async def _joined(library: Library, ref: PaperRef, under_way: UnderWay) -> Paper:
    """Return the result of a look-up that is under way, or of a new one; the last caller to give up cancels it."""
    key = (library.name, ref)
    shared = under_way.get(key)
    if shared is None:
        with asking(current().reader, within=ANSWER_WITHIN):
            shared = under_way[key] = _Shared(asyncio.create_task(_look_up(library, ref)))
    shared.callers += 1
    try:
        async with asyncio.timeout(_left()):
            return await asyncio.shield(shared.task)
    except TimeoutError as error:
        raise SourceBusy(busy(library.name)) from error
    finally:
        shared.callers -= 1
        if not shared.callers:
            shared.task.cancel()
            if under_way.get(key) is shared:
                del under_way[key]


def _left() -> float:
    return max(0.0, min(_PATIENCE, current().left))


async def _look_up(library: Library, ref: PaperRef) -> Paper:
    if ref.version is None:
        return _paper(library, await called(library, lambda: library.lookup(ref.id)))
    if not isinstance(library, VersionedLibrary):
        raise PaperNotFound(gettext_lazy("{library} does not keep versions.", library=library.name))
    version, versioned = ref.version, library
    found = _paper(library, await called(library, lambda: versioned.lookup_version(ref.id, version)))
    if found.version != version:
        raise PaperNotFound(does_not_have(library.name, ref))
    return found


def _paper(library: Library, found: object) -> Paper:
    if not isinstance(found, Paper):
        raise odd(library, found)
    return marked(library, found)


def marked(library: Library, found: Paper) -> Paper:
    """Return a paper with the mark of private ones if its library is a private source."""
    return replace(found, private=True) if is_private(str(getattr(library, "spec", ""))) else found


async def called(library: Library, call: Callable[[], Awaitable[object]]) -> object:
    """Return the value from a library; third-party code may return any value, and its faults must not spread.

    Raises:
        SourceError: the library refused, the timeout passed, or its own code failed and was logged.
    """
    try:
        return await bounded(call, _left())
    except SourceError:
        raise
    except TimeoutError as error:
        raise SourceBusy(busy(library.name)) from error
    except Exception as error:
        _log.exception("a library failed", extra={"library": library.name})
        raise SourceRefused(gettext_lazy(FAILED)) from error


def odd(library: Library, found: object) -> SourceRefused:
    _log.error(
        "a library returned something other than papers", extra={"library": library.name, "given": type(found).__name__}
    )
    return SourceRefused(gettext_lazy(FAILED))


def reasons(failures: Mapping[str, SourceError]) -> LazyText:
    """Return why libraries could not be asked, as full sentences; a reason that several share is said once."""
    return LazyText(lambda: _reasons(failures))


def _reasons(failures: Mapping[str, SourceError]) -> str:
    down, occupied = (names_of(failures, kind) for kind in (SourceUnreachable, SourceBusy))
    others = [_with_name(name, error) for name, error in failures.items() if name not in (*down, *occupied)]
    said = (
        ngettext("{names} cannot be reached.", "{names} cannot be reached.", len(down), names=listed(down))
        if down
        else "",
        ngettext("{names} is busy.", "{names} are busy.", len(occupied), names=listed(occupied)) if occupied else "",
    )
    return sentences(*said, *others)


def remedy(failures: Mapping[str, SourceError]) -> str:
    """Return what a person can do if libraries could not be asked, as a full sentence."""
    if all(isinstance(error, SourceUnreachable) for error in failures.values()):
        return gettext_lazy(
            "Try again in a few minutes. If it stays so, the machine that runs Paperwire may have no network."
        )
    return gettext_lazy("Try again in a few minutes.")


def names_of(failures: Mapping[str, SourceError], kind: type[SourceError]) -> list[str]:
    return [name for name, error in failures.items() if isinstance(error, kind)]


def _with_name(name: str, error: SourceError) -> str:
    said = said_of(error)
    return said if said.startswith(name) else gettext("{source}: {reason}", source=name, reason=said)


def said_of(error: SourceError) -> str:
    return localized(for_chat(str(error), error.place))


def _nowhere(ref: PaperRef, libraries: Sequence[Library], failures: Mapping[str, SourceError]) -> SourceError:
    if failures:
        return NotLookedUp(ref, failures)
    hint = gettext_lazy("Check the id, or search for words of its title.")
    if not libraries:
        return PaperNotFound(
            gettext_lazy("The paper {paper} was not found; no library is set up.", paper=str(ref)), hint=hint
        )
    asked = ", ".join(library.name for library in libraries)
    said = gettext_lazy("The paper {paper} was not found; asked: {libraries}.", paper=str(ref), libraries=asked)
    return PaperNotFound(said, hint=hint)


def _name(ref: PaperRef) -> str:
    return str(ref if ref.version else ref.id)
