"""What every test stands on: clean environment, asyncio, no way out to the network, the data folder if there is one.

`async def` tests and fixtures run as they stand: anyio's pytest plugin, which comes with httpx, is set to automatic in
`pyproject.toml`, and `anyio_backend` below picks the one event loop that the product uses.
"""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
#: Settings and secrets of the machine that runs the tests; none may change what they do, none may be used by mistake.
FOREIGN = ("PAPERWIRE_", "SLACK_", "DISCORD_", "OPENAI_", "HF_", "HUGGING_FACE_", "SMTP_", "TRANSFORMERS_")
LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "")  # noqa: S104 compared with, never bound to


class OutsideWorldError(AssertionError):
    """A test tried to reach another machine; tests talk to doubles on this one."""


def refuse_outside(event: str, arguments: tuple[object, ...]) -> None:
    """Stop connections and name look-ups that would leave this machine; an audit hook, so no library gets around it."""
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
    """Close the way out before the first test is even read, and let a busy machine take its time."""
    sys.addaudithook(refuse_outside)
    # What hangs is ended by pytest's own time-out; 200 ms for an example say more of the machine than of us.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def anyio_backend() -> str:
    """The event loop the product runs on, for every test: so a plain test, too, may ask for an async fixture."""
    return "asyncio"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hide the machine's own settings and tokens, and keep what a test writes out of the user's folders."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name.endswith(("_TOKEN", "_API_KEY"))]:
        monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded data beside the checkout; the tests that need it skip where it is absent."""
    folder = Path(os.environ.get("PAPERWIRE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("needs the recorded data: a folder `shared` beside the checkout, or PAPERWIRE_SHARED")
    return folder
