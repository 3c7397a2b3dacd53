"""A real server, `transformers serve` with a tiny random model: what it writes is refused, and nothing else breaks."""

import importlib.util
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from summarizer import EngineSetup, Style, open_chain
from summarizer.engines.remote.engine import RemoteEngine, RemoteSettings
from summarizer.errors import EngineDown, Unfit
from tests.summarizer.engines.generative.tiny_models import save_random_chat
from tests.summarizer.engines.remote.remotes import ABSTRACT

#: Another Python that has the packages, to run this test without installing them beside Paperwire.
_PYTHON = os.environ.get("PYTHON_WITH_TRANSFORMERS_SERVE", sys.executable)
_NEEDED = ("torch", "transformers", "fastapi", "uvicorn")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
#: Seconds in which the server imports torch and loads the model, on a machine that does other things too.
_TO_START = 150

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        importlib.util.find_spec("torch") is None or bool(_MISSING and _PYTHON == sys.executable),
        reason=f"needs transformers[serving] and torch; not installed: {', '.join(_MISSING)}",
    ),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteSettings]:
    """The settings of a server that has loaded its model."""
    model, port = save_random_chat(tmp_path_factory.mktemp("model")), _free_port()
    program, options = Path(_PYTHON).with_name("transformers"), f"--host 127.0.0.1 --port {port} --device cpu".split()
    variables = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [program, "serve", model, *options], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health")
            yield RemoteSettings(url=f"http://127.0.0.1:{port}", model=str(model), timeout=120, patience=120)
        finally:
            process.kill()


def _free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(address: str) -> None:
    end = time.monotonic() + _TO_START
    while time.monotonic() < end:
        try:
            if httpx.get(address).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)  # the server tells nobody that it has started
    pytest.fail(f"The server did not start within {_TO_START} s.")


async def test_nonsense_is_refused_and_the_next_engine_writes(served: RemoteSettings) -> None:
    """The random model's text passes no check; the built-in engine's blurb takes its place, and says why."""
    options = {"order": "remote, extractive", "remote_url": served.url, "remote_model": served.model}
    chain = open_chain(EngineSetup(options=options, clock=lambda: datetime.now(UTC), random=random.random))
    blurb = await chain.summarize(ABSTRACT, Style.ONE_LINE)
    assert ("extractive", True) == (blurb.engine, blurb.settled)
    assert "The engine remote was skipped" in " ".join(blurb.warnings)
    assert 0 < chain.engines[0].usage.completion_tokens  # type: ignore[attr-defined]  # the server counts
    await chain.aclose()


async def test_another_model_is_named(served: RemoteSettings) -> None:
    """The server is pinned to its model, and says so with 400; the error says what to set."""
    engine = RemoteEngine(
        RemoteSettings(url=served.url, model="another"), clock=lambda: datetime.now(UTC), random=random.random
    )
    with pytest.raises(EngineDown, match="no model of that name") as caught:
        await engine.summarize(ABSTRACT)
    assert not isinstance(caught.value, Unfit)
    await engine.aclose()
