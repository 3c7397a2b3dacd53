"""Shards of a gateway: which of how many a process connects, as an operator writes it, and how processes share them.

Discord sends each server's events to the shard `(server id >> 22) % count`, and direct messages to shard 0
(docs.discord.com, Gateway, Sharding).
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bots.domain.leases import CONNECTED, Lease

#: Discord's largest bots have some thousand; more is a slip of the hand.
MOST_SHARDS = 4096
_WRITTEN = re.compile(r"(?:(?P<own>[0-9,\s-]+)/)?\s*(?P<count>[0-9]{1,6})")
_RANGE = re.compile(r"\s*([0-9]{1,6})\s*(?:-\s*([0-9]{1,6})\s*)?")
_HOW = "give auto, a number such as 8, or which of how many, such as 0-3/8"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardChoice:
    """Which shards a process connects."""

    #: The number of all shards; 0 takes the number that the platform recommends.
    count: int = 0
    #: The shards of this process; empty shares all of them with the other processes.
    own: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Return the choice as an operator writes it."""
        own = f"{ranges(self.own)}/" if self.own else ""
        return f"{own}{self.count}" if self.count else "auto"


def read_shards(text: str) -> ShardChoice:
    """Read a choice of shards: `auto`, `8`, `0-3/8` or `0,2,5-7/8`.

    Raises:
        ValueError: it is none; the message says what is wrong.
    """
    if text.strip().lower() == "auto":
        return ShardChoice()
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(_HOW)
    count = int(written["count"])
    if not 1 <= count <= MOST_SHARDS:
        raise ValueError(f"there may be 1 to {MOST_SHARDS} shards; {_HOW}")
    return ShardChoice(count=count, own=_own(written["own"], count) if written["own"] is not None else ())


def _own(text: str, count: int) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        ends = _RANGE.fullmatch(part)
        if ends is None:
            raise ValueError(_HOW)
        first, last = int(ends[1]), int(ends[2] or ends[1])
        if last < first:
            raise ValueError(f"{first}-{last} ends before it begins")
        if last >= count:
            raise ValueError(f"there is no shard {last}: {count} shards are numbered 0 to {count - 1}")
        found += range(first, last + 1)
    twice = [shard for shard, times in Counter(found).items() if times > 1]
    if twice:
        raise ValueError(f"shard {twice[0]} is named twice")
    return tuple(sorted(found))


def ranges(shards: Collection[int]) -> str:
    """Return numbers as they are written: `0-2, 5`."""
    parts: list[list[int]] = []
    for shard in sorted(shards):
        if parts and parts[-1][-1] == shard - 1:
            parts[-1][-1:] = [parts[-1][-1], shard] if len(parts[-1]) == 1 else [shard]
        else:
            parts.append([shard])
    return ", ".join("-".join(map(str, part)) for part in parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What a process does so that all shards are connected, and about evenly."""

    take: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()


def next_move(me: str, count: int, sharing: Collection[str], held: Mapping[int, str], *, at_once: int) -> Move:
    """Return which shards a process takes or leaves now.

    A shard that moves is disconnected for some seconds and costs an IDENTIFY, so few move at a time, only while none is
    free, and only until no process has two more than another. If every process does this again and again, each shard
    is held by one of them in the end.

    Args:
        me: the process.
        count: the number of all shards.
        sharing: the live processes that share the shards, this one among them.
        held: who holds each shard that is not free; some may be held by processes that share nothing.
        at_once: at most this many are left in one step.
    """
    names = sorted({*sharing, me})
    own = Counter(dict.fromkeys(names, 0))
    own.update(holder for holder in held.values() if holder in own)
    free = [shard for shard in range(count) if shard not in held]
    if free:
        most = -(-(len(free) + own.total()) // len(names))
        # Each begins elsewhere, so that two do not reach for the same shard.
        start = names.index(me) * len(free) // len(names)
        wanted = [*free[start:], *free[:start]][: max(0, most - own[me])]
        return Move(take=tuple(wanted))
    mine = sorted(shard for shard, holder in held.items() if holder == me)
    return Move(leave=tuple(mine[len(mine) - min(at_once, _surplus(me, own)) :]))


def _surplus(me: str, own: Counter[str]) -> int:
    """Return how many shards of a process move to others until all have about the same number."""
    left = 0
    own = own.copy()
    while True:
        richest = min(own, key=lambda name: (-own[name], name))
        poorest = min(own, key=lambda name: (own[name], name))
        if own[richest] - own[poorest] <= 1:
            return left
        own[richest] -= 1
        own[poorest] += 1
        left += richest == me


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardStanding:
    """How the shards of a gateway stand, over all processes."""

    count: int
    connected: tuple[int, ...]
    connecting: tuple[int, ...]
    processes: int

    @property
    def missing(self) -> tuple[int, ...]:
        """The shards that no process holds."""
        return tuple(sorted(set(range(self.count)) - {*self.connected, *self.connecting}))

    def __str__(self) -> str:
        """Return how they stand, in words."""
        shards = f"{self.count} shard{'s' * (self.count != 1)}"
        processes = f"{self.processes} process{'es' * (self.processes != 1)}"
        missing = f"; no process has {ranges(self.missing)}" if self.missing else ""
        return f"{len(self.connected)} of {shards} connected in {processes}{missing}"


def shard_standing(count: Sequence[Lease], shards: Sequence[Lease], processes: Sequence[Lease]) -> ShardStanding | None:
    """Return how the shards stand by the leases of each kind; None if no process has any."""
    if not count:
        return None
    total = int(count[0].holder)
    told = [(int(each.name.partition("/")[0]), each.note) for each in shards if each.name.endswith(f"/{total}")]
    return ShardStanding(
        count=total,
        connected=tuple(number for number, note in told if note == CONNECTED),
        connecting=tuple(number for number, note in told if note != CONNECTED),
        processes=len(processes),
    )
