"""Writes the shortest command for a subscription: only the options that differ from the defaults. Pure functions."""

import shlex
from collections.abc import Iterator

from bots.commands.formatter import options_of_subscription
from bots.commands.options import Options
from bots.commands.subscription_options import subscription_of
from bots.commands.tokens import quoted
from bots.domain.subscriptions import Subscription

#: Characters of a value that needs no quotes in a chat.
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:,/*+@~")


def short_command(subscription: Subscription) -> str:
    """Return the command that `parse_command` parses into a request for an equal subscription."""
    given = (f"{name}={value if _BARE.issuperset(value) else quoted(value)}" for name, value in _given(subscription))
    return " ".join(("subscribe", *given))


def terminal_command(subscription: Subscription, to: str) -> str:
    """Return the command that makes the subscription in a terminal.

    Args:
        subscription: the subscription.
        to: the channel, as `--to` takes it.
    """
    given = (f"--{name} {shlex.quote(value)}" for name, value in _given(subscription))
    return " ".join(("paperwire subscribe", f"--to {to}", *given))


def _given(subscription: Subscription) -> Iterator[tuple[str, str]]:
    """Yield the options by which a subscription differs from one that is made without any."""
    # The days of a round-up depend on its period.
    plain = subscription_of(Options(every=subscription.every), subscription.channel)
    usual, own = _by_name(plain), _by_name(subscription)
    first = _by_name(subscription_of(Options(), subscription.channel))["every"]
    for name, values in own.items():
        if values != usual.get(name) or (name == "every" and values != first):
            yield from ((name, value) for value in values)


def _by_name(subscription: Subscription) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in options_of_subscription(subscription):
        found.setdefault(name, []).append(str(value))
    return found
