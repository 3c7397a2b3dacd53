"""The subscription modal: its fields are the options of `subscribe` and are parsed by the same grammar. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from bots.chat.phrases import WEEKDAYS
from bots.chat.untrusted import at
from bots.commands import read_given, subscription_of
from bots.commands.options import MOST_PAPERS, MOST_SETTLE
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, RequestError
from bots.domain.requests import Preview, Subscribe
from bots.domain.subscriptions import Every, Look, SortBy, Subscription, Weekday, WhenEmpty
from bots.presentation.source_text import hints
from bots.slack.actions import AnswerRequest
from bots.slack.blocks import Json, actions, button, divider, plain
from bots.slack.controls import Control
from bots.slack.fields import Refused, choice, filled, number_input, place_input, refused, text_input, ticks
from bots.slack.modals import MAX_TITLE, modal, styles
from bots.slack.payloads import Location, location_of, metadata_of

_Asking = TypeVar("_Asking", Subscribe, Preview)

#: The callback id in the payload of a submitted modal.
SUBSCRIBE = "subscribe"
#: The field names; each is the name of the command option that it stands for.
FIELDS = (
    "source", "query", "interests", "category", "limit", "sort", "style", "at", "on", "zone", "entries", "look",
    "every", "settle", "wait", "quiet", "empty",
)  # fmt: skip
#: Fields to blame when options contradict each other: the first whose removal makes the others valid.
_SUSPECTS = ("on", "settle", "wait")
_PLACE = "channel"
_SORTS = {SortBy.TRENDING: "Trending first", SortBy.NEWEST: "Newest first"}
_EVERY = {
    Every.DAY: "The day's papers",
    Every.WEEK: "The best of the week",
    Every.MONTH: "The best of the month before",
}
_EMPTY = {
    WhenEmpty.SAY: "Say why",
    WhenEmpty.TROUBLE: "Say so only if a source failed",
    WhenEmpty.SILENT: "Post nothing",
}
_ENTRIES = {"inline": "In the channel", "thread": "In the thread of one message"}
_LOOK = {
    Look.AUTO.value: "Compact above five papers",
    Look.COMPACT.value: "Compact, with one menu",
    Look.CARDS.value: "Cards, each with its buttons",
}
_DAYS = {day.name.lower(): WEEKDAYS[day] for day in Weekday}


def subscribe_modal(
    channel: Channel, *, zone: ZoneInfo, subscription: Subscription | None = None, choose: bool = False
) -> Json:
    """Return the modal for a new subscription, or for editing one.

    Args:
        channel: the channel that receives the digest.
        zone: the person's own time zone, for a new subscription.
        subscription: the subscription to edit; None for a new one.
        choose: whether the person chooses the channel, because the modal may open outside any channel.
    """
    shown = subscription or Subscription(id="", channel=channel, timezone=zone)
    place = [place_input(_PLACE, "Channel")] if choose and subscription is None else []
    preview = actions([button("Preview", Control.PREVIEW)], "preview")
    return modal(
        "Edit subscription" if subscription else "New subscription",
        [*place, *_what(shown), *_when(shown), preview, divider(), *_finer(shown)],
        channel=shown.channel,
        subscription=shown.id,
        callback_id=SUBSCRIBE,
        submit=plain("Save" if subscription else "Subscribe", MAX_TITLE),
    )


def _what(subscription: Subscription) -> Iterator[Json]:
    sources = f"{', '.join(hints())}; several with commas between them."
    query = 'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:, and a star at the end of a word. Empty: all papers.'
    yield text_input("source", "Sources", ", ".join(subscription.sources), optional=False, hint=sources)
    yield text_input(
        "query", "Only papers that match", subscription.query, hint=query, placeholder='"language model*" -survey'
    )
    near = "In plain words; the papers nearest in meaning come first. Empty: sorted as chosen below."
    shown = "efficient inference of language models on small devices"
    yield text_input("interests", "Interests", subscription.interests, hint=near, placeholder=shown, multiline=True)
    categories = ", ".join(subscription.categories)
    yield text_input("category", "Only in these categories", categories, placeholder="cs.CL, stat.ML, cs.*")
    yield number_input("limit", "Maximum number of papers", subscription.limit, 1, MOST_PAPERS)
    yield choice("sort", "Order of the papers", _named(_SORTS), subscription.sort_by)
    yield choice("style", "Blurbs", styles(), subscription.style)


def _when(subscription: Subscription) -> Iterator[Json]:
    times = ", ".join(f"{clock:%H:%M}" for clock in sorted(subscription.times))
    days = {day.name.lower() for day in subscription.weekdays}
    yield text_input("at", "Times", times, hint="09:00, 17:30; or: announced, when the day's lists are out.")
    yield ticks("on", "Days", _DAYS, days, hint="None: weekdays; for the best of the week, Fridays.")
    yield text_input("zone", "Time zone", str(subscription.timezone), optional=False, hint="A continent and a city.")
    yield choice("entries", "Where to show the papers", _ENTRIES, "thread" if subscription.threaded else "inline")
    yield choice("look", "Look of the papers", _LOOK, subscription.look)


def _finer(subscription: Subscription) -> Iterator[Json]:
    wait = f"{subscription.wait:%H:%M}" if subscription.wait else ""
    quiet = str(subscription.quiet) if subscription.quiet else ""
    yield choice("every", "A digest covers", _named(_EVERY), subscription.every)
    yield number_input("settle", "Days for votes to settle", subscription.settle, 0, MOST_SETTLE)
    yield text_input("wait", "Wait for late lists until", wait, placeholder="11:00")
    yield text_input("quiet", "Quiet hours, from – to", quiet, placeholder="22:00-07:00")
    yield choice("empty", "On days without papers", _named(_EMPTY), subscription.empty)


def _named(options: Mapping[SortBy, str] | Mapping[Every, str] | Mapping[WhenEmpty, str]) -> Mapping[str, str]:
    return {value.value: said for value, said in options.items()}


def subscription_in(view: object) -> str:
    """Return the id of the subscription that a modal edits; empty for a new one."""
    return metadata_of(view, "order")


def read_subscribe(payload: object, *, kept: Subscription | None = None) -> AnswerRequest | Refused:
    """Return the request to store the subscription in a submitted modal, or its validation errors.

    Args:
        kept: the subscription that it edits, if any; properties without a field stay unchanged.

    Raises:
        BadCommand: the modal is not ours.
    """
    return _read(payload, Subscribe, kept)


def read_preview(payload: object, *, kept: Subscription | None = None) -> AnswerRequest | Refused:
    """Return the request to preview the subscription in a modal, or its validation errors.

    Raises:
        BadCommand: the modal is not ours.
    """
    return _read(payload, Preview, kept)


def _read(payload: object, asking: type[_Asking], kept: Subscription | None) -> AnswerRequest | Refused:
    location = _chosen_location(payload)
    subscription = _subscription_of(at(payload, "view"), location.channel)
    if isinstance(subscription, Refused):
        return subscription
    if kept is not None:
        subscription = _as_it_stood(subscription, kept)
    return AnswerRequest(
        location=location, request=asking(channel=location.channel, user=location.user, subscription=subscription)
    )


def _chosen_location(payload: object) -> Location:
    location = location_of(payload)
    chosen = filled(at(payload, "view"), _PLACE)
    return replace(location, channel=replace(location.channel, channel=chosen)) if chosen else location


def _as_it_stood(subscription: Subscription, kept: Subscription) -> Subscription:
    return replace(
        subscription,
        id=kept.id,
        created=kept.created,
        enabled=kept.enabled,
        off_because=kept.off_because,
        resumes=kept.resumes,
    )


def _subscription_of(view: object, channel: Channel) -> Subscription | Refused:
    given = {name: filled(view, name).strip() for name in FIELDS}
    # A modal that 0.1.0 opened names the field so.
    given["sort"] = given["sort"] or filled(view, "order").strip()
    wrong = {name: said for name in FIELDS if (said := _wrong_with({name: given[name]}, channel, alone=True))}
    if wrong:
        return refused(wrong.items())
    if said := _wrong_with(given, channel):
        return refused([(_to_be_changed(given, channel), said)])
    return _made(given, channel)


def _made(given: Mapping[str, str], channel: Channel) -> Subscription:
    return subscription_of(read_given(given.items()), channel)


def _wrong_with(given: Mapping[str, str], channel: Channel, *, alone: bool = False) -> str:
    """Return the grammar's error for the given options; empty if they are valid.

    Args:
        alone: whether to check only the values, and not their combination.
    """
    try:
        if alone:
            read_given(given.items())
        else:
            _made(given, channel)
    except BadQuery as error:
        return f"{error} {error.hint}".strip()
    except RequestError as error:
        return str(error)
    return ""


def _to_be_changed(given: Mapping[str, str], channel: Channel) -> str:
    """Return the field to correct: the first without which the other fields are valid together."""
    return next((name for name in _SUSPECTS if not _wrong_with({**given, name: ""}, channel)), "every")
