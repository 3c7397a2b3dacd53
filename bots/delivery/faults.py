"""Counts the consecutive faults of an adapter's own code in each channel, since the last confirmed post there."""

from bots.delivery.steps import MAX_ATTEMPTS, MOST_FAULTS
from bots.domain.channels import Channel
from bots.domain.errors import AdapterFault, DeliveryError, PostUnknown
from bots.domain.runs import Delivery, DeliveryState


class Faults:
    """The last fault in each channel, with its count."""

    def __init__(self) -> None:
        """Count from zero everywhere."""
        self._last: dict[Channel, AdapterFault] = {}

    def count(self, channel: Channel, error: DeliveryError) -> None:
        """Count a failure if it is one of the adapter's own code; any other resets nothing and is not counted."""
        if isinstance(error, AdapterFault):
            before = self._last.get(channel)
            error.times = before.times + 1 if before else 1
            self._last[channel] = error

    def last(self, channel: Channel) -> AdapterFault | None:
        """Return the last fault in a channel."""
        return self._last.get(channel)

    def forget(self, channel: Channel) -> None:
        """Begin to count anew in a channel."""
        self._last.pop(channel, None)

    def enough(self, delivery: Delivery) -> DeliveryError | None:
        """Return why a part must not be tried again; None if it may be."""
        fault = self._last.get(delivery.part.channel)
        if delivery.state is DeliveryState.SENDING and fault and fault.times >= MOST_FAULTS:
            return fault
        return PostUnknown(f"{MAX_ATTEMPTS} attempts without an answer") if delivery.attempts >= MAX_ATTEMPTS else None
