"""Tests of the app's wiring: our sources and third-party sources are both opened by name."""

import asyncio
import io
import tomllib

import pytest

from bots.bootstrap.app import open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.bootstrap.plugins import GROUPS
from bots.config.settings import Settings, read_settings
from bots.domain.channels import Channel
from bots.domain.errors import SettingsError
from bots.domain.replies import Card
from bots.domain.requests import Lookup
from bots.sources.source_opener import SourceOpener
from bots.store.permits import SharedPermits
from tests.conftest import ROOT
from tests.store.stores import needs_postgres
from tests.support import postgres

HERE = Channel(platform="console", channel="terminal")


@pytest.fixture
def settings() -> Settings:
    return read_settings({}, database=IN_MEMORY)


@pytest.mark.parametrize("kind", ["adapters", "sources"])
def test_ours_are_registered_like_a_strangers(kind: str) -> None:
    """The table that needs no metadata and the entry points of the package name the same adapters and sources."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert dict(GROUPS[kind].built_in) == project["project"]["entry-points"][GROUPS[kind].group]


async def test_an_unknown_source_is_refused_with_those_there_are(settings: Settings) -> None:
    """The error for an unknown source names the known ones."""
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        with pytest.raises(SettingsError) as caught:
            application.service.digest_builder.source_reader.open_source("hugingface")

    assert "huggingface" in caught.value.hint


async def test_the_whole_app_answers(settings: Settings) -> None:
    """The complete app answers a look-up request with a reply."""
    async with open_app(settings, screen=io.StringIO(), libraries=("sample",)) as application:
        reply = await application.service.answer(Lookup(channel=HERE, text="1706.03762"))

    assert isinstance(reply, Card)


async def test_a_process_alone_shares_no_limits(settings: Settings) -> None:
    """With a database of its own a process counts rate limits in its memory."""
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        assert application.service.permits is None


@needs_postgres
async def test_processes_with_one_server_share_their_limits() -> None:
    """On Postgres every part that asks others takes its permits there: adapters, delivery and sources."""
    with postgres.database() as url:
        database = url.render_as_string(hide_password=False)
        async with (
            open_app(read_settings({}, database=database), screen=io.StringIO(), libraries=()) as application,
            asyncio.timeout(30),
        ):
            permits = application.service.permits
            assert isinstance(permits, SharedPermits)
            (limiter,) = application.executor.part_delivery.rate_limiters.values()
            assert permits is limiter._permits
            opener = application.service.digest_builder.source_reader.open_source
            assert isinstance(opener, SourceOpener)
            assert permits is opener._client._permits
            async with limiter.turn(HERE):
                pass
            assert 2 == permits._line.asked
