"""Fixtures of every crash test: a source of workers, and a database with blurbs to start from."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.scenes import make_template
from tests.crash.workers import Workers, open_workers


@pytest.fixture(scope="package")
async def workers() -> AsyncIterator[Workers]:
    """A source of worker processes."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    async with open_workers() as opened:
        yield opened


@pytest.fixture(scope="package")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the blurbs of the sample day."""
    return await make_template(tmp_path_factory.mktemp("template") / "paperwire.sqlite3")
