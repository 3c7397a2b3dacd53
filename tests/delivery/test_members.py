"""The guard around an adapter's optional look at who is in a channel: whatever goes wrong, nobody is mentioned."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pytest

from bots.delivery.adapter_guard import Guarded
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, PostUnknown
from tests.support.stranger import CHANNEL, Stranger

PEOPLE = ("ada", "bob")


@dataclass(kw_only=True)
class Seeing(Stranger):
    """An adapter that sees members, with the given result."""

    told: Any = frozenset(PEOPLE)
    error: BaseException | None = None
    hangs: bool = False

    async def members(self, _channel: Channel, _users: Collection[str]) -> frozenset[str]:
        """Return what it is given, raise, or hang."""
        if self.hangs:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        return self.told  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        (Seeing(), set(PEOPLE)),
        (Seeing(told={"ada", "mallory"}), {"ada"}),
        (Seeing(told=None), set()),
        (Seeing(told=7), set()),
        (Seeing(error=ChannelGone("gone")), set()),
        (Seeing(error=PostUnknown("silent")), set()),
        (Seeing(error=ZeroDivisionError("a bug")), set()),
        (Seeing(hangs=True), set()),
        (Stranger(), set()),
    ],
)
async def test_only_who_was_asked_about_and_is_there(adapter: Stranger, expected: set[str]) -> None:
    """No fault of an adapter mentions anyone or costs the digest, and nobody is there who was not asked about."""
    assert expected == await Guarded(adapter=adapter, call=0.05).members(CHANNEL, PEOPLE)


async def test_nobody_is_asked_about_for_nothing() -> None:
    """Without candidates the platform is left alone."""
    assert frozenset() == await Guarded(adapter=Seeing(error=AssertionError("asked"))).members(CHANNEL, ())
