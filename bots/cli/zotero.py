"""Commands that add saved papers to libraries of Zotero."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, invocation_of, print_json, with_app
from bots.cli.digests import read_channel
from bots.domain.channels import Channel
from bots.domain.credentials import CredentialKind
from bots.domain.errors import BadCommand

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.credentials import Credential
    from bots.zotero.api import ZoteroApi

app = typer.Typer(name="zotero", help="Add saved papers to a library of Zotero.", no_args_is_help=True)


@app.command()
def connect(
    context: typer.Context,
    channel: Annotated[
        str,
        typer.Option(help="Add what anybody saves in this channel: platform:workspace:channel.", show_default=False),
    ] = "",
    person: Annotated[
        str,
        typer.Option(help="Add what this person saves: platform:workspace:person. Default: you.", show_default=False),
    ] = "",
    group: Annotated[str, typer.Option(help="The number of a group library; default: the key's owner's own.")] = "",
    collection: Annotated[str, typer.Option(help="The key of a collection, such as ABCD2345.")] = "",
    key_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the key of Zotero's API; without it, you are asked.")
    ] = None,
) -> None:
    """Connect a channel's or a person's saved papers with a library. The key is stored encrypted."""
    invocation = invocation_of(context)
    if channel and person:
        raise typer.BadParameter("Give either --channel or --person.")
    key = _key(key_file)

    async def work(application: "App") -> Exit:
        from bots.zotero.links import ZoteroLinks, library_of

        async with _api(application, key) as api:
            library = library_of(await api.owner(), group)
        links = ZoteroLinks(store=application.store, clock=application.service.clock)
        place = read_channel(channel) if channel else _person(person)
        link = await links.add(place, person=not channel, key=key, library=library, collection=collection)
        if invocation.as_json:
            print_json(_data(link))
        else:
            typer.echo(f"{place} is connected with {library} as {link.id}. Add its papers with: paperwire zotero push")
        return Exit.DONE

    with_app(invocation, work)


def _person(named: str) -> Channel:
    """Return a person as a place; the terminal's own person has no name."""
    return read_channel(named) if named else Channel(platform="console")


@app.command(name="list")
def list_links(context: typer.Context) -> None:
    """List what is connected with which library."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        kept = await application.store.credentials(CredentialKind.ZOTERO)
        if invocation.as_json:
            print_json(list(map(_data, kept)))
        elif not kept:
            typer.echo("Nothing is connected with Zotero. Connect it with: paperwire zotero connect")
        else:
            for each in kept:
                told = _data(each)
                typer.echo(f"{each.id}  {each.channel}  {told['library']}  {told['pushed']} added")
        return Exit.DONE if kept else Exit.NOTHING

    with_app(invocation, work)


@app.command()
def push(
    context: typer.Context,
    link: Annotated[str, typer.Argument(help="The id that `list` shows; without it, all.")] = "",
) -> None:
    """Add the papers that were saved since the last push. Run it from cron, once an hour."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.zotero.links import ZoteroLinks

        links = ZoteroLinks(store=application.store, clock=application.service.clock)
        told, failed = [], False
        for each in await _held(application, link):
            async with _api(application, each.secrets["key"]) as api:
                done = await links.push(each, api)
            failed = failed or bool(done.failed)
            told.append({"id": each.id, "new": done.new, "known": done.known, "failed": dict(done.failed)})
            if not invocation.as_json:
                typer.echo(f"{each.id}: {counted(done.new, 'paper')} added, {done.known} there before.")
                for title, reason in done.failed.items():
                    typer.echo(f"Refused: {title}: {reason}", err=True)
        if invocation.as_json:
            print_json(told)
        return Exit.FAILED if failed else Exit.DONE

    with_app(invocation, work)


@app.command()
def disconnect(context: typer.Context, link: Annotated[str, typer.Argument(help="The id that `list` shows.")]) -> None:
    """Delete a connection and its key; the library stays as it is."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        await _held(application, link)
        await application.store.drop_credential(CredentialKind.ZOTERO, link)
        typer.echo("The connection is deleted.")
        return Exit.DONE

    with_app(invocation, work)


async def _held(application: "App", link: str) -> "tuple[Credential, ...]":
    """Return the connection with an id, or all.

    Raises:
        BadCommand: there is none.
    """
    kept = await application.store.credentials(CredentialKind.ZOTERO)
    found = tuple(each for each in kept if link in ("", each.id))
    if not found:
        raise BadCommand("There is no such connection.", hint="Connect one with: paperwire zotero connect")
    return found


@asynccontextmanager
async def _api(application: "App", key: str) -> "AsyncIterator[ZoteroApi]":
    import bots
    from bots.config.zotero_table import ZOTERO
    from bots.outbound.client import Outbound
    from bots.zotero.api import MOST_READ, ZoteroApi

    url = str(application.settings.plugin("zotero", ZOTERO)["api_url"])
    # The address is the operator's own setting, so it may be in the operator's own network.
    parts = urlsplit(url)
    own = frozenset({f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"})
    async with Outbound(agent=f"Paperwire/{bots.__version__}", private_hosts=own, most_read=MOST_READ) as outbound:
        yield ZoteroApi(url=url.rstrip("/"), key=key, outbound=outbound)


def _key(file: Path | None) -> str:
    if file is None:
        asked: str = typer.prompt("Key of Zotero's API", hide_input=True)
        return asked.strip()
    try:
        return file.read_text("utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{file} cannot be read as text.") from error


def _data(link: "Credential") -> dict[str, object]:
    pushed = link.facts["pushed"]
    return {
        "id": link.id,
        "channel": str(link.channel),
        "library": link.facts["library"],
        "collection": link.facts["collection"],
        "pushed": len(pushed) if isinstance(pushed, list) else 0,
    }
