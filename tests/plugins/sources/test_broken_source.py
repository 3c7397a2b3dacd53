"""A third-party source that cannot be used affects nothing else, and is reported wherever it is missing."""

import io

import pytest

from bots.bootstrap.app import open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.cli.doctor import examine
from bots.cli.doctor_sources import check_sources
from bots.config.settings import read_settings
from bots.config.source_catalogue import SOURCES, catalogue, described
from bots.domain.errors import SettingsError
from tests.plugins.sources.conftest import Install
from tests.plugins.sources.preprints import PREPRINTS
from tests.support.factories import DAY, a_subscription


def written(old: str, new: str) -> str:
    """Return the code of the package's module with one change."""
    assert old in PREPRINTS
    return PREPRINTS.replace(old, new)


BROKEN = {
    "raises": ("raise RuntimeError('no such thing\\nas this')", "RuntimeError: no such thing as this"),
    "leaves": ("raise SystemExit(9)", "SystemExit: 9"),
    "imports": ("import nosuchmodule", "needs the module 'nosuchmodule'"),
    "syntax": ("def", "SyntaxError"),
    "nothing": ("", "has no attribute 'Preprints'"),
    "no class": ("Preprints = 7", "`description` is not a SourceDescription"),
    "no title": (written('title="Preprints"', 'title=""'), "`title` is not a text of 1 to 40 characters"),
    "title": (written('title="Preprints"', "title=7"), "`title` is not a text"),
    "control": (written('title="Preprints"', 'title="a\\x1b[0m"'), "`title` is not a text"),
    "examples": (written('("preprints:biology", "preprints:physics")', '["preprints:biology"]'), "`examples` is not"),
    "foreign": (written('"preprints:physics"', '"arxiv:physics"'), "'arxiv:physics' does not begin with 'preprints'"),
    "captions": (written('{"preprints:biology": "', '{"preprints:law": "'), "belongs to no example"),
    "hosts": (written("hosts=(", "hosts=(7, "), "`hosts` is not a tuple of HostPace"),
    "host": (written('"api.preprints.example", every', '"https://api", every'), "`host` is not a host's name"),
    "pace": (written("every=0.01", "every=-1"), "`every` is not a number of seconds from 0 to 3600"),
    "haste": (written("at_once=4", "at_once=400"), "`at_once` is not a whole number from 1 to 6"),
    "never": (written("every=0.01", "every=float('nan')"), "`every` is not a number"),
    "settings": (written("settings=(", "settings=({}, "), "`settings` is not a tuple of Setting"),
    "rank": (written("rank=1", "rank='first'"), "`rank` is not a whole number"),
    "library": (written("async def lookup", "async def find"), "it has no `lookup`"),
    "source": (written("async def recent", "async def find"), "it has no `recent`"),
    "closed": (written("def open", "def close"), "it has no `open(argument, context)`"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
async def test_what_is_wrong_is_said_with_the_package(install: Install, text: str, says: str) -> None:
    """The doctor and the error of the spec report a failing import or a wrong description with its package."""
    install(text=text)
    async with open_app(read_settings({}, database=IN_MEMORY), screen=io.StringIO()) as application:
        with pytest.raises(SettingsError) as refused:
            application.service.digest_builder.source_reader.open_source("preprints:biology")
        looks = [look for look in await check_sources(application, offline=True) if look.fix]

    assert says in str(refused.value)
    assert "of paperwire-preprints 1.0" in str(refused.value)
    assert [("preprints", str(refused.value))] == [(look.name, look.says) for look in looks]
    assert tuple(SOURCES.built_in) == tuple(known.name for known in catalogue().sources)


@pytest.mark.parametrize("text", ["raise RuntimeError", written("recent(self, ask)", "recent(self)")])
async def test_the_others_are_in_a_subscriptions_digest(install: Install, text: str) -> None:
    """A digest of a broken source and a working one has the papers of the latter, and reports the former."""
    install(text=text)
    environ = {"PAPERWIRE_SOURCES_PREPRINTS_KEY": "k"}
    async with open_app(read_settings(environ, database=IN_MEMORY), screen=io.StringIO(), libraries=()) as application:
        subscription = a_subscription(sources=("preprints:biology", "sample"))
        digest = await application.service.digest_builder.digest(subscription, [DAY])

    assert digest.entries
    assert ["preprints:biology"] == [note.source for note in digest.notes if note.failed]


async def test_a_library_that_cannot_be_opened_is_left_out(install: Install) -> None:
    """Look-ups use the libraries that can be opened."""
    install(text=written("        return cls(argument, context)", "        raise RuntimeError('closed')"))
    environ = {"PAPERWIRE_SOURCES_PREPRINTS_KEY": "k"}
    async with open_app(read_settings(environ, database=IN_MEMORY), screen=io.StringIO()) as application:
        names = [library.name for library in application.service.paper_lookup.libraries]
        assert ["Hugging Face", "arXiv"] == names[:2]
        assert "Preprints" not in names
        with pytest.raises(SettingsError, match=r"of paperwire-preprints 1\.0 cannot be opened: RuntimeError: closed"):
            application.service.digest_builder.source_reader.open_source("preprints")


async def test_no_package_takes_the_name_of_another(install: Install) -> None:
    """A built-in name cannot be replaced, and a name that two packages register belongs to neither.

    The doctor reports all three packages.
    """
    install("arxiv", package="paperwire-bogus")
    install("preprints", package="paperwire-first")
    install("preprints", package="paperwire-second")

    known = described("arxiv")
    assert known is not None
    assert "arXiv" == known.title
    assert list(SOURCES.built_in) == [each.name for each in catalogue().sources]
    async with open_app(read_settings({}, database=IN_MEMORY), screen=io.StringIO()) as application:
        wrong = [each for each in await examine(application, offline=True) if "paperwire-" in each.says]
    assert ["preprints", "sources"] == [each.name for each in wrong]
    assert "both register the source 'preprints', so neither is used" in wrong[0].says
    assert "paperwire-bogus 1.0 registers the source 'arxiv', which is built in" in wrong[1].says


async def test_what_cannot_be_searched_is_no_library(install: Install) -> None:
    """A source without look-up and search can be used for its list, and is refused as a library."""
    install(text=written("is_library=True", "is_library=False").replace("async def lookup", "async def find"))
    environ = {"PAPERWIRE_SOURCES_PREPRINTS_KEY": "k"}
    with pytest.raises(SettingsError, match="“preprints” cannot be searched"):
        async with open_app(read_settings(environ, database=IN_MEMORY), screen=io.StringIO(), libraries=("preprints",)):
            pass
