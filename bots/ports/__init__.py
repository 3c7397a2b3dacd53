"""Every door of the house: what the quiet half asks of the rooms above it.

`outside.py` holds those to the world, `kept.py` those to the database. A promise stands in each docstring;
`tests/contracts/` holds every implementation to it.
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
