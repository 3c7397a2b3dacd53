"""The remote engine: a language model behind an OpenAI-compatible `/v1/chat/completions`.

vLLM, SGLang, llama.cpp, Ollama, `transformers serve` and vendors offer this API. A server's responses are not trusted:
they are limited in size, read as data and checked against the abstract. In this package, only this file imports httpx.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from summarizer.blurb import Abstract, Blurb, Style
from summarizer.engines.limits import check_length
from summarizer.engines.remote.circuit_breaker import Usage, requested_pause
from summarizer.engines.remote.client import FormNotKept, ModelClient, NotUnderstood, RemoteSettings, RetryLater
from summarizer.engines.remote.completions import Completion, read_completion
from summarizer.engines.remote.refusals import MOST_READ, Refusal, why_refused
from summarizer.engines.writing import prompts
from summarizer.engines.writing.reading import Source, evidence, read_source
from summarizer.engines.writing.refinement import Draft
from summarizer.engines.writing.vetting import Passed
from summarizer.errors import EngineDown, Unfit

__all__ = ["RemoteEngine", "RemoteSettings"]

#: Statuses after which a retry may succeed.
_BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
#: Statuses of a server that does not understand part of the request.
_NOT_UNDERSTOOD = frozenset({400, 422})
#: Statuses of answers that say why: llama.cpp answers some of them with 500.
_WITH_REASON = frozenset({400, 404, 413, 422, 500})
_START = "start the server, or correct engine.remote_url"
_FASTER = "use a smaller model or a faster server; if the model has a thinking mode, turn that off"
_ADDRESS = "set engine.remote_url to the server's address, for example http://127.0.0.1:8000"
_KEY = "set PAPERWIRE_ENGINE_REMOTE_KEY to a key that the server accepts"
_MODEL = "set engine.remote_model to a name that the server lists at /v1/models, and check engine.remote_url"
_CONTEXT = "start the server with a longer context, 4,096 tokens at least"
#: By status: the sentence's end, and what to do.
_SAYS = {
    401: ("refuses the key", _KEY),
    402: ("requires payment", "check the account at the vendor"),
    403: ("refuses the key", _KEY),
    404: (
        "does not know the address or the model",
        _MODEL,
    ),
}
# A connection to this machine itself never uses an institution's proxy.
_NO_PROXY: dict[str, None] = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))
_TRANSLATED = "The blurb is a translation: only its numbers and technical names were compared with the abstract."
_TRIMMED = "Part of the model's text was left out, because the abstract does not support it."
_WITHHELD = "The abstract contains text addressed to machines; it was left out."


class RemoteEngine:
    """Condenses abstracts with a model on a server."""

    engine = "remote"

    def __init__(
        self,
        settings: RemoteSettings,
        *,
        clock: Callable[[], datetime],
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Store the settings and functions; no connection is opened before the first abstract.

        Args:
            settings: the server and its use.
            clock: returns the current time, aware.
            random: returns a number evenly distributed over 0 to 1.
            sleep: waits for a number of seconds.
        """
        self.model = f"{settings.model}@{prompts.version(settings.brief)}"
        self._settings = settings
        self._caller = ModelClient(settings, self._exchange, clock=clock, random=random, sleep=sleep)
        self._client: httpx.AsyncClient | None = None

    @property
    def usage(self) -> Usage:
        """Today's usage, counted by the server, or estimated if the server does not count."""
        return self._caller.usage

    async def aclose(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style` by the server's model.

        Raises:
            TextTooShort: the text has fewer than `MIN_WORDS` words.
            TextTooLong: the text has more than `MAX_CHARACTERS` characters.
            EngineDown: the server does not answer, the budget is used up, or the answer is unfit.
        """
        source = await asyncio.to_thread(_read, abstract)
        texts = await Draft(ask=self._caller.ask, source=source, style=style, brief=self._settings.brief).write()
        return self._blurb(texts, source)

    def _blurb(self, texts: dict[str, Passed], source: Source) -> Blurb:
        lines = [text.text if name == "blurb" else f"{name.capitalize()}: {text.text}" for name, text in texts.items()]
        found = (
            (_TRANSLATED, self._settings.brief.translates),
            (_TRIMMED, any(text.trimmed for text in texts.values())),
            (_WITHHELD, source.withheld),
        )
        return Blurb(
            text="\n".join(lines),
            evidence=evidence([sentence for text in texts.values() for sentence in text.sentences], source),
            engine=self.engine,
            model=self.model,
            warnings=tuple(warning for warning, holds in found if holds),
        )

    # -- the line ---------------------------------------------------------------------------------

    async def _exchange(self, body: str) -> Completion:
        """Send one request and parse the response.

        Raises:
            RetryLater: the request failed, but a retry may succeed.
            NotUnderstood: the server does not understand part of the request.
            EngineDown: the request failed for good.
        """
        try:
            async with asyncio.timeout(self._settings.timeout):
                status, headers, answer = await self._send(body)
        except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise RetryLater("the connection took too long", hint=_START) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            # Not retried: servers go on with what nobody waits for, so the second request would take even longer.
            took = f"The remote engine did not answer within {self._settings.timeout:.0f} seconds."
            raise EngineDown(took, hint=_FASTER) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
            raise EngineDown(
                "The remote engine's address is invalid, or redirects to an invalid address.", hint=_ADDRESS
            ) from error
        except httpx.HTTPError as error:
            raise RetryLater(f"the connection failed ({type(error).__name__})", hint=_START) from error
        _check(status, headers, answer)
        return read_completion(answer)

    async def _send(self, body: str) -> tuple[int, dict[str, str], bytes]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self._settings.key:
            headers["Authorization"] = f"Bearer {self._settings.key.reveal()}"
        content = body.encode("utf-8", "replace")
        address = _endpoint(self._settings.url)
        async with self._open().stream("POST", address, content=content, headers=headers) as response:
            answered = {name.lower(): value for name, value in response.headers.items()}
            is_good = response.status_code == httpx.codes.OK
            return response.status_code, answered, await (self._body(response) if is_good else _start_of(response))

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body as it was sent, and never more than `most_bytes`."""
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise EngineDown("The remote engine answered in an encoding that was not requested.")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._settings.most_bytes:
                raise EngineDown(f"The remote engine sent more than {self._settings.most_bytes:,} bytes.")
        return bytes(body)

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(self._settings.timeout, connect=10.0),
                limits=_limits(self._settings.concurrency),
                follow_redirects=False,
                mounts=_NO_PROXY,
            )
        return self._client


def _limits(concurrency: int) -> httpx.Limits:
    # uvicorn, which vLLM and transformers serve use, closes a connection that was idle for 5 s: a request that is sent
    # in that instant fails. A connection is not used again when it was idle for longer than 2 s.
    return httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency, keepalive_expiry=2.0)


def _read(abstract: Abstract) -> Source:
    check_length(abstract)
    return read_source(abstract)


def _endpoint(url: str) -> str:
    """Return the URL of the completions endpoint for a server address with or without the path."""
    bare = url.rstrip("/")
    path = urlsplit(bare).path
    if path.endswith("/chat/completions"):
        return bare
    return f"{bare}/chat/completions" if path.endswith("/v1") else f"{bare}/v1/chat/completions"


async def _start_of(response: httpx.Response) -> bytes:
    """Return the start of an error's body; no failure to read it hides the status."""
    body = bytearray()
    with suppress(httpx.HTTPError):
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MOST_READ:
                break
    return bytes(body)


def _check(status: int, headers: dict[str, str], body: bytes) -> None:
    """Raise unless the status is 200."""
    if status == httpx.codes.OK:
        return
    refusal = why_refused(body) if status in _WITH_REASON else Refusal.UNKNOWN
    if refusal is Refusal.TOO_LONG or status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        # The server works: the next abstract is shorter.
        raise Unfit(f"The remote engine finds the abstract too long (HTTP {status}).", hint=_CONTEXT)
    if refusal is Refusal.OTHER_MODEL:
        raise EngineDown(f"The remote engine has no model of that name (HTTP {status}).", hint=_MODEL)
    if refusal is Refusal.BAD_FORM:
        raise FormNotKept(f"HTTP {status}")
    if status in _BUSY:
        raise RetryLater(f"HTTP {status}", requested_pause(headers), hint="see the server's log, and try again later")
    if status in _NOT_UNDERSTOOD:
        raise NotUnderstood(f"HTTP {status}")
    if httpx.codes.is_redirect(status):
        raise EngineDown(
            "The remote engine redirects to another address.", hint="set engine.remote_url to that address"
        )
    says, hint = _SAYS.get(status, ("refuses", "see the server's log"))
    raise EngineDown(f"The remote engine {says} (HTTP {status}).", hint=hint)
