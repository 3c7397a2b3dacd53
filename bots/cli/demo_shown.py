"""What a demo in a chat shows: a heading at each station, and below it what has happened there since."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import typer

from bots.errors import SettingsError


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
        f"The {platform} of this demo belongs to the tests, which an installed Paperwire does not carry.",
        hint=f"In a checkout: python3 dev.py run demo --{platform.lower()}. Anywhere: paperwire demo",
    )
