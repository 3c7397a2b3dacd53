"""Commands for Slack: the app's manifest, the keys that encrypt tokens, and deletion of a workspace's data."""

from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, ending, forget_workspace, invocation_of, print_json, with_app
from bots.domain.errors import BadCommand, SettingsError

if TYPE_CHECKING:
    from bots.bootstrap.app import App

app = typer.Typer(
    name="slack", help="Set up Slack: the app's manifest, keys for tokens, data of a workspace.", no_args_is_help=True
)


@app.command()
def manifest(
    context: typer.Context,
    http: Annotated[
        str,
        typer.Option(
            "--http", metavar="URL", help="For HTTP: the address at which Slack reaches Paperwire.", show_default=False
        ),
    ] = "",
    unfurl: Annotated[bool, typer.Option("--unfurl", help="Show papers under links that people post.")] = False,
) -> None:
    """Print the manifest for creating the Slack app."""
    from bots.slack.manifest import written

    with ending(invocation_of(context)):
        typer.echo(written("http" if http else "socket", _address(http), unfurl=unfurl), nl=False)


def _address(url: str) -> str:
    """Return the URL at which Slack reaches Paperwire.

    Raises:
        BadCommand: Slack would not accept the URL.
    """
    if url and not url.startswith("https://"):
        raise BadCommand(
            f"{url!r} is no address that Slack can reach.", hint="Give an address that begins with https://."
        )
    return url


@app.command()
def key(context: typer.Context) -> None:
    """Print a new key for slack.token_keys."""
    from bots.store._secrets import new_key

    made = new_key()
    if invocation_of(context).as_json:
        print_json({"key": made})
    else:
        typer.echo(made)


@app.command()
def reseal(context: typer.Context) -> None:
    """Re-encrypt all tokens with the newest key."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        if not application.settings.slack["token_keys"]:
            raise SettingsError("slack.token_keys is not set.", hint="Make a key with: paperwire slack key")
        changed = await application.store.reseal_installations()
        if invocation.as_json:
            print_json({"resealed": changed})
        else:
            typer.echo(f"{counted(changed, 'token')} re-encrypted. The newest key now decrypts all of them.")
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def forget(
    context: typer.Context,
    workspace: Annotated[str, typer.Argument(help="The id of the workspace, as `paperwire subscriptions` shows it.")],
) -> None:
    """Delete all stored data of a workspace, its token too."""
    forget_workspace(invocation_of(context), "slack", workspace, f"the workspace {workspace}")
