"""Describes subscriptions in words: schedule, content and state. Plain text, as in `digest_text.py`."""

import re
from collections.abc import Iterator
from datetime import datetime, time

from bots.chat.phrases import clean, clock_text, day_text, listed, sentence, zone_text
from bots.domain.replies import Change, Changed, Paused, Resumed, Subscribed, SubscriptionList
from bots.domain.slots import quiet_until
from bots.domain.subscriptions import WORKDAYS, Every, Hours, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.presentation.labels import EVERY_WEEKDAY
from bots.presentation.source_text import source_text
from bots.selection import read_as
from bots.translation.formats import in_a_row, language_name, sentences, weekday
from bots.translation.languages import ENGLISH, load_languages
from bots.translation.speech import gettext, gettext_noop, ngettext
from bots.translation.stored_texts import recovered
from summarizer import Style

#: The remedies after which the paused digest itself cannot go on.
ELSEWHERE = frozenset(
    {
        gettext_noop("Subscribe in another channel."),
        gettext_noop("Subscribe in another one."),
        gettext_noop("Subscribe in a text channel, an announcement channel, a thread or a forum."),
    }
)
#: Stands for the channel in a sentence, until the adapter puts there how its chat shows a channel. It precedes all
#: text from outside.
PLACE = "\ufffc"  # OBJECT REPLACEMENT CHARACTER
#: The platform's code of an error, behind its words.
_CODE = re.compile(r" \([a-z]+(?:_[a-z]+)+\)")
_STYLES = {
    Style.ONE_LINE: gettext_noop("one-line blurbs"),
    Style.SHORT: gettext_noop("short blurbs"),
    Style.STRUCTURED: gettext_noop("structured blurbs"),
}
_SORTS = {SortBy.TRENDING: gettext_noop("trending first"), SortBy.NEWEST: gettext_noop("newest first")}


def when_text(subscription: Subscription) -> str:
    """Return "weekdays at 9:00, Berlin time", "the best of the week, Fridays at 16:00, UTC"."""
    times = listed(map(clock_text, sorted(subscription.times))) if subscription.times else gettext("no time")
    zone = clean(zone_text(subscription.timezone))
    when = gettext("{days} at {times}, {zone}", days=_days(subscription), times=times, zone=zone)
    return in_a_row((when, *_conditions(subscription)))


def _days(subscription: Subscription) -> str:
    match subscription.every:
        case Every.MONTH:
            return gettext("the best of the month before, {days}", days=_first_of(subscription.weekdays))
        case Every.WEEK:
            return gettext("the best of the week, {days}", days=_weekdays(subscription.weekdays))
    return _weekdays(subscription.weekdays)


def _first_of(days: frozenset[Weekday]) -> str:
    if not days:
        return gettext("never")
    if days == WORKDAYS:
        return gettext("the month's first weekday")
    if days == frozenset(Weekday):
        return gettext("the month's first day")
    return gettext("the month's first {day}", day=listed((weekday(day) for day in sorted(days)), "or"))


def _weekdays(days: frozenset[Weekday]) -> str:
    if days == WORKDAYS:
        return gettext("weekdays")
    if days == frozenset(Weekday):
        return gettext("every day")
    if days == frozenset(Weekday) - WORKDAYS:
        return gettext("weekends")
    return listed(gettext(EVERY_WEEKDAY[day]) for day in sorted(days)) if days else gettext("never")


def _conditions(subscription: Subscription) -> Iterator[str]:
    if subscription.settle:
        yield _settled(subscription)
    if subscription.wait:
        yield _waiting(subscription, subscription.wait)
    if subscription.quiet:
        yield _quiet(subscription, subscription.quiet)
    if subscription.threaded:
        yield gettext("the papers in its thread")
    if subscription.language and load_languages().of(subscription.language) != ENGLISH:
        yield gettext("in {language}", language=language_name(load_languages().of(subscription.language)))
    if subscription.look is not Look.AUTO:
        compact = subscription.look is Look.COMPACT
        yield gettext("in the compact look") if compact else gettext("each paper as a card")
    if subscription.empty is not WhenEmpty.SAY:
        trouble = subscription.empty is WhenEmpty.TROUBLE
        yield gettext("silent without papers unless a source failed") if trouble else gettext("silent without papers")


def _settled(subscription: Subscription) -> str:
    if subscription.every is Every.DAY:
        return ngettext(
            "of the list from {number} day before", "of the list from {number} days before", subscription.settle
        )
    return ngettext(
        "up to the list from {number} day before", "up to the list from {number} days before", subscription.settle
    )


def _waiting(subscription: Subscription, wait: time) -> str:
    if subscription.times and wait < min(subscription.times):
        return gettext("waiting for new lists until {time} of the next day", time=clock_text(wait))
    return gettext("waiting for new lists until {time}", time=clock_text(wait))


def _quiet(subscription: Subscription, quiet: Hours) -> str:
    start, end = clock_text(quiet.start), clock_text(quiet.end)
    late = [clock_text(clock) for clock in sorted(subscription.times) if clock in quiet]
    if not late:
        return gettext("quiet from {start} to {end}", start=start, end=end)
    return ngettext(
        "quiet from {start} to {end} ({times} comes at {end})",
        "quiet from {start} to {end} ({times} come at {end})",
        len(late),
        start=start,
        end=end,
        times=listed(late),
    )


def what_text(subscription: Subscription) -> str:
    """Return "up to 5 papers from Hugging Face, trending first, one-line blurbs", and the filters if there are any."""
    amount = ngettext(
        "up to {number} paper from {sources}",
        "up to {number} papers from {sources}",
        subscription.limit,
        sources=listed(map(source_text, subscription.sources)),
    )
    manner = (gettext(_SORTS[subscription.sort_by]), gettext(_STYLES[subscription.style]))
    return " · ".join((in_a_row((amount, *manner)), *_filters(subscription)))


def _filters(subscription: Subscription) -> Iterator[str]:
    if subscription.categories:
        yield gettext("in {categories}", categories=listed(map(clean, subscription.categories), "or"))
    if clean(subscription.query):
        yield gettext("matching: {query}", query=query_text(subscription.query))
    if clean(subscription.interests):
        yield gettext("nearest to: {interests}", interests=clean(subscription.interests))


def query_text(query: str) -> str:
    """Return a filter as it was typed and, where that can be read in two ways, how it was read."""
    meant = clean(read_as(query))
    return gettext("{query} (read as: {meaning})", query=clean(query), meaning=meant) if meant else clean(query)


def due_text(item: Subscribed) -> str:
    """Return the time of the next digest in its subscription's time zone, or why there is none."""
    subscription = item.subscription
    if not subscription.enabled:
        why = recovered(clean(subscription.off_because))
        return gettext("paused: {reason}", reason=why) if why else gettext("paused")
    due = gettext("no digest is due")
    if item.next_due is not None:
        due = gettext("next on {time}", time=_coming(item.next_due, subscription))
    why = recovered(_CODE.sub("", clean(item.held)))
    held = gettext("A digest waits to be posted: {reason}", reason=why) if why else ""
    return sentences(f"{_rest(item)}{due}.", held).rstrip(".") if held else f"{_rest(item)}{due}"


def _rest(item: Subscribed) -> str:
    subscription = item.subscription
    if not item.paused or subscription.resumes is None:
        return ""
    back = subscription.resumes.astimezone(subscription.timezone).date()
    return gettext("paused until {day}:", day=day_text(back)) + " "


def _coming(due: datetime, subscription: Subscription) -> str:
    """Return when a due digest will be posted, quiet hours considered."""
    later = quiet_until(subscription, due)
    if later is None:
        return _instant(due, subscription)
    return gettext("{time}, when its quiet hours end", time=_instant(later, subscription))


def _instant(instant: datetime, subscription: Subscription) -> str:
    local = instant.astimezone(subscription.timezone)
    return gettext("{day} at {time}", day=day_text(local.date()), time=clock_text(local.time()))


def changed_lines(reply: Changed, *, prefix: str = "", place: str = "", ids: bool = False) -> tuple[str, ...]:
    """Return the confirmation of a change to a subscription: what was done, its schedule, its content, the next digest.

    Args:
        reply: the change.
        prefix: what begins a command, if the sentences may name one that takes the id.
        place: the channel, as a sentence may name it; empty leaves it out.
        ids: whether the subscription's id is shown, for a reader whose commands take ids.
    """
    match reply:
        case Subscribed(change=Change.EDITED) | Subscribed(merged=True):
            done = gettext("Changed in {place}", place=place) if place else gettext("Changed")
            return (*_confirmed(done, reply, ids=ids), *(_only_one() if reply.merged else ()))
        case Subscribed():
            done = gettext("Subscribed in {place}", place=place) if place else gettext("Subscribed")
            return _confirmed(done, reply, ids=ids)
        case Resumed():
            done = gettext("Resumed in {place}", place=place) if place else gettext("Resumed")
            return _confirmed(done, reply.item, ids=ids)
        case Paused():
            done = gettext("Paused in {place}", place=place) if place else gettext("Paused")
            return _paused(done, reply.item, prefix, ids=ids)
    done = gettext("Unsubscribed in {place}", place=place) if place else gettext("Unsubscribed")
    ended = _named(done, reply.subscription, ids=ids)
    # What it brought is named as well: who gave the number of an older list sees that another one has ended.
    was = gettext("{done}. It was: {schedule}.", done=ended, schedule=when_text(reply.subscription))
    return was, sentence(capital(what_text(reply.subscription)))


def _only_one() -> Iterator[str]:
    yield gettext("This channel had a subscription to the same papers: it was changed, and there is no second one.")


def _named(done: str, subscription: Subscription, *, ids: bool) -> str:
    return f"{done} ({clean(subscription.id)})" if ids else done


def _confirmed(done: str, item: Subscribed, *, ids: bool) -> tuple[str, ...]:
    subscription = item.subscription
    return (_with_schedule(_named(done, subscription, ids=ids), subscription), *_subscription_lines(item))


def _with_schedule(done: str, subscription: Subscription) -> str:
    return gettext("{done}: {schedule}.", done=done, schedule=when_text(subscription))


def _paused(done: str, item: Subscribed, prefix: str, *, ids: bool) -> tuple[str, ...]:
    subscription = item.subscription
    silent = gettext("It posts nothing until someone resumes it.")
    command = f"{prefix}resume {clean(subscription.id)}"
    to_resume = gettext("To resume it: {command}", command=command) if ids else silent
    goes_on = sentence(capital(due_text(item))) if subscription.enabled else to_resume
    what = sentence(capital(what_text(subscription)))
    return (_with_schedule(_named(done, subscription, ids=ids), subscription), what, goes_on)


def goes_on_line(remedy: str, how: str, *, ends: bool = False) -> str:
    """Return what to do about a paused digest: the remedy, and how to resume it if that helps.

    Args:
        remedy: what mends the cause, as a full sentence; may be empty.
        how: how it is resumed then, as a full sentence.
        ends: whether the remedy is a new subscription elsewhere, and this one cannot go on.
    """
    if ends:
        return remedy
    return sentences(remedy, how, gettext("Digests that were due in the meantime are not sent later."))


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
        place = (gettext("In {place}", place=clean(str(subscription.channel))),) if reply.everywhere else ()
        when = when_text(subscription)
        yield (f"{mark}{when if ids else capital(when)}", *place, *_subscription_lines(item))


def _subscription_lines(item: Subscribed) -> tuple[str, str]:
    return sentence(capital(what_text(item.subscription))), sentence(capital(due_text(item)))


def capital(text: str) -> str:
    """Return a text that begins a sentence or a line with a capital."""
    # A name such as “arXiv” keeps its own capitals.
    return text[:1].upper() + text[1:] if text.partition(" ")[0].islower() else text


def subscriptions_headline(reply: SubscriptionList, *, place: str = "") -> str:
    """Return how many subscriptions a channel has, or all channels together.

    Args:
        reply: the list.
        place: the channel, as a sentence may name it; empty leaves it out.
    """
    count = len(reply.items)
    if place:
        none = gettext("There are no subscriptions in {place}.", place=place)
        some = ngettext("{number} subscription in {place}", "{number} subscriptions in {place}", count, place=place)
    else:
        none = gettext("There are no subscriptions.")
        some = ngettext("{number} subscription", "{number} subscriptions", count)
    return some if count else none
