"""Commands for the workspaces that use this Paperwire: what each may use, and what was done in it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, report_json, with_app
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.plans import Plan

if TYPE_CHECKING:
    from bots.bootstrap.app import App

app = typer.Typer(
    name="workspaces", help="Workspaces and servers: who is there, what each may use, who changed what.",
    no_args_is_help=True,
)  # fmt: skip

Workspace = Annotated[str, typer.Argument(help="As slack:T0123456789, or discord:SERVER.", show_default=False)]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the workspaces with data here, and the number of their subscriptions."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        store = application.store
        held = await store.subscriptions()
        platforms = sorted({each.channel.platform for each in held} | {"slack", "discord"})
        found = {
            f"{platform}:{workspace}": sum(
                (each.channel.platform, each.channel.workspace) == (platform, workspace) for each in held
            )
            for platform in platforms
            for workspace in await store.workspaces(platform)
        }
        if invocation.as_json:
            report_json(found)
        else:
            typer.echo("\n".join(f"{name}  {count}" for name, count in found.items()) or "There are no workspaces yet.")
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def plan(
    context: typer.Context,
    workspace: Workspace,
    subscriptions: Annotated[
        int | None, typer.Option(min=0, help="Subscriptions of all channels together.", show_default=False)
    ] = None,
    person_requests: Annotated[
        int | None, typer.Option(min=0, help="Requests of one person in a day.", show_default=False)
    ] = None,
    requests: Annotated[
        int | None, typer.Option(min=0, help="Requests of all together in a day.", show_default=False)
    ] = None,
    pastes: Annotated[
        int | None, typer.Option(min=0, help="Pasted abstracts condensed in a day.", show_default=False)
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Remove all limits of its own.")] = False,
) -> None:
    """Show or set what a workspace may use; a limit that is not named stays."""
    invocation = invocation_of(context)
    given = {
        "subscriptions": subscriptions, "person_requests": person_requests, "requests": requests, "pastes": pastes,
    }  # fmt: skip
    changed = {name: value for name, value in given.items() if value is not None}

    async def work(application: "App") -> Exit:
        place = _place(workspace)
        if default and changed:
            raise BadCommand("--default removes all limits.", hint="Leave the other options out, or leave it out.")
        kept = await application.store.workspace_plan(place)
        if default or changed:
            kept = Plan() if default else Plan(**{**asdict(kept), **changed})
            await application.store.keep_plan(place, kept)
        if invocation.as_json:
            report_json(asdict(kept))
        else:
            for name, value in asdict(kept).items():
                typer.echo(f"{name.replace('_', ' '):<16}{'as for all' if value is None else f'{value:,}'}")
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def audit(
    context: typer.Context,
    workspace: Workspace,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Maximum number of lines.")] = 50,
) -> None:
    """List who changed what in a workspace, newest first."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        found = await application.store.deeds(_place(workspace), limit)
        if invocation.as_json:
            report_json([{"at": each.at.isoformat(), "actor": each.actor, "action": each.action} for each in found])
        elif found:
            zone = application.settings.timezone
            for each in found:
                typer.echo(f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}  {each.actor or 'operator'}  {each.action}")
        else:
            typer.echo("Nothing was changed there in the last 400 days.")
        return Exit.DONE

    with_app(invocation, work)


def _place(text: str) -> Channel:
    """Return the workspace that a text names.

    Raises:
        BadCommand: it names none.
    """
    platform, _, workspace = text.partition(":")
    if not platform or not workspace or ":" in workspace:
        raise BadCommand(f"{text!r} names no workspace.", hint="Write it as slack:T0123456789 or discord:SERVER.")
    return Channel(platform=platform, workspace=workspace)
