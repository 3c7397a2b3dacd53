"""Prints a chat demo: a heading for each step, then the chat's events since the previous step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import typer

from bots.domain.channels import Channel
from bots.domain.errors import SettingsError
from bots.domain.subscriptions import Subscription, Weekday


@dataclass(kw_only=True, slots=True)
class Shown:
    """Prints the chat's events step by step."""

    #: All events of the chat, from the beginning.
    happened: list[Any]
    #: Returns the events as text.
    lines: Callable[[Iterable[Any]], list[str]]
    #: The number of events already printed.
    shown: int = 0

    def show(self) -> None:
        """Print the events since the last call."""
        for line in self.lines(self.happened[self.shown :]):
            typer.echo("\n".join(f"   {each}".rstrip() for each in line.splitlines()))
        self.skip()

    def skip(self) -> None:
        """Mark the events since the last call as printed, without printing them."""
        self.shown = len(self.happened)


def say(text: str) -> None:
    """Print a heading."""
    typer.echo()
    typer.secho(text, bold=True)
    typer.echo()


def not_installed(platform: str) -> SettingsError:
    """Return the error for a demo that works only in a checkout."""
    return SettingsError(
        f"The {platform} of this demo belongs to the tests, which an installed Paperwire does not carry.",
        hint=f"In a checkout: python3 dev.py run demo --{platform.lower()}. Anywhere: paperwire demo",
    )


def due_now(name: str, channel: Channel, now: datetime, *, query: str, limit: int) -> Subscription:
    """Return a subscription to the sample day that is due this minute."""
    return Subscription(
        id=name,
        channel=channel,
        sources=("sample",),
        query=query,
        limit=limit,
        times=(time(now.hour, now.minute),),
        weekdays=frozenset(Weekday),
        created=now - timedelta(minutes=2),
    )
