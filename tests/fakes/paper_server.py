"""A web server that stands in for all sources of papers: it replays recorded responses and simulates failures.

Run it beside Paperwire to try the program without the outside world:

    python -m tests.fakes.paper_server tests/samples/sources --port 8080

and point every place (`huggingface`, `arxiv_api`, `arxiv_feed`, `arxiv_list`) to `http://127.0.0.1:8080`, those of the
indexes to `http://127.0.0.1:8080/pubmed` and so on, and `feed_hosts` to the server for `feed:` and `bib:`.
"""

import argparse
import asyncio
import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.index_replay import KEY, PASSWORD, USER
from tests.fakes.loopback import Loopback
from tests.fakes.paper_replay import Replay

_CHUNK = 16 * 1024
#: The indexes whose setting and path have one name.
_INDEXES = ("biorxiv", "pubmed", "openalex", "crossref", "openreview")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The response to one call."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Delay before the first byte, in seconds.
    delay: float = 0.0
    #: Seconds between two bytes of the body; 0 sends the body without delay.
    drip: float = 0.0
    #: Bytes of the body after which the connection is dropped; 0 drops it before the response starts.
    cut: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request as received."""

    path: str
    params: Mapping[str, str]
    #: Keys in lower case.
    headers: Mapping[str, str]
    #: What was posted.
    body: bytes = b""


class PaperServer(Loopback):
    """Answers with the scripted responses for a path while there are any, then with the recordings; logs every call."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(port)
        self.calls: list[Call] = []
        #: Set after the first request.
        self.called = asyncio.Event()
        #: The highest number of connections open at the same time.
        self.most_at_once = 0
        self._replay = Replay(folder)
        self._scripts: dict[str, list[Answer]] = {}

    @property
    def places(self) -> dict[str, str]:
        """The configuration overrides that direct every source to this server."""
        whole = ("huggingface", "arxiv_api", "arxiv_feed", "arxiv_list", "feed_hosts")
        indexes = {"semantic_scholar": "s2", **{name: name for name in _INDEXES}}
        keys = {"semantic_scholar_key": KEY, "openreview_user": USER, "openreview_password": PASSWORD}
        return {
            **dict.fromkeys(whole, self.url),
            **{name: f"{self.url}/{path}" for name, path in indexes.items()},
            **keys,
        }

    def script(self, path: str, *answers: Answer) -> None:
        """Answer the next calls to a path with these responses, in order; after them the recordings are used again."""
        self._scripts.setdefault(path, []).extend(answers)

    def asked(self, path: str) -> list[Call]:
        """Return the calls to a path."""
        return [call for call in self.calls if call.path == path]

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call."""
        self.most_at_once = max(self.most_at_once, self.serving)
        call = _read_call(await reader.readuntil(b"\r\n\r\n"))
        if (length := call.headers.get("content-length", "")).isdigit():
            call = replace(call, body=await reader.readexactly(int(length)))
        self.calls.append(call)
        self.called.set()
        await _send(writer, self._answer(call))

    def _answer(self, call: Call) -> Answer:
        script = self._scripts.get(call.path)
        if script:
            return script.pop(0)
        status, kind, body, more = self._replay.answer(call.path, call.params, call.headers, call.body)
        return _conditional(call, Answer(status=status, body=body, headers={"Content-Type": kind, **more}))


def _read_call(head: bytes) -> Call:
    request, *lines = head.decode("latin-1").split("\r\n")
    target = urlsplit(request.split(" ")[1])
    headers = dict(line.split(":", 1) for line in lines if ":" in line)
    return Call(
        path=target.path,
        params=dict(parse_qsl(target.query, keep_blank_values=True)),
        headers={name.lower(): value.strip() for name, value in headers.items()},
    )


def _conditional(call: Call, answer: Answer) -> Answer:
    """Return 304 if the client already has this body, as both services do."""
    if answer.status != HTTPStatus.OK:
        return answer
    tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    tagged = replace(answer, headers={**answer.headers, "ETag": tag})
    return replace(tagged, status=304, body=b"") if call.headers.get("if-none-match") == tag else tagged


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await asyncio.sleep(answer.delay)
    if answer.cut == 0:
        return
    headers = {"Content-Length": str(len(answer.body)), "Connection": "close", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}", *(f"{name}: {headers[name]}" for name in headers)]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    body = answer.body[: answer.cut]
    step = 1 if answer.drip else _CHUNK
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        await asyncio.sleep(answer.drip)
    await writer.drain()


def _phrase(status: int) -> str:
    return next((known.phrase for known in HTTPStatus if known == status), "Unknown")


async def _main(folder: Path, port: int) -> None:
    async with PaperServer(folder, port) as server:
        print(f"Replaying {folder} at {server.url}; Ctrl+C ends it.")  # noqa: T201 - a program for a terminal
        await server.forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand in for Hugging Face and arXiv with recorded answers.")
    parser.add_argument("folder", type=Path, help="a folder with recordings, such as tests/samples/sources")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(options.folder, options.port))
