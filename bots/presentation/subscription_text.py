"""Describes subscriptions in words: schedule, content and state. Plain text, as in `digest_text.py`."""

from collections.abc import Iterator
from datetime import datetime

from bots.chat.phrases import WEEKDAYS, clean, counted, day_text, listed, sentence
from bots.domain.replies import Changed, Paused, Resumed, Subscribed, SubscriptionList
from bots.domain.slots import quiet_until
from bots.domain.subscriptions import WORKDAYS, Every, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.presentation.source_text import source_text
from bots.selection import read_as
from summarizer import Style

_STYLES = {Style.ONE_LINE: "one line", Style.SHORT: "short", Style.STRUCTURED: "structured"}
_SORTS = {SortBy.TRENDING: "trending first", SortBy.NEWEST: "newest first"}


def when_text(subscription: Subscription) -> str:
    """Return "weekdays at 09:00 Europe/Berlin", "the best of the week, Fridays at 16:00 UTC"."""
    times = listed(f"{clock:%H:%M}" for clock in sorted(subscription.times)) if subscription.times else "no time"
    return ", ".join(
        (f"{_days(subscription)} at {times} {clean(str(subscription.timezone))}", *_conditions(subscription))
    )


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
        yield f"waiting for new lists until {subscription.wait:%H:%M}{overnight}"
    if subscription.quiet:
        late = [f"{clock:%H:%M}" for clock in sorted(subscription.times) if clock in subscription.quiet]
        comes = "comes" if len(late) == 1 else "come"
        moved = f" ({listed(late)} {comes} at {subscription.quiet.end:%H:%M})" if late else ""
        yield f"quiet from {subscription.quiet.start:%H:%M} to {subscription.quiet.end:%H:%M}{moved}"
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
    held = f"a digest waits to be posted: {clean(item.held).rstrip('.')}; " if clean(item.held) else ""
    return (
        held
        + _rest(item)
        + (f"next on {_coming(item.next_due, subscription)}" if item.next_due else "no digest is due")
    )


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
    return f"{day_text(local.date())} at {local:%H:%M}"


def changed_lines(reply: Changed, *, prefix: str = "") -> tuple[str, ...]:
    """Return the confirmation of a change to a subscription.

    It names the id and the schedule; for a subscription that still exists, also its content and the next digest.
    """
    match reply:
        case Subscribed():
            return _confirmed("Subscribed", reply)
        case Resumed():
            return _confirmed("Resumed", reply.item)
        case Paused():
            return _paused(reply.item, prefix)
    subscription = reply.subscription
    return (f"Unsubscribed ({clean(subscription.id)}). It was: {when_text(subscription)}.",)


def _confirmed(done: str, item: Subscribed) -> tuple[str, ...]:
    subscription = item.subscription
    return (f"{done} ({clean(subscription.id)}): {when_text(subscription)}.", *_subscription_lines(item))


def _paused(item: Subscribed, prefix: str) -> tuple[str, ...]:
    subscription = item.subscription
    to_resume = f"To resume it: {prefix}resume {clean(subscription.id)}"
    goes_on = sentence(_capital(due_text(item))) if subscription.enabled else to_resume
    return (f"Paused ({clean(subscription.id)}): {when_text(subscription)}.", goes_on)


def listed_lines(reply: SubscriptionList) -> Iterator[tuple[str, ...]]:
    """Yield the lines of each subscription in a list: id, schedule, content and next digest.

    A list of all channels also names each subscription's channel.
    """
    for item in reply.items:
        subscription = item.subscription
        place = (f"In {clean(str(subscription.channel))}",) if reply.everywhere else ()
        yield (f"{clean(subscription.id)} · {when_text(subscription)}", *place, *_subscription_lines(item))


def _subscription_lines(item: Subscribed) -> tuple[str, str]:
    return sentence(_capital(what_text(item.subscription))), sentence(_capital(due_text(item)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def subscriptions_headline(reply: SubscriptionList) -> str:
    """Return how many subscriptions a channel has, or all channels together."""
    if not reply.items:
        return "There are no subscriptions."
    return counted(len(reply.items), "subscription") + ("" if reply.everywhere else " in this channel")
