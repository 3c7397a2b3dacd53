"""A third-party fake Slack: the npm package `emulate`, installed for the tests, behind a shim."""

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

#: Not the newest version: npm's latest `emulate` belongs to another project.
PACKAGE = "emulate@0.12.2"
#: The oldest node version for the package's programming interface; its command line needs a newer one.
_NODE = 20
_INSTALLING, _STARTING, _ENDING = 40, 10, 5
_QUIET = ("--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=0")
_FORM = "application/x-www-form-urlencoded"


class EmulateAbsentError(Exception):
    """Raised when the package cannot be installed on this machine; the message states the reason."""


def install(folder: Path) -> None:
    """Install the package into a folder.

    Raises:
        EmulateAbsentError: node or npm is absent or too old, or npm cannot fetch the package.
    """
    npm = shutil.which("npm")
    if npm is None or _node_version() < _NODE:
        raise EmulateAbsentError(f"needs npm, and node {_NODE} or newer")
    command = [npm, "install", *_QUIET, "--prefix", str(folder), PACKAGE]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_INSTALLING, check=True)
    except subprocess.TimeoutExpired as error:
        raise EmulateAbsentError(f"npm did not install {PACKAGE} within {_INSTALLING} seconds") from error
    except subprocess.CalledProcessError as error:
        said = re.findall(r"npm \w+ code (\w+)", error.stderr)
        raise EmulateAbsentError(f"npm cannot install {PACKAGE}: {' '.join(said) or error.returncode}") from error


def _node_version() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=_STARTING, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


@asynccontextmanager
async def emulated(folder: Path, seed: Mapping[str, object]) -> AsyncIterator[str]:
    """Run the fake Slack from a folder, and yield the URL of its Web API.

    Args:
        folder: the folder in which `install` put the package.
        seed: the initial state, in the package's format.
    """
    script = str(Path(__file__).with_suffix(".mjs"))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "node", script, str(folder), json.dumps(seed), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_STARTING):
            port = (await process.stdout.readline()).decode().strip()
        assert port, "emulate ended before it listened"
        async with _shim(f"http://127.0.0.1:{port}") as url:
            yield f"{url}/api/"
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(_ENDING):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _shim(behind: str) -> AsyncIterator[str]:
    """Forward calls as POST with all parameters in the body.

    emulate reads only the body; Slack reads queries as well.
    """
    async with ClientSession() as session:

        async def passes(request: web.Request) -> web.Response:
            sent = await request.read()
            headers = {
                name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers
            }
            if query := request.rel_url.raw_query_string:
                sent = b"&".join(filter(None, (query.encode(), sent)))
                headers["Content-Type"] = _FORM
            async with session.post(f"{behind}{request.path}", data=sent, headers=headers) as answer:
                return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", passes)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
