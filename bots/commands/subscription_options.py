"""Builds a subscription from options, and rejects options that contradict each other."""

from dataclasses import replace
from datetime import time

from bots.chat.phrases import clock_text
from bots.commands.options import Options
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import WORKDAYS, Every, Subscription, Weekday

#: arXiv publishes its lists at 20:00 in New York and builds its feeds at midnight there, 05:00 or 06:00 in Berlin
#: (info.arxiv.org/help/availability.html, info.arxiv.org/help/rss.html).
_ANNOUNCED = time(6, 0)
#: Late enough for a feed that is hours late, and for eastern Australia, where midnight in New York is 16:00.
_ANNOUNCED_BY = time(18, 0)
_ROUND_UP_DAYS = {Every.DAY: WORKDAYS, Every.WEEK: frozenset({Weekday.FRI}), Every.MONTH: WORKDAYS}


def subscription_of(said: Options, channel: Channel) -> Subscription:
    """Return the subscription that the options describe, with defaults for options that were not given.

    Raises:
        BadQuery: two options contradict each other.
    """
    plain = Subscription(id="", channel=channel)
    subscription = replace(
        plain,
        sources=said.sources or plain.sources,
        query=said.query,
        interests=said.interests,
        categories=said.categories,
        sort_by=said.sort_by,
        limit=said.limit,
        style=said.style or plain.style,
        times=(_ANNOUNCED,) if said.announced else said.times or plain.times,
        weekdays=said.weekdays or _ROUND_UP_DAYS[said.every],
        timezone=said.timezone or plain.timezone,
        every=said.every,
        settle=said.settle,
        wait=said.wait or (_ANNOUNCED_BY if said.announced else None),
        quiet=said.quiet,
        empty=said.empty,
        threaded=said.threaded,
        look=said.look,
    )
    _check(subscription)
    return subscription


def _check(subscription: Subscription) -> None:
    if subscription.every is Every.WEEK and len(subscription.weekdays) > 1:
        raise BadQuery(
            "A weekly round-up is posted on one day of the week.",
            hint="Name that one day. Without a day it is posted on Fridays.",
        )
    if subscription.every is Every.MONTH and subscription.settle:
        raise BadQuery(
            "A monthly round-up covers the whole month before, so its lists have no days to settle.",
            hint="Leave the days to settle out.",
        )
    if subscription.wait in subscription.times:
        later = subscription.wait.replace(hour=(subscription.wait.hour + 4) % 24)
        raise BadQuery(
            f"The digest cannot wait until {clock_text(subscription.wait)}: it is due at that time.",
            hint=f"Let it wait for lists until a later time, such as {clock_text(later)}.",
        )
