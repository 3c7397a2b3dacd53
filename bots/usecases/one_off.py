"""A digest outside any subscription: of the day that was requested, or of the newest list."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from bots.domain.digests import Digest
from bots.domain.requests import Asked, DigestNow
from bots.domain.subscriptions import DEFAULT_SOURCES, Subscription
from bots.presentation.source_text import is_local

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


def own_sources(subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
    """Return the sources of a channel's active subscriptions, or the default ones: what "today's papers" means there.

    A file of this machine is left out: only the operator can ask for it.
    """
    active = (spec for each in subscriptions if each.enabled for spec in each.sources if not is_local(spec))
    return tuple(dict.fromkeys(active)) or DEFAULT_SOURCES


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
        made_by=request.user,
        personal=request.personal,
    )


def owned(subscription: Subscription, request: Asked) -> Subscription:
    """Return a subscription with the person who asks for it, and whether they alone read it."""
    return replace(subscription, made_by=subscription.made_by or request.user, personal=request.personal)
