"""The doctor reports the state of a third-party platform, its own findings, and packages that cannot be used."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.cli.doctor_plugins import check_packages, check_platforms
from bots.cli.findings import Finding, State
from bots.config.settings import read_settings
from bots.config.source_catalogue import catalogue
from bots.config.values import Setting, text
from bots.domain.errors import PostUnknown
from bots.ports import AdapterPlugin
from bots.usecases.service import Service
from tests.plugins.failing import crashing, hanging, misconfigured
from tests.support.plugged import installed
from tests.support.stranger import Checking, Stranger, connected, gives, raises

STRANGER: dict[str, Any] = {}


def connect(_settings: object, service: Service) -> Any:
    """Connect the adapter that the test has set."""
    there = STRANGER["there"]
    return there(service) if callable(there) else connected(there)


PLUGIN = AdapterPlugin(connect=connect)
WITH_TOKEN = AdapterPlugin(
    settings=(Setting(name="token", says="A token.", read=text, required=True),), connect=connect
)


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a package with the given adapter."""

    def install(there: Any, value: str = "PLUGIN", name: str = "tin-can") -> None:
        monkeypatch.setitem(STRANGER, "there", there)
        installed(tmp_path / name, monkeypatch, f"paperwire-{name}", {"adapters": {name: f"{__name__}:{value}"}})

    return install


async def looked_at(*, offline: bool = False, **environ: str) -> tuple[Finding, ...]:
    settings = read_settings(environ, database=IN_MEMORY)
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        return await check_platforms(application, offline=offline)


@pytest.mark.parametrize(
    ("there", "state", "says", "fix"),
    [
        (Stranger(), State.OK, "connected", ""),
        (Checking(), State.OK, "the string is tight", ""),
        (Checking(bugs={"check": gives(())}), State.OK, "connected", ""),
        (Checking(bugs={"check": raises(TypeError("canary"))}), State.WARN, "its check failed (TypeError)", "log"),
        (Checking(bugs={"check": gives(("fine",))}), State.WARN, "a value of type str, not a HealthFinding", "log"),
        (Checking(bugs={"check": gives(None)}), State.WARN, "its check failed (TypeError)", "log"),
        (Checking(bugs={"check": raises(PostUnknown("no answer", hint="wait"))}), State.WRONG, "no answer", "wait"),
        (misconfigured, State.WRONG, "The token is not valid.", "Copy it again."),
        (crashing, State.WRONG, "its adapter failed with ZeroDivisionError", "log"),
        (hanging, State.WRONG, "did not connect within", "log"),
    ],
)
async def test_the_doctor_says_how_a_strangers_platform_is(
    plugged: Callable[..., None], there: Any, state: State, says: str, fix: str
) -> None:
    """The doctor displays the adapter's findings, that it is connected if it has no check, or why it is not."""
    plugged(there)

    (found,) = await looked_at()

    assert ("tin-can", state) == (found.name, found.state)
    assert says in found.says
    assert fix in found.fix
    assert "canary" not in found.says


async def test_the_doctor_connects_nothing_offline(plugged: Callable[..., None]) -> None:
    """With --offline the doctor reports only that the platform is set up."""
    plugged(crashing)

    assert ["set up; not checked"] == [each.says for each in await looked_at(offline=True)]


async def test_the_doctor_mentions_a_plug_in_that_is_not_set_up(plugged: Callable[..., None]) -> None:
    """A package that is installed but not set up is no problem, and its required settings are named."""
    plugged(Stranger(), "WITH_TOKEN")

    (found,) = await looked_at()
    assert (State.OK, "installed, not set up; it needs adapters.tin-can.token") == (found.state, found.says)


async def test_the_doctor_names_a_package_that_cannot_be_loaded(
    plugged: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor reports an adapter, a source and an engine that cannot be imported, and one with a built-in name."""
    plugged(Stranger(), "NOTHING")
    groups = {
        "sources": {"gone": "tests.nowhere:X"},
        "engines": {"lost": "tests.nowhere:X"},
        "adapters": {"slack": "x:Y"},
    }
    installed(tmp_path / "more", monkeypatch, "paperwire-more", groups)

    found = [*await looked_at(), *check_packages()]

    assert [("tin-can", State.WRONG), ("adapters", State.WARN), ("lost", State.WRONG)] == [
        (each.name, each.state) for each in found
    ]
    assert ["gone"] == [each.name for each in catalogue().broken]
    assert all("paperwire-" in each.says and each.fix for each in found)
