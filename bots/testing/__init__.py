"""The test kit for plug-ins: the contracts that Paperwire's own adapters, sources and engines satisfy, as classes.

Subclass one, give it one factory, and pytest collects its tests. Modules are imported on first use, because only
tests need pytest and Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bots.testing.adapters import AdapterContract
    from bots.testing.clock import HandClock
    from bots.testing.conversations import ConversationContract
    from bots.testing.engines import EngineContract
    from bots.testing.failing import RETRY_AFTER, Fault
    from bots.testing.faults import FaultContract
    from bots.testing.looping import in_loop
    from bots.testing.server import Answer, Call, HttpFault, LocalServer
    from bots.testing.sources import LibraryContract, SourceContract, SourceStage, a_context
    from bots.testing.stage import Shown, Stage

__all__ = [
    "RETRY_AFTER",
    "AdapterContract",
    "Answer",
    "Call",
    "ConversationContract",
    "EngineContract",
    "Fault",
    "FaultContract",
    "HandClock",
    "HttpFault",
    "LibraryContract",
    "LocalServer",
    "Shown",
    "SourceContract",
    "SourceStage",
    "Stage",
    "a_context",
    "in_loop",
]

#: The module of each name, so that using one imports no more than it needs.
_HOMES = {
    "RETRY_AFTER": "failing",
    "AdapterContract": "adapters",
    "Answer": "server",
    "Call": "server",
    "ConversationContract": "conversations",
    "EngineContract": "engines",
    "Fault": "failing",
    "FaultContract": "faults",
    "HandClock": "clock",
    "HttpFault": "server",
    "LibraryContract": "sources",
    "LocalServer": "server",
    "Shown": "stage",
    "SourceContract": "sources",
    "SourceStage": "sources",
    "Stage": "stage",
    "a_context": "sources",
    "in_loop": "looping",
}


def __getattr__(name: str) -> Any:
    """Return a name of the kit; its module is imported on first use.

    Raises:
        ImportError: pytest or Hypothesis is missing; the message names the command that installs them.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name not in ("pytest", "hypothesis"):
            raise
        raise ImportError(
            f"bots.testing.{name} needs {error.name}. Install it with: pip install 'paperwire[testing]'"
        ) from error
