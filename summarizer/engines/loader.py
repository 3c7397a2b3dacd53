"""Find an engine by name: a built-in one, or a third-party one registered as an entry point."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from summarizer.blurb import Chain, Summarizer
from summarizer.errors import EngineMissing, PluginError, SummarizerError
from summarizer.plugins import PluginGroup
from summarizer.setup import EngineSetting, EngineSetup, default_setup

ENGINES = PluginGroup(
    group="paperwire.engines",
    kind="engine",
    built_in={
        "extractive": "summarizer.engines.registry:extractive",
        "generative": "summarizer.engines.registry:generative",
        "remote": "summarizer.engines.registry:remote",
        "chain": "summarizer.engines.loader:open_chain",
    },
)
#: General options that every engine receives: the language and the readers of a blurb.
_FOR_ALL = ("language", "reader")


def load(name: str = "extractive", setup: EngineSetup | None = None) -> Summarizer:
    """Return a new engine of that name, importing only its own modules.

    A third-party engine is called without arguments; if it has `open`, that is called with the setup instead, whose
    `options` are the values of the engine's own settings.

    Args:
        name: the name of the engine.
        setup: the options and the clock; None for no options and a clock that stands still.

    Raises:
        EngineMissing: no engine has that name, a library it needs is not installed, or something it needs is not set.
    """
    setup = setup or default_setup()
    try:
        found = ENGINES.load(name)
    except PluginError as exc:
        raise EngineMissing(f"{exc} {exc.hint}".rstrip()) from exc
    try:
        return found(setup) if name in ENGINES.built_in else _opened(found, name, setup)
    except ImportError as exc:
        raise EngineMissing(f"The engine {name!r} cannot be loaded: {exc}.") from exc


def _opened(found: Any, name: str, setup: EngineSetup) -> Summarizer:
    """Open a third-party engine, and translate any failure."""
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
    """Return the setup with the engine's own options, or with their defaults."""
    settings: Sequence[EngineSetting] = tuple(getattr(found, "settings", ()))
    # A required setting has no default.
    options: dict[str, Any] = {each.name: None if each.required else each.read(each.default) for each in settings}
    options |= {option: setup.options[option] for option in _FOR_ALL if option in setup.options}
    options |= setup.own.get(name, {})
    for each in settings:
        if each.required and not options[each.name]:
            place = f"engines.{name}.{each.name}"
            raise EngineMissing(f"The engine {name} is not set up: {place} is missing ({each.says})", option=place)
    return replace(setup, options=options, own={})


def engine_settings(name: str) -> Sequence[EngineSetting]:
    """Return the settings of a third-party engine.

    Raises:
        PluginError: the engine cannot be loaded.
    """
    return tuple(getattr(ENGINES.load(name), "settings", ()))


def open_chain(setup: EngineSetup) -> Chain:
    """Return the engines named by the option `order`, in order of preference, as one engine; the caller closes it.

    The names are separated by commas or spaces. Each engine is opened on its first use.

    Raises:
        EngineMissing: an engine does not exist.
    """
    from summarizer.engines.chain import ChainEngine, Deferred

    names = tuple(dict.fromkeys(setup.text("order").replace(",", " ").split() or ["extractive"]))
    for name in names:
        if name == "chain":
            raise EngineMissing("A chain of engines cannot hold itself.", option="order")
        find(name)
    return ChainEngine([Deferred(name, partial(load, name, setup)) for name in names])


def find(name: str) -> None:
    """Check that an engine of that name is registered; nothing is imported.

    Raises:
        EngineMissing: no engine has that name.
    """
    if name not in ENGINES.built_in and name not in ENGINES.third_party():
        raise EngineMissing(f"There is no engine named {name!r}. Known: {', '.join(ENGINES.names())}.")
