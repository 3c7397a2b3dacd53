"""A third-party platform that cannot be connected, or disconnects, affects no other; the doctor reports it."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bots.bootstrap import supervisor
from bots.bootstrap.app import App, open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.bootstrap.supervisor import Connection, NotConnected
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, SettingsError
from bots.domain.requests import DigestNow
from bots.ports import Adapter
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.service import Service
from tests.plugins.failing import crashing, fail, hanging, leaving, misconfigured
from tests.support.stranger import CHANNEL, Panic, Stranger, connected

Room = Callable[[Service], AbstractAsyncContextManager[Adapter]]


def a_room(stranger: Any) -> Room:
    return lambda _service: connected(stranger)


@asynccontextmanager
async def stuck_at_the_end(_service: Service) -> AsyncIterator[Adapter]:
    """Connect, and hang at shutdown."""
    yield Stranger()
    await asyncio.sleep(3600)


@asynccontextmanager
async def failing_at_the_end(_service: Service) -> AsyncIterator[Adapter]:
    """Connect, and fail at shutdown."""
    yield Stranger()
    raise RuntimeError


async def deaf() -> None:
    """Fail in a background task."""
    await asyncio.sleep(0)
    raise ConnectionError


@asynccontextmanager
async def falling(_service: Service) -> AsyncIterator[Adapter]:
    """Connect, until a background task fails."""
    async with asyncio.TaskGroup() as group:
        group.create_task(deaf())
        yield Stranger()


def no_adapter(**changes: Any) -> Room:
    stranger = Stranger(**changes)
    room = a_room(stranger)
    room.name = "tin-can"  # type: ignore[attr-defined]  # as a platform's own has it
    return room


@asynccontextmanager
async def an_app(*connectors: Room) -> AsyncIterator[App]:
    settings = read_settings({}, database=IN_MEMORY)
    async with open_app(settings, screen=io.StringIO(), connectors=connectors, libraries=()) as application:
        yield application


ONCE = Rate(count=1, seconds=1)
WRONG_LIMITS: list[Any] = [
    RateLimits(channel=Rate(count=0, seconds=1), platform=ONCE),
    RateLimits(channel=Rate(count="1", seconds=1), platform=ONCE),  # type: ignore[arg-type]  # what is wrong with it
    RateLimits(channel=ONCE, platform=Rate(count=1, seconds=float("nan"))),
    RateLimits(channel=ONCE, platform=ONCE, at_once=0),
    RateLimits(channel=ONCE, platform=ONCE, at_once=-1),
]


class Fickle(Stranger):
    """An adapter whose limits can be read once."""

    read = False

    def __getattribute__(self, name: str) -> Any:
        if name != "limits":
            return super().__getattribute__(name)
        if Fickle.read:
            raise ValueError("read before")
        Fickle.read = True
        return RateLimits(channel=ONCE, platform=ONCE)


@asynccontextmanager
async def panicking(_service: Service) -> AsyncIterator[Adapter]:
    """Raise an error that is no Exception while connecting."""
    raise Panic
    yield  # type: ignore[unreachable]  # makes it a generator


BROKEN = [
    crashing,
    hanging,
    leaving,
    a_room(object()),
    a_room(None),
    no_adapter(platform="other"),
    no_adapter(limits=None),
    *(no_adapter(limits=limits) for limits in WRONG_LIMITS),
    a_room(Fickle()),
    panicking,
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_platform_that_cannot_be_connected_costs_no_other(broken: Room) -> None:
    """A platform that cannot be connected is left out, and a digest is posted on another platform."""
    stranger = Stranger(platform="other-can")
    there = replace(CHANNEL, platform="other-can")
    async with an_app(broken, a_room(stranger)) as application:
        made = await application.service.digest_now(
            DigestNow(channel=there, sources=("sample",), trusted=True, limit=1)
        )
        run = await application.executor.post_now(made)

    assert "1 paper in 1 part" == run.note
    assert 1 == len(stranger.posted)


async def test_what_is_set_wrongly_stops_the_program_with_its_sentence() -> None:
    """A SettingsError is not treated as a fault of the adapter: it stops the program with its message."""
    with pytest.raises(SettingsError, match="The token is not valid"):
        async with an_app(a_room(Stranger()), misconfigured):
            pass


async def test_a_post_to_a_platform_that_failed_says_why_it_is_not_there() -> None:
    """The error of a manual post to the platform states why connecting failed, without the adapter's own message."""
    broken = type("Room", (), {"name": "tin-can", "__call__": lambda _, service: crashing(service)})()
    async with an_app(broken) as application:
        with pytest.raises(ChannelGone) as caught:
            application.executor.part_delivery.adapter("tin-can")

    assert "its adapter failed with ZeroDivisionError; the log has details" in str(caught.value)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("room", [stuck_at_the_end, failing_at_the_end])
async def test_an_end_that_fails_or_hangs_is_bounded(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """A connection that hangs or fails at shutdown does not delay the program, and is logged."""
    async with asyncio.timeout(10), an_app(room):
        pass

    assert any("connection" in record.message for record in caplog.records if record.levelno == logging.ERROR)


async def test_a_connection_that_ends_by_itself_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """A failing background task of an adapter cancels its own connection, and not the program."""
    async with an_app(falling) as application:
        await asyncio.sleep(0.05)
        await application.service.standing()

    assert "a connection ended unexpectedly" in [record.message for record in caplog.records]


async def test_a_platform_that_failed_is_connected_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that could not be connected, and one whose connection ended, are connected again automatically."""
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    attempts: list[Stranger] = []
    third = asyncio.Event()

    @asynccontextmanager
    async def unsteady(_service: Service) -> AsyncIterator[Adapter]:
        attempts.append(Stranger())
        if len(attempts) == 1:
            await fail(ConnectionError())
        if len(attempts) == 3:
            asyncio.get_running_loop().call_later(0.05, third.set)
        yield attempts[-1]

    @asynccontextmanager
    async def falling_once(service: Service) -> AsyncIterator[Adapter]:
        async with unsteady(service) as adapter, asyncio.TaskGroup() as group:
            if len(attempts) == 2:
                group.create_task(deaf())
            yield adapter

    async with asyncio.timeout(10), an_app(falling_once) as application:
        await third.wait()
        made = await application.service.digest_now(
            DigestNow(channel=CHANNEL, sources=("sample",), trusted=True, limit=1)
        )
        run = await application.executor.post_now(made)

    assert "1 paper in 1 part" == run.note
    assert [0, 0, 1] == [len(each.posted) for each in attempts]


async def test_who_is_cancelled_while_connecting_is_cancelled() -> None:
    """Ctrl-C while a platform is being connected ends the program and the connection."""
    ended = asyncio.Event()

    @asynccontextmanager
    async def waiting(_service: Service) -> AsyncIterator[Adapter]:
        try:
            await asyncio.sleep(3600)
            yield Stranger()
        finally:
            ended.set()

    opening = asyncio.create_task(Connection(waiting, None).open(60))  # type: ignore[arg-type]  # it asks for nothing
    await asyncio.sleep(0.01)
    opening.cancel()

    with pytest.raises(asyncio.CancelledError):
        await opening
    assert ended.is_set()


async def test_a_hang_is_named_with_its_time() -> None:
    """The error of a connection that hangs states the timeout."""
    with pytest.raises(NotConnected, match=r"did not connect within 0\.01 seconds"):
        await Connection(hanging, None).open(0.01)  # type: ignore[arg-type]  # it asks for nothing


def test_a_channel_on_a_strangers_platform_is_read_like_any() -> None:
    """`tin-can:team:papers`: a dash in the platform's name is not a separator."""
    assert Channel(platform="tin-can", workspace="team", channel="papers") == Channel.parse("tin-can:team:papers")
