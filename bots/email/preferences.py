"""The form in which readers choose what they get and when: its fields are options of `subscribe`. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from bots.commands import read_given, subscription_of
from bots.config.source_catalogue import catalogue
from bots.domain.errors import RequestError
from bots.domain.subscriptions import Subscription, Weekday
from bots.presentation.labels import language_labels, weekday_labels
from bots.presentation.source_text import source_text
from bots.translation.formats import sentences
from bots.translation.languages import ENGLISH
from bots.translation.speech import gettext, gettext_noop

#: The fields of the form, in order, each the name of an option.
FIELDS = ("source", "interests", "query", "limit", "at", "on", "zone", "language")
_DAYS = tuple(day.name.lower() for day in Weekday)
#: Areas of the time zone database whose names people know; the others are old names and offsets.
_AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
#: Longer than any value a person enters.
_LONGEST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """The values of the form, and what is wrong with each."""

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


def choices_of(subscription: Subscription) -> Choices:
    """Return the form as a subscription fills it."""
    return Choices(
        values={
            "source": ", ".join(subscription.sources),
            "interests": subscription.interests,
            "query": subscription.query,
            "limit": str(subscription.limit),
            "at": ", ".join(f"{clock:%H:%M}" for clock in sorted(subscription.times)),
            "on": ",".join(_DAYS[day] for day in sorted(subscription.weekdays)),
            "zone": str(subscription.timezone),
            "language": subscription.language or ENGLISH.code,
        }
    )


def entered(form: Sequence[tuple[str, str]]) -> Choices:
    """Return the form as a person filled it in."""
    given = {name: value.strip()[:_LONGEST] for name, value in form}
    days = [value for name, value in form if name == "on" and value in _DAYS]
    return Choices(values={name: given.get(name, "") for name in FIELDS} | {"on": ",".join(days)})


def read_choices(chosen: Choices, kept: Subscription) -> Subscription | Choices:
    """Return the subscription with the chosen values, or the form with what is wrong with each of them.

    Args:
        chosen: the form as a person filled it in.
        kept: the subscription that it changes; what the form does not show stays as it is.
    """
    wrong = {name: said for name, value in chosen.values.items() if (said := _wrong(name, value, kept))}
    if wrong:
        return replace(chosen, wrong=wrong)
    given = [(name, value) for name, value in chosen.values.items() if value]
    try:
        made = subscription_of(read_given(given), kept.channel)
    except RequestError as error:
        return replace(chosen, wrong={"on": _told(error)})
    return replace(
        kept,
        sources=made.sources, interests=made.interests, query=made.query, limit=made.limit,
        times=made.times, weekdays=made.weekdays, timezone=made.timezone, wait=made.wait or kept.wait,
        language=made.language or kept.language,
    )  # fmt: skip


def _wrong(name: str, value: str, kept: Subscription) -> str:
    if not value:
        return gettext(_EMPTY[name]) if name in _EMPTY else ""
    try:
        said = read_given([(name, value)])
    except RequestError as error:
        return _told(error)
    # An address anywhere may sign up, and must not read what belongs to the people of one place.
    private = [spec for spec in said.sources if spec not in kept.sources and not _is_open(spec)]
    return gettext("{source} cannot be chosen here.", source=source_text(private[0])) if private else ""


def _told(error: RequestError) -> str:
    return sentences(str(error), error.hint)


_EMPTY = {
    "source": gettext_noop("Choose where the papers come from."),
    "at": gettext_noop("Give a time such as 09:00."),
    "on": gettext_noop("Choose at least one day."),
    "zone": gettext_noop("Choose a time zone."),
}


def _is_open(spec: str) -> bool:
    """Return whether everyone may read a source; one that does not exist is reported by the service."""
    name = spec.partition(":")[0]
    found = [each for each in catalogue().sources if each.name == name]
    return not any(each.description.private or each.description.local for each in found)


def shown(chosen: Choices) -> dict[str, Any]:
    """Return the values for the form's template."""
    checked = chosen.values["on"].split(",")
    return {
        "filled": chosen.values,
        "wrong": chosen.wrong,
        "days": [(value, label, value in checked) for value, label in weekday_labels().items()],
        "languages": language_labels(),
        "zones": _zones(),
        "sources": _sources(),
    }


def _sources() -> list[tuple[str, str]]:
    offered = [each.description for each in catalogue().offered if not each.description.private]
    return [(spec, source_text(spec)) for each in offered for spec in each.examples[:8]]


@cache  # listing the time zones reads several hundred files
def _zones() -> tuple[str, ...]:
    return tuple(sorted(["UTC", *(zone for zone in available_timezones() if zone.partition("/")[0] in _AREAS)]))
