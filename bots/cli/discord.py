"""Commands for Discord: the links by which it is let in, and the commands that people type there."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bots.cli.context import Exit, frame_of, in_house, print_json
from bots.domain.errors import SettingsError
from bots.presentation.phrases import counted

if TYPE_CHECKING:
    from bots.bootstrap.app import House
    from bots.discord.rest_client import Rest
    from bots.discord.settings import DiscordSettings

_T = TypeVar("_T")

app = typer.Typer(
    name="discord", help="What Discord needs: the links to let it in, its commands.", no_args_is_help=True
)


@app.command()
def invite(
    context: typer.Context,
    server: Annotated[str, typer.Option(help="The id of the server, preselected.", show_default=False)] = "",
) -> None:
    """Print the links that let the bot into a server, and that a person takes it along by."""
    frame = frame_of(context)

    async def work(house: "House") -> Exit:
        from bots.discord.invite import person_url, server_url

        async def ask(speaking: "Rest") -> str:
            return str((await speaking.application()).id)

        application = await _asked(_settings(house), ask)
        links = {"server": server_url(application, server), "person": person_url(application)}
        if frame.as_json:
            print_json(links)
        else:
            typer.echo(f"Into a server:\n  {links['server']}\nFor yourself, wherever you write:\n  {links['person']}")
        return Exit.DONE

    in_house(frame, work)


@app.command()
def sync(context: typer.Context) -> None:
    """Tell Discord of the commands now, if it knows others."""
    frame = frame_of(context)

    async def work(house: "House") -> Exit:
        from bots.discord.command_sync import tell

        settings = _settings(house)

        async def ask(speaking: "Rest") -> bool:
            return await tell(speaking, settings.dev_server)

        changed = await _asked(settings, ask)
        if frame.as_json:
            print_json({"changed": changed})
        else:
            typer.echo("Discord was told of the commands." if changed else "Discord knows the commands as they are.")
        return Exit.DONE

    in_house(frame, work)


@app.command()
def forget(
    context: typer.Context, server: Annotated[str, typer.Argument(help="The server's id, as in subscriptions.")]
) -> None:
    """Delete everything that is kept of a server."""
    frame = frame_of(context)

    async def work(house: "House") -> Exit:
        gone = await house.store.purge_workspace("discord", server)
        if frame.as_json:
            print_json({"deleted": gone})
        else:
            typer.echo(f"{counted(gone, 'row')} deleted." if gone else f"Nothing is kept of the server {server}.")
        return Exit.DONE if gone else Exit.NOTHING

    in_house(frame, work)


def _settings(house: "House") -> "DiscordSettings":
    from bots.bootstrap.platforms import discord_settings

    settings = discord_settings(house.settings, listening=False)
    if settings is None or not settings.token:
        raise SettingsError(
            "discord.token is not set.",
            hint="discord.com/developers/applications, your application, Bot, Reset Token; it goes into the settings "
            "file, or PAPERWIRE_DISCORD_TOKEN.",
        )
    return settings


async def _asked(settings: "DiscordSettings", ask: "Callable[[Rest], Awaitable[_T]]") -> _T:
    from bots.discord.rest_client import rest
    from bots.discord.transport import FAILED, Budget, trouble

    try:
        async with rest(settings, Budget()) as speaking:
            return await ask(speaking)
    except FAILED as error:
        raise trouble(error) from error
