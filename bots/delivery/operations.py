"""What a page for the operator acts with, handed to the adapter that serves it once the program is composed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bots.delivery.operator import Operator
from bots.domain.digests import Digest, Part
from bots.ports import Adapter


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineReport:
    """An engine, and what it has used today."""

    name: str
    #: Empty if the engine has not been needed yet.
    model: str = ""
    requests: int = 0
    tokens: int = 0
    #: Tokens that it may use a day; 0 for no limit, or if it counts none.
    allowed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Operations:
    """The parts of the program that the operator looks at and acts on."""

    operator: Operator
    #: The connected platforms, by name.
    adapters: Mapping[str, Adapter]
    #: Why a platform that is set up is not connected, as a clause.
    absent: Mapping[str, str]
    #: Returns the engines in order of preference.
    engines: Callable[[], tuple[EngineReport, ...]]

    def composed(self, digest: Digest) -> tuple[Part, ...]:
        """Return a digest as its platform would post it.

        Raises:
            AdapterFault: the adapter failed.
            ChannelGone: its platform is not connected.
        """
        return self.operator.executor.compose(digest)


@runtime_checkable
class Operated(Protocol):
    """The optional method of an adapter whose pages the operator acts on."""

    def operate(self, operations: Operations) -> None:
        """Take what the pages act with; called once, before the program serves people."""
        ...
