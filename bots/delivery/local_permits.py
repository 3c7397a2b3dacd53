"""The permits of one process that shares its limits with no other."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf

from bots.ports.observing import Observer, Unobserved
from bots.ports.permits import Lane

#: Returns monotonic seconds from any starting point: a wall clock that is set back must not stop posting.
Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

#: Above this number, idle lanes are deleted.
_MOST_LANES = 4096
#: Seconds between two looks for whether a permit was given back.
LOOK = 0.25
#: Smaller than any clock's resolution. Seconds.
NOTHING = 1e-6


@dataclass(kw_only=True, slots=True)
class _Counted:
    """What is known of one lane."""

    #: When the next permit may be given, in ticks.
    free_at: float = -inf
    #: Until when the service asked to be left alone, in ticks.
    held_until: float = -inf
    #: When permits in use count as given back, by their names.
    in_use: dict[str, float] = field(default_factory=dict)
    #: Permits that were given so far.
    given: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_idle(self, now: float) -> bool:
        """Return whether the lane is as if nobody had ever asked for it."""
        return max(self.free_at, self.held_until, *self.in_use.values(), -inf) <= now and not self.turn.locked()


class LocalPermits:
    """Gives permits in this process's memory; see `bots.ports.Permits`."""

    def __init__(self, *, ticks: Ticks, sleep: Sleep, observer: Observer | None = None) -> None:
        self._ticks = ticks
        self._sleep = sleep
        self._observer = observer or Unobserved()
        self._lanes: dict[str, _Counted] = {}

    async def take(self, lane: Lane, *, within: float = inf) -> str:
        """Wait until the lane has a permit, take it, and return its name."""
        began, counted = self._ticks(), self._counted(lane)
        async with counted.turn:
            # Checked repeatedly: while a task waits, a longer hold may begin.
            while (left := self._left(lane, counted)) > NOTHING:
                if self._ticks() + left > began + within:
                    raise TimeoutError
                await self._sleep(min(left, LOOK) if self._is_full(lane, counted) else left)
            now = self._ticks()
            # Every task wakes a millisecond or two late; this must not delay the tasks behind it.
            counted.free_at = max(counted.free_at, now - lane.slack) + lane.gap
            self._observer.permitted(lane.kind, now - began)
            return self._used(lane, counted, now)

    @staticmethod
    def _used(lane: Lane, counted: _Counted, now: float) -> str:
        counted.given += 1
        name = str(counted.given)
        if lane.at_once:
            counted.in_use[name] = now + lane.lease
        return name

    def _left(self, lane: Lane, counted: _Counted) -> float:
        """Return the seconds until the next permit may be given, as far as it is known now."""
        free_at = max(counted.free_at, counted.held_until)
        return (max(free_at, min(counted.in_use.values())) if self._is_full(lane, counted) else free_at) - self._ticks()

    def _is_full(self, lane: Lane, counted: _Counted) -> bool:
        now = self._ticks()
        for name in [name for name, ends in counted.in_use.items() if ends <= now]:
            del counted.in_use[name]
        return bool(lane.at_once) and len(counted.in_use) >= lane.at_once

    async def give_back(self, lane: Lane, permit: str, *, used: bool = True) -> None:
        """Return a permit of a lane that counts those in use; the gap to the next one begins now."""
        counted = self._counted(lane)
        counted.in_use.pop(permit, None)
        now = self._ticks()
        if used:
            counted.free_at = max(counted.free_at, now + lane.gap)
        elif not counted.in_use:
            counted.free_at = now

    async def hold(self, lane: Lane, seconds: float) -> None:
        """Give no permit of a lane for that many seconds; a longer hold in progress stays in force."""
        counted = self._counted(lane)
        counted.held_until = max(counted.held_until, self._ticks() + seconds)

    def _counted(self, lane: Lane) -> _Counted:
        if len(self._lanes) > _MOST_LANES:
            now = self._ticks()
            for key in [key for key, each in self._lanes.items() if each.is_idle(now)]:
                del self._lanes[key]
        return self._lanes.setdefault(lane.key, _Counted())
