"""What the engines have used today, for the operator."""

from collections.abc import Sequence
from typing import Any

from bots.config.settings import Settings
from bots.delivery.operations import EngineReport
from summarizer import Summarizer, SummarizerError

#: The engine that the allowance of `[engine]` is for.
REMOTE = "remote"


def engine_reports(engines: Sequence[Summarizer], settings: Settings) -> tuple[EngineReport, ...]:
    """Return a report of each engine; one that was not needed yet is not opened for it."""
    return tuple(_report(engine, settings) for engine in engines)


def _report(engine: Any, settings: Settings) -> EngineReport:
    # Engines of other packages need no such attributes.
    usage = getattr(engine, "usage", None)
    allowed = str(settings.engine.get("daily_budget_tokens", "")) if engine.engine == REMOTE else ""
    return EngineReport(
        name=engine.engine,
        model=_model(engine) if getattr(engine, "is_open", True) else "",
        requests=_number(usage, "requests"),
        tokens=_number(usage, "tokens"),
        allowed=int(allowed) if allowed.isdigit() else 0,
    )


def _model(engine: Any) -> str:
    try:
        return str(engine.model)
    except SummarizerError:
        return ""


def _number(usage: object, name: str) -> int:
    found = getattr(usage, name, 0)
    return found if isinstance(found, int) and found > 0 else 0
