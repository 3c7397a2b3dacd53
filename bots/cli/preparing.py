"""The command that condenses the papers of coming digests ahead."""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, invocation_of, print_json, with_app

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.digests.preparation import Prepared


def prepare(
    context: typer.Context,
    hours: Annotated[
        float, typer.Option(min=0.1, max=24, help="Prepare digests that are due within so many hours.")
    ] = 12,
    most: Annotated[
        int | None, typer.Option(min=1, help="Most blurbs made ahead today.", show_default="schedule.prepare_blurbs")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be condensed; condense nothing.")] = False,
) -> None:
    """Condense the papers of coming digests ahead, so that these find their blurbs stored."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.bootstrap.preparing import preparation

        ahead = preparation(application, ahead=timedelta(hours=hours), most=most)
        done = await (ahead.found() if dry_run else ahead.prepare())
        if invocation.as_json:
            print_json(asdict(done))
        else:
            typer.echo("\n".join(_lines(done, dry_run=dry_run)))
        return Exit.FAILED if done.failed or done.substituted else Exit.DONE

    with_app(invocation, work)


def _lines(done: "Prepared", *, dry_run: bool) -> list[str]:
    lines = [
        f"{counted(done.digests, 'digest')} due; {counted(done.wanted, 'blurb')} wanted, {done.stored} stored before."
    ]
    if dry_run:
        return [*lines, f"{counted(done.left, 'blurb')} to make."]
    lines.append(f"{counted(done.made, 'blurb')} made.")
    if done.substituted:
        lines.append(f"{counted(done.substituted, 'blurb')} made by another engine, because the first one failed.")
    if done.failed:
        lines.append(f"{counted(done.failed, 'paper')} could not be condensed.")
    if done.left:
        lines.append(f"{counted(done.left, 'paper')} left: the day's number is used up, or the engine is down.")
    return lines
