"""Opens the engines in the configured order; all processes with one database share a model server's daily allowance."""

import logging
import random
from datetime import date
from functools import partial

from bots.bootstrap.plugins import engine_options
from bots.config.settings import Settings
from bots.domain.channels import Reader
from bots.domain.errors import SettingsError, StoreError
from bots.ports import Clock, Counters
from summarizer import Chain, EngineMissing, EngineSetup, open_chain

_log = logging.getLogger(__name__)

#: The allowance of a model server is the operator's, and belongs to no workspace.
_EVERYBODY = Reader(platform="", workspace="", user="")
_TOKENS = "engine tokens"


def open_engines(settings: Settings, clock: Clock, counters: Counters) -> Chain:
    """Return the engines in the configured order; each is loaded on first use.

    Raises:
        SettingsError: the order names an engine that does not exist.
    """
    share = partial(take_tokens, counters)
    try:
        own = engine_options(settings)
        return open_chain(EngineSetup(options=settings.engine, own=own, clock=clock, random=random.random, share=share))
    except EngineMissing as error:
        raise SettingsError(f"engine.order cannot be used: {error}") from error


async def take_tokens(counters: Counters, day: date, tokens: int, allowance: int) -> bool:
    """Take tokens of a day's allowance of all processes; return False, and take none, if that many are not left."""
    try:
        return await counters.spend(_EVERYBODY, _TOKENS, day=day, amount=tokens, limit=allowance)
    except StoreError as error:
        _log.error(
            "the tokens of all processes could not be counted; this process uses what it needs",
            extra={"error": str(error)},
        )
        return True
