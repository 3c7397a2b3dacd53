"""Migrations: the steps that bring a database up to date."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from bots.store.sql import open_store
from bots.store.tables import metadata
from tests.store.stores import WITH_TABLES, a_run, address, is_ours


@pytest.fixture(params=WITH_TABLES)
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind of store that has tables."""
    return str(request.param)


async def test_the_steps_make_the_tables_we_know(kind: str, tmp_path: Path) -> None:
    """A database migrated from nothing matches tables.py exactly, beside the full-text index that triggers fill."""
    with address(kind, tmp_path) as place:
        async with open_store(place):
            pass
        engine = open_blocking_engine(read_address(place), patience=5)
        with engine.connect() as connection:
            configured = MigrationContext.configure(connection, opts={"include_name": is_ours})
            assert [] == compare_metadata(configured, metadata)
        engine.dispose()


async def test_tasks_may_open_the_same_database_at_once(kind: str, tmp_path: Path) -> None:
    """Several tasks of one process can open an empty database at the same time."""
    with address(kind, tmp_path) as place:

        async def use() -> bool:
            async with open_store(place) as store:
                return await store.open_run(a_run())

        assert 1 == sum(await asyncio.gather(*(use() for _ in range(5))))
