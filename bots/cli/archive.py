"""Commands that write everything to one file, and read it into an empty database."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, Invocation, ending, invocation_of, print_json, with_app
from bots.domain.errors import BadCommand

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.store.archive_format import ArchiveSummary
    from bots.store.sql import SqlStore

PassphraseOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file whose first line encrypts the secrets; without it, you are asked."),
]
#: Characters; a passphrase of five random words has more.
_SHORTEST = 12


def export_all(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write, such as paperwire.zip.")],
    secrets: Annotated[
        bool,
        typer.Option("--secrets", help="Include tokens and keys, encrypted with a passphrase.", show_default=False),
    ] = False,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Write everything in the database to one file: subscriptions, the ledger, papers, what people saved."""
    invocation = invocation_of(context)
    with ending(invocation):
        passphrase = _passphrase(passphrase_file, new=True) if secrets or passphrase_file else ""

    async def work(application: "App", store: "SqlStore") -> "ArchiveSummary":
        return await store.write_archive(file, now=application.service.clock(), passphrase=passphrase)

    _with_store(invocation, work, f"written to {file}")


def import_all(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `export all` wrote.")],
    passphrase_file: PassphraseOption = None,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave out tokens and keys in the archive.", show_default=False)
    ] = False,
) -> None:
    """Read everything from a file into an empty database, SQLite or Postgres."""
    invocation = invocation_of(context)
    with ending(invocation):
        passphrase = _passphrase(passphrase_file, new=False) if passphrase_file else ""

    async def work(_application: "App", store: "SqlStore") -> "ArchiveSummary":
        return await store.read_archive(file, passphrase=passphrase, without_secrets=without_secrets)

    _with_store(invocation, work, f"read from {file}")


def _with_store(
    invocation: Invocation, work: "Callable[[App, SqlStore], Awaitable[ArchiveSummary]]", said: str
) -> None:
    async def done(application: "App") -> Exit:
        from bots.store.sql import SqlStore

        if not isinstance(application.store, SqlStore):
            raise BadCommand("This database is in memory only.", hint="Name a file or Postgres with --database.")
        summary = await work(application, application.store)
        if invocation.as_json:
            print_json({"rows": dict(summary.rows), "left_out": list(summary.left_out)})
            return Exit.DONE
        typer.echo(f"{counted(sum(summary.rows.values()), 'row')} {said}.")
        for each in summary.left_out:
            typer.echo(f"Left out: {each}.", err=True)
        if summary.left_out:
            typer.echo("Include them, encrypted, with: paperwire export all FILE --secrets", err=True)
        return Exit.DONE

    with_app(invocation, done)


def _passphrase(file: Path | None, *, new: bool) -> str:
    """Return the passphrase in a file, or ask for it.

    Raises:
        BadCommand: the file cannot be read, or the passphrase is too short.
    """
    if file is None:
        said: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new)
    else:
        try:
            said = file.read_text("utf-8").partition("\n")[0].strip()
        except (OSError, ValueError) as error:
            raise BadCommand(f"{file} cannot be read as text.", hint="Give a file with a passphrase.") from error
    if new and len(said) < _SHORTEST:
        raise BadCommand(f"The passphrase has fewer than {_SHORTEST} characters.", hint="Use five random words.")
    return said
