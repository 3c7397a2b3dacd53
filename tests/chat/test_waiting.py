"""A slow answer is announced, and nothing that the announcement does loses the answer."""

import asyncio

import pytest

from bots.chat.waiting import announce_if_slow


class Person:
    """What a person was sent."""

    def __init__(self, error: Exception | None = None) -> None:
        self.announced = 0
        self.sent = asyncio.Event()
        self._error = error

    async def announce(self) -> None:
        """Note the announcement, or fail as a chat does."""
        self.announced += 1
        self.sent.set()
        if self._error:
            raise self._error


async def after(event: asyncio.Event) -> str:
    """Return an answer when the event is set."""
    await event.wait()
    return "answer"


async def test_a_quick_answer_is_not_announced() -> None:
    """An answer that is there within the patience comes without an announcement."""
    person, done = Person(), asyncio.Event()
    done.set()
    assert ("answer", False) == await announce_if_slow(after(done), person.announce, patience=30)
    assert 0 == person.announced


@pytest.mark.parametrize("error", [None, OSError("the chat is away"), ValueError("no such view")])
async def test_a_slow_answer_is_announced_once_and_comes(error: Exception | None) -> None:
    """An answer that takes longer is announced once, and comes even if the announcement failed."""
    person, done = Person(error), asyncio.Event()
    task = asyncio.create_task(announce_if_slow(after(done), person.announce, patience=0))
    await person.sent.wait()
    done.set()
    assert ("answer", True) == await task
    assert 1 == person.announced


async def test_work_that_fails_raises_its_own_error() -> None:
    """The error of the work reaches the caller."""

    async def broken() -> str:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        await announce_if_slow(broken(), Person().announce, patience=30)


async def test_a_cancelled_wait_ends_the_work() -> None:
    """When the caller is cancelled, the work does not go on unseen."""
    ended = asyncio.Event()

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(announce_if_slow(long(), Person().announce, patience=30))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(ended.wait(), timeout=5)
