"""Commands that write what Paperwire holds to files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, invocation_of, with_app
from bots.cli.digests import read_channel
from bots.cli.lookup import TERMINAL
from bots.domain.errors import BadCommand
from bots.domain.export_formats import ExportFormat

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.papers import Paper

app = typer.Typer(name="export", help="Write papers, or everything, to a file.", no_args_is_help=True)

#: Papers of one file; a channel with five papers a day reaches this number in fifty years.
_MOST_POSTED = 100_000


@app.command()
def papers(
    context: typer.Context,
    saved: Annotated[
        bool, typer.Option("--saved", help="The papers you saved here, or those of --person.", show_default=False)
    ] = False,
    posted: Annotated[
        bool, typer.Option("--posted", help="The papers that were posted in --channel.", show_default=False)
    ] = False,
    channel: Annotated[
        str, typer.Option(help="With --posted: platform:channel, or platform:workspace:channel.", show_default=False)
    ] = "",
    person: Annotated[
        str,
        typer.Option(
            help="With --saved: whose list, as platform:person or platform:workspace:person.", show_default=False
        ),
    ] = "",
    form: Annotated[ExportFormat, typer.Option("--format", help="The format of the file.")] = ExportFormat.BIBTEX,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; without it, standard output.")
    ] = None,
) -> None:
    """Write saved or posted papers, the latest first, as BibTeX, RIS, CSL-JSON, CSV or Markdown."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.exports import exported

        _check(saved=saved, posted=posted, channel=channel, person=person)
        found = await (_posted(application, channel) if posted else _saved(application, person))
        if not found:
            typer.echo("There are no papers to export.", err=True)
            return Exit.NOTHING
        write_text(exported(found, form), output)
        if output is not None:
            typer.echo(f"{counted(len(found), 'paper')} written to {output}.", err=True)
        return Exit.DONE

    with_app(invocation, work)


def _check(*, saved: bool, posted: bool, channel: str, person: str) -> None:
    """Raise if the options contradict one another.

    Raises:
        BadCommand: they do; the hint shows a command that works.
    """
    if saved == posted:
        raise BadCommand("Which papers?", hint="Give either --saved or --posted.")
    if posted and not channel:
        raise BadCommand(
            "Which channel's papers?", hint="For example: paperwire export papers --posted --channel slack:T123:C456"
        )
    if (saved and channel) or (posted and person):
        raise BadCommand(
            "--channel belongs to --posted, and --person to --saved.",
            hint="For example: paperwire export papers --saved --person slack:T123:U456",
        )


async def _posted(application: "App", channel: str) -> "tuple[Paper, ...]":
    found = await application.store.posted_papers(read_channel(channel), limit=_MOST_POSTED)
    return tuple(each.paper for each in found)


async def _saved(application: "App", person: str) -> "tuple[Paper, ...]":
    from bots.domain.channels import Reader

    named = read_channel(person) if person else TERMINAL
    reader = Reader(platform=named.platform, workspace=named.workspace, user=named.channel if named != TERMINAL else "")
    return await application.store.saved_papers(reader)


def write_text(text: str, output: Path | None) -> None:
    """Write a text as UTF-8, to a file or to standard output, with its line ends unchanged.

    Raises:
        BadCommand: the file cannot be written.
    """
    data = text.encode("utf-8")
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise BadCommand(f"{output} cannot be written: {said}.", hint="Give another file with --output.") from error
