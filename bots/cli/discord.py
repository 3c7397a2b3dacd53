"""Commands for Discord: invite links, registration of the chat commands, and deletion of a server's data."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bots.cli.context import Exit, forget_workspace, invocation_of, print_json, with_app
from bots.domain.errors import SettingsError

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.discord.rest_client import RestClient
    from bots.discord.settings import DiscordSettings

_T = TypeVar("_T")

app = typer.Typer(
    name="discord", help="Set up Discord: invite links, commands, data of a server.", no_args_is_help=True
)


@app.command()
def invite(
    context: typer.Context,
    server: Annotated[str, typer.Option(help="The id of the server, preselected.", show_default=False)] = "",
) -> None:
    """Print the links that add the bot to a server or to your own account."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.discord.invite import person_url, server_url

        async def ask(speaking: "RestClient") -> str:
            return str((await speaking.application()).id)

        client_id = await _asked(_settings(application), ask)
        links = {"server": server_url(client_id, server), "person": person_url(client_id)}
        if invocation.as_json:
            print_json(links)
        else:
            typer.echo(
                f"Into a server:\n  {links['server']}\nFor your account, in all your chats:\n  {links['person']}"
            )
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def sync(context: typer.Context) -> None:
    """Register the bot's commands with Discord if they have changed."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.discord.command_sync import sync_commands

        settings = _settings(application)

        async def ask(speaking: "RestClient") -> bool:
            return await sync_commands(speaking, settings.dev_server)

        changed = await _asked(settings, ask)
        if invocation.as_json:
            print_json({"changed": changed})
        else:
            typer.echo("Discord's commands were updated." if changed else "Discord's commands are up to date.")
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def forget(
    context: typer.Context,
    server: Annotated[str, typer.Argument(help="The id of the server, as `paperwire subscriptions` shows it.")],
) -> None:
    """Delete all stored data of a server."""
    forget_workspace(invocation_of(context), "discord", server, f"the server {server}")


def _settings(application: "App") -> "DiscordSettings":
    from bots.discord.plugin import discord_settings

    settings = discord_settings(
        {**application.settings.discord, "timezone": application.settings.timezone}, listening=False
    )
    if not settings.token:
        raise SettingsError(
            "discord.token is not set.",
            hint="discord.com/developers/applications, your application, Bot, Reset Token; it goes into the settings "
            "file, or PAPERWIRE_DISCORD_TOKEN.",
        )
    return settings


async def _asked(settings: "DiscordSettings", ask: "Callable[[RestClient], Awaitable[_T]]") -> _T:
    from bots.discord.rest_client import rest
    from bots.discord.transport import FAILED, RequestBudget, trouble

    try:
        async with rest(settings, RequestBudget()) as speaking:
            return await ask(speaking)
    except FAILED as error:
        raise trouble(error) from error
