"""The exceptions that the guard around an adapter passes on, and those that it stops."""

import asyncio
import gc
from contextlib import suppress
from functools import partial
from weakref import ref

import pytest

from bots.delivery.adapter_guard import Guarded
from bots.domain.digests import Part
from bots.domain.errors import AdapterFault
from bots.ports.bounded_calls import bounded
from tests.support.factories import a_digest
from tests.support.stranger import CHANNEL, Stranger, hangs, raises

PART = Part(channel=CHANNEL, number=1, total=1, payload={"text": "x"})


async def test_who_is_cancelled_while_an_adapter_is_called_is_cancelled() -> None:
    """A cancellation is not a fault of the adapter: it passes the guard and ends the call."""
    stranger = Stranger(bugs={"post": hangs})
    post = asyncio.create_task(Guarded(adapter=stranger).post(PART, "key"))
    await asyncio.sleep(0)

    post.cancel()

    with pytest.raises(asyncio.CancelledError):
        await post


async def test_an_adapter_that_cancels_itself_is_at_fault() -> None:
    """A CancelledError without a cancellation by the caller is a fault of the adapter, and does not end the run."""
    stranger = Stranger(bugs={"post": raises(asyncio.CancelledError())})

    with pytest.raises(AdapterFault):
        await Guarded(adapter=stranger).post(PART, "key")


async def test_a_failed_call_leaves_no_garbage() -> None:
    """What a call held is freed when its error is dealt with, and does not wait for the garbage collector."""

    class Large:
        """Stands for what a call holds."""

    held = Large()

    async def fails(holding: Large) -> None:
        await asyncio.sleep(0)
        raise ValueError(holding.__class__)

    gc.disable()
    try:
        with suppress(ValueError):
            await bounded(partial(fails, held), 30)
        known = ref(held)
        del held
        await asyncio.sleep(0)
        assert known() is None
    finally:
        gc.enable()


def test_a_keyboard_interrupt_in_an_adapter_ends_the_program() -> None:
    """Ctrl-C during a call of an adapter ends the program."""
    stranger = Stranger(bugs={"compose": raises(KeyboardInterrupt())})

    with pytest.raises(KeyboardInterrupt):
        Guarded(adapter=stranger).compose(a_digest(channel=CHANNEL))


async def test_a_call_that_will_not_be_cancelled_is_left_behind() -> None:
    """Code that ignores its cancellation does not delay the caller."""
    left = asyncio.Event()

    async def stubborn() -> None:
        while not left.is_set():
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                left.set()

    with pytest.raises(TimeoutError):
        await bounded(stubborn, 0.01)
    await asyncio.wait_for(left.wait(), 5)
