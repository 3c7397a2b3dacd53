"""Which channel a digest is being made for, in a dictionary."""

from datetime import datetime

from bots.domain.channels import Channel
from bots.domain.runs import Run, RunState


class MemoryTurns:
    """Reserves channels; see `bots.ports.Ledger`."""

    _runs: dict[str, Run]

    def __init__(self) -> None:
        super().__init__()
        #: The run that has a channel reserved.
        self._making: dict[Channel, str] = {}

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
