"""Commands for the receivers of webhooks."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, print_json, with_app
from bots.domain.credentials import CredentialKind
from bots.domain.errors import BadCommand

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.credentials import Credential

app = typer.Typer(name="webhook", help="Receivers of webhooks: their addresses and signing keys.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(help="The id that `list` shows, as in webhook:ID:inbox.")]


@app.command(name="list")
def list_webhooks(context: typer.Context) -> None:
    """List the receivers and their addresses, without their keys."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        kept = await application.store.credentials(CredentialKind.WEBHOOK)
        if invocation.as_json:
            print_json([{"id": each.id, "channel": str(each.channel), "url": each.secrets["url"]} for each in kept])
        elif not kept:
            typer.echo("There are no webhooks. Subscribe one with: paperwire subscribe --to webhook:https://…")
        else:
            for each in kept:
                typer.echo(f"{each.channel}  {each.secrets['url']}")
        return Exit.DONE if kept else Exit.NOTHING

    with_app(invocation, work)


@app.command()
def secret(
    context: typer.Context,
    webhook: IdArgument,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new key first; the receiver must be given it.", show_default=False)
    ] = False,
) -> None:
    """Show the signing key of a receiver, which checks each message with it."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.webhook.signature import new_secret

        kept = await _held(application, webhook)
        if rotate:
            kept = replace(kept, secrets={**kept.secrets, "secret": new_secret()})
            await application.store.keep_credential(kept)
        if invocation.as_json:
            print_json({"id": kept.id, "secret": kept.secrets["secret"]})
        else:
            typer.echo(kept.secrets["secret"])
        return Exit.DONE

    with_app(invocation, work)


@app.command()
def remove(context: typer.Context, webhook: IdArgument) -> None:
    """Delete a receiver with its subscriptions and everything that is stored of it."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        kept = await _held(application, webhook)
        await application.store.purge_workspace(kept.channel.platform, kept.channel.workspace)
        typer.echo("The webhook is removed.")
        return Exit.DONE

    with_app(invocation, work)


async def _held(application: "App", webhook: str) -> "Credential":
    """Return the receiver with an id, or with the channel that has it.

    Raises:
        BadCommand: there is none.
    """
    named = webhook.removeprefix("webhook:").removesuffix(":inbox")
    kept = await application.store.credential(CredentialKind.WEBHOOK, named)
    if kept is None:
        raise BadCommand(f"There is no webhook {webhook!r}.", hint="List them with: paperwire webhook list")
    return kept
