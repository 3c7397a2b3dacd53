"""Checks a third-party engine: the result is a blurb within a timeout, or an error that names the engine."""

import asyncio

from summarizer.blurb import Abstract, Blurb, Style, Summarizer
from summarizer.errors import EngineDown

#: Seconds. Our own engines take less than a tenth of it; a digest must be made within six minutes.
PATIENCE = 120.0
#: Seconds. A shutdown must not be delayed for longer.
_CLOSE = 5.0


class Guarded:
    """A wrapper that has the behaviour which the `Summarizer` protocol documents, whatever the wrapped engine does."""

    def __init__(self, engine: Summarizer, name: str, *, patience: float = PATIENCE) -> None:
        self.engine = name
        self._engine = engine
        self._patience = patience

    @property
    def model(self) -> str:
        """The model of the engine."""
        return str(self._engine.model)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the engine's blurb.

        Raises:
            EngineDown: the engine took too long, or returned something other than a blurb.
        """
        waiting = asyncio.timeout(self._patience)
        try:
            async with waiting:
                made: object = await self._engine.summarize(abstract, style)
        except TimeoutError as exc:
            if not waiting.expired():
                raise
            raise EngineDown(f"The engine {self.engine} did not answer within {self._patience:.0f} seconds.") from exc
        except (Exception, KeyboardInterrupt):
            raise
        except BaseException as exc:
            # A cancellation without a request, sys.exit, or an error like the PanicException of libraries in Rust.
            if is_cancelled(exc):
                raise
            raise EngineDown(f"The engine {self.engine} ended with {type(exc).__name__}.") from exc
        if isinstance(made, Blurb) and str(made.text or "").strip():
            return made
        raise EngineDown(f"The engine {self.engine} returned {_shown(made)} instead of a blurb.")

    async def aclose(self) -> None:
        """Close the engine if it has `aclose`, within a timeout."""
        close = getattr(self._engine, "aclose", None)
        if close is not None:
            async with asyncio.timeout(_CLOSE):
                await close()


def is_cancelled(error: BaseException) -> bool:
    """Return whether our own task is cancelled, and not one that third-party code waited for."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and (task is None or task.cancelling() > 0)


def _shown(made: object) -> str:
    return "an empty text" if isinstance(made, Blurb) else f"a value of type {type(made).__name__}"
