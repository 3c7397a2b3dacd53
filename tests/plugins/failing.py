"""Ways in which a stranger's platform cannot be connected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bots.domain.errors import SettingsError
from bots.ports import Adapter
from bots.usecases.service import Service
from tests.support.stranger import Stranger


async def fail(error: BaseException) -> None:
    """Fail as told."""
    raise error


@asynccontextmanager
async def crashing(_service: Service) -> AsyncIterator[Adapter]:
    """Fail before anything is connected."""
    await fail(ZeroDivisionError("canary"))
    yield Stranger()


@asynccontextmanager
async def hanging(_service: Service) -> AsyncIterator[Adapter]:
    """Never be connected."""
    await asyncio.sleep(3600)
    yield Stranger()


@asynccontextmanager
async def leaving(_service: Service) -> AsyncIterator[Adapter]:
    """Try to leave the program."""
    await fail(SystemExit())
    yield Stranger()


@asynccontextmanager
async def misconfigured(_service: Service) -> AsyncIterator[Adapter]:
    """Say what is set wrongly."""
    await fail(SettingsError("The token is not valid.", hint="Copy it again."))
    yield Stranger()
