"""Collect concurrent requests into batches for one worker thread; knows nothing of models."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
Found = TypeVar("Found")

#: In one batch, the longest item is at most this many times as long as the oldest one, and the oldest at most this many
#: times as long as the shortest: shorter items are padded to the longest, and padding costs as much as text.
_ALIKE = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Request(Generic[Item, Made]):
    """One caller's request for one item."""

    item: Item
    length: int
    answer: "asyncio.Future[Made]"


class Batcher(Generic[Item, Made]):
    """Passes items of similar length to `work` in batches, one batch at a time, and returns each result to its caller.

    A cancelled call does not affect the others: before its batch, the item is dropped; afterwards, its result is. If a
    batch fails, each half is tried alone, so that only the faulty item fails, and a batch too large for the memory
    succeeds in smaller ones.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Made]],
        *,
        length: Callable[[Item], int],
        most: int,
        window: float,
    ) -> None:
        """Store the settings.

        Args:
            work: makes the results of a batch; runs on a thread.
            length: returns the length of an item.
            most: the most items of a batch.
            window: how many seconds a batch waits to fill up.
        """
        self._work = work
        self._length = length
        self._most = most
        self._window = window
        self._waiting: list[_Request[Item, Made]] = []
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="batcher")
        self._serving: asyncio.Task[None] | None = None
        self._full = asyncio.Event()

    async def ask(self, item: Item) -> Made:
        """Return the result of `work` for the item.

        Raises:
            Exception: the error that `work` raised for a batch of this item alone.
        """
        answer: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        request = _Request(item, self._length(item), answer)
        self._waiting.append(request)
        if self._serving is None or self._serving.done():
            self._full = asyncio.Event()
            self._serving = asyncio.create_task(self._serve())
        if len(self._waiting) >= self._most:
            self._full.set()
        return await request.answer

    async def alone(self, task: Callable[[], Found]) -> Found:
        """Run another task on the batch thread, between two batches."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, task)

    async def _serve(self) -> None:
        """Process batches until no request is waiting."""
        try:
            while self._waiting:
                await self._fill()
                await self._answer(self._next())
        finally:
            for request in self._waiting:  # only when the event loop is closing
                request.answer.cancel()
            self._waiting.clear()

    async def _fill(self) -> None:
        """Wait until a batch is full, but no longer than the window."""
        if len(self._waiting) < self._most:
            self._full.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._window):
                    await self._full.wait()

    def _next(self) -> list[_Request[Item, Made]]:
        """Remove and return the oldest request and the requests closest to it in length."""
        waiting = [request for request in self._waiting if not request.answer.done()]
        size = waiting[0].length if waiting else 0
        alike = [one for one in waiting if one.length <= size * _ALIKE and size <= one.length * _ALIKE]
        batch = sorted(alike, key=lambda one: abs(one.length - size))[: self._most]
        taken = set(batch)
        self._waiting = [request for request in waiting if request not in taken]
        return batch

    async def _answer(self, batch: Sequence[_Request[Item, Made]]) -> None:
        """Process the batch and deliver its results; if it fails, try its halves."""
        batch = [request for request in batch if not request.answer.done()]
        if not batch:
            return
        items = [request.item for request in batch]
        try:
            made = await self.alone(lambda: self._work(items))
            results = list(zip(batch, made, strict=True))
        except asyncio.CancelledError:
            for request in batch:
                request.answer.cancel()
            raise
        except BaseException as exc:  # noqa: BLE001  even a panic of a library belongs to the callers: they wait
            await self._fail(batch, exc)
            return
        for request, result in results:
            if not request.answer.done():
                request.answer.set_result(result)

    async def _fail(self, batch: Sequence[_Request[Item, Made]], exc: BaseException) -> None:
        if len(batch) == 1:
            if not batch[0].answer.done():
                batch[0].answer.set_exception(exc)
            return
        middle = len(batch) // 2
        await self._answer(batch[:middle])
        await self._answer(batch[middle:])
