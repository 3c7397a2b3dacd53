"""Commands for the secret addresses of the feeds of channels."""

from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, invocation_of, print_json, with_app
from bots.cli.digests import read_channel
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import SettingsError

if TYPE_CHECKING:
    from bots.bootstrap.app import App

app = typer.Typer(name="feed", help="Feeds of channels: their secret addresses.", no_args_is_help=True)

ChannelArgument = Annotated[str, typer.Argument(help="The channel: platform:workspace:channel.")]
TitleOption = Annotated[str, typer.Option(help="The title that readers see; default: the channel's id.")]


@app.command()
def address(context: typer.Context, channel: ChannelArgument, title: TitleOption = "") -> None:
    """Show the addresses of a channel's feed; make them if there are none. Who has one can read the feed."""
    _show(invocation_of(context), channel, title, afresh=False)


@app.command()
def rotate(context: typer.Context, channel: ChannelArgument, title: TitleOption = "") -> None:
    """Replace the addresses of a channel's feed: the old ones end."""
    _show(invocation_of(context), channel, title, afresh=True)


@app.command()
def close(context: typer.Context, channel: ChannelArgument) -> None:
    """End the addresses of a channel's feed."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        gone = await _drop(application, channel)
        typer.echo("The feed is closed." if gone else "This channel has no feed.", err=not gone)
        return Exit.DONE if gone else Exit.NOTHING

    with_app(invocation, work)


def _show(invocation: Invocation, channel: str, title: str, *, afresh: bool) -> None:
    async def work(application: "App") -> Exit:
        from bots.feeds import FeedFormat
        from bots.rest.feed_keys import feed_token, new_feed_key

        base = _base(application)
        place = read_channel(channel)
        kept = await application.store.credentials(CredentialKind.FEED, place)
        if kept and not afresh:
            key: Credential = kept[-1]
        else:
            await _drop(application, channel)
            key = new_feed_key(place, title=title or place.channel, now=application.service.clock())
            await application.store.keep_credential(key)
        addresses = {form.value: f"{base}/feeds/channel/{feed_token(key)}.{form}" for form in FeedFormat}
        if invocation.as_json:
            print_json(addresses)
        else:
            for each in addresses.values():
                typer.echo(each)
        return Exit.DONE

    with_app(invocation, work)


async def _drop(application: "App", channel: str) -> bool:
    kept = await application.store.credentials(CredentialKind.FEED, read_channel(channel))
    gone = [await application.store.drop_credential(CredentialKind.FEED, each.id) for each in kept]
    return any(gone)


def _base(application: "App") -> str:
    """Return the address of the web page, which serves the feeds.

    Raises:
        SettingsError: the web page is not set up.
    """
    from bots.bootstrap.platforms import platform

    web = platform(application.settings, "web")
    if web is None:
        raise SettingsError(
            "Feeds are served beside the web page, which is not set up.",
            hint='Set web.listen, such as web.listen = "127.0.0.1:3003", and web.public_url.',
        )
    host, port = web.values["listen"]
    return str(web.values["public_url"] or f"http://{host}:{port}")
