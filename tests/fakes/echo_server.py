"""A server that tells everybody what it was sent: it quotes each request in its answer's status, headers and body."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import unquote

from tests.fakes.loopback import Loopback

#: What programs ask before their first post.
WELCOMES: Mapping[str, Mapping[str, object]] = {
    "/api.test": {"ok": True},
    "/users/@me ": {"id": "1", "username": "papers", "discriminator": "0", "avatar": None, "bot": True},
}
_MOST = 4 * 1024 * 1024


class EchoServer(Loopback):
    """Answers every request over HTTP with a status and a quotation."""

    def __init__(self, status: int = 401, *, kind: str = "application/json", date: datetime | None = None) -> None:
        super().__init__()
        self.status = status
        #: The time that it tells; None if it tells none.
        self.date = date
        self.kind = kind
        #: The requests as they came.
        self.requests: list[str] = []

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            size = next(
                (int(line.partition(":")[2]) for line in head.split("\r\n") if line.lower().startswith("content-len")),
                0,
            )
            body = (await reader.readexactly(min(size, _MOST))).decode("utf-8", "replace")
            self.requests.append(head + body)
            writer.write(self._answer(head, body))
            await writer.drain()

    def _answer(self, head: str, body: str) -> bytes:
        quoted = head + body
        held = " ".join(quoted.split())[:3000]
        errors = {
            "ok": False, "code": 50001, "error": held, "message": quoted, "detail": [quoted], "error_description": held,
            "response_metadata": {"messages": [held]}, "errors": {"headers": quoted}, "title": unquote(held),
        }  # fmt: skip
        content = json.dumps(errors) if self.kind.endswith("json") else f"<html><h1>{quoted}</h1></html>"
        status = self.status
        if welcome := next((answer for path, answer in WELCOMES.items() if path in head.partition("\r\n")[0]), None):
            content, status = json.dumps(welcome), 200
        raw = content.encode()
        plain = held.encode("ascii", "replace").decode()
        lines = (
            f"HTTP/1.1 {status} {plain[:900]}", f"Content-Type: {self.kind}", f"X-Told: {plain}",
            f"WWW-Authenticate: Bearer {plain}", "Retry-After: 0", f"Content-Length: {len(raw)}",
        )  # fmt: skip
        told = [f"Date: {format_datetime(self.date, usegmt=True)}"] if self.date else []
        return "\r\n".join((*lines, *told, "", "")).encode("ascii", "replace") + raw


class EchoMailServer(Loopback):
    """A mail server that refuses every command with a quotation of all that it was sent, passwords decoded too."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Refuse what one client says."""
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := (await reader.readline()).decode("latin-1").strip():
            self.said.append(line)
            if line.upper().startswith(("EHLO", "HELO")):
                answer = "250-mail.example\r\n250 AUTH LOGIN"
            elif line.upper().startswith("AUTH LOGIN "):
                # The user's name; the password comes next.
                answer = "334 UGFzc3dvcmQ6"
            elif line.upper() == "QUIT":
                answer = "221 2.0.0 bye"
            else:
                answer = f"535 5.7.8 you said {line} that is {plain(line.split()[-1])!r}"
            writer.write(answer.encode("ascii", "replace") + b"\r\n")
            await writer.drain()


def plain(word: str) -> str:
    """Return a word as it is without base 64; itself if it is not in base 64."""
    try:
        return base64.b64decode(word, validate=True).decode("latin-1")
    except ValueError:
        return word


@contextmanager
def in_a_thread(*servers: Loopback) -> Iterator[None]:
    """Run servers on an event loop of their own, for code that runs its own loop in this thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    for server in servers:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    try:
        yield
    finally:
        for server in servers:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
