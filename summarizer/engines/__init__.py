"""Find an engine by name: a built-in one, or a third-party one registered as an entry point."""

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from summarizer.blurb import Chain, Summarizer
from summarizer.errors import EngineMissing
from summarizer.setup import EngineSetup, still

GROUP = "paperwire.engines"

#: The engines of this package; listed here so that a source tree without installed metadata works too.
_BUILT_IN = {
    "extractive": "summarizer.engines.registry:extractive",
    "generative": "summarizer.engines.registry:generative",
    "remote": "summarizer.engines.registry:remote",
    "chain": "summarizer.engines.registry:chain",
}


def load(name: str = "extractive", setup: EngineSetup | None = None) -> Summarizer:
    """Return a new engine of that name; only the modules of that engine are imported.

    A third-party engine is called without arguments; if it has a method `open`, that is called with the setup instead.

    Args:
        name: the name of an engine.
        setup: the options; None for no options and a clock that stands still.

    Raises:
        EngineMissing: no engine has that name, a library it needs is not installed, or an option it needs is not set.
    """
    setup = setup or still()
    try:
        engine = _opened(find(name).load(), name, setup)
    except ImportError as exc:
        raise EngineMissing(f"The engine {name!r} cannot be loaded: {exc}.") from exc
    return engine


def _opened(found: Any, name: str, setup: EngineSetup) -> Summarizer:
    wants_setup = name in _BUILT_IN or hasattr(found, "open")
    make = getattr(found, "open", found)
    return make(setup) if wants_setup else make()  # type: ignore[no-any-return]  # known at run time only


def open_chain(setup: EngineSetup) -> Chain:
    """Return the engines named by the option `order`, in order of preference, as one engine; the caller closes it.

    Raises:
        EngineMissing: an engine does not exist.
    """
    from summarizer.engines.registry import chain

    return chain(setup)


def find(name: str) -> EntryPoint:
    """Return the entry point of an engine; a third-party engine never replaces a built-in one.

    Raises:
        EngineMissing: no engine has that name.
    """
    registered = {point.name: point for point in entry_points(group=GROUP)}
    known = registered | {name: EntryPoint(name, target, GROUP) for name, target in _BUILT_IN.items()}
    if name not in known:
        raise EngineMissing(f"There is no engine named {name!r}. Known: {', '.join(sorted(known))}.")
    return known[name]
