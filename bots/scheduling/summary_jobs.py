"""Blurbs that workers make for a process that serves people.

A job holds the text of a published paper. Texts that people paste, and abstracts of private papers, never become jobs:
nothing of them may lie in a table. The answer comes by NOTIFY, which stores nothing either.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import inf

from bots.domain.errors import CondensingFailed, StoreError
from bots.domain.queues import SUMMARIES
from bots.ports import JobOutcome, Observer, Unobserved
from bots.scheduling.answers import Answer, Kind, read_answer
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.worker_signs import WorkerSigns
from summarizer import Abstract, Blurb, Style

_log = logging.getLogger(__name__)

#: The name of the job that condenses an abstract.
CONDENSE = "paperwire.condense"
#: The form of its arguments; a worker that knows an older one leaves the job to others.
FORM = 1
#: A person's job comes before others of its queue.
_FOR_A_PERSON = 10
#: Seconds. A blurb that takes less is not worth handing over, if the bot makes no others: the default engine takes
#: 20 ms, with the cache a tenth of a second on a busy machine; a model in the process takes seconds.
_LITTLE = 0.5
#: Seconds between two attempts to listen.
_AGAIN = 2.0
#: Seconds between two messages to ourselves until one is heard.
_HEARD = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a process waits for a worker before it does the work itself, in seconds."""

    #: Until a worker begins. On an idle system it takes 10 ms; to make a blurb takes 20 ms with the default engine.
    begin: float = 0.5
    #: Between two signs of life of the worker that has the job; it gives one a second.
    silence: float = 3.0
    #: No worker is asked for as long after one was waited for in vain.
    doubt: float = 10.0
    #: For how long it is taken for granted that a worker is there, or is not.
    known: float = 2.0


@dataclass(kw_only=True, slots=True)
class _Trust:
    """Whether workers are asked at present; instants are on the event loop's clock."""

    served: bool = False
    until: float = 0.0
    #: The least time in which a worker made a blurb: what the engine needs on a machine that has time. Seconds.
    takes: float = inf


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryJobs:
    """Has abstracts condensed by workers; see `bots.ports.Condenser`."""

    queue: JobQueue
    signs: WorkerSigns
    patience: Patience = field(default_factory=Patience)
    observer: Observer = field(default_factory=Unobserved)
    #: Where this process hears the answers.
    _channel: str = field(default_factory=lambda: f"paperwire_answers_{secrets.token_hex(8)}")
    _asked: dict[str, "asyncio.Queue[Answer]"] = field(default_factory=dict)
    _listening: asyncio.Event = field(default_factory=asyncio.Event)
    _trust: _Trust = field(default_factory=_Trust)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen for answers until the context exits; until then, and without a connection, nobody is asked."""
        tasks = [asyncio.create_task(work()) for work in (self._listen, self._knock)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            try:
                await self.queue.listen(self._channel, self._hear)
            except Exception as error:  # noqa: BLE001 - without answers, the work is done here
                self._listening.clear()
                _log.warning("answers of workers are not heard; it is retried", extra={"error": str(error)})
            await asyncio.sleep(_AGAIN)

    async def _knock(self) -> None:
        """Send messages to ourselves until one is heard; the library does not tell when it listens."""
        while True:
            while not self._listening.is_set():
                with suppress(StoreError):
                    await self.queue.notify(self._channel, "")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._listening.wait(), _HEARD)
            await asyncio.sleep(_AGAIN)

    def _hear(self, message: str) -> None:
        self._listening.set()
        answer = read_answer(message) if message else None
        if answer is not None and (waiting := self._asked.get(answer.ask)) is not None:
            waiting.put_nowait(answer)

    async def condense(self, abstract: Abstract, style: Style, key: str, *, busy: bool = True) -> Blurb | None:
        """Return the blurb that a worker makes; None if none does, see `bots.ports.Condenser`."""
        began = time.monotonic()
        try:
            if (self._trust.takes < _LITTLE and not busy) or not await self._is_served():
                return None
            answer = await self._answer(abstract, style, key)
        except StoreError as error:
            _log.warning("no worker could be asked for a blurb; it is made here", extra={"error": str(error)})
            return None
        if answer is None or answer.kind is Kind.LEFT:
            self._doubt()
            self.observer.job_ended(SUMMARIES, JobOutcome.TAKEN_BACK, time.monotonic() - began)
            return None
        if answer.error is not None:
            raise answer.error
        if answer.kind is Kind.FAILED:
            raise CondensingFailed("The engine failed on an abstract; the worker's log says how.")
        if answer.kind is Kind.MADE:
            self._trust.takes = min(self._trust.takes, answer.seconds)
        return answer.blurb

    async def _is_served(self) -> bool:
        if not self._listening.is_set():
            return False
        now, trust = asyncio.get_running_loop().time(), self._trust
        if now >= trust.until:
            # Set first: others who ask meanwhile go by what was known last.
            trust.until = now + self.patience.known
            trust.served = await self.signs.is_served(SUMMARIES)
        return trust.served

    def _doubt(self) -> None:
        self._trust.served = False
        self._trust.until = asyncio.get_running_loop().time() + self.patience.doubt
        _log.warning("no worker made a blurb that a person waits for; blurbs are made here for a while")

    async def _answer(self, abstract: Abstract, style: Style, key: str) -> Answer | None:
        ask = secrets.token_hex(8)
        waiting: asyncio.Queue[Answer] = asyncio.Queue()
        self._asked[ask] = waiting
        try:
            arguments = {**_arguments(abstract, style, key), "ask": ask, "reply": self._channel}
            job = await self.queue.put(CONDENSE, arguments, queue=SUMMARIES, priority=_FOR_A_PERSON)
            # Without a lock it always goes in.
            return None if job is None else await self._awaited(job, waiting.get)
        finally:
            del self._asked[ask]

    async def _awaited(self, job: int, heard: Callable[[], Awaitable[Answer]]) -> Answer | None:
        """Return what a worker says of a job at last; None if none has begun in time, or it has died."""
        answer = await _within(self.patience.begin, heard)
        if answer is None and (await self.queue.take_back(job) or not await self.queue.is_under_way(job)):
            return None
        while answer is None or answer.kind is Kind.ALIVE:
            answer = await _within(self.patience.silence, heard)
            if answer is None:
                return None
        return answer


async def _within(seconds: float, heard: Callable[[], Awaitable[Answer]]) -> Answer | None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await heard()
    return None


def _arguments(abstract: Abstract, style: Style, key: str) -> dict[str, str | bool | int]:
    return {
        "form": FORM,
        "key": key,
        "text": abstract.text,
        "title": abstract.title,
        "dollar_math": abstract.dollar_math,
        "style": style.value,
    }
