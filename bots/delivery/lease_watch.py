"""How long another attempt's lease must be respected, although the clocks of two machines differ and may be set.

A lease is recorded with the clock of the process that took it. So a process also watches it on a clock that nobody
sets: it respects a lease for as long as a call takes from when it first saw it, and no longer than a lease can last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bots.domain.runs import Delivery

#: Leases that are remembered: many more than a process has under way. Another process may end the part of a lease that
#: was watched here, and nobody tells.
_MOST = 10_000
#: Returns monotonic seconds from any starting point.
Ticks = Callable[[], float]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Watch:
    """The lease of one attempt, since this process saw it first."""

    attempts: int
    since: float
    #: For how long it is respected at least, and at most, whatever the clock says.
    least: timedelta
    most: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaseWatch:
    """The leases of unfinished parts, as this process has watched them."""

    _seen: dict[str, _Watch] = field(default_factory=dict)

    def took(self, delivery: Delivery, ticks: float, *, least: timedelta, most: timedelta) -> None:
        """Note that this process has just leased a part for one more attempt.

        Args:
            delivery: the part as it was before.
            ticks: the monotonic time.
            least: how long the attempt itself may take.
            most: how long the lease lasts.
        """
        self._keep(delivery, _Watch(attempts=delivery.attempts + 1, since=ticks, least=least, most=most))

    def left(self, delivery: Delivery, ticks: float, now: datetime, *, least: timedelta, most: timedelta) -> timedelta:
        """Return for how long the lease of a part must still be respected; zero if it is over.

        Args:
            delivery: the part as the ledger has it now.
            ticks: the monotonic time.
            now: this machine's time.
            least: how long an attempt of another process may take.
            most: how long another process's lease can last.
        """
        watch = self._seen.get(delivery.key)
        if watch is None or watch.attempts != delivery.attempts:
            watch = _Watch(attempts=delivery.attempts, since=ticks, least=least, most=most)
            self._keep(delivery, watch)
        watched = timedelta(seconds=ticks - watch.since)
        left = delivery.lease_until - now if delivery.lease_until else timedelta()
        return max(timedelta(), min(left, watch.most - watched), watch.least - watched)

    def _keep(self, delivery: Delivery, watch: _Watch) -> None:
        self._seen.pop(delivery.key, None)
        self._seen[delivery.key] = watch
        if len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]

    def forget(self, delivery: Delivery) -> None:
        """Forget a part that is not being sent any more."""
        self._seen.pop(delivery.key, None)
