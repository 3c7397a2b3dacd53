"""What the operator's pages act with: handed to the adapters that ask for it, before people are served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from bots.bootstrap.app import open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.bootstrap.engine_reports import engine_reports
from bots.config.settings import read_settings
from bots.console.app import Console, ConsoleSettings
from bots.console.app import connect as connect_console
from bots.delivery.operations import EngineReport, Operations
from bots.usecases.service import Service
from summarizer import EngineMissing


class Watching:
    """An adapter with pages for the operator."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.platform = "watching"
        self.given: list[Operations] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._console, name)

    def operate(self, operations: Operations) -> None:
        """Take what the pages act with."""
        self.given.append(operations)


async def test_an_adapter_with_pages_gets_the_operations() -> None:
    """An adapter that has the method gets the program's own parts, once; its platform is among the connected ones."""
    held: list[Watching] = []

    @asynccontextmanager
    async def connect(service: Service) -> AsyncIterator[Watching]:
        async with connect_console(ConsoleSettings(stream=StringIO()), service) as console:
            held.append(Watching(console))
            yield held[-1]

    settings = read_settings({}, database=IN_MEMORY)
    async with open_app(settings, screen=StringIO(), libraries=(), connectors=(connect,)) as application:
        ((operations,),) = (each.given for each in held)
        assert operations.operator.executor is application.executor
        assert operations.operator.store is application.store
        assert {"console", "watching"} == set(operations.adapters)
        assert {} == operations.absent
        assert ["extractive"] == [each.name for each in operations.engines()]


@dataclass
class _Usage:
    day: date = date(2026, 11, 24)
    requests: int = 7
    tokens: int = 1234


@dataclass
class _Engine:
    engine: str
    model: str = "m-1"
    is_open: bool = True
    usage: object = None


class _Missing:
    engine = "mine"

    @property
    def model(self) -> str:
        raise EngineMissing("it is not installed.")


def test_engines_are_reported() -> None:
    """Each engine is named with what it used; one that was not needed is not opened, nor one that cannot be."""
    settings = read_settings({"PAPERWIRE_ENGINE_DAILY_BUDGET_TOKENS": "5000"}, database=IN_MEMORY)
    engines: list[Any] = [_Engine("remote", usage=_Usage()), _Engine("mine", usage="much"), _Missing()]
    engines.append(_Engine("extractive", is_open=False))
    assert (
        EngineReport(name="remote", model="m-1", requests=7, tokens=1234, allowed=5000),
        EngineReport(name="mine", model="m-1"),
        EngineReport(name="mine"),
        EngineReport(name="extractive"),
    ) == engine_reports(engines, settings)
