"""The subscription modal: its fields are the options of `subscribe` and are parsed by the same grammar. Pure.

It shows a few fields first: what, when, where. The rest is shown on request, or if the subscription uses it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from bots.chat.untrusted import at
from bots.commands import FIELDS, form_errors, form_subscription, readable_sources
from bots.domain.channels import Channel
from bots.domain.requests import Preview, Subscribe
from bots.domain.subscriptions import Subscription
from bots.slack.actions import AnswerRequest
from bots.slack.blocks import Json
from bots.slack.fields import Refused, as_shown, filled, has_field, refused
from bots.slack.form_modal import (
    ALWAYS,
    ELSEWHERE,
    PLACE,
    SUBSCRIBE,
    TIME,
    Form,
    form_modal,
    hidden_in,
    values_of,
)
from bots.slack.form_texts import LABELS
from bots.slack.payloads import Location, location_of, metadata_of
from bots.translation.languages import ENGLISH
from bots.translation.speech import current

__all__ = ["SUBSCRIBE", "Form", "form_modal", "subscribe_modal"]

_Asking = TypeVar("_Asking", Subscribe, Preview)


def subscribe_form(
    channel: Channel,
    *,
    zone: ZoneInfo,
    subscription: Subscription | None = None,
    choose: bool = False,
    direct: str = "",
) -> Form:
    """Return the form for a new subscription, or for editing one.

    Args:
        channel: the channel that receives the digest.
        zone: the person's own time zone, for a new subscription.
        subscription: the subscription to edit; None for a new one.
        choose: whether the modal opens outside any channel.
        direct: the person's direct messages, if it is opened from the home tab.
    """
    # A new subscription speaks the language of the person who makes it, as in a command; the form can change that.
    spoken = "" if current() == ENGLISH else current().code
    shown = subscription or Subscription(id="", channel=channel, timezone=zone, language=spoken)
    values, plain_ones = values_of(shown), values_of(Subscription(id="", channel=channel))
    finer = any(values[name] != plain_ones[name] for name in values if name not in ALWAYS)
    in_channel = shown.channel.channel.startswith(("C", "G"))
    return Form(
        channel=shown.channel,
        values=values,
        before=values if subscription else {**values, "language": ""},
        subscription=shown.id,
        choose=subscription is None and (choose or in_channel),
        unfolded=subscription is not None and finer,
        direct=direct,
    )


def subscribe_modal(
    channel: Channel,
    *,
    zone: ZoneInfo,
    subscription: Subscription | None = None,
    choose: bool = False,
    direct: str = "",
) -> Json:
    """Return the modal of `subscribe_form`."""
    return form_modal(subscribe_form(channel, zone=zone, subscription=subscription, choose=choose, direct=direct))


# ── reading it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def subscription_in(view: object) -> str:
    """Return the id of the subscription that a modal edits; empty for a new one."""
    return metadata_of(view, "order")


def form_of(
    payload: object, *, kept: Subscription | None = None, unfolded: bool = True, notes: tuple[str, ...] = ()
) -> Form:
    """Return the form with what a person has entered so far.

    Args:
        payload: the payload with the modal.
        kept: the subscription that it edits, if any: it has the values of the fields that nobody changed.
        unfolded: whether to show all fields.
        notes: what is wrong, shown above the fields.

    Raises:
        BadCommand: the modal is not ours.
    """
    location, view = location_of(payload), at(payload, "view")
    before = kept or Subscription(id="", channel=location.channel)
    return Form(
        channel=_chosen_location(payload).channel,
        values=_entered(view, before),
        before=values_of(before),
        subscription=subscription_in(view),
        choose=has_field(view, PLACE),
        unfolded=unfolded,
        direct=location.direct,
        notes=notes,
    )


def _entered(view: object, kept: Subscription) -> dict[str, str]:
    """Return the values in a modal; fields that it does not show keep what was entered, or the subscription's value."""
    before = values_of(kept)
    values = before | hidden_in(view)
    for name in (each for each in before if has_field(view, each)):
        typed = filled(view, name).strip()
        # A field shows the beginning of a longer value: what comes back as it was shown was not changed.
        values[name] = before[name] if typed == as_shown(before[name]) else typed
    # A modal that 0.1.0 opened has all times in one field, and names another one so.
    if has_field(view, "at") and not has_field(view, TIME):
        values[TIME] = ""
    if has_field(view, "order"):
        values["sort"] = filled(view, "order").strip()
    return values


def read_subscribe(payload: object, *, kept: Subscription | None = None) -> AnswerRequest | Refused:
    """Return the request to store the subscription in a submitted modal, or all of its validation errors.

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
    subscription = _subscription_of(at(payload, "view"), location.channel, kept)
    if isinstance(subscription, Refused):
        return subscription
    if kept is not None:
        subscription = _as_it_stood(subscription, kept)
    return AnswerRequest(
        location=location, request=asking(channel=location.channel, user=location.user, subscription=subscription)
    )


def chosen_channel(payload: object) -> Channel:
    """Return the channel of a submitted modal.

    Raises:
        BadCommand: the modal is not ours.
    """
    return _chosen_location(payload).channel


def _chosen_location(payload: object) -> Location:
    location = location_of(payload)
    chosen = filled(at(payload, "view"), PLACE)
    return replace(location, channel=replace(location.channel, channel=chosen)) if chosen else location


def _as_it_stood(subscription: Subscription, kept: Subscription) -> Subscription:
    return replace(
        subscription,
        id=kept.id,
        created=kept.created,
        enabled=kept.enabled,
        off_because=kept.off_because,
        resumes=kept.resumes,
        made_by=kept.made_by,
    )


def sources_in(payload: object) -> tuple[str, ...]:
    """Return the sources in a submitted modal; those that cannot be read are left out."""
    return readable_sources(filled(at(payload, "view"), "source"))


def _subscription_of(view: object, channel: Channel, kept: Subscription | None) -> Subscription | Refused:
    entered = _entered(view, kept or Subscription(id="", channel=channel))
    given = _options(entered)
    wrong = form_errors(given, channel)
    if wrong:
        return refused((_field_of(name, view, entered), said) for name, said in wrong.items())
    return form_subscription(given, channel)


def _options(values: Mapping[str, str]) -> dict[str, str]:
    """Return the command options that the fields stand for."""
    times = [text for text in (values[TIME], values["at"]) if text]
    # “announced” stands alone: it replaces a time of day.
    announced = [text for text in times if text.lower() == "announced"]
    return {
        **{name: values[name] for name in FIELDS},
        "at": ", ".join(announced or times),
        "zone": values[ELSEWHERE] or values["zone"],
        # English is what a subscription speaks that names no language.
        "language": "" if values["language"] == ENGLISH.code else values["language"],
    }


def _field_of(option: str, view: object, entered: Mapping[str, str]) -> str:
    """Return the field to show an option's error under; it may be one that the modal hides."""
    if option == "zone":
        return ELSEWHERE if entered[ELSEWHERE] else "zone"
    return "at" if option == "at" and (entered["at"] or not has_field(view, TIME)) else {"at": TIME}.get(option, option)


def hides_error(view: object, wrong: Refused) -> bool:
    """Return whether an error is of a field that a modal does not show; Slack refuses such an error."""
    return not all(has_field(view, name) for name in wrong.errors)


def notes_of(wrong: Refused) -> tuple[str, ...]:
    """Return validation errors as sentences that name their fields, for above the form."""
    return tuple(f"{LABELS[name]}: {said}" if name in LABELS else said for name, said in wrong.errors.items())
