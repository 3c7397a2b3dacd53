"""Commands that find or condense papers: lookup, search, summarize."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, answered, ending, invocation_of, run_app, with_app
from bots.domain.channels import Channel
from bots.domain.errors import BadPaste
from bots.domain.requests import Lookup, Request, Search, Summarize
from summarizer import Style

if TYPE_CHECKING:
    from bots.bootstrap.app import App

#: One terminal is one channel.
TERMINAL = Channel(platform="console", channel="terminal")
#: Bytes; more than any abstract, and little enough for memory. The summarizer has its own, lower limit.
_MOST_READ = 10 * 1024 * 1024
#: Condensing one's own text needs no stored data and leaves none.
_NO_TRACE = ":memory:"

Words = Annotated[list[str], typer.Argument(help="Words; quotes are not needed.", show_default=False)]
Searched = Annotated[
    list[str], typer.Argument(help="Words; OR, NOT and, after --, -word are obeyed.", show_default=False)
]
StyleOption = Annotated[Style, typer.Option(help="The form of the blurb.")]


def lookup(context: typer.Context, paper: Words) -> None:
    """Show one paper by id, address, DOI or words."""
    ask(invocation_of(context), lambda: Lookup(channel=TERMINAL, text=" ".join(paper)))


def search(
    context: typer.Context,
    words: Searched,
    limit: Annotated[int, typer.Option(min=1, max=50, help="Maximum number of papers.")] = 5,
) -> None:
    """List papers that match some words."""
    ask(invocation_of(context), lambda: Search(channel=TERMINAL, words=" ".join(words), limit=limit))


def summarize(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A text file with the abstract; - reads standard input.")] = "-",
    title: Annotated[str, typer.Option(help="The paper's title, if you have it: it improves the blurb.")] = "",
    style: StyleOption = Style.ONE_LINE,
) -> None:
    """Condense an abstract from a file or from standard input."""
    invocation = invocation_of(context)
    # Before the event loop starts: inside one, the first Ctrl-C would wait until the whole text is read.
    with ending(invocation):
        text = _read(file)

    async def work(application: "App") -> Exit:
        request = Summarize(channel=TERMINAL, text=text, title=title, style=style)
        return await answered(application, invocation, await application.service.answer(request))

    run_app(invocation, work, database=_NO_TRACE, libraries=())


def ask(invocation: Invocation, request: Callable[[], Request]) -> None:
    """Build the request and show the service's reply; an error while building it is shown in the same form."""

    async def work(application: "App") -> Exit:
        return await answered(application, invocation, await application.service.answer(_trusted(request())))

    with_app(invocation, work)


def _trusted(request: Request) -> Request:
    """Return the request as one of the operator, who is told the paths of this machine."""
    return replace(request, trusted=True)


def _read(file: str) -> str:
    """Return the text of a file or of standard input.

    Raises:
        BadPaste: the input cannot be read or is not text.
    """
    if file == "-" and sys.stdin.isatty():
        typer.echo("Paste the abstract, then press Enter and Ctrl-D (on Windows Ctrl-Z and Enter).", err=True)
    try:
        raw = sys.stdin.buffer.read(_MOST_READ) if file == "-" else _read_file(Path(file))
    except OSError as error:
        raise BadPaste(f"{file} cannot be read: {error.strerror or error}.") from error
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    """Return the text of some bytes in any usual encoding; one that was only guessed is named on stderr.

    Raises:
        BadPaste: the bytes are no text, or their encoding cannot be told.
    """
    from bots.chat.encodings import decode, guessed

    text = decode(raw)
    if text is None:
        raise BadPaste(
            "This is not text, or its encoding cannot be told.",
            hint="Give the abstract as plain text, not a PDF; save it as UTF-8.",
        )
    if encoding := guessed(raw, text):
        typer.echo(f"The encoding is not named; the text was read as {encoding}.", err=True)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_file(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_MOST_READ)
