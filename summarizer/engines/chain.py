"""A chain of engines in order of preference: if one fails, the next one is used, and the blurb contains a warning."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, runtime_checkable

from summarizer.blurb import Abstract, Blurb, Style, Summarizer
from summarizer.errors import EngineDown, SummarizerError, TextTooLong, TextTooShort, Unfit

_log = logging.getLogger(__name__)


@runtime_checkable
class Preparable(Protocol):
    """An engine that can load what it needs before its first blurb."""

    async def prepare(self) -> None:
        """Load it; may raise SummarizerError."""
        ...


class Deferred:
    """An engine that is opened on first use, so that a preferred engine that is missing costs nothing."""

    def __init__(self, name: str, open_engine: Callable[[], Summarizer]) -> None:
        """Store the name and the function that opens the engine; it may raise SummarizerError on each attempt."""
        self.engine = name
        self._open = open_engine
        self._opened: Summarizer | None = None

    @property
    def model(self) -> str:
        """The model of the engine; reading it opens the engine.

        Raises:
            SummarizerError: the engine cannot be opened.
        """
        return self.opened().model

    def opened(self) -> Summarizer:
        """Return the engine, opened on the first call.

        Raises:
            SummarizerError: the engine cannot be opened.
        """
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    @property
    def is_open(self) -> bool:
        """Whether the engine was needed before."""
        return self._opened is not None

    @property
    def usage(self) -> object:
        """What the engine says that it has used today; None if it says nothing, or was not needed yet."""
        return getattr(self._opened, "usage", None)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the engine's blurb.

        Raises:
            SummarizerError: the engine cannot be opened, or fails.
        """
        return await self.opened().summarize(abstract, style)

    async def aclose(self) -> None:
        """Close the engine if it was opened and can be closed."""
        await _close(self._opened)


class ChainEngine:
    """Tries its engines in turn; `engine` and `model` are those of the first, preferred engine.

    A blurb made by another engine names that engine in its own `engine` and `model`. A cache that is keyed by the
    chain's `engine` and `model` must not store such a blurb, or the preferred engine would never be tried again.
    """

    def __init__(self, engines: Sequence[Summarizer]) -> None:
        """Store the engines, in order of preference.

        Raises:
            ValueError: the sequence is empty.
        """
        if not engines:
            raise ValueError("A chain needs at least one engine.")
        self.engines = tuple(engines)
        self._down: set[int] = set()

    async def prepare(self) -> None:
        """Load the preferred engine before it is needed; a failure is reported with its first blurb.

        Loading numpy and onnxruntime blocks the event loop for 0.1 s, even on another thread.
        """
        first = self.engines[0]
        with suppress(SummarizerError):
            engine = first.opened() if isinstance(first, Deferred) else first
            if isinstance(engine, Preparable):
                await engine.prepare()

    @property
    def engine(self) -> str:
        """The name of the preferred engine."""
        return self.engines[0].engine

    @property
    def model(self) -> str:
        """The model of the preferred engine; empty, unlike that of any blurb, if that engine cannot be opened."""
        try:
            return self.engines[0].model
        except Exception as exc:  # noqa: BLE001 - a third-party engine may fail in any way; the next one answers
            self._note(0, exc)
            return ""

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the blurb of the first engine that succeeds, with a warning if that is not the preferred engine.

        Raises:
            TextTooShort, TextTooLong: the text has the wrong length, for which no other engine helps.
            SummarizerError: the only engine failed.
            EngineDown: every engine failed; the message lists the reasons.
        """
        failures: list[Exception] = []
        for index, engine in enumerate(self.engines):
            try:
                blurb = await engine.summarize(abstract, style)
            except (TextTooShort, TextTooLong):
                raise
            except Exception as exc:  # noqa: BLE001 - the next engine may succeed after any failure of this one
                self._note(index, exc)
                failures.append(exc)
            else:
                self._note(index, None)
                return self._labelled(blurb, failures)
        raise self._all_failed(failures) from failures[-1]

    async def aclose(self) -> None:
        """Close every engine that has `aclose`."""
        for engine in self.engines:
            await _close(engine)

    def _labelled(self, blurb: Blurb, failures: Sequence[Exception]) -> Blurb:
        if not failures:
            return blurb
        passed = " ".join(
            f"The engine {engine.engine} was skipped: {_reason(failure)}"
            for engine, failure in zip(self.engines, failures, strict=False)
        )
        settled = blurb.settled and all(isinstance(failure, Unfit) for failure in failures)
        return replace(blurb, warnings=(*blurb.warnings, passed), settled=settled)

    def _all_failed(self, failures: Sequence[Exception]) -> SummarizerError:
        if len(failures) == 1 and isinstance(failures[0], SummarizerError):
            return failures[0]
        told = zip(self.engines, failures, strict=True)
        return EngineDown(" ".join(f"The engine {engine.engine} failed: {_reason(exc)}" for engine, exc in told))

    def _note(self, index: int, failure: Exception | None) -> None:
        """Log once when an engine goes down and once when it recovers, not for each paper in between."""
        name = self.engines[index].engine
        if failure is None and index in self._down:
            self._down.discard(index)
            _log.info("the engine %s answers again", name)
        elif failure is not None and index not in self._down:
            self._down.add(index)
            unexpected = not isinstance(failure, SummarizerError)
            _log.warning("the engine %s fails: %s", name, _reason(failure), exc_info=failure if unexpected else None)


def _reason(failure: Exception) -> str:
    """Return the reason as a sentence; the text of an unexpected exception is not trusted and stays in the log."""
    return str(failure) if isinstance(failure, SummarizerError) else "it failed unexpectedly; the log has details."


async def _close(engine: object) -> None:
    close = getattr(engine, "aclose", None)
    if close is None:
        return
    try:
        await close()
    except Exception:  # noqa: BLE001 - one engine that cannot be closed must not leave the others open
        _log.exception("an engine could not be closed")
