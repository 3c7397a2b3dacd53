"""A program whose database is away when it starts waits for it, and says so; a wrong setting ends it at once."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy.engine import make_url

from bots.bootstrap.waiting import LONGEST_PAUSE, opened
from bots.bootstrap.watchers import Watch, open_watch
from bots.config.settings import read_settings
from bots.domain.errors import SettingsError, StoreAway, StoreError
from bots.ports import Unobserved
from bots.store.operations import Place
from bots.testing.clock import HandClock
from tests.conftest import ROOT
from tests.slack.conftest import free_port
from tests.store.stores import address, needs_postgres

AWAY = StoreAway("The database papers at db:5432 refused the connection.", hint="Check it.")
APP: Any = object()


class Opening:
    """Opens an application after some failures."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        """Fail, or open it."""
        if self.failures:
            raise self.failures.pop(0)
        yield APP
        self.closed += 1


def a_watch() -> Watch:
    """Return a watch that nobody looks at."""
    return Watch(read_settings({}), None)


async def test_it_waits_for_a_server_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """It tries again with growing pauses, however long it takes, and tells of it once."""
    caplog.set_level(logging.INFO, "bots.bootstrap")
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    opening = Opening(*[AWAY] * 8)
    async with AsyncExitStack() as stack:
        assert APP is await opened(stack, opening, a_watch(), sleep=sleep)
        assert 0 == opening.closed
    assert 1 == opening.closed
    assert [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE] == slept
    said = [(each.levelno, each.getMessage(), getattr(each, "error", "")) for each in caplog.records]
    assert [
        (logging.WARNING, "the database cannot be used yet; the start waits for it", str(AWAY)),
        (logging.INFO, "the database can be used; the start goes on", ""),
    ] == said


@pytest.mark.parametrize("error", [StoreError("It does not exist."), SettingsError("No such kind.")])
async def test_what_does_not_pass_ends_it_at_once(error: Exception) -> None:
    """Also after the server came back with something wrong."""
    async with AsyncExitStack() as stack:
        with pytest.raises(type(error), match=str(error)):
            await opened(stack, Opening(AWAY, error), a_watch(), sleep=HandClock().sleep)


async def ask(port: int, path: str) -> tuple[int, str]:
    """Return status and body."""
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_those_who_watch_are_told_meanwhile(tmp_path: Path) -> None:
    """It lives, is not ready, and asks systemd for more time; when the database is there, it is starting."""
    port, path = free_port(), str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(path)
        settings = read_settings({"PAPERWIRE_OPERATIONS_LISTEN": f"127.0.0.1:{port}", "NOTIFY_SOCKET": path})
        async with open_watch(settings, Unobserved(), HandClock()) as watch:
            watch.waits(f"{AWAY}\nAnd more.")
            assert (200, "alive\n") == await ask(port, "/healthz")
            status, body = await ask(port, "/readyz")
            told = {name: json.loads(body)[name] for name in ("ready", "phase", "database")}
            assert (503, {"ready": False, "phase": "starting", "database": "does not answer"}) == (status, told)
            assert "paperwire_database_up 0.0" in (await ask(port, "/metrics"))[1]
            watch.waits("")
            status, body = await ask(port, "/readyz")
            assert (503, "answers") == (status, json.loads(body)["database"])
        heard = [door.recv(500).decode() for _ in range(2)]
    assert [f"STATUS={AWAY} And more.\nEXTEND_TIMEOUT_USEC=120000000", "STATUS="] == heard


# ── the real program ─────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def a_program(*arguments: str, **environ: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", "--log-json", *arguments, cwd=ROOT, env={**os.environ, **environ},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_with(process: asyncio.subprocess.Process, event: str) -> dict[str, Any]:
    """Return the next line of a program's log that begins so."""
    assert process.stderr
    async with asyncio.timeout(60):
        while raw := await process.stderr.readline():
            line: dict[str, Any] = json.loads(raw)
            if str(line["event"]).startswith(event):
                return line
    raise AssertionError(f"the program ended without {event!r}")


@needs_postgres
@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "worker"])
async def test_the_program_starts_when_its_server_does(command: str, tmp_path: Path) -> None:
    """While nobody listens at the port it waits; it is up once the server answers there, and ends in good order."""
    port, watching = free_port(), free_port()
    with address("postgres", tmp_path) as place:
        near, far = make_url(place), f"{make_url(place).query['host']}/.s.PGSQL.5432"
        given = near.set(host="127.0.0.1", port=port).difference_update_query(["host"])
        environ = {
            "PAPERWIRE_DATABASE": given.render_as_string(hide_password=False),
            "PAPERWIRE_OPERATIONS_LISTEN": f"127.0.0.1:{watching}",
            "PAPERWIRE_SCHEDULE_WORKERS": "yes",
        }
        async with a_program(command, **environ) as process:
            line = await line_with(process, "the database cannot be used yet")
            assert "refused the connection" in line["error"]
            assert (200, "alive\n") == await ask(watching, "/healthz")
            assert 503 == (await ask(watching, "/readyz"))[0]
            async with await _relay(port, far):
                await line_with(process, "the database can be used")
                async with asyncio.timeout(60):
                    while (await ask(watching, "/readyz"))[0] != 200:  # noqa: ASYNC110 - another process can set no event
                        await asyncio.sleep(0.05)
                process.send_signal(signal.SIGTERM)
                assert 0 == await asyncio.wait_for(process.wait(), 60)


async def _relay(port: int, socket_of_server: str) -> asyncio.Server:
    """Listen at a port, and pass on to a server's socket."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to = await asyncio.open_unix_connection(socket_of_server)
        await asyncio.gather(pump(reader, to), pump(there, writer), return_exceptions=True)

    return await asyncio.start_server(met, "127.0.0.1", port)


@pytest.mark.slow
async def test_a_program_that_waits_can_be_stopped() -> None:
    """SIGTERM ends it in good order, though nothing is open yet."""
    async with a_program("run", PAPERWIRE_DATABASE="postgresql://ann@127.0.0.1:1/papers") as process:
        await line_with(process, "the database cannot be used yet")
        process.send_signal(signal.SIGTERM)
        assert 0 == await asyncio.wait_for(process.wait(), 60)


@needs_postgres
@pytest.mark.slow
async def test_a_missing_database_ends_the_program_at_once(tmp_path: Path) -> None:
    """No restart mends it, and the message says what to do."""
    with address("postgres", tmp_path) as place:
        wrong = make_url(place).set(database="nowhere").render_as_string(hide_password=False)
        async with a_program("worker", PAPERWIRE_DATABASE=wrong, PAPERWIRE_SCHEDULE_WORKERS="yes") as process:
            _, said = await asyncio.wait_for(process.communicate(), 60)
    assert 1 == process.returncode
    words = " ".join(said.decode().split())
    assert "nowhere" in words
    assert "does not exist. Create it there, or correct the name in the address." in words


async def test_a_silent_server_is_given_up_and_waited_for() -> None:
    """One that accepts connections and never answers is away, too: a person's command ends, a program waits."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = Place.of(f"postgresql://ann@127.0.0.1:{silent.getsockname()[1]}/papers")
        with pytest.raises(StoreAway, match="did not answer in time"):
            await asyncio.to_thread(_reached, Place(url=place.url, patience=1.0))


def _reached(place: Place) -> None:
    with place.engine() as engine, engine.connect():
        pass
