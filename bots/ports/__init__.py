"""Every port of the application, in one import.

`external.py` holds those to the outside world, `repositories.py`, `ledger.py` and `tenants.py` those to the database,
`rate_limits.py` how often a platform accepts posts, `permits.py` the permits that are taken for them, `observing.py`
what is told to whoever watches the program, and `plugins.py` what a package registers for its adapter.
`bots.config.source_descriptions` says how a source describes itself. Each docstring states what callers may rely on;
`bots.testing` and `tests/contracts/` hold every implementation to it.
"""

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.ports.external import (
    Adapter,
    Adapters,
    Checked,
    ChecksChannels,
    Clock,
    Connected,
    Dispatcher,
    NamesChannels,
    OpenSource,
    SeesMembers,
    ShowsChannels,
    Source,
    SourceQuery,
    TellsOwners,
    Timed,
)
from bots.ports.leases import Leases
from bots.ports.ledger import Ledger
from bots.ports.libraries import FieldLibrary, Library, VersionedLibrary
from bots.ports.mentions import TakesBackMentions
from bots.ports.observing import BlurbOutcome, Observer, PostOutcome, Unobserved
from bots.ports.opinions import Follows, Tastes
from bots.ports.paper_index import PaperIndex
from bots.ports.permits import Lane, Permits
from bots.ports.plugins import AdapterPlugin
from bots.ports.programs import Archive, Credentials
from bots.ports.published import Listings, Published
from bots.ports.repositories import (
    SHOWN_ON_REQUEST,
    BlurbCache,
    Counters,
    Mailboxes,
    Readers,
    Shelf,
    Store,
    Subscriptions,
    VectorCache,
    Workspaces,
)
from bots.ports.sign_ins import SignIns
from bots.ports.tenants import Deeds, Plans

__all__ = [
    "SHOWN_ON_REQUEST",
    "Adapter",
    "AdapterPlugin",
    "Adapters",
    "Archive",
    "BlurbCache",
    "BlurbOutcome",
    "Checked",
    "ChecksChannels",
    "Clock",
    "Connected",
    "Counters",
    "Credentials",
    "Deeds",
    "Dispatcher",
    "FieldLibrary",
    "Follows",
    "HostPace",
    "Lane",
    "Leases",
    "Ledger",
    "Library",
    "Listings",
    "Mailboxes",
    "NamesChannels",
    "Observer",
    "OpenSource",
    "PaperIndex",
    "Permits",
    "Plans",
    "PostOutcome",
    "Published",
    "Readers",
    "SeesMembers",
    "Shelf",
    "ShowsChannels",
    "SignIns",
    "Source",
    "SourceDescription",
    "SourceQuery",
    "Store",
    "Subscriptions",
    "TakesBackMentions",
    "Tastes",
    "TellsOwners",
    "Timed",
    "Unobserved",
    "VectorCache",
    "VersionedLibrary",
    "Workspaces",
]
