"""Says in one line what a person did to a channel's subscriptions, for everyone in the channel. Plain text."""

import re

from bots.chat.phrases import clean, clock_text, cut, day_text, listed, zone_text
from bots.domain.replies import Change, Changed, Paused, Reply, Resumed, Subscribed, Unsubscribed
from bots.domain.subscriptions import WORKDAYS, Every, Subscription, Weekday
from bots.presentation.labels import EVERY_WEEKDAY
from bots.presentation.source_text import source_text
from bots.translation.speech import gettext

#: One line of a chat; a longer filter is in the list of subscriptions.
_MOST_FILTER = 80
_MOST_SOURCES = 160
_QUOTED = re.compile(r'"([^"]*)"')


def announcement(reply: Reply) -> str:
    """Return what was done, to follow the person's name: "subscribed this channel to …"; empty if nothing changed."""
    match reply:
        case Subscribed(change=Change.NEW | Change.EDITED):
            return _subscribed(reply)
        case Paused(item=Subscribed(change=Change.EDITED) as item):
            return _paused(item)
        case Resumed(item=Subscribed(change=Change.EDITED) as item):
            return gettext(
                "resumed this channel's subscription to {content}, {schedule}. /paper subscriptions shows it.",
                content=_content(item.subscription),
                schedule=_schedule(item.subscription),
            )
        case Unsubscribed():
            return gettext("ended this channel's subscription to {content}.", content=_content(reply.subscription))
    return ""


def changed(reply: Changed) -> Subscription:
    """Return the subscription that a reply is about."""
    return (reply.item if isinstance(reply, Paused | Resumed) else reply).subscription


def _subscribed(reply: Subscribed) -> str:
    values = {"content": _content(reply.subscription), "schedule": _schedule(reply.subscription)}
    if reply.change is Change.NEW:
        return gettext("subscribed this channel to {content}, {schedule}. /paper subscriptions shows it.", **values)
    return gettext(
        "changed a subscription of this channel; it is now {content}, {schedule}. /paper subscriptions shows it.",
        **values,
    )


def _paused(item: Subscribed) -> str:
    subscription = item.subscription
    if not subscription.enabled or subscription.resumes is None:
        return gettext(
            "paused this channel's subscription to {content} until someone resumes it. /paper subscriptions shows it.",
            content=_content(subscription),
        )
    return gettext(
        "paused this channel's subscription to {content} until {day}. /paper subscriptions shows it.",
        content=_content(subscription),
        day=day_text(subscription.resumes.astimezone(subscription.timezone).date()),
    )


def _content(subscription: Subscription) -> str:
    sources = cut(listed(map(source_text, subscription.sources)), _MOST_SOURCES)
    about = clean(subscription.query) or clean(subscription.interests)
    # Quotes within quotes read as a slip.
    shown = _QUOTED.sub(r"‘\1’", cut(about, _MOST_FILTER))
    return gettext("{sources} (“{filter}”)", sources=sources, filter=shown) if about else sources


def _schedule(subscription: Subscription) -> str:
    times = listed(map(clock_text, sorted(subscription.times))) if subscription.times else gettext("no time")
    zone = clean(zone_text(subscription.timezone))
    return gettext("{days} at {times}, {zone}", days=_days(subscription), times=times, zone=zone)


def _days(subscription: Subscription) -> str:
    match subscription.every:
        case Every.WEEK:
            return gettext("as the best of the week, {days}", days=_weekdays(subscription.weekdays))
        case Every.MONTH:
            return gettext("as the best of the month, once a month")
    return _weekdays(subscription.weekdays)


def _weekdays(days: frozenset[Weekday]) -> str:
    if days == WORKDAYS:
        return gettext("every weekday")
    if days == frozenset(Weekday):
        return gettext("every day")
    return (
        gettext("on {days}", days=listed(gettext(EVERY_WEEKDAY[day]) for day in sorted(days)))
        if days
        else gettext("on no day")
    )
