"""A third-party source works like a built-in one in menus, help, settings, rate limits and the doctor."""

import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.bootstrap.app import App, open_app
from bots.bootstrap.databases import IN_MEMORY
from bots.cli.doctor_sources import check_sources
from bots.config.settings import Settings, read_settings
from bots.config.source_catalogue import catalogue
from bots.discord.autocomplete import sources
from bots.discord.subscription_form import subscription_modal
from bots.domain.channels import Channel
from bots.domain.errors import SettingsError, SourceRefused
from bots.domain.replies import Card
from bots.domain.requests import DigestNow, Lookup
from bots.domain.subscriptions import Subscription
from bots.ports import SourceQuery
from bots.presentation.source_text import source_text
from bots.slack.subscription_form import subscribe_modal
from bots.sources import _politeness
from bots.sources._politeness import paces_of
from tests.cli.conftest import NOWHERE, hurried
from tests.conftest import ROOT
from tests.fakes.paper_server import Answer, PaperServer
from tests.plugins.sources.conftest import Install
from tests.sources.conftest import SAMPLES, StillClock, a_client, a_context
from tests.support.factories import DAY

HERE = Channel(platform="console", channel="terminal")
LISTED = json.dumps([{"title": "Octopuses dream", "abstract": "We watched them.", "doi": "10.1234/dream"}]).encode()


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """A preprint server on this machine."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.fixture
def settings(install: Install, server: PaperServer) -> Settings:
    """Settings from the environment, with the package installed."""
    install()
    places = {f"PAPERWIRE_SOURCES_{name.upper()}": url for name, url in server.places.items()}
    ours = {"PAPERWIRE_SOURCES_PREPRINTS_API": server.url, "PAPERWIRE_SOURCES_PREPRINTS_KEY": "let-me-in"}
    environ = {**places, **ours}
    return read_settings(environ, database=IN_MEMORY)


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[App]:
    """The application, open."""
    async with open_app(settings, screen=io.StringIO()) as application:
        yield application


async def test_its_papers_are_in_a_digest(application: App, server: PaperServer) -> None:
    """The source's requests go to the configured address, with the configured key and Paperwire's user agent."""
    server.script("/list", Answer(body=LISTED))

    digest = await application.service.digest_now(DigestNow(channel=HERE, sources=("preprints:biology",)))

    assert ["Octopuses dream"] == [entry.paper.title for entry in digest.entries]
    sent = server.calls[0].headers
    assert ("let-me-in", True) == (sent["authorization"], sent["user-agent"].startswith("Paperwire/"))


async def test_it_is_asked_for_papers_in_its_rank(application: App, server: PaperServer) -> None:
    """A third-party library serves look-ups, before the built-in ones if its rank says so."""
    server.script("/paper", Answer(body=LISTED))

    reply = await application.service.answer(Lookup(channel=HERE, text="10.1234/dream"))

    assert isinstance(reply, Card)
    assert ["preprints", "huggingface", "arxiv"] == [each.name for each in catalogue().libraries][:3]


def test_menus_and_hints_offer_it(settings: Settings) -> None:
    """Discord's menu and suggestions and the hint in Slack's form describe it as its description does."""
    subscription = Subscription(id="", channel=HERE, timezone=settings.timezone)

    assert "Preprints biology, all that lives" in json.dumps(subscription_modal(subscription))
    assert ("Preprints physics", "preprints:physics") in sources("preprints:ph")
    assert "arXiv cs.CL, preprints:biology" in json.dumps(subscribe_modal(HERE, zone=settings.timezone))
    assert "Preprints biology, physics" == source_text("preprints:biology+physics")


@pytest.fixture
def no_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a proxy that refuses before the sites whose addresses no setting changes, and leave out pauses."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    asked = _politeness.paces_of
    monkeypatch.setattr(_politeness, "paces_of", lambda *of: {host: hurried(pace) for host, pace in asked(*of).items()})


async def test_the_doctor_asks_it(no_world: None, application: App, server: PaperServer) -> None:
    """Offline the doctor reports the address of the source, online the number of papers, and always the package."""
    server.script("/list", Answer(body=LISTED))
    name = "preprints:biology (paperwire-preprints 1.0)"

    offline = {look.name: look for look in await check_sources(application, offline=True)}
    assert (f"reads {server.url}; not checked", "") == (offline[name].says, offline[name].fix)
    online = {look.name: look for look in await check_sources(application, offline=False)}
    assert ("1 paper listed", "") == (online[name].says, online[name].fix)
    assert {"huggingface", "arxiv:cs.CL", name} <= set(online)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://huggingface.co/api/daily_papers",
        "http://api.preprints.example/",
        "https://api.preprints.example:8443/",
        "https://somebody@api.preprints.example/",
        "https://api.preprints.example.evil.example/",
        "http://127.0.0.1:9/",
        "file:///etc/passwd",
        "",
    ],
)
async def test_it_reaches_no_host_that_it_does_not_name(install: Install, url: str) -> None:
    """A request is refused before it is sent unless its address is an https host of the description or in a setting."""
    install()
    async with a_client(StillClock()) as client:
        with pytest.raises(SourceRefused, match=r"Preprints may not read|invalid address"):
            await a_context(client, "preprints", {"key": "k"}).web.get(url)


async def test_a_redirect_takes_no_key_along(application: App, server: PaperServer) -> None:
    """A redirect to another host or another port is refused."""
    server.script("/list", Answer(status=302, headers={"Location": "http://127.0.0.1:9/"}))

    with pytest.raises(SourceRefused, match="which is not one of its hosts"):
        await application.service.digest_builder.source_reader.open_source("preprints:biology").recent(
            SourceQuery(day=DAY)
        )


def test_it_cannot_loosen_the_pace_of_anothers_host(install: Install) -> None:
    """A third-party source that names a faster pace for arXiv's host does not change arXiv's pace."""
    before = paces_of(*catalogue().descriptions)["export.arxiv.org"]
    install()
    after = paces_of(*catalogue().descriptions)["export.arxiv.org"]

    assert (3.0, 1) == (after.interval, after.at_once)
    assert before == after


async def test_a_missing_key_costs_only_itself(install: Install) -> None:
    """If a required setting is missing, the other libraries work, and the error names the setting's variable."""
    install()
    async with open_app(read_settings({}, database=IN_MEMORY), screen=io.StringIO()) as application:
        with pytest.raises(SettingsError, match="PAPERWIRE_SOURCES_PREPRINTS_KEY"):
            application.service.digest_builder.source_reader.open_source("preprints:biology")
        names = [library.name for library in application.service.paper_lookup.libraries]
    assert ["Hugging Face", "arXiv"] == names[:2]
    assert "Preprints" not in names


def test_a_misspelt_setting_of_it_is_named(install: Install, tmp_path: Path) -> None:
    """A name in its section that it does not declare is refused, with the nearest declared name."""
    install()
    file = tmp_path / "paperwire.toml"
    file.write_text('[sources.preprints]\nkye = "k"\n', encoding="utf-8")
    (known,) = [each for each in catalogue().sources if each.package]

    with pytest.raises(SettingsError, match=r"did you mean sources\.preprints\.key"):
        read_settings({}, file=file).of_source(known)


def run(site: Path, *arguments: str) -> str:
    """Run a separate Python that finds the installed packages."""
    environ = {"PYTHONPATH": f"{site}:{ROOT}", "PATH": "", "HOME": str(site), "COLUMNS": "500"}
    done = subprocess.run([sys.executable, *arguments], env=environ, capture_output=True, text=True, cwd=site)
    assert "" == done.stderr
    return done.stdout


def test_help_names_it(site: Path, install: Install) -> None:
    """`paperwire subscribe --help` lists the form of its specs beside the built-in ones."""
    install()
    shown = " ".join(run(site, "-m", "bots", "subscribe", "--help").split())
    assert "arxiv:cs.CL+cs.LG, biorxiv[:CATEGORY]" in shown
    assert "file:PATH, sample, preprints:biology+physics; repeatable." in shown


IMPORTED = """
import sys
from bots.cli.app import app
try:
    app(["--help"])
except SystemExit:
    heavy = ("httpx", "defusedxml", "bibtexparser", "bots.sources", "paperwire_preprints")
    print([name for name in heavy if name in sys.modules])
"""


def test_help_as_a_whole_loads_no_source(site: Path, install: Install) -> None:
    """`paperwire --help` imports no source, and no library that sources use."""
    install(text="raise SystemExit(9)")
    assert "[]" == run(site, "-c", IMPORTED).splitlines()[-1]
