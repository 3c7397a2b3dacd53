"""The doctor's check of an engine: it makes one small blurb, and reports the blurb and the time it took."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bots.chat.phrases import clean
from bots.cli.findings import Finding, State
from bots.config.settings_table import TABLE
from bots.config.values import Setting
from summarizer import Abstract, EngineDown, EngineMissing, Summarizer, SummarizerError

if TYPE_CHECKING:
    from bots.bootstrap.app import App

#: An abstract short enough to read and long enough to condense.
_PROBE = Abstract(
    title="A probe",
    text="Condensers of text are rarely checked before use. We present a probe that asks one for a single sentence. "
    "The probe finds a broken condenser in a fraction of a second.",
)
#: The only engine that never uses the network: a model of the generative engine may have to be downloaded first.
_NEEDS_NO_NETWORK = "extractive"
#: Seconds. A digest of ten papers must be made within six minutes, four papers at a time.
_PATIENCE = 60.0
_SLOW = "use a smaller model or a faster machine: docs/how-to/model-servers.md"
_ORDER = "set engine.order to engines that work on this machine"


def condenses(
    engine: Summarizer, *, offline: bool, patience: float = _PATIENCE
) -> Callable[["App"], Awaitable[Finding]]:
    """Return a check that the engine is set up and makes a blurb within `patience` seconds."""

    async def check(application: "App") -> Finding:
        # With another engine as a fallback, blurbs are still written, though not by the preferred engine.
        trouble = State.WRONG if len(application.engines) == 1 else State.WARN
        name = f"engine {engine.engine}"
        try:
            says = await _tried(engine, offline=offline, patience=patience)
        except TimeoutError:
            return Finding(name=name, state=trouble, says=f"made no blurb within {patience:.0f} s", fix=_SLOW)
        except SummarizerError as error:
            return Finding(name=name, state=trouble, says=str(error), fix=_fix(error))
        except Exception as error:  # noqa: BLE001 - a third-party engine may fail in any way
            return Finding(name=name, state=trouble, says=f"it fails with {type(error).__name__}", fix="see the log")
        return Finding(name=name, says=says)

    return check


async def _tried(engine: Summarizer, *, offline: bool, patience: float) -> str:
    """Return how the engine's blurb went.

    Raises:
        TimeoutError: there is no blurb after `patience` seconds.
        SummarizerError: the engine fails.
    """
    model = engine.model
    if offline and engine.engine != _NEEDS_NO_NETWORK:
        return f"{model} is set up; made no blurb, because of --offline"
    clock = asyncio.get_running_loop().time
    start = clock()
    async with asyncio.timeout(patience):
        blurb = await engine.summarize(_PROBE)
    return f"{model} condenses, in {clock() - start:.1f} s: “{clean(blurb.text)}”"


def _fix(error: SummarizerError) -> str:
    """Return what helps: the engine's own advice, where to set the missing option, or a general fix."""
    if isinstance(error, EngineDown) and error.hint:
        return error.hint
    option = error.option if isinstance(error, EngineMissing) else ""
    if option.startswith("engines."):
        return f"set {option} in the settings file, or {Setting(section=option, name='', says='', read=str).variable}"
    for setting in TABLE:
        if option and setting.place == f"engine.{option}":
            return f"set {setting.place} in the settings file, or {setting.variable}"
    return "python3 dev.py install" if isinstance(error, EngineMissing) else _ORDER
