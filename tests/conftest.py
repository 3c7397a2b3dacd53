"""Fixtures for all tests: clean environment, asyncio, no network access, and the data folder if there is one.

`async def` tests and fixtures need no marker: anyio's pytest plugin, which comes with httpx, is set to automatic in
`pyproject.toml`, and `anyio_backend` below selects the event loop that the product uses.
"""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
#: Settings and secrets of the machine that runs the tests: they must neither change a test nor be used by mistake.
FOREIGN = ("PAPERWIRE_", "SLACK_", "DISCORD_", "OPENAI_", "HF_", "HUGGING_FACE_", "SMTP_", "TRANSFORMERS_")
LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "")  # noqa: S104 compared with, never bound to


class OutsideWorldError(AssertionError):
    """A test tried to connect to another machine; tests use stand-ins on this one."""


def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Block connections and name look-ups to other machines; as an audit hook, no library can bypass it."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name not in LOCAL and not name.startswith("127."):
        raise OutsideWorldError(f"a test tried to reach {name}")


def pytest_configure() -> None:
    """Block the network before the first test is imported, and disable Hypothesis deadlines for busy machines."""
    sys.addaudithook(refuse_outside)
    # pytest's own timeout ends a test that hangs; a limit of 200 ms per example would measure the machine, not the
    # code.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """Let the garbage collector not look at thousands of tests: each time it would hold everything for a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def anyio_backend() -> str:
    """Return the product's event loop; the fixture is autouse, so that a synchronous test can use an async fixture."""
    return "asyncio"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Remove the machine's own settings and tokens, and keep test files out of the user's folders."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name.endswith(("_TOKEN", "_API_KEY"))]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of recorded data beside the checkout; tests that need it are skipped without it."""
    folder = Path(os.environ.get("PAPERWIRE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("needs the recorded data: a folder `shared` beside the checkout, or PAPERWIRE_SHARED")
    return folder
