"""Find an engine by name: a built-in one, or a third-party one registered as an entry point."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from summarizer.blurb import Chain, Summarizer
from summarizer.errors import EngineMissing, PluginError, SummarizerError
from summarizer.plugins import PluginGroup
from summarizer.setup import EngineSetting, EngineSetup, still

ENGINES = PluginGroup(
    group="paperwire.engines",
    kind="engine",
    built_in={
        "extractive": "summarizer.engines.registry:extractive",
        "generative": "summarizer.engines.registry:generative",
        "remote": "summarizer.engines.registry:remote",
        "chain": "summarizer.engines.registry:chain",
    },
)
#: General options that every engine is given: what a blurb is written for.
_FOR_ALL = ("language", "reader")


def load(name: str = "extractive", setup: EngineSetup | None = None) -> Summarizer:
    """Return a new engine of that name, importing only the modules it lives in.

    A stranger's engine is called without arguments; one that has `open` is opened with the setup instead, in which
    `options` holds the values of its own settings.

    Args:
        name: of an engine.
        setup: what was set; None for nothing, in a world where time stands still.

    Raises:
        EngineMissing: no engine has that name, a library it needs is not installed, or something it needs is not set.
    """
    setup = setup or still()
    try:
        found = ENGINES.load(name)
    except PluginError as exc:
        raise EngineMissing(f"{exc} {exc.hint}".rstrip()) from exc
    try:
        return found(setup) if name in ENGINES.built_in else _opened(found, name, setup)
    except ImportError as exc:
        raise EngineMissing(f"The engine {name!r} cannot be loaded: {exc}.") from exc


def _opened(found: Any, name: str, setup: EngineSetup) -> Summarizer:
    """Open a stranger's engine, whatever goes wrong in it."""
    from summarizer.engines.guard import Guarded

    try:
        engine: Summarizer = found.open(_own(found, name, setup)) if hasattr(found, "open") else found()
        fits = hasattr(engine, "summarize") and hasattr(engine, "model")
    except (SummarizerError, ImportError):
        raise
    except Exception as exc:
        raise EngineMissing(f"The engine {name!r} cannot be opened: it failed with {type(exc).__name__}.") from exc
    if not fits:
        raise EngineMissing(f"The engine {name!r} cannot be used: it has no `summarize` or no `model`.")
    return Guarded(engine, name)


def _own(found: Any, name: str, setup: EngineSetup) -> EngineSetup:
    """Return the setup with the engine's own options: what was set, else its defaults."""
    settings: Sequence[EngineSetting] = tuple(getattr(found, "settings", ()))
    # A required one has no default to be read.
    options: dict[str, Any] = {each.name: None if each.required else each.read(each.default) for each in settings}
    options |= {option: setup.options[option] for option in _FOR_ALL if option in setup.options}
    options |= setup.own.get(name, {})
    for each in settings:
        if each.required and not options[each.name]:
            place = f"engines.{name}.{each.name}"
            raise EngineMissing(f"The engine {name} is not set up: {place} is missing ({each.says})", option=place)
    return replace(setup, options=options, own={})


def engine_settings(name: str) -> Sequence[EngineSetting]:
    """Return the settings of an engine of another package.

    Raises:
        PluginError: it cannot be loaded.
    """
    return tuple(getattr(ENGINES.load(name), "settings", ()))


def open_chain(setup: EngineSetup) -> Chain:
    """Return the engines named by the option `order`, in order of preference, as one engine; the caller closes it.

    Raises:
        EngineMissing: an engine does not exist.
    """
    from summarizer.engines.registry import chain

    return chain(setup)


def find(name: str) -> None:
    """Check that an engine of that name is registered; nothing is imported.

    Raises:
        EngineMissing: no engine has that name.
    """
    if name not in ENGINES.built_in and name not in ENGINES.strangers():
        raise EngineMissing(f"There is no engine named {name!r}. Known: {', '.join(ENGINES.names())}.")
