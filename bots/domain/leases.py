"""What one of several processes has for itself until a time, such as a connection that only one may open."""

from dataclasses import dataclass
from datetime import datetime

#: The kinds of the leases of Discord's gateway: shards, the processes that share them, and their number.
SHARD, PROCESS, COUNT = "discord.shard", "discord.process", "discord.shards"
#: What the lease of a shard says of it.
CONNECTED, CONNECTING = "connected", "connecting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """A thing that a process holds until it renews the lease, ends it, or has not renewed it in time."""

    name: str
    #: The process, under a name that no other process has.
    holder: str
    until: datetime
    #: What the holder says of it, for whoever lists the leases.
    note: str = ""
