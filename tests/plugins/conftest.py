"""Fixtures for tests of third-party adapters: a bench, an installer of packages, and short timeouts."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bots.bootstrap import supervisor
from bots.store.memory import MemoryStore
from bots.store.sql import open_store
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import five_papers
from tests.support.plugged import installed

Install = Callable[..., None]


@pytest.fixture(params=["memory", "sqlite"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A bench whose source lists two papers a day, with each kind of store."""
    source = ToldSource(papers=five_papers()[:2])
    if request.param == "memory":
        async with a_bench(MemoryStore(), told=source) as made:
            yield made
    else:
        async with open_store(str(tmp_path / "kept.sqlite3")) as store, a_bench(store, told=source) as made:
            yield made


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package that registers the given adapters."""

    def made(package: str = "paperwire-tincan", kind: str = "adapters", **names: str) -> None:
        points = {name.replace("_", "-"): value for name, value in names.items()}
        installed(tmp_path / package, monkeypatch, package, {kind: points})

    return made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reduce the timeouts of connecting and closing to a fraction of a second."""
    monkeypatch.setattr(supervisor.Connection.open, "__defaults__", (0.2,))
    monkeypatch.setattr(supervisor.Connection.close, "__defaults__", (0.2,))
