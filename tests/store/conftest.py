"""The database of 0.1.0, opened by today's store."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bots.store.sql import SqlStore, open_store
from tests.store.recorded import KEY, left_by_0_1_0
from tests.store.stores import WITH_TABLES, see_all


@pytest.fixture(params=WITH_TABLES)
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database as 0.1.0 left it, in every kind of store that has tables."""
    with left_by_0_1_0(str(request.param), tmp_path) as place:
        yield place


@pytest.fixture
async def upgraded(left: str) -> AsyncIterator[SqlStore]:
    """Today's store of the database that 0.1.0 left."""
    async with open_store(left, keys=(KEY,)) as store:
        see_all(store)
        yield store
