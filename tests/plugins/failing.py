"""Connectors of third-party platforms that fail in different ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bots.domain.errors import SettingsError
from bots.ports import Adapter
from bots.usecases.service import Service
from tests.support.stranger import Stranger


async def fail(error: BaseException) -> None:
    """Raise the given error."""
    raise error


@asynccontextmanager
async def crashing(_service: Service) -> AsyncIterator[Adapter]:
    """Fail before the adapter is connected."""
    await fail(ZeroDivisionError("canary"))
    yield Stranger()


@asynccontextmanager
async def hanging(_service: Service) -> AsyncIterator[Adapter]:
    """Never connect."""
    await asyncio.sleep(3600)
    yield Stranger()


@asynccontextmanager
async def leaving(_service: Service) -> AsyncIterator[Adapter]:
    """Try to exit the program."""
    await fail(SystemExit())
    yield Stranger()


@asynccontextmanager
async def misconfigured(_service: Service) -> AsyncIterator[Adapter]:
    """Report a wrong setting."""
    await fail(SettingsError("The token is not valid.", hint="Copy it again."))
    yield Stranger()
