"""A subscription as the fields of a form, each an option as a person could have typed it, and back. Pure functions."""

from collections.abc import Mapping

from bots.commands.formatter import options_of_subscription
from bots.commands.options import read_given
from bots.commands.subscription_options import subscription_of
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, RequestError
from bots.domain.subscriptions import Subscription
from bots.translation.formats import sentences

#: The names of the options that a form sets.
FIELDS = (
    "source", "query", "interests", "category", "limit", "sort", "style", "at", "on", "zone", "entries", "look",
    "every", "settle", "wait", "quiet", "empty", "language",
)  # fmt: skip
#: Options to blame when options contradict each other: the first whose removal makes the others valid.
_SUSPECTS = ("on", "settle", "wait")


def values_of(subscription: Subscription) -> dict[str, str]:
    """Return the values of a subscription's options, by name."""
    told = dict.fromkeys(FIELDS, "")
    for name, value in options_of_subscription(subscription):
        told[name] = f"{told[name]}, {value}" if told[name] else str(value)
    return told | {"at": told["at"].replace(",", ", ")}


def form_errors(given: Mapping[str, str], channel: Channel) -> dict[str, str]:
    """Return everything that is wrong with the values of a form, by option; empty if `form_subscription` accepts them.

    If each value is right and two contradict each other, the error is that of the option to correct.
    """
    wrong = {name: said for name in FIELDS if (said := _wrong_with({name: given[name]}, channel, alone=True))}
    if not wrong and (said := _wrong_with(given, channel)):
        return {_to_be_changed(given, channel): said}
    return wrong


def form_subscription(given: Mapping[str, str], channel: Channel) -> Subscription:
    """Return the subscription that the values of a form describe.

    Raises:
        BadQuery: a value is wrong.
    """
    return subscription_of(read_given(given.items()), channel)


def _wrong_with(given: Mapping[str, str], channel: Channel, *, alone: bool = False) -> str:
    """Return the grammar's error for the given options; empty if they are valid.

    Args:
        given: the options.
        channel: the channel.
        alone: whether to check only the values, and not their combination.
    """
    try:
        if alone:
            read_given(given.items())
        else:
            form_subscription(given, channel)
    except BadQuery as error:
        return sentences(str(error), error.hint)
    except RequestError as error:
        return str(error)
    return ""


def _to_be_changed(given: Mapping[str, str], channel: Channel) -> str:
    """Return the option to correct: the first without which the others are valid together."""
    return next((name for name in _SUSPECTS if not _wrong_with({**given, name: ""}, channel)), "every")
