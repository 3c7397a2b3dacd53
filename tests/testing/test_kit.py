"""The test kit detects flaws, can be used outside the checkout, and does not disturb other test runs."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bots.testing import AdapterContract, Answer, Call, Fault, HttpFault, LocalServer
from bots.testing.samples import a_digest
from summarizer import Style
from tests.testing import flawed
from tests.testing.flawed import claims_of, claims_of_engine, claims_of_source

#: The exception of pytest if an expected error was not raised.
FAILED = pytest.fail.Exception


def shown_as_markup(claims: AdapterContract) -> None:
    """Run the test for hostile digests with a topic that notifies a whole channel."""
    inner = AdapterContract.test_hostile_digest.hypothesis.inner_test  # type: ignore[attr-defined]  # Hypothesis adds it
    inner(claims, digest=a_digest(topic="<!channel>"))


FLAWS: dict[str, Callable[[], None]] = {
    "markup not escaped": lambda: shown_as_markup(claims_of(flawed.Unescaped)),
    "a message not found": lambda: claims_of(flawed.Forgetful).test_find_what_was_posted(),
    "a key not used": lambda: claims_of(flawed.Keyless).test_same_key_twice(),
    "a paper left out": lambda: claims_of(flawed.Losing).test_every_entry_in_one_part(5),
    "a part never smaller": lambda: claims_of(flawed.Endless).test_shrinking_keeps_every_paper_in_order(2),
    "a post tried twice": lambda: claims_of(flawed.Stubborn).test_a_fault_becomes_its_error(Fault.BUSY),
    "a refusal not told": lambda: claims_of(flawed.Vague).test_a_fault_becomes_its_error(Fault.GONE),
    "a paper listed twice": lambda: claims_of_source(
        lambda: flawed.Flawed(lambda papers: papers + papers[:1])
    ).test_a_days_papers_are_complete_and_unique(),
    "a page that is not https": lambda: claims_of_source(
        lambda: flawed.Flawed(lambda papers: tuple(replace(paper, url="http://example.org") for paper in papers))
    ).test_a_days_papers_are_complete_and_unique(),
    "a failure told as nothing": lambda: claims_of_source(flawed.Mute).test_a_failure_is_an_error(),
    "evidence out of the text": lambda: claims_of_engine(flawed.Astray).test_an_abstract_becomes_a_blurb(Style.SHORT),
    "a blurb of nothing": lambda: claims_of_engine(flawed.Apologetic).test_too_little_text_is_refused(""),
    "another blurb each time": lambda: claims_of_engine(flawed.Fickle).test_the_same_abstract_has_the_same_blurb(),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_noticed(flaw: str) -> None:
    """A plug-in with one flaw fails the test for it."""
    with pytest.raises((AssertionError, FAILED)):
        FLAWS[flaw]()


class Echo(LocalServer):
    """Responds with the call it received."""

    def answer(self, call: Call) -> Answer:
        return Answer(status=201, value={"path": call.path, "page": call.params.get("page"), "body": call.json})


async def test_the_local_server_answers_and_fails_on_demand() -> None:
    """Calls get the implemented response, fail in the set order, and are recorded."""
    async with Echo() as server, httpx.AsyncClient(base_url=server.url) as client:
        server.fail(Answer(status=429, headers={"Retry-After": "9"}), HttpFault.GARBLED, HttpFault.LOST_AFTER)
        busy, garbled = [await client.post("/a", json=1) for _ in range(2)]
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/a", json=2)
        well = await client.post("/b%20c?page=3", json={"x": "ü"})

    assert (429, "9") == (busy.status_code, busy.headers["retry-after"])
    assert "text/html" == garbled.headers["content-type"]
    assert {"path": "/b c", "page": "3", "body": {"x": "ü"}} == well.json()
    assert [1, 1, 2, {"x": "ü"}] == [call.json for call in server.calls]


def outside(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run this Python in a folder outside the checkout."""
    return subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, timeout=60)


def test_an_unrelated_test_run_is_left_alone(tmp_path: Path) -> None:
    """The tests of another project with its own package `bots` run, and import nothing of Paperwire."""
    (tmp_path / "bots").mkdir()
    (tmp_path / "bots/__init__.py").write_text("OURS = False\n")
    (tmp_path / "test_theirs.py").write_text(
        "import sys\nimport bots\n\ndef test_theirs():\n    assert not bots.OURS\n"
        "    assert 'paperwire_pytest' in sys.modules and 'summarizer' not in sys.modules\n"
    )
    done = outside(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_a_claim_that_fails_says_why(tmp_path: Path) -> None:
    """Outside a checkout pytest collects the inherited tests, and a failure displays both sides."""
    (tmp_path / "test_mine.py").write_text(
        "from contextlib import nullcontext\nfrom bots.testing import EngineContract\nfrom summarizer import Blurb\n\n"
        "class Mine:\n    engine, model = 'mine', '1'\n\n    async def summarize(self, abstract, style=None):\n"
        "        return Blurb(text='So.', evidence=(), engine='other', model='1')\n\n"
        "class TestMine(EngineContract):\n    def engine(self):\n        return nullcontext(Mine())\n"
    )
    done = outside(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "becomes_a_blurb")
    assert "3 failed" in done.stdout, done.stdout + done.stderr
    assert "'mine', '1') == ('other', '1')" in done.stdout


def test_without_hypothesis_the_kit_says_how_to_get_it(tmp_path: Path) -> None:
    """Without Hypothesis the error says what to install, and the other names of the kit work."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from bots.testing import LocalServer\n"
        "try:\n    from bots.testing import AdapterContract\nexcept ImportError as error:\n    print(error)"
    )
    said = "bots.testing.AdapterContract needs hypothesis. Install it with: pip install 'paperwire[testing]'\n"
    assert said == outside(tmp_path, "-c", code).stdout
