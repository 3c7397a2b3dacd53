"""Builds a subscription from options, and rejects options that contradict each other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bots.chat.phrases import clock_text
from bots.commands.clocks import is_announced
from bots.commands.formatter import options_of_subscription
from bots.commands.options import Options, read_given
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import WORKDAYS, Every, Subscription, Weekday
from bots.translation.speech import gettext

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
        language=said.language,
    )
    _check(subscription)
    return subscription


def changed(subscription: Subscription, options: Sequence[tuple[str, str]]) -> Subscription:
    """Return a subscription with some of its options changed; what no option changes stays as it is.

    Raises:
        RequestError: a value is invalid, or it contradicts what stays.
    """
    names = {name for name, _ in options}
    # A new rhythm has days of its own, and "announced" waits as long as it always does.
    dropped = names | ({"on"} if "every" in names else set())
    dropped |= {"wait"} if any(name == "at" and is_announced(value) for name, value in options) else set()
    kept = [(name, value) for name, value in options_of_subscription(subscription) if name not in dropped]
    read = subscription_of(read_given((*kept, *options)), subscription.channel)
    return replace(
        read,
        id=subscription.id,
        enabled=subscription.enabled,
        off_because=subscription.off_because,
        resumes=subscription.resumes,
        created=subscription.created,
        made_by=subscription.made_by,
    )


def _check(subscription: Subscription) -> None:
    if subscription.every is Every.WEEK and len(subscription.weekdays) > 1:
        raise BadQuery(
            gettext("A weekly round-up is posted on one day of the week."),
            hint=gettext("Name that one day. Without a day it is posted on Fridays."),
        )
    if subscription.every is Every.MONTH and subscription.settle:
        raise BadQuery(
            gettext("A monthly round-up covers the whole month before, so its lists have no days to settle."),
            hint=gettext("Leave the days to settle out."),
        )
    if subscription.wait in subscription.times:
        later = subscription.wait.replace(hour=(subscription.wait.hour + 4) % 24)
        raise BadQuery(
            gettext("The digest cannot wait until {time}: it is due at that time.", time=clock_text(subscription.wait)),
            hint=gettext("Let it wait for lists until a later time, such as {time}.", time=clock_text(later)),
        )
