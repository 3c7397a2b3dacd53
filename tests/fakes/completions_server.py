"""A stand-in for an OpenAI-compatible server: it summarises, replays scripted replies and simulates failures.

Run it beside Paperwire to try the remote engine without a model:

    python -m tests.fakes.completions_server --port 8081

and set `engine.remote_url` to `http://127.0.0.1:8081` and `engine.remote_model` to `stand-in`.
"""

import argparse
import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

from summarizer import Abstract, Style, TextTooShort
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.writing.prompts import RESPECTS
from summarizer.text.plain import to_plain
from summarizer.text.sentences import first_sentence
from tests.fakes.completions_manners import Manner, dressed, finish, thoughts
from tests.fakes.loopback import Loopback

MODEL = "stand-in"
_BODY_LIMIT = 1024 * 1024
_PARTS = ("problem", "approach", "result")
#: The supported fields of a request; real servers reject or ignore others.
_KNOWN = frozenset(
    {"model", "messages", "stream", "response_format", "max_tokens", "max_completion_tokens", "temperature"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request as received."""

    path: str
    #: Keys in lower case.
    headers: Mapping[str, str]
    #: The request's JSON body.
    asked: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The request's messages."""
        found = self.asked.get("messages")
        return found if isinstance(found, list) else []

    @property
    def shape(self) -> str:
        """The name of the requested JSON schema; empty if there is none."""
        shaped = self.asked.get("response_format", {})
        return str(shaped.get("json_schema", {}).get("name", ""))

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the texts that the last message requests."""
        last = self.messages[-1]["content"]
        if not self.wants_plain_text:
            return tuple(name for name in (*_PARTS, "blurb", "findings", *RESPECTS) if f'"{name}":' in last)
        if "“Problem: ”" in last:
            return _PARTS
        return ("findings",) if "“None.”" in last else ("blurb",)

    @property
    def wants_plain_text(self) -> bool:
        """Whether the last message requests plain text."""
        return "in plain text" in self.messages[-1]["content"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """The server's response to one request."""

    #: The model's text; with None the server's writer writes it.
    content: str | None = None
    #: A whole response body instead of a completion.
    body: bytes | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Tokens of the prompt and of the completion; None omits `usage`.
    usage: tuple[int, int] | None = (100, 20)
    finish: str = "stop"
    refusal: str | None = None
    #: The model's thoughts, in a field of their own; with None there is no such field.
    thoughts: str | None = None
    #: Delay before the first byte, in seconds.
    delay: float = 0.0
    #: Bytes of the body after which the connection is dropped; 0 drops it before the response starts.
    cut: int | None = None


#: Returns a model's text for a request.
Writer = Callable[[Call], str]


class CompletionsServer(Loopback):
    """Answers with the scripted replies while there are any, then with its writer; logs every call."""

    def __init__(self, port: int = 0, *, writer: Writer | None = None) -> None:
        super().__init__(port)
        self.calls: list[Call] = []
        #: Unsupported parts of a request: names of fields, or `system` for messages of that role.
        self.ignorant_of: frozenset[str] = frozenset()
        #: The API key that callers must send; empty accepts every caller.
        self.key = ""
        self.writer = writer or condense
        #: How the server treats a schema, and its model an answer.
        self.manner = Manner.HONOURS
        #: The highest number of requests in progress at the same time.
        self.most_at_once = 0
        #: While it loads its model, a server answers as llama.cpp does.
        self.loading = False
        #: The characters of a prompt that fit into the model's context; a longer one is refused as by llama.cpp.
        self.longest_prompt = 1_000_000
        #: The only model that is served, as by `transformers serve MODEL`; empty answers for every name, as llama.cpp.
        self.pinned = ""
        #: Seconds to make an answer, by the number of requests that the model works on at the time.
        self.pace: Callable[[int], float] = lambda _at_once: 0.0
        #: The requests that the model works on together; others wait, as with llama.cpp's `-np`.
        self.slots = asyncio.Semaphore(1_000)
        #: While this is not set, no request is answered.
        self.open = asyncio.Event()
        self.open.set()
        self._script: list[Reply] = []
        self._at_once = 0
        self._working = 0

    def script(self, *replies: Reply) -> None:
        """Answer the next requests with these replies, in order; after them the writer is used again."""
        self._script.extend(replies)

    def says(self, *contents: str) -> None:
        """Answer the next requests with these texts."""
        self.script(*(Reply(content=content) for content in contents))

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the client or a scripted reply ends the connection."""
        while not writer.is_closing():
            await self._answer(await _read_call(reader), writer)

    async def _answer(self, call: Call, writer: asyncio.StreamWriter) -> None:
        self.calls.append(call)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.open.wait()
            async with self.slots:
                self._working += 1
                try:
                    await asyncio.sleep(self.pace(self._working))
                finally:
                    self._working -= 1
            reply = self._refusal(call) or (self._script.pop(0) if self._script else self._usual(call))
            await _send(writer, reply, self._body(call, reply))
        finally:
            self._at_once -= 1

    def _refusal(self, call: Call) -> Reply | None:
        """Return a strict server's error for an unsupported request; None for a valid one.

        A request for the list of models is answered here as well.
        """
        if self.key and call.headers.get("authorization") != f"Bearer {self.key}":
            return _error(401, "Incorrect API key provided.")
        if self.loading:
            return _error(503, "Loading model", kind="unavailable_error")
        if call.path == "/health":
            return Reply(body=b'{"status":"ok"}')
        if call.path == "/v1/models":
            return Reply(body=json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).encode())
        if call.path != "/v1/chat/completions":
            return _error(404, "Not Found")
        roles = {message.get("role", "") for message in call.messages}
        ignorant_of = self.ignorant_of | ({"response_format"} if self.manner is Manner.REFUSES else set())
        unknown = (call.asked.keys() - _KNOWN) | (ignorant_of & (call.asked.keys() | roles))
        if unknown or not call.messages or call.asked.get("stream"):
            return _error(400, f"Unsupported: {', '.join(sorted(unknown)) or 'this request'}.")
        if self.pinned and call.asked.get("model") != self.pinned:
            detail = f"Server is pinned to '{self.pinned}'; requested '{call.asked.get('model')}'."
            return Reply(status=400, body=json.dumps({"detail": detail}).encode())
        if sum(len(str(message.get("content"))) for message in call.messages) > self.longest_prompt:
            said = "request (60011 tokens) exceeds the available context size (2048 tokens), try increasing it"
            return _error(400, said, kind="exceed_context_size_error")
        return None

    def _usual(self, call: Call) -> Reply:
        """Return the writer's text as a server of this manner sends it."""
        content = dressed(self.manner, self.writer(call), call.messages[-1]["content"])
        return Reply(content=content, finish=finish(self.manner), thoughts=thoughts(self.manner))

    def _body(self, call: Call, reply: Reply) -> bytes:
        if reply.body is not None or reply.status != HTTPStatus.OK:
            return reply.body or b""
        content = self.writer(call) if reply.content is None else reply.content
        message = {"role": "assistant", "content": content, "refusal": reply.refusal}
        if reply.thoughts is not None:
            message |= {"content": content or None, "reasoning_content": reply.thoughts}
        answer: dict[str, Any] = {
            "id": f"chatcmpl-{len(self.calls)}",
            "object": "chat.completion",
            "model": call.asked.get("model", MODEL),
            "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
        }
        if reply.usage is not None:
            prompt, completion = reply.usage
            total = {"total_tokens": prompt + completion}
            answer["usage"] = {"prompt_tokens": prompt, "completion_tokens": completion, **total}
        return json.dumps(answer).encode()


def condense(call: Call) -> str:
    """Return the text of a good model: the extractive engine's blurb and no findings, in the requested shape."""
    is_plain = call.wants_plain_text
    if "blurb" not in call.fields and not set(_PARTS) <= set(call.fields):
        return "None." if is_plain else json.dumps({name: [] for name in call.fields})
    abstract = abstract_of(call)
    if "blurb" in call.fields:
        style = Style.SHORT if "two sentences" in call.messages[-1]["content"] else Style.ONE_LINE
        said = _said(abstract, style)
        return said if is_plain else json.dumps({"blurb": said})
    lines = _said(abstract, Style.STRUCTURED)
    parts = {label.lower(): text for label, _, text in (line.partition(": ") for line in lines.splitlines())}
    return lines if is_plain else json.dumps({name: parts.get(name, "") for name in _PARTS})


def _said(abstract: Abstract, style: Style) -> str:
    """Return the extractive engine's blurb; for a text too short for it (such as the rest of an attack), its start."""
    try:
        return _engine().condense(abstract, style).text
    except TextTooShort:
        label = "Approach: " if style is Style.STRUCTURED else ""
        return f"{label}{to_plain(first_sentence(abstract.text))}"


@cache
def _engine() -> ExtractiveEngine:
    return ExtractiveEngine()


def abstract_of(call: Call) -> Abstract:
    """Return the abstract between the delimiters in the first message of the user."""
    content = next(message["content"] for message in call.messages if message["role"] == "user")
    opened, closed = ("<abstract>", "</abstract>") if "<abstract>" in content else ("⟦ABSTRACT⟧", "⟦END OF ABSTRACT⟧")
    inside = content.rpartition(f"{opened}\n")[2].partition(f"\n{closed}")[0]
    title, found, text = inside.partition("\n\n")
    return Abstract(text=text if found else title, title=title.removeprefix("Title: ") if found else "")


def _error(status: int, message: str, kind: str = "invalid_request_error") -> Reply:
    body = {"error": {"message": message, "type": kind, "param": None, "code": status}}
    return Reply(status=status, body=json.dumps(body).encode())


async def _read_call(reader: asyncio.StreamReader) -> Call:
    request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    length = min(int(headers.get("content-length", "0")), _BODY_LIMIT)
    body = await reader.readexactly(length)
    try:
        asked = json.loads(body) if body else {}
    except ValueError:
        asked = {}
    return Call(path=request.split(" ")[1], headers=headers, asked=asked)


async def _send(writer: asyncio.StreamWriter, reply: Reply, body: bytes) -> None:
    await asyncio.sleep(reply.delay)
    if reply.cut == 0:
        writer.close()
        return
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    phrase = next((known.phrase for known in HTTPStatus if known == reply.status), "Unknown")
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{k}: {v}" for k, v in {**headers, **reply.headers}.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body[: reply.cut])
    await writer.drain()
    if reply.cut is not None or "Connection" in reply.headers:
        writer.close()


async def _main(port: int, manner: Manner) -> None:
    async with CompletionsServer(port) as server:
        server.manner = manner
        print(f"Condensing at {server.url}; Ctrl+C ends it.")  # noqa: T201 - a program for a terminal
        await server.forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand in for an OpenAI-compatible server.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--manner", choices=[each.name.lower() for each in Manner], default="honours")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(arguments.port, Manner[arguments.manner.upper()]))
