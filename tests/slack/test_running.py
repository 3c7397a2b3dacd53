"""The program, started as people start it, connects to Slack in either mode and stops on a signal."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from bots.slack.manifest import manifest
from bots.store._secrets import new_key
from tests.conftest import ROOT
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import free_port

#: Time to load Python, every library and the database, on a machine with three other jobs.
_STARTED = 30.0
_STOPPED = 15.0


@asynccontextmanager
async def running(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `paperwire run` with Slack settings, and check that it exits cleanly on a signal."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PAPERWIRE_CONFIG": os.devnull}
    given |= {f"PAPERWIRE_SLACK_{name.upper()}": value for name, value in settings.items()}
    given |= {"PAPERWIRE_DATABASE": str(folder / "paperwire.sqlite3")}
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", "run", cwd=folder, env=given, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield program
        program.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_STOPPED):
            assert 0 == await program.wait()
    finally:
        with suppress(ProcessLookupError):
            program.kill()
        await program.wait()


async def installed(person: Person, url: str) -> None:
    """Install the app as soon as its page is available."""
    async with asyncio.timeout(_STARTED):
        while True:
            with suppress(ClientConnectionError):
                assert 200 == (await person.installs(f"{url}/slack/install")).status
                return
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_the_program_serves_what_is_set_for_http(slack: FakeSlack, tmp_path: Path) -> None:
    """With an app's credentials in the environment, the program is installed in a workspace and responds there."""
    port, ada = free_port(), slack.person("ada")
    url = f"http://127.0.0.1:{port}"
    slack.declare(manifest("http", url))
    settings = {
        "api_url": slack.api,
        "client_id": slack.hub.client_id,
        "client_secret": slack.hub.client_secret,
        "signing_secret": slack.hub.signing_secret,
        "public_url": url,
        "listen": f"127.0.0.1:{port}",
        "token_keys": f"{new_key()},{new_key()}",
    }
    async with running(tmp_path, settings):
        await installed(ada, url)
        papers = slack.channel("papers", ada)
        await ada.types("/paper help", papers)
        await ada.reads("Commands", papers, only_me=True)


@pytest.mark.slow
async def test_the_program_opens_a_line_with_two_tokens(slack: FakeSlack, tmp_path: Path) -> None:
    """With a bot token and an app-level token in the environment, the program responds over Socket Mode."""
    ada = slack.person("ada")
    installation = slack.hub.install(ada.workspace)
    settings = {"api_url": slack.api, "bot_token": installation.token, "app_token": slack.hub.app_token}
    async with running(tmp_path, settings):
        await slack.hub.sockets.connected(within=_STARTED)
        papers = slack.channel("papers", ada)
        await ada.types("/paper help", papers)
        await ada.reads("Commands", papers, only_me=True)
