"""Memory of both HTTP endpoints while five hundred clients each send large requests slowly; and a signed one's time."""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bots.bootstrap.app import utc_now
from bots.discord.http import INTERACTIONS_PATH, open_endpoint
from bots.slack.http import gate, open_endpoints
from bots.slack.manifest import EVENTS_PATH
from bots.store.memory import MemoryStore
from tests.bench.rows import LeftOut, Row
from tests.slack.conftest import free_port

#: Slow clients of each endpoint, and how much each sends of the megabyte that it announces.
_CLIENTS = 500
_SENT = 900_000
#: Megabytes that both endpoints may take above what they take idle.
_WANTED = 60.0
#: Seconds in which both chats want a request to be acknowledged.
_ALLOWED_ACK = 3.0
_SECONDS = 8.0
#: Seconds until a refused client comes again.
_PAUSE = 2.0
_SEED = bytes(32)


def measure(_data: Path) -> Iterator[Row]:
    """Yield the memory of both endpoints above idle, and the slowest acknowledgement of a signed request meanwhile."""
    if not Path("/proc/self/status").exists():
        raise LeftOut("the memory of another process is read from /proc, which only Linux has")
    with subprocess.Popen([sys.executable, "-m", "tests.bench.doors"], stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            ports = json.loads(served.stdout.readline())
            idle, highest, slowest = asyncio.run(_besieged(served.pid, ports))
        finally:
            served.terminate()
    yield Row(
        what=f"memory under {_CLIENTS} slow clients each", ours=highest - idle, unit="MB", peer="wanted", theirs=_WANTED
    )
    yield Row(what="slowest acknowledgement meanwhile", ours=slowest, unit="s", peer="allowed", theirs=_ALLOWED_ACK)


async def _besieged(pid: int, ports: Mapping[str, int]) -> tuple[float, float, float]:
    """Return megabytes idle and at the highest, and seconds of the slowest acknowledgement."""
    _ping(ports["discord"])
    idle = highest = _megabytes(pid)
    heads = {ports["discord"]: _discord_head(), ports["slack"]: _slack_head()}
    tasks = [asyncio.create_task(_slow(port, head)) for port, head in heads.items() for _ in range(_CLIENTS)]
    slowest, end = 0.0, time.monotonic() + _SECONDS
    while time.monotonic() < end:
        slowest = max(slowest, await asyncio.to_thread(_ping, ports["discord"]))
        highest = max(highest, _megabytes(pid))
        await asyncio.sleep(0.1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return idle, highest, slowest


async def _slow(port: int, head: bytes) -> None:
    """Be a client that announces a megabyte and sends most of it; again when it is refused."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head + b"x" * _SENT)
                await reader.read()
            finally:
                writer.close()
        await asyncio.sleep(_PAUSE)


def _ping(port: int) -> float:
    """Send a signed ping as Discord does, and return the seconds to its answer."""
    body, stamp = b'{"type": 1}', str(int(time.time()))
    signature = Ed25519PrivateKey.from_private_bytes(_SEED).sign(stamp.encode() + body).hex()
    head = _head(INTERACTIONS_PATH, len(body), {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": stamp})
    begun, answer = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head + body)
        while part := connection.recv(4096):
            answer += part
    if b" 200 " not in answer[:20]:
        raise ConnectionError(f"a signed request was not acknowledged: {answer[:40]!r}")
    return time.monotonic() - begun


def _discord_head() -> bytes:
    signed = {"X-Signature-Ed25519": "0" * 128, "X-Signature-Timestamp": str(int(time.time()))}
    return _head(INTERACTIONS_PATH, 1_000_000, signed)


def _slack_head() -> bytes:
    signed = {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(int(time.time()))}
    return _head(EVENTS_PATH, 1_000_000, signed)


def _head(path: str, size: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", f"Content-Length: {size}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def _serve() -> None:
    """Serve both endpoints, and print their ports."""
    ports = {"discord": free_port(), "slack": free_port()}
    public = Ed25519PrivateKey.from_private_bytes(_SEED).public_key().public_bytes_raw().hex()

    async def key_of() -> str:
        return public

    async def take(_payload: Mapping[str, Any]) -> None:
        return

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")

    app = AsyncApp(authorize=authorize, signing_secret="secret")
    checked = gate("secret", MemoryStore(), utc_now)
    async with AsyncExitStack() as stack:
        listen = ("127.0.0.1", ports["discord"])
        await stack.enter_async_context(open_endpoint(listen, key_of, clock=utc_now, take=take))
        await stack.enter_async_context(open_endpoints(app, ("127.0.0.1", ports["slack"]), checked))
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
