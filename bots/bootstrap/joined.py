"""The connected platforms, shared by all components that post."""

import asyncio
import time
from dataclasses import dataclass, field

from bots.delivery.operations import Operated, Operations
from bots.delivery.rate_limiter import RateLimiter
from bots.ports import Adapter, Observer, Permits, Unobserved


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The currently connected platforms, shared by all components that post."""

    adapters: dict[str, Adapter] = field(default_factory=dict)
    rate_limiters: dict[str, RateLimiter] = field(default_factory=dict)
    #: Permits that are shared with other processes.
    permits: Permits | None = None
    observer: Observer = field(default_factory=Unobserved)
    #: Why a platform that is set up is not connected, as a clause.
    absent: dict[str, str] = field(default_factory=dict)

    def join(self, adapter: Adapter, operations: Operations | None = None) -> None:
        """Add a platform that is connected, or connected again.

        Args:
            adapter: its adapter.
            operations: what the operator's pages act with, for an adapter that has such pages.
        """
        name = adapter.platform
        if operations is not None and isinstance(adapter, Operated):
            adapter.operate(operations)
        if name not in self.rate_limiters:  # A platform that is connected again keeps its own.
            self.rate_limiters[name] = RateLimiter(
                adapter.limits, ticks=time.monotonic, sleep=asyncio.sleep, permits=self.permits, observer=self.observer
            )
        self.adapters[name] = adapter
        self.absent.pop(name, None)

    def leave(self, name: str, why: str) -> None:
        """Take a platform out that is not connected any more, and remember why, as a clause."""
        self.adapters.pop(name, None)
        self.absent[name] = why
