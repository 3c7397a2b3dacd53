"""Interfaces to what pages show: what sources listed, and what channels were sent."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.runs import Delivery
from bots.domain.subscriptions import SortBy


class Published(Protocol):
    """Reads the parts that a channel was sent, for a platform whose pages show them from the ledger."""

    async def sent_parts(self, channel: Channel, *, limit: int) -> tuple[Delivery, ...]:
        """Return the parts that were sent to a channel, the last first, as they were composed."""
        ...


class Listings(Protocol):
    """Reads the public papers that sources listed; nothing here depends on who asks.

    A paper that was only shown on request was listed by no source.
    """

    async def listed_days(self, until: date, *, limit: int) -> tuple[tuple[date, int], ...]:
        """Return the last days on which public sources listed papers, the last first, each with their number."""
        ...

    async def listed_papers(self, first: date, last: date, *, sort_by: SortBy, limit: int) -> tuple[PaperId, ...]:
        """Return the public papers that sources listed from one day to another, the best first, each once."""
        ...

    async def public_papers(self, names: Sequence[PaperId]) -> tuple[Paper, ...]:
        """Return the public papers with some names, in that order; names without a public paper are left out."""
        ...
