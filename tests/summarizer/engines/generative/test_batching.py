"""Claims about the batching of concurrent requests."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from summarizer.engines.generative.batching import Batcher


class Shouting:
    """Work for a batcher that returns upper case, records its batches and can be paused by the test."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.threads: set[str] = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.started = threading.Event()

    def __call__(self, items: Sequence[str]) -> list[str]:
        """Return every item in upper case; an item "bad" makes its batch fail."""
        self.batches.append(list(items))
        self.threads.add(threading.current_thread().name)
        self.started.set()
        self.may_go_on.wait(timeout=10)
        if "bad" in items:
            raise ValueError("one was bad")
        return [item.upper() for item in items]


def batcher(work: Shouting, *, most: int = 4, window: float = 0.0) -> Batcher[str, str]:
    """Return a batcher of texts."""
    return Batcher(work, length=len, most=most, window=window)


async def busy(work: Shouting, batches: Batcher[str, str]) -> "asyncio.Task[str]":
    """Occupy the thread with one item, until the test lets it continue."""
    work.may_go_on.clear()
    first = asyncio.create_task(batches.ask("first"))
    await asyncio.to_thread(work.started.wait, 10)
    return first


async def test_what_comes_together_is_one_batch_and_everyone_gets_their_own() -> None:
    """Four calls within the window are one batch; each call receives its own result."""
    work = Shouting()
    batches = batcher(work, window=5.0)
    assert ["AA", "BB", "CC", "DD"] == await asyncio.gather(*map(batches.ask, ("aa", "bb", "cc", "dd")))
    assert 1 == len(work.batches)
    assert 1 == len(work.threads)


async def test_a_batch_is_never_larger_than_allowed() -> None:
    """Ten calls are processed in batches of at most four."""
    work = Shouting()
    words = [f"{number:02}" for number in range(10)]
    assert words == await asyncio.gather(*map(batcher(work).ask, words))
    assert 10 == sum(map(len, work.batches))
    assert 4 == max(map(len, work.batches))


async def test_short_and_long_texts_are_not_padded_to_each_other() -> None:
    """Only waiting items with lengths within a factor of two share a batch, and the oldest goes first."""
    work = Shouting()
    batches = batcher(work)
    first = await busy(work, batches)
    rest = [asyncio.create_task(batches.ask(text)) for text in ("x" * 100, "yy", "x" * 150, "yyy")]
    await asyncio.sleep(0)
    work.may_go_on.set()
    await asyncio.gather(first, *rest)
    assert [["first"], ["x" * 100, "x" * 150], ["yy", "yyy"]] == work.batches


async def test_a_caller_who_gives_up_waiting_is_not_worked_for() -> None:
    """An item cancelled before its batch is dropped; the others are processed."""
    work = Shouting()
    batches = batcher(work)
    first = await busy(work, batches)
    left, stays = (asyncio.create_task(batches.ask(text)) for text in ("left", "stay"))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    work.may_go_on.set()
    assert ["FIRST", "STAY"] == [await first, await stays]
    assert [["first"], ["stay"]] == work.batches


async def test_a_caller_who_gives_up_in_the_middle_of_a_batch_harms_nobody() -> None:
    """After a call is cancelled during its batch, the batch continues, and the others and later calls get results."""
    work = Shouting()
    batches = batcher(work, most=2, window=5.0)
    work.may_go_on.clear()
    left, stays = (asyncio.create_task(batches.ask(text)) for text in ("left", "stay"))
    await asyncio.to_thread(work.started.wait, 10)
    left.cancel()
    work.may_go_on.set()
    assert "STAY" == await stays
    with pytest.raises(asyncio.CancelledError):
        await left
    assert ["AAAA", "BBBB"] == await asyncio.gather(*map(batches.ask, ("aaaa", "bbbb")))


async def test_only_the_item_at_fault_fails() -> None:
    """Halving isolates the faulty item; the other items succeed."""
    batches = batcher(Shouting(), window=5.0)
    found = await asyncio.gather(*map(batches.ask, ("one", "bad", "two", "six")), return_exceptions=True)
    assert ["ONE", "one was bad", "TWO", "SIX"] == [str(each) for each in found]
    assert isinstance(found[1], ValueError)


async def test_too_few_results_are_nobodys_answer() -> None:
    """If the work loses an item, that item fails, and no result goes to the wrong caller."""

    def lossy(items: Sequence[str]) -> list[str]:
        return [item for item in items if item != "lost"]

    batches: Batcher[str, str] = Batcher(lossy, length=len, most=2, window=5.0)
    kept, lost = await asyncio.gather(batches.ask("kept"), batches.ask("lost"), return_exceptions=True)
    assert "kept" == kept
    assert isinstance(lost, ValueError)


def test_one_batcher_serves_one_event_loop_after_another() -> None:
    """A second event loop is not affected by the first, even if that ended with a caller waiting."""
    work = Shouting()
    batches = batcher(work)

    async def leave() -> None:
        work.may_go_on.clear()
        abandoned = asyncio.create_task(batches.ask("abandoned"))
        await asyncio.to_thread(work.started.wait, 10)
        assert not abandoned.done()

    asyncio.run(leave())
    work.may_go_on.set()
    assert "AGAIN" == asyncio.run(batches.ask("again"))


async def test_other_work_takes_its_turn_on_the_same_thread() -> None:
    """A task passed to `alone` runs on the thread of the batches, so it never runs at the same time as one."""
    work = Shouting()
    batches = batcher(work)
    await batches.ask("word")
    assert work.threads == {await batches.alone(lambda: threading.current_thread().name)}
