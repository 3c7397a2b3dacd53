"""The client of a model server: dialect fallback, retries, circuit breaker and budget; knows no HTTP."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from summarizer.engines.remote.circuit_breaker import Breaker, Budget, Share, Usage, backoff, tokens_of
from summarizer.engines.remote.completions import Completion
from summarizer.engines.remote.dialects import Dialect, KnownDialect
from summarizer.engines.writing.model_output import answers_in_json, has_only_thoughts, has_thoughts
from summarizer.engines.writing.prompts import Brief, Form, Message, Shape
from summarizer.engines.writing.refinement import Answer
from summarizer.errors import EngineDown, Unfit
from summarizer.setup import Secret

_TRIES = 3
#: Requests at the same time: what a model on one processor still answers in time.
CONCURRENCY = 4
_NO_THINKING = "turn the model's thinking mode off"
_UPDATE = "check that engine.remote_url is an OpenAI-compatible server and engine.remote_model its model; update it"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteSettings:
    """The server and model of a remote engine, and how they are used."""

    #: The server's address, with or without `/v1`.
    url: str
    model: str
    key: Secret = field(default_factory=Secret)
    brief: Brief = field(default_factory=Brief)
    #: Tokens of prompts and answers per day; 0 for no limit.
    daily_tokens: int = 0
    #: Takes tokens of the day's allowance, which other processes share; None if this process has it alone.
    share: Share | None = None
    #: Concurrent requests; model servers batch them.
    concurrency: int = CONCURRENCY
    #: Seconds for one whole request (`timeout`), and for a call with all its requests and pauses (`patience`).
    timeout: float = 60.0
    patience: float = 90.0
    #: The most tokens of an answer of a model that thinks first, found by an answer that ends within its thoughts.
    thinking_tokens: int = 1024
    #: The most bytes of a response; a blurb has about 500, its JSON twice that, one with thoughts some thousands.
    most_bytes: int = 256 * 1024


class RetryLater(Exception):
    """The attempt failed, but a retry may succeed."""

    def __init__(self, reason: str, pause: float | None = None, *, hint: str = "") -> None:
        super().__init__(reason)
        self.pause = pause
        self.hint = hint


class NotUnderstood(Exception):
    """The server does not understand part of the request."""


class FormNotKept(NotUnderstood):
    """The server understands the request, but its model does not write what the schema says."""


class ModelClient:
    """Sends requests to one server; safe for any number of concurrent callers."""

    def __init__(
        self,
        settings: RemoteSettings,
        exchange: Callable[[str], Awaitable[Completion]],
        *,
        clock: Callable[[], datetime],
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Store the settings and functions.

        Args:
            settings: the server and its use.
            exchange: sends one request; raises RetryLater, NotUnderstood or EngineDown.
            clock: returns the current time, aware.
            random: returns a number evenly distributed over 0 to 1.
            sleep: waits for a number of seconds.
        """
        self._settings = settings
        self._exchange = exchange
        self._clock, self._random, self._sleep = clock, random, sleep
        self._breaker = Breaker(clock)
        self._budget = Budget(settings.daily_tokens, clock, settings.share)
        self._gate = asyncio.Semaphore(settings.concurrency)
        self._dialect = KnownDialect(clock)
        self._thinks = False

    @property
    def usage(self) -> Usage:
        """Today's usage."""
        return self._budget.usage

    async def ask(self, messages: Sequence[Message], shape: Shape) -> Answer:
        """Return the model's answer, in the first dialect that the server understands.

        Raises:
            EngineDown: the server does not answer, or refuses every dialect.
            Unfit: the model refuses, or thinks for longer than its tokens last.
        """
        refused: NotUnderstood | None = None
        for dialect in self._dialect.usable():
            try:
                completion = await self._thought_out(messages, shape, dialect)
            except NotUnderstood as error:
                refused = error
            else:
                self._dialect.understood(dialect)
                trouble = _trouble_with_json(completion) if dialect.form is Form.JSON else ""
                if trouble:
                    self._dialect.prefer_text(trouble)
                return Answer(content=completion.content, finished=completion.finished, kept_form=not trouble)
        if isinstance(refused, FormNotKept):
            raise Unfit("The model does not keep to the form of its answer.") from refused
        raise EngineDown("The remote engine does not understand the request.", hint=_UPDATE) from refused

    async def _thought_out(self, messages: Sequence[Message], shape: Shape, dialect: Dialect) -> Completion:
        """Return the completion; if thoughts left too few tokens for it, of a second request with more."""
        had_more = self._thinks
        completion = await self._completed(messages, shape, dialect)
        thinks = completion.thought or has_thoughts(completion.content)
        if thinks and not completion.finished and not had_more:
            self._thinks = True
            completion = await self._completed(messages, shape, dialect)
        if not completion.finished and has_only_thoughts(completion.content):
            raise Unfit("The model used up its tokens before it answered.", hint=_NO_THINKING)
        return completion

    async def _completed(self, messages: Sequence[Message], shape: Shape, dialect: Dialect) -> Completion:
        # A language that tokenizers know less well takes twice as many tokens.
        tokens = shape.tokens * (2 if self._settings.brief.translates else 1)
        most = max(tokens, self._settings.thinking_tokens) if self._thinks else tokens
        return await self._patiently(dialect.payload(self._settings.model, messages, shape, most), most)

    async def _patiently(self, payload: dict[str, Any], most: int) -> Completion:
        """Return the server's answer, with retries while the server is busy."""
        end = self._clock().timestamp() + self._settings.patience
        for attempt in range(1, _TRIES + 1):
            if (left := self._breaker.remaining) > 0:
                raise EngineDown(f"The remote engine failed; it is retried in {_span(left)}.")
            try:
                completion = await self._counted(payload, most)
            except RetryLater as later:
                await self._pause(later, attempt, end)
            except Unfit:
                # The server works, even though the model's answer is unfit.
                self._breaker.succeeded()
                raise
            except EngineDown:
                self._breaker.failed()
                raise
            else:
                self._breaker.succeeded()
                return completion
        raise AssertionError("the last failed attempt raises")

    async def _pause(self, later: RetryLater, attempt: int, end: float) -> None:
        """Wait before the next attempt; raise EngineDown if there is none."""
        pause = backoff(attempt, self._random) if later.pause is None else later.pause
        if attempt < _TRIES and not self._breaker.trying and self._clock().timestamp() + pause < end:
            await self._sleep(pause)
            return
        self._breaker.failed()
        if later.pause is not None:
            self._breaker.hold(later.pause)
        raise EngineDown(f"The remote engine does not answer: {later}.", hint=later.hint) from later

    async def _counted(self, payload: dict[str, Any], most: int) -> Completion:
        """Send one request within the budget and count the tokens it used."""
        body = json.dumps(payload, ensure_ascii=False)
        prompt = tokens_of(body)
        async with self._gate:
            await self._budget.reserve(prompt + most)
            used = (0, 0)
            try:
                completion = await self._exchange(body)
                used = _used(completion, prompt)
                return completion
            finally:
                self._budget.settle(prompt + most, prompt=used[0], completion=used[1])


def _trouble_with_json(completion: Completion) -> str:
    """Return why plain text should be requested instead of JSON; empty if the answer is JSON and complete."""
    if not answers_in_json(completion.content):
        return "the server accepts the JSON schema and does not make the model keep to it"
    # Of 20 abstracts, a model of 135 million parameters was cut off in the JSON of most, and wrote 13 usable texts.
    return "" if completion.finished else "the model does not come to the end of its JSON"


def _used(completion: Completion, prompt: int) -> tuple[int, int]:
    """Return the prompt and answer tokens of a request; estimated if the server does not count them."""
    asked, answered = completion.prompt_tokens, completion.completion_tokens
    return prompt if asked is None else asked, tokens_of(completion.content) if answered is None else answered


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
