"""The command `preview`: shows in the browser how each chat will show a digest, while its options are being edited."""

import asyncio
import os
import shutil
import signal
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, run_app
from bots.cli.digests import CategoryOption, InterestsOption, QueryOption, SortOption, SourceOption
from bots.cli.lookup import StyleOption
from bots.domain.channels import Channel
from bots.domain.errors import NotAllowed, SettingsError
from bots.domain.subscriptions import DIGEST_STYLE, Look, SortBy, Subscription

if TYPE_CHECKING:
    from bots.bootstrap.app import App

#: What is previewed belongs to no channel, so nothing counts as posted there before.
_NOWHERE = Channel(platform="preview", channel="preview")
_SAMPLE = "sample"
_SENDER = "Paperwire <papers@example.org>"
#: Names of the browser that can make a picture of a page without a screen.
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "google-chrome-stable")
#: Pixels of the picture, high enough for five cards, and seconds for it.
_PICTURE, _PATIENCE = "1680,1700", 120.0


def preview(
    context: typer.Context,
    source: SourceOption = None,
    query: QueryOption = "",
    interests: InterestsOption = "",
    category: CategoryOption = None,
    sort_by: SortOption = SortBy.TRENDING,
    limit: Annotated[int, typer.Option(min=1, max=20, help="Maximum number of papers.")] = 5,
    style: StyleOption = DIGEST_STYLE,
    look: Annotated[Look, typer.Option(help="compact, or cards: every paper with its own buttons.")] = Look.AUTO,
    subscription: Annotated[
        str, typer.Option(help="Begin with a subscription, by the id that it is listed with.")
    ] = "",
    sample: Annotated[bool, typer.Option("--sample", help="Use the shipped papers; needs no network.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="A port of this machine; 0: any that is free.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    png: Annotated[
        Path | None, typer.Option(help="Write a picture of the page to this file and end; needs Chromium or Chrome.")
    ] = None,
) -> None:
    """Show in the browser how Slack, Discord and e-mail will show a digest."""
    invocation = invocation_of(context)
    given = [("source", each) for each in source or ([_SAMPLE] if sample else [])]
    given += [("category", each) for each in category or ()]
    given += [("query", query), ("interests", interests), ("sort", sort_by), ("limit", str(limit))]
    given += [("style", style), ("look", look)]

    async def work(application: "App") -> Exit:
        from bots.config.email_table import EMAIL
        from bots.domain.mail_addresses import read_sender
        from bots.preview.http import open_preview

        start = await _start(application, given, subscription)
        sender = application.settings.plugin("email", EMAIL)["sender"] or read_sender(_SENDER)
        async with open_preview(application.service, start, sender=sender, port=port) as address:
            return await (_pictured(address, png.resolve()) if png else _shown(address, browser=browser))

    if sample:
        from bots.bootstrap.databases import IN_MEMORY

        run_app(invocation, work, database=IN_MEMORY, libraries=(_SAMPLE,))
    else:
        run_app(invocation, work, database=None)


async def _start(application: "App", given: list[tuple[str, str]], subscription: str) -> Subscription:
    """Return what the form begins with.

    Raises:
        NotAllowed: there is no such subscription.
        RequestError: an option is wrong.
    """
    from bots.commands import read_given, subscription_of

    if not subscription:
        zoned = [*given, ("zone", str(application.settings.timezone))]
        return subscription_of(read_given(zoned), _NOWHERE)
    held = await application.store.subscription(subscription)
    if held is None:
        raise NotAllowed(f"There is no subscription {subscription!r}.", hint="List them with: paperwire subscriptions")
    return held


async def _shown(address: str, *, browser: bool) -> Exit:
    """Print the address, open it, and wait for Ctrl-C."""
    typer.echo(f"The preview is at {address}")
    typer.echo("Only this machine can open it. Ctrl-C ends it.")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers: there Ctrl-C interrupts the loop.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    if browser and not await asyncio.to_thread(webbrowser.open, address):
        typer.echo("No browser could be opened: open the address yourself.", err=True)
    await stop.wait()
    return Exit.DONE


async def _pictured(address: str, file: Path) -> Exit:
    """Write a picture of the page.

    Raises:
        SettingsError: there is no browser for it, or it made no picture.
    """
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise SettingsError("There is no Chromium or Chrome on this machine.", hint="Install one, or leave --png out.")
    options = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", f"--window-size={_PICTURE}"]
    # As root, as in most containers, it starts only without its sandbox; it opens our own page and nothing else.
    options += ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    process = await asyncio.create_subprocess_exec(
        found, *options, f"--screenshot={file}", address,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    if process.returncode or not await asyncio.to_thread(file.exists):
        raise SettingsError(f"{Path(found).name} made no picture.", hint="Open the page in a browser instead.")
    typer.echo(f"Written: {file}")
    return Exit.DONE
