"""Commands about what the ranking of a channel's digests learned."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, answered, invocation_of, with_app
from bots.cli.digests import read_channel
from bots.domain.errors import BadCommand
from bots.domain.requests import Taste, TasteStep

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.channels import Channel
    from bots.domain.papers import Paper

app = typer.Typer(
    name="interests",
    help="Show, teach, export or reset what the ranking of a channel's digests learned.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

#: Examples read of one library, the latest published first: as many as the ranking learns from.
_MOST_EXAMPLES = 500

ChannelArgument = Annotated[str, typer.Argument(help="console, platform:channel, or platform:workspace:channel.")]
ExamplesArgument = Annotated[
    list[str], typer.Argument(help="Ids of papers, or files with papers such as a BibTeX or Zotero library.")
]


@app.command()
def show(context: typer.Context, channel: ChannelArgument) -> None:
    """Show what the ranking learned."""
    _ask(context, channel, TasteStep.SHOW)


@app.command()
def export(context: typer.Context, channel: ChannelArgument) -> None:
    """Print the liked papers as BibTeX, which `interests like` reads again."""
    _ask(context, channel, TasteStep.EXPORT)


@app.command()
def reset(context: typer.Context, channel: ChannelArgument) -> None:
    """Forget everything that the ranking learned."""
    _ask(context, channel, TasteStep.RESET)


@app.command()
def like(context: typer.Context, channel: ChannelArgument, examples: ExamplesArgument) -> None:
    """Teach the ranking papers as examples of what the channel wants to read."""
    invocation = invocation_of(context)
    files = [each for each in examples if Path(each).expanduser().is_file()]
    ids = [each for each in examples if each not in files]

    async def work(application: "App") -> Exit:
        there = read_channel(channel)
        for each in files:
            await _learn(application, invocation, there, each)
        return await _of_ids(application, invocation, there, ids) if ids else Exit.DONE

    with_app(invocation, work)


async def _learn(application: "App", invocation: Invocation, channel: "Channel", path: str) -> None:
    from bots.chat.phrases import counted

    papers = await _papers_in(application, path)
    await application.service.taste_actions.teach(channel, papers, "")
    if not invocation.as_json:
        typer.echo(f"Learned from {counted(len(papers), 'paper')} of {path}.")


async def _papers_in(application: "App", path: str) -> "tuple[Paper, ...]":
    """Return the papers of a file, the latest first; they belong to the channel alone.

    Raises:
        SourceRefused: the file cannot be read.
        BadCommand: it has no papers.
    """
    from dataclasses import replace

    from bots.ports import SourceQuery

    clock = application.service.clock
    source = application.service.digest_builder.source_reader.open_source(f"file:{path}")
    papers = (await source.recent(SourceQuery(day=clock().date(), limit=_MOST_EXAMPLES))).papers
    if not papers:
        raise BadCommand(f"There is no paper in {path}.", hint="Give a BibTeX, RIS, CSV or JSON file with papers.")
    return tuple(replace(paper, private=True) for paper in papers)


async def _of_ids(application: "App", invocation: Invocation, channel: "Channel", ids: list[str]) -> Exit:
    from bots.domain.paper_ids import read_ref

    asked = Taste(channel=channel, step=TasteStep.LIKE, papers=tuple(map(read_ref, ids)), trusted=True)
    return await answered(application, invocation, await application.service.answer(asked))


def _ask(context: typer.Context, channel: str, step: TasteStep) -> None:
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        asked = Taste(channel=read_channel(channel), step=step, trusted=True)
        return await answered(application, invocation, await application.service.answer(asked))

    with_app(invocation, work)
