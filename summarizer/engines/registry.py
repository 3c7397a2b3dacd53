"""Build the built-in engines from the options: one function per engine, each importing only its own modules.

An error about a missing option names the option, so that a program can say where to set it.
"""

from typing import TYPE_CHECKING

from summarizer.blurb import Summarizer
from summarizer.errors import EngineMissing
from summarizer.setup import EngineSetup, Secret

if TYPE_CHECKING:
    from summarizer.engines.writing.prompts import Brief


def extractive(_setup: EngineSetup) -> Summarizer:
    """Return the extractive engine, which needs no option."""
    from summarizer.engines.extractive.engine import ExtractiveEngine

    return ExtractiveEngine()


def generative(setup: EngineSetup) -> Summarizer:
    """Return the generative engine, with a model in this process.

    Raises:
        EngineMissing: no model is set, or an option is not valid.
    """
    from summarizer.engines.generative.engine import GenerativeEngine
    from summarizer.engines.generative.model_source import Device, GenerativeSettings

    model = _needed(setup, "generative", "generative_model")
    device = _one_of(setup, "generative_device", [each.value for each in Device])
    settings = GenerativeSettings(
        model=model, revision=setup.text("generative_revision"), device=Device(device or Device.AUTO)
    )
    return GenerativeEngine(settings)


def remote(setup: EngineSetup) -> Summarizer:
    """Return the remote engine, with a model on a server.

    Raises:
        EngineMissing: no server or model is set, or an option is not valid.
    """
    from summarizer.engines.remote.client import CONCURRENCY
    from summarizer.engines.remote.engine import RemoteEngine, RemoteSettings

    key = setup.options.get("remote_key", "")
    settings = RemoteSettings(
        url=_needed(setup, "remote", "remote_url"),
        model=_needed(setup, "remote", "remote_model"),
        key=key if isinstance(key, Secret) else Secret(key),
        brief=_brief(setup),
        daily_tokens=_count(setup, "daily_budget_tokens"),
        share=setup.share,
        concurrency=_count(setup, "remote_concurrency") or CONCURRENCY,
    )
    return RemoteEngine(settings, clock=setup.clock, random=setup.random, sleep=setup.sleep)


def _brief(setup: EngineSetup) -> "Brief":
    from summarizer.engines.writing.prompts import Brief, Mode, Reader

    mode = _one_of(setup, "remote_mode", [each.value for each in Mode])
    reader = _one_of(setup, "reader", [each.value for each in Reader])
    return Brief(mode=Mode(mode or Mode.PLAIN), reader=Reader(reader or Reader.EXPERT), language=setup.text("language"))


def _needed(setup: EngineSetup, engine: str, option: str) -> str:
    if value := setup.text(option).strip():
        return value
    raise EngineMissing(f"The engine {engine} is not set up: {option} is missing.", option=option)


def _one_of(setup: EngineSetup, option: str, allowed: list[str]) -> str:
    value = setup.text(option).strip().lower()
    if value and value not in allowed:
        raise EngineMissing(f"{option} must be one of {', '.join(allowed)}, not {value!r}.", option=option)
    return value


def _count(setup: EngineSetup, option: str) -> int:
    value = setup.text(option).strip() or "0"
    if not (value.isascii() and value.isdigit()):
        raise EngineMissing(f"{option} must be a whole number, not {value!r}.", option=option)
    return int(value)
