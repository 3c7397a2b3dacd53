"""Says in one line what a person did to a channel's subscriptions, for everyone in the channel. Plain text."""

from bots.chat.phrases import WEEKDAYS, clean, clock_text, cut, day_text, listed, zone_text
from bots.domain.replies import Change, Paused, Reply, Resumed, Subscribed, Unsubscribed
from bots.domain.subscriptions import WORKDAYS, Every, Subscription, Weekday
from bots.presentation.source_text import source_text

#: One line of a chat; a longer filter is in the list of subscriptions.
_MOST_FILTER = 80
_MOST_SOURCES = 160
_SEE = "/paper subscriptions shows it."
_NAMED = {
    WORKDAYS: "every weekday",
    frozenset(Weekday): "every day",
    frozenset(Weekday) - WORKDAYS: "on Saturdays and Sundays",
}


def announcement(reply: Reply) -> str:
    """Return what was done, to follow the person's name: "subscribed this channel to …"; empty if nothing changed."""
    match reply:
        case Subscribed(change=Change.NEW):
            return f"subscribed this channel to {_content(reply.subscription)}, {_schedule(reply.subscription)}. {_SEE}"
        case Subscribed(change=Change.EDITED):
            what, when = _content(reply.subscription), _schedule(reply.subscription)
            return f"changed a subscription of this channel; it is now {what}, {when}. {_SEE}"
        case Paused(item=Subscribed(change=Change.EDITED) as item):
            return f"paused {_of(item.subscription)}{_until(item)}. {_SEE}"
        case Resumed(item=Subscribed(change=Change.EDITED) as item):
            return f"resumed {_of(item.subscription)}, {_schedule(item.subscription)}. {_SEE}"
        case Unsubscribed():
            return f"ended {_of(reply.subscription)}."
    return ""


def _of(subscription: Subscription) -> str:
    return f"this channel's subscription to {_content(subscription)}"


def _content(subscription: Subscription) -> str:
    sources = cut(listed(map(source_text, subscription.sources)), _MOST_SOURCES)
    about = clean(subscription.query) or clean(subscription.interests)
    return f"{sources} (“{cut(about, _MOST_FILTER)}”)" if about else sources


def _schedule(subscription: Subscription) -> str:
    times = listed(map(clock_text, sorted(subscription.times))) if subscription.times else "no time"
    return f"{_days(subscription)} at {times}, {zone_text(subscription.timezone)}"


def _days(subscription: Subscription) -> str:
    days = _NAMED.get(subscription.weekdays) or f"on {_weekdays(subscription.weekdays)}"
    match subscription.every:
        case Every.WEEK:
            return f"as the best of the week, {days}"
        case Every.MONTH:
            return "as the best of the month, once a month"
    return days


def _weekdays(days: frozenset[Weekday]) -> str:
    return listed(f"{WEEKDAYS[day]}s" for day in sorted(days)) if days else "no day"


def _until(item: Subscribed) -> str:
    subscription = item.subscription
    if not subscription.enabled or subscription.resumes is None:
        return " until someone resumes it"
    return f" until {day_text(subscription.resumes.astimezone(subscription.timezone).date())}"
