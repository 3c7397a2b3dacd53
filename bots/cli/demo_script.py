"""What a demo in a chat shows: a heading at each station, and below it what has happened there since."""

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
    """Prints stations."""

    #: Everything that happened in the chat, from the beginning.
    happened: list[Any]
    #: Returns what happened as text.
    lines: Callable[[Iterable[Any]], list[str]]
    #: Of what happened, how much was shown.
    shown: int = 0

    def show(self) -> None:
        """Print what has happened since the last time."""
        for line in self.lines(self.happened[self.shown :]):
            typer.echo("\n".join(f"   {each}".rstrip() for each in line.splitlines()))
        self.skip()

    def skip(self) -> None:
        """Leave out what has happened since the last time."""
        self.shown = len(self.happened)


def say(text: str) -> None:
    """Print a heading."""
    typer.echo()
    typer.secho(text, bold=True)
    typer.echo()


def not_installed(platform: str) -> SettingsError:
    """Return the error for a demo that only a checkout can show."""
    return SettingsError(
        f"The {platform} demo needs the fake {platform} of the tests, which an installed Paperwire does not include.",
        hint=f"In a checkout: python3 dev.py run demo --{platform.lower()}. Anywhere: paperwire demo",
    )


def due_now(name: str, channel: Channel, now: datetime, *, query: str, limit: int) -> Subscription:
    """Return an order on the sample day that is due this minute."""
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
