"""Makes an entry from a paper: its blurb from the cache or the summarizer, or a labelled substitute."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial

from bots.chat.asker import current, patience
from bots.chat.secret_texts import for_chat
from bots.chat.turns import FairQueue
from bots.digests.single_flight import SingleFlight
from bots.domain.digests import Entry
from bots.domain.errors import CondensingFailed, StoreError
from bots.domain.papers import Paper
from bots.ports import BlurbCache, BlurbOutcome, Clock, Condenser, Observer, Unobserved
from bots.presentation.engine_text import engine_trouble
from bots.translation.speech import gettext_lazy
from summarizer import Abstract, Blurb, Style, Summarizer, SummarizerError
from summarizer.text.sentences import first_sentence

_log = logging.getLogger(__name__)

#: The number of papers on a busy day; a blurb takes about a kilobyte.
_MOST_REMEMBERED = 512
#: Blurbs that engines make at the same time: what has its turn already keeps a person waiting, and for more there are
#: no threads (asyncio's default on four cores). The remote engine sends four requests at a time.
_AT_ONCE = 8
#: With as many blurbs in progress, further ones are left to workers, however little they take.
_FEW = 2
#: Seconds in which a blurb is read that was made before, however long a person has waited already.
_TO_READ = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class BlurbService:
    """Condenses abstracts; those of public papers only once per engine, model and style.

    A text that a person pasted, and the abstract of a private paper, leave nothing behind: a blurb is a sentence of the
    text, everyone shares the cache, and such a text is rarely condensed twice. A blurb by another engine
    than the configured one is used once if that one could not answer: it is asked again for the next digest. If it
    answered with a text that the abstract does not support, it would do so again: the other blurb is stored for a day.
    """

    summarizer: Summarizer
    cache: BlurbCache
    clock: Clock
    observer: Observer = field(default_factory=Unobserved)
    #: Lets one of several processes make the blurb of a public paper; None if there is one process.
    flight: SingleFlight | None = None
    #: Returns monotonic seconds.
    ticks: Callable[[], float] = time.monotonic
    #: Condenses public papers in other processes; None if this one does.
    elsewhere: Condenser | None = None
    #: A blurb that a person waits for comes before those of digests.
    turns: FairQueue = field(default_factory=lambda: FairQueue(_AT_ONCE))
    #: Blurbs in progress and the latest ones, by key: a thousand channels that need the same blurb share one task.
    _made: "dict[str, asyncio.Task[Blurb]]" = field(default_factory=dict)

    async def blurb(self, abstract: Abstract, style: Style, *, public: bool = False) -> Blurb:
        """Return the blurb of an abstract.

        Args:
            abstract: the text.
            style: the form of the blurb.
            public: whether the abstract is published, so that its blurb is stored for everyone.

        Raises:
            SummarizerError: the abstract cannot be condensed; the message says why.
        """
        key = self.key(abstract, style)
        task = self._made.get(key)
        if task is None:
            task = asyncio.create_task(self._kept_or_made(key, abstract, style, public=public))
            self._made[key] = task
            task.add_done_callback(partial(self._ended, key, public))
            for old in list(self._made)[:-_MOST_REMEMBERED]:
                del self._made[old]
        # The first caller may be cancelled; the others that wait for the same blurb must still get it.
        return await asyncio.shield(task)

    def key(self, abstract: Abstract, style: Style) -> str:
        """Return the key under which the cache has a blurb: of the text, the style, the engine and its model."""
        return _cache_key(abstract, style, self.summarizer)

    async def known(self, paper: Paper, style: Style) -> Blurb | None:
        """Return the blurb of a public paper if it was made before; None if it must be made."""
        abstract = Abstract(text=paper.abstract, title=paper.title, dollar_math=paper.dollar_math)
        key = _cache_key(abstract, style, self.summarizer)
        task = self._made.get(key)
        if task is not None and task.done() and not task.cancelled() and task.exception() is None:
            return task.result()
        return await self._kept(key)

    async def prepare(self) -> None:
        """Load the engine before it is needed, if it can be; a failure is reported with its first blurb."""
        prepare = getattr(self.summarizer, "prepare", None)
        if prepare is not None:
            await prepare()

    def _ended(self, key: str, public: bool, task: "asyncio.Task[Blurb]") -> None:
        """Delete what must not be kept: a failed task, a blurb by a substitute engine, a blurb of a private text."""
        made = None if task.cancelled() or task.exception() else task.result()
        if (made is None or not public or not self._is_own(made)) and self._made.get(key) is task:
            del self._made[key]

    async def _kept_or_made(self, key: str, abstract: Abstract, style: Style, *, public: bool) -> Blurb:
        began = self.ticks()
        find, make = partial(self._kept, key), partial(self._make, key, abstract, style, public=public)
        kept = await find()
        if kept is not None:
            self.observer.blurb(kept.engine, BlurbOutcome.CACHED, self.ticks() - began)
            return kept
        if public and self.elsewhere is not None:
            busy = self.turns.taken >= _FEW
            made = await self.elsewhere.condense(abstract, style, key, busy=busy) or await find()
            if made is not None:
                return made
        if self.flight is None or not public:
            return await make()
        return await self.flight.once(f"blurb {key}", find, make)

    async def _make(self, key: str, abstract: Abstract, style: Style, *, public: bool) -> Blurb:
        began = self.ticks()
        try:
            with self.observer.span("blurb", engine=self.summarizer.engine, style=style.value):
                async with self.turns.turn(current().reader):
                    made = await self.summarizer.summarize(abstract, style)
        except Exception:
            self.observer.blurb(self.summarizer.engine, BlurbOutcome.FAILED, self.ticks() - began)
            raise
        self.observer.blurb(made.engine, BlurbOutcome.MADE, self.ticks() - began)
        if public and (self._is_own(made) or made.settled):
            await self._keep(key if self._is_own(made) else self._of_today(key), made)
        return made

    def _is_own(self, made: Blurb) -> bool:
        return (made.engine, made.model) == (self.summarizer.engine, self.summarizer.model)

    def _of_today(self, key: str) -> str:
        """Return the key of the blurb that takes the place of a refused one until midnight UTC."""
        day = self.clock().astimezone(UTC).date()
        return hashlib.sha256(f"{key} refused {day}".encode()).hexdigest()

    async def _kept(self, key: str) -> Blurb | None:
        try:
            return await self.cache.blurb(key) or await self.cache.blurb(self._of_today(key))
        except StoreError as error:
            _log.error("the blurb cache cannot be read; the blurb is made again", extra={"error": str(error)})
            return None

    async def _keep(self, key: str, made: Blurb) -> None:
        try:
            await self.cache.keep_blurb(key, made, now=self.clock())
        except StoreError as error:
            _log.error("a blurb could not be cached; it is shown anyway", extra={"error": str(error)})

    async def entry(self, paper: Paper, style: Style, *, why: str = "") -> Entry:
        """Return the paper as it is shown; a failed blurb is replaced and labelled, and is never fatal."""
        abstract = Abstract(text=paper.abstract, title=paper.title, dollar_math=paper.dollar_math)
        try:
            async with patience(least=_TO_READ):
                return Entry(paper=paper, blurb=await self.blurb(abstract, style, public=not paper.private), why=why)
        except TimeoutError:
            # A person waits. The blurb is made on, so that the next request for it finds it here.
            said = gettext_lazy("the engine {engine} takes long; ask again in a minute.", engine=self.summarizer.engine)
            return _without_blurb(paper, said, why)
        except SummarizerError as error:
            return _without_blurb(paper, for_chat(engine_trouble(error)), why)
        except CondensingFailed:
            return _without_blurb(paper, gettext_lazy("the summarizer failed on this abstract."), why)
        except Exception:  # noqa: BLE001 - a third-party engine may crash: one blurb, not the digest
            _log.exception("an engine failed on a paper", extra={"paper": str(paper.id)})
            return _without_blurb(paper, gettext_lazy("the summarizer failed on this abstract."), why)


def _without_blurb(paper: Paper, trouble: str, why: str) -> Entry:
    return Entry(paper=paper, fallback=first_sentence(paper.abstract), trouble=trouble, why=why)


def _cache_key(abstract: Abstract, style: Style, summarizer: Summarizer) -> str:
    named = "\x00".join(
        (abstract.title, abstract.text, str(abstract.dollar_math), style, summarizer.engine, summarizer.model)
    )
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()
