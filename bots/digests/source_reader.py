"""Reads the lists of several sources concurrently; digests that need the same list share one request."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bots.chat.asker import asking, current, patience
from bots.chat.phrases import short_day
from bots.chat.secret_texts import for_chat
from bots.domain.channels import Channel
from bots.domain.digests import SourceNote
from bots.domain.errors import PaperwireError, SourceDown, StoreError
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import Clock, Observer, OpenSource, Shelf, SourceQuery, Unobserved
from bots.ports.bounded_calls import bounded
from bots.presentation.source_text import is_private
from bots.translation.speech import gettext_lazy, gettext_noop

_log = logging.getLogger(__name__)

#: Timeout of a source: after it the source is named as failed, and the digest goes out without it. Seconds. Sources
#: give up by themselves after 240 s of rate limits and retries; this is for those that do not.
SOURCE_PATIENCE = 300.0
#: Seconds of a person's wait that remain for comparing and condensing when a slow source is left out.
_FOR_THE_REST = 6.0
#: A thousand channels due in the same minute query each source once; a later query returns later votes.
FRESH_FOR = timedelta(minutes=5)
#: Maximum number of cached lists; a day's list takes up to 10 MB in memory.
_MOST_KEPT = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePapers:
    """The papers that the sources of one digest returned for its days."""

    papers: tuple[Paper, ...]
    #: Each source's papers, all of its days together.
    harvests: tuple[Harvest, ...]
    notes: tuple[SourceNote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """A source's response for one day: a harvest, and a note if the source failed."""

    day: date
    harvest: Harvest
    failure: SourceNote | None = None


#: The place of a digest that is shown nowhere: nobody else may see its private papers.
_NOWHERE = Channel(platform="")
#: A list: the source, the day, and whose private papers they are.
_Key = tuple[str, date, Channel | None]


class SourceReader:
    """Queries sources and caches their responses for a few minutes."""

    def __init__(
        self, *, shelf: Shelf, open_source: OpenSource, clock: Clock, observer: Observer | None = None
    ) -> None:
        self._shelf = shelf
        #: Opens a source by its spec.
        self.open_source = open_source
        self._clock = clock
        self._observer = observer or Unobserved()
        self._asked: dict[_Key, tuple[datetime, asyncio.Task[_Answer]]] = {}
        self._unique = _Unique()

    async def harvest(self, specs: Sequence[str], days: Sequence[date], place: Channel = _NOWHERE) -> SourcePapers:
        """Return the papers that the sources listed on the days, oldest day first, each once; a failed source is named.

        Args:
            specs: the sources.
            days: the days.
            place: the channel that reads them: the papers of a private source belong to its owner.

        Raises:
            StoreError: the database cannot be read.
        """
        by_source = await self._side_by_side(tuple(dict.fromkeys(specs)), days, place)
        return SourcePapers(
            papers=self._unique.of([each.harvest.papers for answers in by_source for each in answers]),
            harvests=tuple(map(self._together, by_source)),
            notes=tuple(note for answers in by_source for note in _notes(answers)),
        )

    async def _side_by_side(self, specs: Sequence[str], days: Sequence[date], place: Channel) -> list[list[_Answer]]:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._source(spec, days, place)) for spec in specs]
        except BaseExceptionGroup as errors:
            of_store, others = errors.split(StoreError)
            if of_store is not None and others is None:
                raise of_store.exceptions[0] from errors
            raise
        return [task.result() for task in tasks]

    def _together(self, answers: Sequence[_Answer]) -> Harvest:
        return replace(answers[-1].harvest, papers=self._unique.of([each.harvest.papers for each in answers]))

    async def _source(self, spec: str, days: Sequence[date], place: Channel) -> list[_Answer]:
        owner = place.owner if is_private(spec) else None
        return [await self._day((spec, day, owner)) for day in days]

    async def _day(self, key: _Key) -> _Answer:
        now = self._clock()
        asked, task = self._asked.get(key, (now, None))
        # After the clock was set back, an old response must not count as new.
        if task is None or task.cancelled() or abs(now - asked) > FRESH_FOR:
            # Others may join this request: it ends with its own patience, and not with that of who came first.
            with asking(current().reader):
                task = asyncio.create_task(self._ask(*key), name=f"harvest {key[0]} {key[1]}")
            self._asked.pop(key, None)
            self._asked[key] = (now, task)
            self._drop_old(now)
        answer = None
        try:
            # The first caller may be cancelled; the others that wait for the same response must still get it.
            async with patience(reserve=_FOR_THE_REST):
                answer = await asyncio.shield(task)
        except TimeoutError:
            # A person waits. The list is read on, so that the next request for it finds it here.
            said = gettext_lazy("it has not answered yet and is still being read. Ask again in a minute.")
            return _failed(*key[:2], said, pending=True)
        finally:
            if answer is None or answer.failure:
                self._forget(key, task)
        return answer

    def _drop_old(self, now: datetime) -> None:
        """Delete answers that are not new any more: one of a busy day takes megabytes, and the next is tomorrow's."""
        old = [key for key, (asked, task) in self._asked.items() if abs(now - asked) > FRESH_FOR and task.done()]
        for key in {*old, *list(self._asked)[:-_MOST_KEPT]}:
            del self._asked[key]
        if old:
            self._unique.drop()

    def _forget(self, key: _Key, task: "asyncio.Task[_Answer]") -> None:
        """Remove a failed request from the cache, so that the next caller repeats it."""
        if task.done() and self._asked.get(key, (None, None))[1] is task:
            del self._asked[key]

    async def _ask(self, spec: str, day: date, owner: Channel | None) -> _Answer:
        began = self._clock()
        with self._observer.span("source", source=spec.partition(":")[0], day=day.isoformat()):
            answer = await self._answered(spec, day, owner)
        seconds = max(0.0, (self._clock() - began).total_seconds())
        self._observer.source_read(spec.partition(":")[0], answered=answer.failure is None, seconds=seconds)
        return answer

    async def _answered(self, spec: str, day: date, owner: Channel | None) -> _Answer:
        ask = SourceQuery(day=day, known=await self._shelf.known(spec, day, place=owner))
        try:
            source = self.open_source(spec)
            given: object = await bounded(lambda: source.recent(ask), SOURCE_PATIENCE)
        except PaperwireError as error:
            if error.place:
                # Only the operator is told where the file is.
                _log.error("a source failed", extra={"source": spec, "error": f"{error} {error.hint}".strip()})
            return _failed(spec, day, for_chat(str(error), error.place), pending=isinstance(error, SourceDown))
        except TimeoutError:
            said = gettext_lazy("it did not answer within {number} seconds.", number=int(SOURCE_PATIENCE))
            return _failed(spec, day, said, pending=True)
        except Exception:  # noqa: BLE001 - a third-party source may crash: that source, not the digest
            _log.exception("a source failed", extra={"source": spec})
            said = gettext_lazy("it failed; whoever runs Paperwire sees why in the log.")
            return _failed(spec, day, said, pending=False)
        harvest = _read(given, spec)
        if harvest is None:
            _log.error(
                "a source returned something other than a harvest", extra={"source": spec, "type": type(given).__name__}
            )
            return _failed(spec, day, gettext_lazy("it returned something other than a list of papers."), pending=False)
        # Whatever the source returned: the cost of a digest must be bounded.
        harvest = replace(harvest, papers=harvest.papers[: ask.limit])
        if owner is not None:
            harvest = replace(harvest, papers=tuple(replace(paper, private=True) for paper in harvest.papers))
        await self._remember(harvest, day, owner)
        return _Answer(day=day, harvest=harvest)

    async def _remember(self, harvest: Harvest, day: date, owner: Channel | None) -> None:
        """Store papers on the shelf; a full disk prevents later look-ups, not today's digest."""
        try:
            await self._shelf.remember(harvest.papers, source=harvest.source, day=day, place=owner)
        except StoreError as error:
            more = {"source": harvest.source, "error": str(error)}
            _log.error("papers could not be stored for look-ups", extra=more)
        except Exception:  # noqa: BLE001 - nor do values that no database takes
            _log.exception("papers could not be stored for look-ups", extra={"source": harvest.source})


#: What a source is said to be if it says nothing itself.
_STATES = {
    Freshness.EMPTY: gettext_noop("it lists nothing"),
    Freshness.STALE: gettext_noop("its list is that of an earlier day"),
    Freshness.PARTIAL: gettext_noop("a part of its list is missing"),
}


def _read(given: object, spec: str) -> Harvest | None:
    """Return the value from a source as a harvest; None if it is something else."""
    if not isinstance(given, Harvest) or not isinstance(given.state, Freshness):
        return None
    papers: object = given.papers
    if not isinstance(papers, tuple | list) or not all(_is_sound(paper) for paper in papers):
        return None
    return replace(given, source=spec, papers=tuple(papers), note=for_chat(str(given.note)))


def _is_sound(paper: object) -> bool:
    """Return whether a value is a paper whose fields have the types that all later code relies on."""
    if not isinstance(paper, Paper):
        return False
    named: object = paper.id
    texts: tuple[object, ...] = (
        paper.title,
        paper.abstract,
        paper.url,
        paper.source,
        paper.venue,
        paper.code,
        paper.tldr,
        paper.tldr_by,
    )
    lists: tuple[object, ...] = (paper.authors, paper.categories, paper.keywords)
    sound = isinstance(named, PaperId) and all(isinstance(each, str) for each in texts)
    return sound and all(isinstance(each, tuple) and all(isinstance(word, str) for word in each) for each in lists)


def _failed(spec: str, day: date, reason: str, *, pending: bool) -> _Answer:
    note = SourceNote(source=spec, reason=reason, pending=pending)
    return _Answer(day=day, harvest=Harvest(source=spec), failure=note)


class _Unique:
    """The papers of some lists, each once; remembered for the other channels that read the same lists."""

    def __init__(self) -> None:
        #: By the identity of the lists, with the lists themselves, so that no other list takes their identity.
        self._made: dict[tuple[int, ...], tuple[Sequence[tuple[Paper, ...]], tuple[Paper, ...]]] = {}

    def of(self, lists: Sequence[tuple[Paper, ...]]) -> tuple[Paper, ...]:
        """Return the papers of all lists in order, each once."""
        key = tuple(map(id, lists))
        if key not in self._made:
            self._made[key] = (lists, unique(tuple(paper for papers in lists for paper in papers)))
            for old in list(self._made)[:-_MOST_KEPT]:
                del self._made[old]
        return self._made[key][1]

    def drop(self) -> None:
        """Delete all; what is still asked for is made again."""
        self._made.clear()


def _notes(answers: Sequence[_Answer]) -> list[SourceNote]:
    """Return the notes for readers about one source: each failure once, an empty list only for the last day."""
    at_last = _note(answers[-1])
    said = {at_last.reason} if at_last else set[str]()
    before: dict[str, SourceNote] = {}
    for each in answers[:-1]:
        note = _note(each)
        if note and note.failed and note.reason not in said:
            of_day = gettext_lazy("its list of {day}: {reason}", day=partial(short_day, each.day), reason=note.reason)
            before.setdefault(note.reason, replace(note, reason=of_day))
    return [*before.values(), *([at_last] if at_last else [])]


def _note(answer: _Answer) -> SourceNote | None:
    harvest = answer.harvest
    if answer.failure or harvest.state is Freshness.FRESH:
        return answer.failure
    honest = harvest.state in (Freshness.EMPTY, Freshness.STALE)
    reason = harvest.note or gettext_lazy(_STATES[harvest.state])
    return SourceNote(
        source=harvest.source,
        reason=reason,
        failed=not honest,
        pending=honest and not harvest.final,
        listed=bool(harvest.papers),
    )
