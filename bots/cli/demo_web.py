"""The demo of the web page: the sample day, served on this machine until it is stopped."""

import asyncio
import signal
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import typer

from bots.cli.context import Exit, Invocation, run_app
from bots.cli.demo_script import post_due
from bots.domain.channels import Channel

if TYPE_CHECKING:
    from bots.bootstrap.app import App

_LAB = Channel(platform="fakechat", channel="reading-group")
_HOST, _PORTS = "127.0.0.1", range(3003, 3013)
_SAMPLE = "sample"


def demo_web(invocation: Invocation) -> None:
    """Serve the sample day on this machine until Ctrl-C, and print the address."""
    from bots.bootstrap.app import utc_now
    from bots.bootstrap.databases import IN_MEMORY
    from bots.fakechat.app import FakeChatSettings
    from bots.fakechat.app import connect as connect_fakechat
    from bots.fakechat.chat import FakeChat
    from bots.web.app import WebSettings, connect

    chat = partial(connect_fakechat, FakeChatSettings(chat=FakeChat(clock=utc_now)))
    settings = WebSettings(listen=(_HOST, _free_port()), channels=(("Reading group", _LAB),))
    run_app(
        invocation,
        lambda application: _serve(application, settings.listen),
        database=IN_MEMORY,
        libraries=(_SAMPLE,),
        connectors=(chat, partial(connect, settings)),
    )


def _free_port() -> int:
    """Return the first free port of a few, so that the address is mostly the same."""
    for port in _PORTS:
        with socket.socket() as tried, suppress(OSError):
            tried.bind((_HOST, port))
            return port
    return _PORTS[0]


async def _serve(application: "App", listen: tuple[str, int]) -> Exit:
    await _list_sample(application)
    await post_due(application, "demo-web", _LAB)
    while await application.service.search_index.fill():
        pass
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers: there Ctrl-C interrupts the loop.
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host, port = listen
    typer.echo(f"The web page with the sample day is at http://{host}:{port}/")
    typer.echo("Only this machine can open it. Ctrl-C ends it.")
    await stop.wait()
    return Exit.DONE


async def _list_sample(application: "App") -> None:
    """Store the sample papers as listed today."""
    from bots.ports import SourceQuery

    service = application.service
    today = service.clock().date()
    listed = await service.digest_builder.source_reader.open_source(_SAMPLE).recent(SourceQuery(day=today))
    await application.store.remember(listed.papers, source=_SAMPLE, day=today, place=None)
