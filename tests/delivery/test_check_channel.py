"""The guard around an adapter's optional check of a channel: documented errors come through, and none waits long."""

import asyncio
from dataclasses import dataclass

import pytest

from bots.delivery.adapter_guard import Guarded
from bots.domain.channels import Channel
from bots.domain.errors import AdapterFault, BadCommand, ChannelGone, PostRefused, PostUnknown
from tests.support.stranger import CHANNEL, Stranger


@dataclass(kw_only=True)
class Knowing(Stranger):
    """An adapter that checks channels, with the given result."""

    error: BaseException | None = None
    hangs: bool = False

    async def check_channel(self, _: Channel) -> None:
        """Raise the given error, or hang."""
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error


@pytest.mark.parametrize(
    "error", [BadCommand("no id"), ChannelGone("gone"), PostRefused("busy"), PostUnknown("silent")]
)
async def test_documented_errors_come_through(error: Exception) -> None:
    """What the port documents reaches the caller unchanged."""
    with pytest.raises(type(error)) as raised:
        await Guarded(adapter=Knowing(error=error)).check_channel(CHANNEL)
    assert error is raised.value


async def test_an_adapter_that_fails_is_named() -> None:
    """Any other error is a fault of the adapter, and names the method."""
    with pytest.raises(AdapterFault, match="check_channel"):
        await Guarded(adapter=Knowing(error=ZeroDivisionError("secret"))).check_channel(CHANNEL)


async def test_a_check_that_does_not_end() -> None:
    """An adapter that does not answer is like a platform that does not tell."""
    with pytest.raises(PostUnknown, match="did not answer"):
        await Guarded(adapter=Knowing(hangs=True), call=0.01).check_channel(CHANNEL)


async def test_an_adapter_without_the_method_accepts_every_channel() -> None:
    """The method is optional."""
    await Guarded(adapter=Stranger()).check_channel(CHANNEL)
    await Guarded(adapter=Knowing()).check_channel(CHANNEL)
