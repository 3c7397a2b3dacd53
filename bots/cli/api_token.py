"""Commands for the tokens with which programs use the JSON API."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, print_json, with_app
from bots.cli.digests import read_channel
from bots.domain.credentials import CredentialKind
from bots.domain.errors import BadCommand

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.rest.tokens import ApiToken, Right

app = typer.Typer(name="api-token", help="Tokens for programs that use the JSON API.", no_args_is_help=True)

_RIGHTS = "read, summarize, save, subscribe"


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the token is for, such as 'lab dashboard'.")],
    channel: Annotated[str, typer.Option(help="The place it acts in: platform:workspace:channel.")] = "console",
    right: Annotated[
        list[str] | None, typer.Option(help=f"What it may do: {_RIGHTS}. Default: read.", show_default=False)
    ] = None,
    person: Annotated[
        str,
        typer.Option(
            help="Whose saved papers it uses: platform:workspace:person. Default: a list of its own.",
            show_default=False,
        ),
    ] = "",
    days: Annotated[int, typer.Option(min=0, max=3650, help="After how many days it ends; 0 is never.")] = 0,
) -> None:
    """Make a token and show it, once: only a hash of it is stored."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.rest.tokens import ApiToken, new_token, new_token_id

        now = application.service.clock()
        token = ApiToken(
            id=new_token_id(),
            name=" ".join(name.split())[:100],
            channel=read_channel(channel),
            rights=_rights(right or ["read"]),
            created=now,
            person=read_channel(person) if person else None,
            expires=now + timedelta(days=days) if days else None,
        )
        text, kept = new_token(token)
        await application.store.keep_credential(kept)
        if invocation.as_json:
            print_json({**_data(token), "token": text})
        else:
            typer.echo(text)
            typer.echo("This is shown once. Send it as: Authorization: Bearer " + text[:6] + "…", err=True)
        return Exit.DONE

    with_app(invocation, work)


def _rights(given: list[str]) -> "frozenset[Right]":
    from bots.rest.tokens import Right

    named = [part.strip() for each in given for part in each.split(",") if part.strip()]
    unknown = [each for each in named if each not in set(Right)]
    if unknown:
        raise BadCommand(f"There is no right {unknown[0]!r}.", hint=f"The rights are: {_RIGHTS}.")
    return frozenset(map(Right, named))


@app.command(name="list")
def list_tokens(context: typer.Context) -> None:
    """List the tokens, without their secrets."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.rest.tokens import read_token

        tokens = [read_token(each) for each in await application.store.credentials(CredentialKind.API_TOKEN)]
        if invocation.as_json:
            print_json([_data(token) for token in tokens])
        elif not tokens:
            typer.echo("There are no tokens. Make one with: paperwire api-token create NAME")
        else:
            for token in tokens:
                until = f", until {token.expires:%Y-%m-%d}" if token.expires else ""
                rights = ", ".join(sorted(token.rights))
                typer.echo(
                    f"{token.id}  {token.name}  {token.channel}  {rights}  since {token.created:%Y-%m-%d}{until}"
                )
        return Exit.DONE if tokens else Exit.NOTHING

    with_app(invocation, work)


@app.command()
def revoke(
    context: typer.Context, token: Annotated[str, typer.Argument(help="The id that `list` shows, or the token itself.")]
) -> None:
    """End a token, at once and for good."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.rest.tokens import token_id_of

        gone = await application.store.drop_credential(CredentialKind.API_TOKEN, token_id_of(token) or token)
        typer.echo("The token is revoked." if gone else "There is no such token.", err=not gone)
        return Exit.DONE if gone else Exit.NOTHING

    with_app(invocation, work)


def _data(token: "ApiToken") -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "channel": str(token.channel),
        "rights": sorted(token.rights),
        "person": str(token.person) if token.person else None,
        "created": token.created.isoformat(),
        "expires": token.expires.isoformat() if token.expires else None,
    }
