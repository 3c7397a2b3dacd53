"""Whether a new subscription asks for what a channel gets already. Pure functions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bots.domain.subscriptions import Subscription


def duplicate_of(new: Subscription, held: Iterable[Subscription]) -> Subscription | None:
    """Return the channel's subscription with the same papers as a new one; None if there is none.

    Times, order, number and style do not matter: two digests of the same papers are one too many.
    """
    wanted = _papers(new)
    return next((each for each in held if each.channel == new.channel and _papers(each) == wanted), None)


def merged(new: Subscription, old: Subscription, now: datetime) -> Subscription:
    """Return the old subscription as the new one asks for it: with the old id, and switched on."""
    resting = old.rests(now)
    return replace(
        new,
        id=old.id,
        created=old.created,
        made_by=old.made_by,
        language=new.language or old.language,
        enabled=True,
        # What fell due during a pause is not sent later.
        resumes=now if resting else old.resumes,
    )


def _papers(subscription: Subscription) -> tuple[object, ...]:
    """Return what decides which papers a subscription brings, with spelling left aside."""
    return (
        frozenset(subscription.sources),
        _words(subscription.query),
        _words(subscription.interests),
        frozenset(category.casefold() for category in subscription.categories),
        subscription.every,
    )


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
