"""What a worker does for the queue of blurbs: condenses published abstracts and answers whoever waits."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from bots.chat.asker import ANSWER_WITHIN, asking
from bots.digests.blurbs import BlurbService
from bots.domain.channels import Reader
from bots.domain.errors import StoreError
from bots.ports import JobOutcome
from bots.scheduling.answers import Answer, Kind
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.summary_jobs import CONDENSE, FORM
from summarizer import Abstract, Blurb, Style, SummarizerError

_log = logging.getLogger(__name__)

#: Seconds between two signs of life to whoever waits for a blurb.
_ALIVE = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """The arguments of a job."""

    key: str
    abstract: Abstract
    style: Style
    #: Who waits, and where it listens.
    ask: str
    reply: str

    @classmethod
    def read(cls, given: dict[str, Any]) -> "_Asked | None":
        """Return what a job asks for; None for one of another version."""
        try:
            asked = cls(
                key=given["key"],
                abstract=Abstract(text=given["text"], title=given["title"], dollar_math=given["dollar_math"]),
                style=Style(given["style"]),
                ask=given["ask"],
                reply=given["reply"],
            )
        except (KeyError, ValueError):
            return None
        # The table is as old as the oldest version that wrote to it.
        texts = (asked.key, asked.abstract.text, asked.abstract.title, asked.ask, asked.reply)
        return asked if all(isinstance(each, str) for each in texts) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SummaryWork:
    """Condenses abstracts; see `Work`."""

    queue: JobQueue
    blurbs: BlurbService
    task: str = CONDENSE
    form: int = FORM

    async def perform(self, **given: Any) -> JobOutcome:
        """Condense an abstract, and tell whoever asked."""
        asked = _Asked.read(given) if given.get("form") == FORM else None
        if asked is None or asked.key != self.blurbs.key(asked.abstract, asked.style):
            # Of another version, or with another engine: whoever asked makes the blurb that it needs.
            await self._tell(given.get("reply", ""), Answer(ask=str(given.get("ask", "")), kind=Kind.LEFT))
            return JobOutcome.HANDED_BACK
        began = time.monotonic()
        try:
            async with self._alive(asked):
                blurb = await self._made(asked)
        except asyncio.CancelledError:
            await self._tell(asked.reply, Answer(ask=asked.ask, kind=Kind.LEFT))
            raise
        except SummarizerError as error:
            await self._tell(asked.reply, Answer(ask=asked.ask, kind=Kind.REFUSED, error=error))
            return JobOutcome.FAILED
        except Exception:  # noqa: BLE001 - an engine of a package may crash: its job, and not the worker
            _log.exception("an engine failed on an abstract", extra={"key": asked.key})
            await self._tell(asked.reply, Answer(ask=asked.ask, kind=Kind.FAILED))
            return JobOutcome.FAILED
        await self._tell(
            asked.reply, Answer(ask=asked.ask, kind=Kind.MADE, blurb=blurb, seconds=time.monotonic() - began)
        )
        return JobOutcome.DONE

    async def _made(self, asked: _Asked) -> Blurb:
        # Nobody is named: who asked, and where, is not a worker's business. But a person's blurb has the next turn.
        with asking(Reader(platform="", user=asked.ask), within=ANSWER_WITHIN):
            return await self.blurbs.blurb(asked.abstract, asked.style, public=True)

    @asynccontextmanager
    async def _alive(self, asked: _Asked) -> AsyncIterator[None]:
        async def signs() -> None:
            while True:
                await asyncio.sleep(_ALIVE)
                await self._tell(asked.reply, Answer(ask=asked.ask, kind=Kind.ALIVE))

        task = asyncio.create_task(signs())
        try:
            yield
        finally:
            task.cancel()

    async def _tell(self, reply: str, answer: Answer) -> None:
        if reply:
            with suppress(StoreError):  # whoever waits does it itself after a while
                await self.queue.notify(reply, answer.written())

    async def rescued(self, asked: Mapping[str, Any], attempts: int, why: str) -> bool:  # noqa: ARG002 - all are alike
        """Repeat nothing: whoever waited has made the blurb itself."""
        return False
