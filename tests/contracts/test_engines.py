"""Our own engines pass the contract of the test kit, the same class that plug-in authors inherit."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from bots.testing import EngineContract
from summarizer import Summarizer
from summarizer.engines.chain import ChainEngine
from summarizer.engines.extractive.engine import ExtractiveEngine
from tests.summarizer.engines.remote.remotes import a_world


class TestExtractive(EngineContract):
    """The default engine."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        return nullcontext(ExtractiveEngine())


class TestChain(EngineContract):
    """Several engines in order, which act as one."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        return nullcontext(ChainEngine([ExtractiveEngine(), ExtractiveEngine()]))


class TestRemote(EngineContract):
    """The engine that uses a server, with a fake server."""

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Summarizer]:
        async with a_world() as world:
            yield world.engine
