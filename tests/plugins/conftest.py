"""The house that a stranger's adapter is connected to, and what its tests look at."""

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
    """A house whose source lists two papers a day, over each kind of store."""
    source = ToldSource(papers=five_papers()[:2])
    if request.param == "memory":
        async with a_bench(MemoryStore(), told=source) as made:
            yield made
    else:
        async with open_store(str(tmp_path / "kept.sqlite3")) as store, a_bench(store, told=source) as made:
            yield made


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package whose adapters are those given."""

    def made(package: str = "paperwire-tincan", kind: str = "adapters", **names: str) -> None:
        points = {name.replace("_", "-"): value for name, value in names.items()}
        installed(tmp_path / package, monkeypatch, package, {kind: points})

    return made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after a moment what would be given up after a minute."""
    monkeypatch.setattr(supervisor.Connection.open, "__defaults__", (0.2,))
    monkeypatch.setattr(supervisor.Connection.close, "__defaults__", (0.2,))
