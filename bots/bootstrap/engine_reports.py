"""What the engines have used today, of all processes together and for the operator."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from bots.config.settings import Settings
from bots.delivery.operations import EngineReport
from bots.domain.channels import Reader
from bots.domain.errors import StoreError
from bots.ports import Counters
from summarizer import Summarizer, SummarizerError

_log = logging.getLogger(__name__)

#: The allowance of a model server is the operator's, and belongs to no workspace.
_EVERYBODY = Reader(platform="", workspace="", user="")
_TOKENS = "engine tokens"

#: The engine that the allowance of `[engine]` is for.
REMOTE = "remote"


async def take_tokens(counters: Counters, day: date, tokens: int, allowance: int) -> bool:
    """Take tokens of a day's allowance of all processes; return False, and take none, if that many are not left."""
    try:
        return await counters.spend(_EVERYBODY, _TOKENS, day=day, amount=tokens, limit=allowance)
    except StoreError:
        _log.exception("the tokens of all processes could not be counted; this process uses what it needs")
        return True


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
