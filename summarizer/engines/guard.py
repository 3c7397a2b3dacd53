"""Holds an engine of another package to its promise: a blurb, within bounds of time, or an error that names it."""

import asyncio

from summarizer.blurb import Abstract, Blurb, Style, Summarizer
from summarizer.errors import EngineDown

#: No engine of ours takes a tenth of it; a digest is made within six minutes. Seconds.
PATIENCE = 120.0
#: The end of a program is not held up for longer. Seconds.
_CLOSE = 5.0


class Guarded:
    """An engine that does as it promised, whatever the one behind it does."""

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
            EngineDown: it took too long, or gave something else than a blurb.
        """
        waiting = asyncio.timeout(self._patience)
        try:
            async with waiting:
                made: object = await self._engine.summarize(abstract, style)
        except TimeoutError as exc:
            if not waiting.expired():
                raise
            raise EngineDown(f"The engine {self.engine} did not answer within {self._patience:.0f} seconds.") from exc
        except (asyncio.CancelledError, SystemExit) as exc:
            if is_cancelled(exc):
                raise
            raise EngineDown(f"The engine {self.engine} ended with {type(exc).__name__}.") from exc
        if isinstance(made, Blurb) and str(made.text or "").strip():
            return made
        raise EngineDown(f"The engine {self.engine} returned {_shown(made)} instead of a blurb.")

    async def aclose(self) -> None:
        """Close the engine if it can be closed; how that fails is no one's affair any more."""
        close = getattr(self._engine, "aclose", None)
        if close is not None:
            async with asyncio.timeout(_CLOSE):
                await close()


def is_cancelled(error: BaseException) -> bool:
    """Tell whether it is we who are cancelled, and not a task that somebody else's code waited for."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and (task is None or task.cancelling() > 0)


def _shown(made: object) -> str:
    return "an empty text" if isinstance(made, Blurb) else f"a value of type {type(made).__name__}"
