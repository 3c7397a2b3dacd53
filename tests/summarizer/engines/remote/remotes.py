"""The fixtures of the remote engine's tests: a server on this machine and a clock that the test sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from summarizer import Abstract, Secret
from summarizer.engines.remote.engine import RemoteEngine, RemoteSettings
from summarizer.engines.writing.prompts import Brief
from tests.fakes.completions_server import MODEL, CompletionsServer, Writer
from tests.support.doubles import Hand

ABSTRACT = Abstract(
    title="Gradient Postcards",
    text="Fast links between machines are expensive. In this paper, we propose postcards, which carry only large "
    "gradients. Experiments show that they need 40 times less traffic than full updates.",
)
BLURB = "We propose postcards, which carry only large gradients."


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A remote engine, its server and its clock."""

    server: CompletionsServer
    engine: RemoteEngine
    clock: Hand


@asynccontextmanager
async def a_world(
    *, brief: Brief | None = None, writer: Writer | None = None, **changes: object
) -> AsyncIterator[World]:
    """Yield an engine whose pauses take no time and whose random numbers are always 1."""
    clock = Hand()
    async with CompletionsServer(writer=writer) as server:
        known: dict[str, object] = {"url": server.url, "model": MODEL, "key": Secret(), "brief": brief or Brief()}
        settings = RemoteSettings(**{**known, **changes})  # type: ignore[arg-type] # one test each
        engine = RemoteEngine(settings, clock=clock, sleep=clock.sleep, random=lambda: 1.0)
        try:
            yield World(server=server, engine=engine, clock=clock)
        finally:
            await engine.aclose()
