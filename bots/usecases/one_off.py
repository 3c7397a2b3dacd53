"""A digest outside any subscription: of the day that was requested, or of the newest list."""

from collections.abc import Awaitable, Callable

from bots.domain.digests import Digest
from bots.domain.requests import DigestNow
from bots.domain.subscriptions import Subscription

#: Days that a digest without a day goes back to find the newest list: a weekend with a Monday holiday.
_DAYS_BACK = 3


async def newest(make: Callable[[int], Awaitable[Digest]]) -> Digest:
    """Return the first digest, up to `_DAYS_BACK` days back, that is not empty; today's if all are empty."""
    first = newest = await make(0)
    back = 0
    while back < _DAYS_BACK and _honestly_empty(newest):
        back += 1
        newest = await make(back)
    return first if _honestly_empty(newest) else newest


def _honestly_empty(digest: Digest) -> bool:
    return not digest.tally.found and not any(note.failed for note in digest.notes)


def one_off(request: DigestNow) -> Subscription:
    """Return the subscription whose digest a person requests once; it is stored nowhere."""
    return Subscription(
        id="now",
        channel=request.channel,
        sources=request.sources,
        query=request.query,
        interests=request.interests,
        categories=request.categories,
        sort_by=request.sort_by,
        limit=request.limit,
        style=request.style,
    )
