"""The examples as plug-in authors use them: installed from wheels, tested and run without a checkout."""

import re
import subprocess
import zipfile
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.examples.conftest import EXAMPLES, Done, Installed
from tests.fakes.paper_server import PaperServer
from tests.sources.conftest import SAMPLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SETTINGS = """
[adapters.mattermost]
url = "{chat}"
token = "botaccesstoken"

[sources]
huggingface = "{lists}"
arxiv_feed = "{lists}"
arxiv_list = "{lists}"
arxiv_api = "{lists}"
biorxiv = "{lists}/biorxiv"
pubmed = "{lists}/pubmed"
crossref = "{lists}/crossref"
openalex = "{lists}/openalex"

[sources.psyarxiv]
url = "{preprints}"

[sources.socarxiv]
url = "{preprints}"

[engine]
order = "lead"

[engines.lead]
sentences = 1
"""


def test_the_wheel_says_that_it_is_typed_and_holds_the_test_kit(installed: Installed) -> None:
    """Paperwire's wheel marks both packages as typed, and has the test kit and the pytest plug-in."""
    (wheel,) = installed.wheels.glob("paperwire-[0-9]*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"bots/py.typed", "summarizer/py.typed", "bots/testing/adapters.py", "paperwire_pytest.py"}
    assert wanted <= held
    assert not [name for name in held if name.startswith(("tests/", "examples/"))]


def test_nothing_comes_from_the_checkout(installed: Installed) -> None:
    """The code under test below is the installed one."""
    code = (
        "import bots, summarizer, paperwire_mattermost, paperwire_lead; print(bots.__file__, paperwire_lead.__file__)"
    )
    said = installed.run("-c", code).said.split()
    assert [True, True] == [Path(path).is_relative_to(installed.python.parent.parent) for path in said], said


def test_the_demo_runs_without_the_checkout(installed: Installed, tmp_path: Path) -> None:
    """Everything that the demo shows is in the wheel: the sample day, the encoder, and the tables."""
    done = installed.run("-m", "bots", "demo", folder=tmp_path, PAPERWIRE_DATABASE=str(tmp_path / "kept.sqlite3"))
    assert 0 == done.code, done.said
    assert re.search(r"\d+ papers for \w+day", done.said), done.said
    assert "could not" not in done.said


@pytest.mark.parametrize("suite", EXAMPLES, ids=lambda path: path.name, indirect=True)
def test_the_claims_of_an_example_hold_where_it_is_installed(installed: Installed, suite: Path) -> None:
    """The example's own tests and the inherited contracts pass outside the checkout."""
    done = installed.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", folder=suite)
    assert 0 == done.code, done.said
    assert "skipped" not in done.said.splitlines()[-1]


@contextmanager
def fake(installed: Installed, example: str, module: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Yield the address of an example's fake server, and its process, which prints its content at shutdown."""
    (folder,) = (path / "tests" for path in EXAMPLES if path.name == example)
    command = [installed.python, folder / f"{module}.py"]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as served:
        assert served.stdout is not None
        yield served.stdout.readline().strip(), served
        served.kill()


def paperwire(installed: Installed, folder: Path, *command: str, **variables: str) -> Done:
    """Run the installed program with the settings file of the folder."""
    known = {"PAPERWIRE_CONFIG": str(folder / "paperwire.toml"), "PAPERWIRE_DATABASE": str(folder / "kept.sqlite3")}
    return installed.run("-m", "bots", *command, folder=folder, **known, **variables)


@pytest.fixture
async def world(installed: Installed, tmp_path: Path) -> AsyncIterator["subprocess.Popen[str]"]:
    """Write settings that direct every example to its fake server; yields the fake chat."""
    async with PaperServer(SAMPLES) as lists:
        with (
            fake(installed, "paperwire-mattermost", "fake_mattermost") as (chat, served),
            fake(installed, "paperwire-osf", "fake_osf") as (preprints, _),
        ):
            settings = SETTINGS.format(chat=chat, preprints=preprints, lists=lists.url)
            (tmp_path / "paperwire.toml").write_text(settings, encoding="utf-8")
            yield served


async def test_the_doctor_sees_every_example(
    installed: Installed, world: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    """The chat reports its account, the engine condenses, and no plug-in has a problem."""
    said = (await to_thread(paperwire, installed, tmp_path, "doctor")).said
    assert re.search(r"mattermost\W+connected as paperwire", said), said
    assert re.search(r"engine lead\W+first-1 condenses", said), said
    assert not re.search(r"(?i)plug-in|package", said), said


async def test_a_digest_goes_from_one_example_through_another_to_a_third(
    installed: Installed, world: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    """The source's papers are posted to the chat once, each with the first sentence of its abstract as its blurb."""
    command = ("digest", "--source", "psyarxiv:memory", "--day", "2026-07-15", "--to", "mattermost:papers")
    posted = await to_thread(paperwire, installed, tmp_path, *command)
    shown, _ = await to_thread(world.communicate)

    assert 0 == posted.code, posted.said
    assert "done" in posted.said
    assert 1 == shown.count("5 papers for Wednesday 15 July 2026"), shown
    assert 5 == len(re.findall(r"^\d\. Postcards from memory, part \d+$", shown, re.MULTILINE)), shown
    assert 5 == shown.count("People remember slow messages best.")
