"""Commands for the web page: publish the papers of a file there."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted, day_text
from bots.cli.context import Exit, invocation_of, print_json, with_app

if TYPE_CHECKING:
    from bots.bootstrap.app import App

app = typer.Typer(name="web", help="The web page: publish a file of papers there.", no_args_is_help=True)


@app.callback()
def web() -> None:
    """Hold the command `add`, so that it keeps its name."""


@app.command()
def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The papers, in any format of the source file:.", show_default=False)],
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to list them on.", show_default="today")
    ] = None,
) -> None:
    """Publish the papers of a file on the web page, for everyone, as the list of a day."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.sources.reading.disk import read_text
        from bots.sources.reading.formats import parse

        today = application.service.clock().astimezone(application.settings.timezone).date()
        listed_on = day.date() if day else today
        read = parse(await asyncio.to_thread(read_text, file), file.name)
        # A file's papers are private wherever else it is read; here the operator publishes them.
        papers = [replace(each, private=False) for each in read.papers]
        await application.store.remember(papers, source=f"file:{file.name}", day=listed_on, place=None)
        if invocation.as_json:
            print_json({"papers": len(papers), "day": listed_on.isoformat()})
        else:
            typer.echo(f"{counted(len(papers), 'paper')} published on the web page for {day_text(listed_on)}.")
        return Exit.DONE

    with_app(invocation, work)
