"""Describes subscriptions in words: schedule, content and state. Plain text, as in `digest_text.py`."""

from collections.abc import Iterator
from datetime import datetime

from bots.chat.phrases import WEEKDAYS, clean, clock_text, counted, day_text, listed, sentence, zone_text
from bots.domain.replies import Change, Changed, Paused, Resumed, Subscribed, SubscriptionList
from bots.domain.slots import quiet_until
from bots.domain.subscriptions import WORKDAYS, Every, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.presentation.source_text import source_text
from bots.selection import read_as
from summarizer import Style

#: Stands for the channel in a sentence, until the adapter puts there how its chat shows a channel. It precedes all
#: text from outside.
PLACE = "\ufffc"  # OBJECT REPLACEMENT CHARACTER
_STYLES = {Style.ONE_LINE: "one line", Style.SHORT: "short", Style.STRUCTURED: "structured"}
_SILENT = "It posts nothing until someone resumes it."
_SORTS = {SortBy.TRENDING: "trending first", SortBy.NEWEST: "newest first"}


def when_text(subscription: Subscription) -> str:
    """Return "weekdays at 9:00, Berlin time", "the best of the week, Fridays at 16:00, UTC"."""
    times = listed(map(clock_text, sorted(subscription.times))) if subscription.times else "no time"
    zone = zone_text(subscription.timezone)
    return ", ".join((f"{_days(subscription)} at {times}, {zone}", *_conditions(subscription)))


def _days(subscription: Subscription) -> str:
    match subscription.every:
        case Every.MONTH:
            return f"the best of the month before, {_first_of(subscription.weekdays)}"
        case Every.WEEK:
            return f"the best of the week, {_weekdays(subscription.weekdays)}"
    return _weekdays(subscription.weekdays)


def _first_of(days: frozenset[Weekday]) -> str:
    if not days:
        return "never"
    named = {WORKDAYS: "weekday", frozenset(Weekday): "day"}
    return f"the month's first {named.get(days) or listed((WEEKDAYS[day] for day in sorted(days)), 'or')}"


def _weekdays(days: frozenset[Weekday]) -> str:
    named = {WORKDAYS: "weekdays", frozenset(Weekday): "every day", frozenset(Weekday) - WORKDAYS: "weekends"}
    return named.get(days) or (listed(f"{WEEKDAYS[day]}s" for day in sorted(days)) if days else "never")


def _conditions(subscription: Subscription) -> Iterator[str]:
    if subscription.settle:
        reach = "of" if subscription.every is Every.DAY else "up to"
        yield f"{reach} the list from {counted(subscription.settle, 'day')} before"
    if subscription.wait:
        overnight = " of the next day" if subscription.times and subscription.wait < min(subscription.times) else ""
        yield f"waiting for new lists until {clock_text(subscription.wait)}{overnight}"
    if subscription.quiet:
        late = [clock_text(clock) for clock in sorted(subscription.times) if clock in subscription.quiet]
        comes = "comes" if len(late) == 1 else "come"
        end = clock_text(subscription.quiet.end)
        moved = f" ({listed(late)} {comes} at {end})" if late else ""
        yield f"quiet from {clock_text(subscription.quiet.start)} to {end}{moved}"
    if subscription.threaded:
        yield "the papers in its thread"
    if subscription.look is not Look.AUTO:
        yield "in the compact look" if subscription.look is Look.COMPACT else "each paper as a card"
    if subscription.empty is not WhenEmpty.SAY:
        yield "silent without papers" + (" unless a source failed" if subscription.empty is WhenEmpty.TROUBLE else "")


def what_text(subscription: Subscription) -> str:
    """Return "up to 5 papers from Hugging Face, trending first, one line each", and the filters if there are any."""
    amount = f"up to {counted(subscription.limit, 'paper')} from {listed(map(source_text, subscription.sources))}"
    filters = [f"in {listed(map(clean, subscription.categories), 'or')}"] if subscription.categories else []
    if clean(subscription.query):
        filters.append(f"matching: {query_text(subscription.query)}")
    if clean(subscription.interests):
        filters.append(f"nearest to: {clean(subscription.interests)}")
    manner = f"{_SORTS[subscription.sort_by]}, {_STYLES[subscription.style]}"
    return " · ".join((f"{amount}, {manner}", *filters))


def query_text(query: str) -> str:
    """Return a filter as it was typed and, where that can be read in two ways, how it was read."""
    meant = clean(read_as(query))
    return f"{clean(query)} (read as: {meant})" if meant else clean(query)


def due_text(item: Subscribed) -> str:
    """Return the time of the next digest in its subscription's time zone, or why there is none."""
    subscription = item.subscription
    if not subscription.enabled:
        return f"paused: {clean(subscription.off_because)}" if clean(subscription.off_because) else "paused"
    return _rest(item) + (f"next on {_coming(item.next_due, subscription)}" if item.next_due else "no digest is due")


def _rest(item: Subscribed) -> str:
    subscription = item.subscription
    if not item.paused or subscription.resumes is None:
        return ""
    return f"paused until {day_text(subscription.resumes.astimezone(subscription.timezone).date())}: "


def _coming(due: datetime, subscription: Subscription) -> str:
    """Return when a due digest will be posted, quiet hours considered."""
    later = quiet_until(subscription, due)
    return (
        _instant(due, subscription) if later is None else f"{_instant(later, subscription)}, when its quiet hours end"
    )


def _instant(instant: datetime, subscription: Subscription) -> str:
    local = instant.astimezone(subscription.timezone)
    return f"{day_text(local.date())} at {clock_text(local.time())}"


def changed_lines(reply: Changed, *, prefix: str = "", place: str = "", ids: bool = False) -> tuple[str, ...]:
    """Return the confirmation of a change to a subscription: what was done, its schedule, its content, the next digest.

    Args:
        reply: the change.
        prefix: what begins a command, if the sentences may name one that takes the id.
        place: the channel, as a sentence may name it; empty leaves it out.
        ids: whether the subscription's id is shown, for a reader whose commands take ids.
    """
    where = f" in {place}" if place else ""
    match reply:
        case Subscribed(change=Change.EDITED):
            return _confirmed(f"Changed{where}", reply, ids=ids)
        case Subscribed():
            return _confirmed(f"Subscribed{where}", reply, ids=ids)
        case Resumed():
            return _confirmed(f"Resumed{where}", reply.item, ids=ids)
        case Paused():
            return _paused(f"Paused{where}", reply.item, prefix, ids=ids)
    ended = _named(f"Unsubscribed{where}", reply.subscription, ids=ids)
    return (f"{ended}. It was: {when_text(reply.subscription)}.",)


def _named(done: str, subscription: Subscription, *, ids: bool) -> str:
    return f"{done} ({clean(subscription.id)})" if ids else done


def _confirmed(done: str, item: Subscribed, *, ids: bool) -> tuple[str, ...]:
    subscription = item.subscription
    return (f"{_named(done, subscription, ids=ids)}: {when_text(subscription)}.", *_subscription_lines(item))


def _paused(done: str, item: Subscribed, prefix: str, *, ids: bool) -> tuple[str, ...]:
    subscription = item.subscription
    to_resume = f"To resume it: {prefix}resume {clean(subscription.id)}" if ids else _SILENT
    goes_on = sentence(_capital(due_text(item))) if subscription.enabled else to_resume
    return (f"{_named(done, subscription, ids=ids)}: {when_text(subscription)}.", goes_on)


def listed_lines(reply: SubscriptionList, *, ids: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield the lines of each subscription in a list: schedule, content and next digest.

    Several subscriptions are numbered from 1, as commands name them. A list of all channels also names each
    subscription's channel.

    Args:
        reply: the list.
        ids: whether each is named by its id instead, for a reader whose commands take ids.
    """
    for number, item in enumerate(reply.items, start=1):
        subscription = item.subscription
        mark = f"{clean(subscription.id)} · " if ids else f"{number}. " if len(reply.items) > 1 else ""
        place = (f"In {clean(str(subscription.channel))}",) if reply.everywhere else ()
        when = when_text(subscription)
        yield (f"{mark}{when if ids else _capital(when)}", *place, *_subscription_lines(item))


def _subscription_lines(item: Subscribed) -> tuple[str, str]:
    return sentence(_capital(what_text(item.subscription))), sentence(_capital(due_text(item)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def subscriptions_headline(reply: SubscriptionList, *, place: str = "") -> str:
    """Return how many subscriptions a channel has, or all channels together.

    Args:
        reply: the list.
        place: the channel, as a sentence may name it; empty leaves it out.
    """
    where = f" in {place}" if place else ""
    if not reply.items:
        return f"There are no subscriptions{where}."
    return f"{counted(len(reply.items), 'subscription')}{where}"
