"""The interfaces (ports) that the inner layers require of the outer ones.

`external.py` defines those to the outside world, `repositories.py` those to the database. Each docstring states the
contract; `tests/contracts/` checks every implementation against it.
"""

from bots.ports.external import Adapter, Adapters, Ask, Clock, Dispatcher, Library, OpenSource, Source
from bots.ports.repositories import BlurbCache, Counters, Ledger, Readers, Shelf, Store, Subscriptions, Workspaces

__all__ = [
    "Adapter",
    "Adapters",
    "Ask",
    "BlurbCache",
    "Clock",
    "Counters",
    "Dispatcher",
    "Ledger",
    "Library",
    "OpenSource",
    "Readers",
    "Shelf",
    "Source",
    "Store",
    "Subscriptions",
    "Workspaces",
]
