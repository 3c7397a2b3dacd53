"""Look-ups that wait at the same time share one request to arXiv, and the same look-up is never sent twice at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from bots.chat.asker import asking, current
from bots.domain.channels import Reader
from bots.domain.errors import SourceDown
from bots.domain.papers import Paper, PaperId
from bots.sources._arxiv_query import Found
from bots.translation.speech import gettext_lazy

#: Ids in one request. arXiv returns at most 2,000 entries per request (info.arxiv.org/help/api/user-manual); a hundred
#: make an address of 1.7 kB and a response of some 300 kB, which takes it a second.
MOST_IDS = 100
#: In the queue of arXiv's requests, a request for the ids of many people has a place of its own: in the place of one
#: of them it would wait behind that person's searches.
_EVERYBODY = Reader(platform="arxiv", workspace="look-ups")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A paper, in one version or in the latest."""

    paper_id: PaperId
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.paper_id.value}v{self.version}" if self.version else self.paper_id.value

    def in_papers(self, papers: Sequence[Paper]) -> Paper | None:
        """Return the paper among some; None if it is not there."""
        return next(filter(self._is, papers), None)

    def _is(self, paper: Paper) -> bool:
        return paper.id == self.paper_id and self.version in (None, paper.version)


@dataclass(eq=False, slots=True)
class _LookUp:
    """One look-up that waits or is under way, and how many callers share it."""

    wanted: Wanted
    reader: Reader | None
    answer: "asyncio.Future[Paper | None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    callers: int = 0


class Batches:
    """Combines look-ups: while one request is under way, the ids of the next one are collected."""

    def __init__(self, ask: Callable[[Sequence[Wanted]], Awaitable[Found]]) -> None:
        """Store the function that sends one request for at most `MOST_IDS` papers."""
        self._ask = ask
        self._waiting: dict[Wanted, _LookUp] = {}
        self._sent: dict[Wanted, _LookUp] = {}
        self._sending: asyncio.Task[None] | None = None

    async def find(self, wanted: Wanted) -> Paper | None:
        """Return the paper; None if arXiv does not have it.

        Raises:
            SourceDown: no response came in time, or an incomplete one.
            SourceRefused: arXiv refused the request.
        """
        shared = self._sent.get(wanted) or self._waiting.get(wanted)
        if shared is None:
            shared = self._waiting[wanted] = _LookUp(wanted, current().reader)
        shared.callers += 1
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_all(), name="arXiv look-ups")
        try:
            # A caller that gives up must not take the answer from the others.
            return await asyncio.shield(shared.answer)
        finally:
            shared.callers -= 1
            if not shared.callers and self._waiting.get(wanted) is shared:
                del self._waiting[wanted]

    async def _send_all(self) -> None:
        while self._waiting:
            batch = self._next_batch()
            people = any(each.reader for each in batch)
            self._sent = {each.wanted: each for each in batch}
            try:
                with asking(_EVERYBODY if people else None):
                    await self._send(batch)
            except Exception as error:  # noqa: BLE001 - each caller gets it
                _fail(batch, error)
            except BaseException:
                for each in batch:
                    each.answer.cancel()
                raise
            finally:
                self._sent = {}

    def _next_batch(self) -> list[_LookUp]:
        """Take the next look-ups, each person's in turn, and never two versions of one paper: an entry has one."""
        people: dict[Reader | None, list[_LookUp]] = {}
        for each in self._waiting.values():
            people.setdefault(each.reader, []).append(each)
        batch: dict[PaperId, _LookUp] = {}
        for each in (one for row in zip_longest(*people.values()) for one in row if one is not None):
            if len(batch) == MOST_IDS:
                break
            batch.setdefault(each.wanted.paper_id, each)
        for each in batch.values():
            del self._waiting[each.wanted]
        return list(batch.values())

    async def _send(self, batch: Sequence[_LookUp]) -> None:
        found = await self._ask([each.wanted for each in batch])
        if found.error and len(batch) > 1:
            for part in _parted(batch, found.error):
                await self._send(part)
            return
        for each in batch:
            paper = None if found.error else each.wanted.in_papers(found.papers)
            if paper is None and not found.error and found.entries < found.total:
                _fail([each], SourceDown(gettext_lazy("arXiv does not answer: its answer was incomplete.")))
            elif not each.answer.done():
                each.answer.set_result(paper)


def _parted(batch: Sequence[_LookUp], error: str) -> tuple[Sequence[_LookUp], ...]:
    """Return the look-ups of a refused request in parts: arXiv refuses all ids because of one that it cannot read."""
    named = set(error.split())
    wrong = [each for each in batch if str(each.wanted) in named]
    if wrong and len(wrong) < len(batch):
        return [each for each in batch if each not in wrong], *([each] for each in wrong)
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]


def _fail(batch: Sequence[_LookUp], error: Exception) -> None:
    for each in batch:
        if not each.answer.done():
            each.answer.set_exception(error)
            each.answer.exception()  # Read here: every caller may have given up.
