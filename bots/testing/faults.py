"""The contract of every adapter for failures of its platform: each becomes the error that delivery expects."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime

import pytest

from bots.domain.digests import Part
from bots.domain.errors import DeliveryError, HistoryClosed, PostRefused, PostUnknown
from bots.testing.comparing import squeezed
from bots.testing.failing import RAISED, RETRY_AFTER, Fault
from bots.testing.looping import in_loop
from bots.testing.samples import a_digest
from bots.testing.stage import Stage

__all__ = ["Fault", "FaultContract"]

#: Faults after which the platform cannot be queried for a posted message.
_UNASKED = (Fault.BUSY, Fault.DOWN, Fault.LOST_BEFORE, Fault.GARBLED)


class FaultContract:
    """The tests of an adapter whose fake platform can fail; its stage has `fail`."""

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """Return a new, empty stage."""
        raise NotImplementedError

    @pytest.mark.parametrize("fault", list(Fault))
    @in_loop
    async def test_a_fault_becomes_its_error(self, fault: Fault) -> None:
        """Each fault of the platform raises its error, with a sentence as message, and the adapter does not retry."""
        async with self.stage() as stage:
            stage.fail(fault)
            with pytest.raises(DeliveryError) as raised:
                await stage.adapter.post(a_part(stage), "key")
            assert (1 if fault is Fault.LOST_AFTER else 0) == times_shown(stage)
        assert isinstance(raised.value, RAISED[fault])
        assert str(raised.value).endswith(".")

    @in_loop
    async def test_a_busy_platform_says_when(self) -> None:
        """The error has the wait that a busy platform requests."""
        async with self.stage() as stage:
            stage.fail(Fault.BUSY)
            with pytest.raises(PostRefused) as raised:
                await stage.adapter.post(a_part(stage), "key")
        assert RETRY_AFTER == raised.value.retry_after

    @pytest.mark.parametrize("fault", list(Fault))
    @in_loop
    async def test_after_a_fault_the_message_is_there_once(self, fault: Fault) -> None:
        """After a fault, a part that is looked up first and then posted is displayed once."""
        async with self.stage() as stage:
            began, part = stage.clock(), a_part(stage)
            stage.fail(fault)
            with pytest.raises(DeliveryError):
                await stage.adapter.post(part, "key")
            found = await self._found(stage, began)
            assert not stage.finds_its_own or (fault is Fault.LOST_AFTER) == (found is not None)
            assert found or await stage.adapter.post(part, "key")
            assert 1 == times_shown(stage)

    @staticmethod
    async def _found(stage: Stage, began: datetime) -> str | None:
        """Return the id that `find` returns; None if the platform never supports a query, as the stage says."""
        try:
            return await stage.adapter.find(stage.channel, "key", began)
        except HistoryClosed:
            assert not stage.finds_its_own
            return None

    @pytest.mark.parametrize("fault", _UNASKED)
    @in_loop
    async def test_a_history_that_cannot_be_read_is_not_empty(self, fault: Fault) -> None:
        """If the platform does not respond, `find` retries or raises: None would cause a second post."""
        async with self.stage() as stage:
            began = stage.clock()
            message_id = await stage.adapter.post(a_part(stage), "key")
            stage.fail(fault)
            try:
                found = await stage.adapter.find(stage.channel, "key", began)
            except (PostRefused, PostUnknown):
                return
            except HistoryClosed:
                assert not stage.finds_its_own
                return
        assert message_id == found


def a_part(stage: Stage) -> Part:
    """Return the first part of a digest for the stage's channel."""
    return stage.adapter.compose(a_digest(channel=stage.channel))[0]


def times_shown(stage: Stage) -> int:
    """Return how often the digest's headline is visible."""
    return squeezed(stage.seen()).count(squeezed("5 papers for Tuesday"))
