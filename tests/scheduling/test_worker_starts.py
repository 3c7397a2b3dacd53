"""A worker does not begin without its server."""

import pytest

from bots.bootstrap.databases import open_queue
from bots.config.settings import read_settings
from bots.domain.errors import StoreError
from tests.store.stores import needs_postgres

pytestmark = needs_postgres


async def test_a_server_that_is_down_is_told_at_once() -> None:
    """A worker that cannot connect says why, in the words of the store, and does not try for half a minute first."""
    settings = read_settings(file=None, database="postgresql://someone:word@127.0.0.1:1/nothing")
    with pytest.raises(StoreError, match="refused the connection"):
        async with open_queue(settings):
            pass
