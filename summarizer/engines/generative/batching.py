"""Gathers concurrent requests into batches for one worker thread: knows nothing of models."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
Found = TypeVar("Found")

#: In one batch the longest item is at most this many times as long as the one that waited longest, and the reverse:
#: what is shorter is padded to the longest, and padding costs as much as text.
_ALIKE = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Request(Generic[Item, Made]):
    """One caller waiting for one item."""

    item: Item
    length: int
    answer: "asyncio.Future[Made]"


class Batcher(Generic[Item, Made]):
    """Hands items to `work` in batches of like length, one batch at a time, and each result to its caller.

    A caller who gives up harms nobody: before its batch the item is dropped, afterwards the result is. Of a batch
    that fails, each half is tried alone, so that only the item at fault fails, and lack of memory heals itself.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Made]],
        *,
        length: Callable[[Item], int],
        most: int,
        window: float,
    ) -> None:
        """Keep the work, which runs on a thread; `window` is how many seconds a batch waits to fill up to `most`."""
        self._work = work
        self._length = length
        self._most = most
        self._window = window
        self._waiting: list[_Request[Item, Made]] = []
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="batcher")
        self._serving: asyncio.Task[None] | None = None
        self._full = asyncio.Event()

    async def ask(self, item: Item) -> Made:
        """Return what `work` makes of the item.

        Raises:
            Exception: whatever `work` raised for a batch of this item alone.
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
        """Run something else on the thread that makes the batches, between two of them."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, task)

    async def _serve(self) -> None:
        """Make batches until nobody waits."""
        try:
            while self._waiting:
                await self._fill()
                await self._answer(self._next())
        finally:
            for request in self._waiting:  # only where the event loop is going down
                request.answer.cancel()
            self._waiting.clear()

    async def _fill(self) -> None:
        """Wait until a batch is full, but not longer than the window."""
        if len(self._waiting) < self._most:
            self._full.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._window):
                    await self._full.wait()

    def _next(self) -> list[_Request[Item, Made]]:
        """Take who has waited longest, and those whose items are most like it in length."""
        waiting = [request for request in self._waiting if not request.answer.done()]
        size = waiting[0].length if waiting else 0
        alike = [one for one in waiting if one.length <= size * _ALIKE and size <= one.length * _ALIKE]
        batch = sorted(alike, key=lambda one: abs(one.length - size))[: self._most]
        taken = set(batch)
        self._waiting = [request for request in waiting if request not in taken]
        return batch

    async def _answer(self, batch: Sequence[_Request[Item, Made]]) -> None:
        """Make the batch and hand out the results; where it fails, try its halves."""
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
