"""Commands for e-mail: what is stored of one address, and its deletion."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, Invocation, invocation_of, print_json, with_app

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.mailboxes import Mailbox
    from bots.email.mailboxes import Mailboxes

app = typer.Typer(name="email", help="The data of one mail address: export it, delete it.", no_args_is_help=True)

AddressArgument = Annotated[str, typer.Argument(help="The mail address, such as ada@example.org.")]


@app.command()
def export(context: typer.Context, address: AddressArgument) -> None:
    """Print everything that is stored of an address, as JSON."""

    async def work(_invocation: Invocation, known: "Mailboxes", mailbox: "Mailbox") -> None:
        print_json(await known.exported(mailbox))

    _with_mailbox(context, address, work)


@app.command()
def forget(context: typer.Context, address: AddressArgument) -> None:
    """Unsubscribe an address and delete everything that is stored of it."""

    async def work(invocation: Invocation, known: "Mailboxes", mailbox: "Mailbox") -> None:
        gone = await known.forget(mailbox)
        if invocation.as_json:
            print_json({"deleted": gone})
        else:
            typer.echo(f"{counted(gone, 'row')} deleted.")

    _with_mailbox(context, address, work)


def _with_mailbox(
    context: typer.Context, address: str, work: "Callable[[Invocation, Mailboxes, Mailbox], Awaitable[None]]"
) -> None:
    """Do the work with the mailbox of an address, and exit; say so if nothing is stored of it."""
    invocation = invocation_of(context)

    async def found(application: "App") -> Exit:
        from bots.email.mailboxes import Mailboxes

        known = Mailboxes(store=application.store, clock=application.service.clock)
        mailbox = await known.of_address(address)
        if mailbox is None:
            typer.echo("Nothing is stored of this address.", err=True)
            return Exit.NOTHING
        await work(invocation, known, mailbox)
        return Exit.DONE

    with_app(invocation, found)
