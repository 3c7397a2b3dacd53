"""Finds an engine by name: those built in, and those a stranger registered as an entry point."""

from importlib.metadata import EntryPoint, entry_points

from summarizer.blurb import Summarizer
from summarizer.errors import EngineMissing

GROUP = "paperwire.engines"

#: The engines of this package, so that a source tree without installed metadata works too.
_BUILT_IN = {
    "extractive": "summarizer.engines.extractive:ExtractiveEngine",
    "generative": "summarizer.engines.generative:GenerativeEngine",
}


def load(name: str = "extractive") -> Summarizer:
    """Return a new engine of that name, importing only the module it lives in.

    Raises:
        EngineMissing: no engine has that name, or a library it needs is not installed.
    """
    known = _known()
    if name not in known:
        raise EngineMissing(f"There is no engine named {name!r}. Known: {', '.join(sorted(known))}.")
    try:
        engine = known[name].load()()
    except ImportError as exc:
        raise EngineMissing(f"The engine {name!r} cannot be loaded: {exc}.") from exc
    return engine  # type: ignore[no-any-return]  # an entry point's type is known at run time only


def _known() -> dict[str, EntryPoint]:
    """Return every engine by name; one of ours is never displaced by a stranger's."""
    registered = {point.name: point for point in entry_points(group=GROUP)}
    ours = {name: EntryPoint(name, target, GROUP) for name, target in _BUILT_IN.items()}
    return registered | ours
