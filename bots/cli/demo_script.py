"""What the demos of chats share: how they run, post a digest, and print what happens."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from bots.cli.context import Exit, Invocation, ending
from bots.domain.channels import Channel
from bots.domain.errors import SettingsError
from bots.domain.subscriptions import Subscription, Weekday

if TYPE_CHECKING:
    from bots.bootstrap.app import App


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


def perform(invocation: Invocation, demo: Coroutine[Any, Any, Exit]) -> NoReturn:
    """Run the demo of a chat to its end, with log and errors as every command has them, and exit.

    Args:
        invocation: the options before the command.
        demo: the demo, which returns its exit code.
    """
    from bots.cli.logs import logging_to

    with (
        logging_to(sys.stderr, verbose=invocation.verbose, serving=False, as_json=invocation.log_json),
        ending(invocation),
    ):
        raise typer.Exit(asyncio.run(demo))


async def post_due(application: "App", name: str, channel: Channel) -> None:
    """Subscribe the channel to three papers of the sample day, due now, and post the digest."""
    subscription = due_now(name, channel, application.service.clock(), query="", limit=3)
    await application.store.keep_subscription(subscription)
    await application.executor.execute(await application.due_runs.open_due(subscription) or "")


def not_installed(platform: str) -> SettingsError:
    """Return the error for a demo that works only in a checkout."""
    return SettingsError(
        f"The {platform} demo needs the fake {platform} of the tests, which an installed Paperwire does not include.",
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
