"""Who works on which run, and for which channel, in dictionaries."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from bots.domain.channels import Channel
from bots.domain.runs import Delivery, Run, RunState, Tally
from bots.store.records import in_utc
from bots.store.rules import is_ready


class MemoryTurns:
    """Claims runs and reserves channels; see `bots.ports.Ledger`."""

    _runs: dict[str, Run]
    _deliveries: dict[str, Delivery]

    def __init__(self) -> None:
        super().__init__()
        #: The run that has a channel reserved.
        self._making: dict[Channel, str] = {}

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Return the keys of the runs that are ready to be claimed, oldest first."""
        waiting = [run for run in self._runs.values() if is_ready(run, now)]
        return tuple(run.key for run in sorted(waiting, key=lambda run: (run.created, run.key)))

    async def tally(self, now: datetime) -> Tally:
        """Return how many runs and parts are in each state, and how many runs are ready."""
        ready = [run.created for run in self._runs.values() if is_ready(run, now)]
        runs = Counter(each.state for each in self._runs.values())
        parts = Counter(each.state for each in self._deliveries.values())
        return Tally(runs=runs, parts=parts, waiting=len(ready), waiting_since=min(ready, default=None))

    async def claim(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Claim a run; return True for exactly one caller."""
        run = self._runs.get(key)
        if run is None or not is_ready(run, now):
            return False
        taken = replace(run, state=RunState.RUNNING, started=run.started or now, not_before=until)
        self._runs[key] = in_utc(taken)
        self.unreserve(key)
        return True

    async def take_over(self) -> tuple[str, ...]:
        """Return nothing: no other process has claimed a run here."""
        return ()

    async def reserve(self, key: str, channel: Channel, *, now: datetime) -> bool:
        """Reserve a channel for the digest of a claimed run; return True for one run of the channel at a time."""
        holder = self._runs.get(self._making.get(channel, key))
        if holder and holder.key != key and holder.state is RunState.RUNNING and _is_claimed(holder, now):
            return False
        self._making[channel] = key
        return True

    def unreserve(self, key: str) -> None:
        """End the reservation of a run, if it has one."""
        for channel in [channel for channel, holder in self._making.items() if holder == key]:
            del self._making[channel]


def _is_claimed(run: Run, now: datetime) -> bool:
    return run.not_before is not None and run.not_before > now
