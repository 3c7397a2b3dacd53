"""A standing order in words: when it is due, what it brings, how it stands. Plain text, as in `wording.py`."""

from collections.abc import Iterator
from datetime import datetime

from bots.domain.replies import Changed, Paused, Resumed, Subscribed, SubscriptionList
from bots.domain.slots import quiet_until
from bots.domain.subscriptions import WORKDAYS, Every, Order, Subscription, Weekday, WhenEmpty
from bots.presentation.phrases import WEEKDAYS, clean, counted, day_text, listed, sentence, source_text
from summarizer import Style

_STYLES = {Style.ONE_LINE: "one line", Style.SHORT: "short", Style.STRUCTURED: "structured"}
_ORDERS = {Order.TRENDING: "trending first", Order.NEWEST: "newest first"}


def when_text(order: Subscription) -> str:
    """Return "weekdays at 09:00 Europe/Berlin", "the best of the week, Fridays at 16:00 UTC"."""
    times = listed(f"{clock:%H:%M}" for clock in sorted(order.times)) if order.times else "no time"
    return ", ".join((f"{_days(order)} at {times} {clean(str(order.timezone))}", *_conditions(order)))


def _days(order: Subscription) -> str:
    match order.every:
        case Every.MONTH:
            return f"the best of the month before, {_first_of(order.weekdays)}"
        case Every.WEEK:
            return f"the best of the week, {_weekdays(order.weekdays)}"
    return _weekdays(order.weekdays)


def _first_of(days: frozenset[Weekday]) -> str:
    if not days:
        return "never"
    named = {WORKDAYS: "weekday", frozenset(Weekday): "day"}
    return f"the month's first {named.get(days) or listed((WEEKDAYS[day] for day in sorted(days)), 'or')}"


def _weekdays(days: frozenset[Weekday]) -> str:
    named = {WORKDAYS: "weekdays", frozenset(Weekday): "every day", frozenset(Weekday) - WORKDAYS: "weekends"}
    return named.get(days) or (listed(f"{WEEKDAYS[day]}s" for day in sorted(days)) if days else "never")


def _conditions(order: Subscription) -> Iterator[str]:
    if order.settle:
        reach = "of" if order.every is Every.DAY else "up to"
        yield f"{reach} the list from {counted(order.settle, 'day')} before"
    if order.wait:
        overnight = " of the next day" if order.times and order.wait < min(order.times) else ""
        yield f"waiting for new lists until {order.wait:%H:%M}{overnight}"
    if order.quiet:
        late = [f"{clock:%H:%M}" for clock in sorted(order.times) if clock in order.quiet]
        comes = "comes" if len(late) == 1 else "come"
        moved = f" ({listed(late)} {comes} at {order.quiet.end:%H:%M})" if late else ""
        yield f"quiet from {order.quiet.start:%H:%M} to {order.quiet.end:%H:%M}{moved}"
    if order.threaded:
        yield "the papers in its thread"
    if order.empty is not WhenEmpty.SAY:
        yield "silent without papers" + (" unless a source failed" if order.empty is WhenEmpty.TROUBLE else "")


def what_text(order: Subscription) -> str:
    """Return "up to 5 papers from Hugging Face, trending first, one line each", and the filters if there are any."""
    amount = f"up to {counted(order.limit, 'paper')} from {listed(map(source_text, order.sources))}"
    filters = [f"in {listed(map(clean, order.categories), 'or')}"] if order.categories else []
    if clean(order.query):
        filters.append(f"matching: {clean(order.query)}")
    if clean(order.interests):
        filters.append(f"nearest to: {clean(order.interests)}")
    manner = f"{_ORDERS[order.order]}, {_STYLES[order.style]}"
    return " · ".join((f"{amount}, {manner}", *filters))


def due_text(item: Subscribed) -> str:
    """Return the instant of the next digest on its order's own clock, or why there is none."""
    order = item.subscription
    if not order.enabled:
        return f"paused: {clean(order.off_because)}" if clean(order.off_because) else "paused"
    return _rest(item) + (f"next on {_coming(item.next_due, order)}" if item.next_due else "no digest is due")


def _rest(item: Subscribed) -> str:
    order = item.subscription
    if not item.paused or order.resumes is None:
        return ""
    return f"paused until {day_text(order.resumes.astimezone(order.timezone).date())}: "


def _coming(due: datetime, order: Subscription) -> str:
    """Return the instant a digest that is due will come."""
    later = quiet_until(order, due)
    return _instant(due, order) if later is None else f"{_instant(later, order)}, when its quiet hours end"


def _instant(instant: datetime, order: Subscription) -> str:
    local = instant.astimezone(order.timezone)
    return f"{day_text(local.date())} at {local:%H:%M}"


def changed_lines(reply: Changed) -> tuple[str, ...]:
    """Return what was done to an order: its id and when; of one that is kept, also what and when next."""
    match reply:
        case Subscribed():
            return _confirmed("Subscribed", reply)
        case Resumed():
            return _confirmed("Resumed", reply.item)
        case Paused():
            return _paused(reply.item)
    order = reply.subscription
    return (f"Unsubscribed ({clean(order.id)}). It was: {when_text(order)}.",)


def _confirmed(done: str, item: Subscribed) -> tuple[str, ...]:
    order = item.subscription
    return (f"{done} ({clean(order.id)}): {when_text(order)}.", *_order_lines(item))


def _paused(item: Subscribed) -> tuple[str, ...]:
    order = item.subscription
    goes_on = sentence(_capital(due_text(item))) if order.enabled else f"To go on: resume {clean(order.id)}"
    return (f"Paused ({clean(order.id)}): {when_text(order)}.", goes_on)


def listed_lines(reply: SubscriptionList) -> Iterator[tuple[str, ...]]:
    """Give each standing order of a list: its id and when, what, and when next; its channel where there are several."""
    for item in reply.items:
        order = item.subscription
        place = (f"In {clean(str(order.channel))}",) if reply.everywhere else ()
        yield (f"{clean(order.id)} · {when_text(order)}", *place, *_order_lines(item))


def _order_lines(item: Subscribed) -> tuple[str, str]:
    return sentence(_capital(what_text(item.subscription))), sentence(_capital(due_text(item)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def subscriptions_headline(reply: SubscriptionList) -> str:
    """Return how many standing orders a channel has, or all channels together."""
    if not reply.items:
        return "There are no subscriptions."
    return counted(len(reply.items), "subscription") + ("" if reply.everywhere else " in this channel")
