"""Our own engines keep the claims of the test kit that ships: the very class that a plug-in's author inherits."""

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
    """Engines one after the other answer as one."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        return nullcontext(ChainEngine([ExtractiveEngine(), ExtractiveEngine()]))


class TestRemote(EngineContract):
    """The engine that asks a server, beside a fake of one."""

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Summarizer]:
        async with a_world() as world:
            yield world.engine
