"""Every door of the house: what the quiet half asks of the rooms above it.

`outside.py` holds those to the world, `kept.py` those to the database. A promise stands in each docstring;
`tests/contracts/` holds every implementation to it.
"""

from bots.ports.kept import BlurbCache, Counters, Ledger, Orders, Readers, Shelf, Store, Workspaces
from bots.ports.outside import Adapter, Adapters, Ask, Clock, Dispatcher, Library, OpenSource, Source

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
    "Orders",
    "Readers",
    "Shelf",
    "Source",
    "Store",
    "Workspaces",
]
