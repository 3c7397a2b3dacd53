"""Registers all commands, each with the function that implements it."""

from pathlib import Path
from typing import Annotated

import typer

import bots
from bots.cli import (
    api_token,
    archive,
    demo,
    digests,
    discord,
    email,
    exports,
    feeds,
    interests,
    ledger,
    lookup,
    papers,
    preparing,
    preview,
    setup,
    slack,
    sources,
    status,
    storage,
    subscriptions,
    web,
    webhooks,
    workspaces,
    zotero,
)
from bots.cli.chat_commands import Commands
from bots.cli.context import Invocation
from bots.cli.source_options import Sourced

app = typer.Typer(
    name="paperwire",
    cls=Commands,
    help="Reads the day's papers, condenses each abstract to a blurb, and posts digests to your team's chat.",
    no_args_is_help=True,
    # Plain help: importing rich takes longer than everything else that --help needs.
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing found, 4 wrong settings.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"paperwire {bots.__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="The settings file.", envvar="PAPERWIRE_CONFIG")] = None,
    database: Annotated[str | None, typer.Option(help="A database file, or a Postgres address.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log progress on stderr.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log JSON on stderr, one line per event.")] = False,
    version: Annotated[  # noqa: ARG001 - typer calls the callback; the value itself is not used
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Store the options that precede the command."""
    context.obj = Invocation(config=config, database=database, as_json=as_json, verbose=verbose, log_json=log_json)


app.command()(setup.init)
app.command()(setup.doctor)
app.command()(sources.sources)
app.command(cls=Sourced)(digests.digest)
app.command()(lookup.lookup)
app.command()(lookup.search)
app.command()(lookup.summarize)
app.command()(papers.abstract)
app.command()(papers.save)
app.command()(papers.unsave)
app.command()(papers.saved)
app.command()(papers.like)
app.command()(papers.cite)
app.command(cls=Sourced)(subscriptions.subscribe)
app.command()(subscriptions.subscriptions)
app.command()(subscriptions.pause)
app.command()(subscriptions.resume)
app.command()(subscriptions.unsubscribe)
app.command()(preparing.prepare)
app.command()(digests.run)
app.command()(digests.worker)
app.command()(status.status)
app.command()(ledger.runs)
app.command()(ledger.deliveries)
app.command()(ledger.retry)
app.command()(ledger.replay)
app.command(cls=Sourced)(preview.preview)
app.command(name="import")(archive.import_all)
app.command()(demo.demo)
exports.app.command(name="all")(archive.export_all)
app.add_typer(exports.app)
app.add_typer(storage.app)
app.add_typer(feeds.app)
app.add_typer(api_token.app)
app.add_typer(webhooks.app)
app.add_typer(zotero.app)
app.add_typer(interests.app)
app.add_typer(slack.app)
app.add_typer(discord.app)
app.add_typer(email.app)
app.add_typer(web.app)
app.add_typer(workspaces.app)
