"""The wiring: every room is reached by its name, and a stranger's as easily as ours."""

import io
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from bots.bootstrap import app
from bots.bootstrap.app import IN_MEMORY, SOURCES, open_app
from bots.config.settings import Settings, read_settings
from bots.domain.channels import Channel
from bots.domain.errors import SettingsError
from bots.domain.harvests import Harvest
from bots.domain.replies import Card
from bots.domain.requests import DigestNow, Lookup
from bots.ports import Ask
from bots.sources.context import SourceContext
from tests.support.factories import a_paper

HERE = Channel(platform="console", channel="terminal")


class Strangers:
    """A source that another package ships."""

    spec = "strangers"

    @classmethod
    def open(cls, _argument: str, _context: SourceContext) -> "Strangers":
        """Open it as every source is opened."""
        return cls()

    async def recent(self, _ask: Ask) -> Harvest:
        """List one paper."""
        return Harvest(source=self.spec, papers=(a_paper(source=self.spec),))


@pytest.fixture
def strangers_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package that registers a source, as far as Python's metadata knows."""
    package = tmp_path / "strangers-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers\nVersion: 1\n")
    (package / "entry_points.txt").write_text(f"[{app.SOURCES_GROUP}]\nstrangers = {__name__}:Strangers\n")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.fixture
def settings() -> Settings:
    return read_settings({}, database=IN_MEMORY)


def test_our_sources_are_registered_like_a_strangers() -> None:
    """The table in the wiring and the entry points of the package name the same sources."""
    registered = {point.name: point.value for point in entry_points(group=app.SOURCES_GROUP)}

    assert dict(SOURCES) == {name: registered[name] for name in SOURCES}


@pytest.mark.usefixtures("strangers_installed")
async def test_a_strangers_source_is_opened_by_its_name(settings: Settings) -> None:
    """A package that registers a source in our group can be asked for papers at once."""

    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        digest = await application.service.digest_now(DigestNow(channel=HERE, sources=("strangers",)))

    assert ("Attention Is All You Need",) == tuple(entry.paper.title for entry in digest.entries)


async def test_an_unknown_source_is_refused_with_those_there_are(settings: Settings) -> None:
    """A misspelt source names the known ones."""
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        with pytest.raises(SettingsError) as caught:
            application.service.digest_builder.source_reader.open_source("hugingface")

    assert "huggingface" in caught.value.hint


@pytest.mark.usefixtures("strangers_installed")
async def test_a_source_that_cannot_be_searched_is_no_library(settings: Settings) -> None:
    """A library must be able to look papers up; what cannot is refused when the house opens."""

    with pytest.raises(SettingsError, match="searched"):
        async with open_app(settings, screen=io.StringIO(), libraries=("strangers",)):
            pass


async def test_the_whole_house_answers(settings: Settings) -> None:
    """Every room open, a look-up walks from the request to the reply."""
    async with open_app(settings, screen=io.StringIO(), libraries=("sample",)) as application:
        reply = await application.service.answer(Lookup(channel=HERE, text="1706.03762"))

    assert isinstance(reply, Card)
